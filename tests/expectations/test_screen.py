"""Screening: each row is accepted or quarantined, never lost, and every broken rule is told."""

import logging
import pickle
from concurrent.futures import ThreadPoolExecutor

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.row_conditions import Column
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from expectations.polars_engine import UnreadableRows
from expectations.screen import DeliveryRejected, Finding, SuiteError, screen
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidBin,
    ExpectColumnValuesToBeValidBtcAddress,
    ExpectColumnValuesToBeValidCurrencyCode,
    ExpectColumnValuesToBeValidEthAddress,
    ExpectColumnValuesToBeValidHsCode,
    ExpectColumnValuesToBeValidIin,
    ExpectColumnValuesToBeValidIinOrBin,
    ExpectColumnValuesToBeValidKzIban,
    ExpectColumnValuesToBeValidLuhnCardNumber,
    ExpectColumnValuesToBeValidRegionCode,
    ExpectColumnValuesToBeValidTronAddress,
)
from tests.tables import table


def words(code, says, severity="critical"):
    return {
        "severity": severity,
        "description": says,
        "meta": {"code": code, "source": "Exchange agreement, annex 2"},
    }


ORDERS = gx.ExpectationSuite(
    name="bank_card_arrests",
    expectations=[
        gxe.ExpectColumnValuesToNotBeNull(
            column="order_id", **words("BCA-01", "Every arrest names its order.")
        ),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["order_id", "card_token"],
            ignore_row_if="any_value_is_missing",
            **words("BCA-02", "A card is named once in an order."),
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="held_tiyn", min_value=0, **words("BCA-03", "The held balance is not negative.")
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="arrested_on",
            column_B="first_credit_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **words("BCA-04", "A card is arrested after its first suspect credit.", "warning"),
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="region_code",
            value_set=["10", "75"],
            row_condition=Column("held_tiyn") > 0,
            **words("BCA-05", "Money was held in a known region.", "warning"),
        ),
        gxe.ExpectTableRowCountToBeBetween(
            max_value=100, **words("BCA-06", "A night brings at most 100 arrests.")
        ),
        gxe.ExpectColumnMaxToBeBetween(
            column="held_tiyn",
            max_value=1_000_000,
            **words("BCA-07", "No balance is above ten thousand tenge.", "warning"),
        ),
    ],
)
SCHEMA = {
    "line": pl.Int64,
    "order_id": pl.String,
    "card_token": pl.String,
    "region_code": pl.String,
    "arrested_on": pl.Date,
    "first_credit_on": pl.Date,
    "held_tiyn": pl.Int64,
}
ONE_ROW_FOR_EACH_RULE = table(
    """
    line | order_id | card_token | region_code | arrested_on | first_credit_on | held_tiyn
    --------------------------------------------------------------------------------------
    1    | 7-1      | a          | 75          | 2026-11-02  | 2026-11-01      | 150000
    2    | -        | b          | 75          | 2026-11-02  | -               | 0
    3    | 7-3      | c          | 75          | 2026-11-02  | -               | 1
    4    | 7-3      | c          | 75          | 2026-11-03  | -               | 2
    5    | 7-5      | e          | 75          | 2026-11-02  | 2026-11-01      | -1
    6    | 7-6      | f          | 75          | 2026-11-02  | 2026-11-03      | 12
    7    | 7-7      | g          | 99          | 2026-11-02  | -               | 12
    8    | -        | h          | 99          | 2026-11-02  | 2026-11-03      | 1000001
    9    | 7-9      | -          | -           | -           | -               | -
    """,
    SCHEMA,
)
GOOD = ONE_ROW_FOR_EACH_RULE.head(1)


def counted(rows):
    readings = []

    def read(frame):
        readings.append(frame.height)
        return frame

    return rows.map_batches(read), readings


def test_each_broken_rule_is_a_finding_with_its_rows():
    screened = screen(ONE_ROW_FOR_EACH_RULE, ORDERS, most_rejected=0.5)

    assert {finding.code: finding.rows for finding in screened.findings} == {
        "BCA-01": 2,
        "BCA-02": 2,
        "BCA-03": 1,
        "BCA-04": 2,
        "BCA-05": 2,
        "BCA-07": 0,  # a rule about the delivery as a whole
    }
    assert screened.findings[3] == Finding(
        code="BCA-04",
        severity="warning",
        says="A card is arrested after its first suspect credit.",
        source="Exchange agreement, annex 2",
        rows=2,
        column="arrested_on, first_credit_on",
    )


def test_critical_rules_set_rows_aside_and_warnings_do_not():
    screened = screen(ONE_ROW_FOR_EACH_RULE, ORDERS, most_rejected=0.5)

    expected = table(
        """
        line | violated_rules
        -----------------------------
        2    | BCA-01
        3    | BCA-02
        4    | BCA-02
        5    | BCA-03
        8    | BCA-01 BCA-04 BCA-05
        """,
        {"line": pl.Int64},
    ).with_columns(pl.col("violated_rules").str.split(" "))
    assert_frame_equal(screened.quarantined.select("line", "violated_rules"), expected)
    assert screened.accepted.collect()["line"].to_list() == [1, 6, 7, 9]
    assert (screened.rows, screened.rows_accepted, screened.rows_quarantined) == (9, 4, 5)


def test_the_staged_columns_come_back_unchanged():
    screened = screen(ONE_ROW_FOR_EACH_RULE, ORDERS, most_rejected=0.5)

    assert screened.accepted.collect_schema() == pl.Schema(SCHEMA)
    assert screened.quarantined.collect_schema() == pl.Schema(
        SCHEMA | {"violated_rules": pl.List(pl.String)}
    )
    both = pl.concat([screened.accepted, screened.quarantined.drop("violated_rules")])
    assert_frame_equal(both.sort("line"), ONE_ROW_FOR_EACH_RULE)


def test_a_delivery_bad_throughout_is_rejected_whole():
    with pytest.raises(DeliveryRejected) as rejected:
        screen(ONE_ROW_FOR_EACH_RULE, ORDERS)

    assert str(rejected.value) == (
        "bank_card_arrests: 2 of 9 rows break BCA-01 (Every arrest names its order.) "
        "At most 5% may. Nothing was accepted. "
        "Ask the supplier for a new delivery, then run again."
    )
    assert [finding.code for finding in rejected.value.findings][:2] == ["BCA-01", "BCA-02"]


def test_a_critical_rule_about_the_whole_rejects_the_delivery():
    many = GOOD.with_columns(pl.lit(0).repeat_by(101).alias("copy")).explode("copy").drop("copy")
    numbered = many.with_row_index("n").with_columns(order_id=pl.col("n").cast(pl.String))

    with pytest.raises(DeliveryRejected) as rejected:
        screen(numbered.drop("n"), ORDERS)

    assert str(rejected.value) == (
        "bank_card_arrests: the delivery as a whole breaks BCA-06 "
        "(A night brings at most 100 arrests.) Nothing was accepted. "
        "Ask the supplier for a new delivery, then run again."
    )


def test_the_share_that_may_break_a_rule_is_of_all_rows_and_inclusive():
    ten = pl.concat([GOOD] * 9).with_row_index("n")
    rows = pl.concat(
        [
            ten.with_columns(order_id=pl.col("n").cast(pl.String)).drop("n"),
            GOOD.with_columns(order_id=pl.lit(None, dtype=pl.String)),
        ]
    )

    assert screen(rows, ORDERS, most_rejected=0.1).rows_quarantined == 1
    with pytest.raises(DeliveryRejected, match=r"At most 9\.9% may"):
        screen(rows, ORDERS, most_rejected=0.099)


def test_a_rejection_survives_the_way_to_another_process():
    with pytest.raises(DeliveryRejected) as rejected:
        screen(ONE_ROW_FOR_EACH_RULE, ORDERS)

    arrived = pickle.loads(pickle.dumps(rejected.value))  # noqa: S301

    assert str(arrived) == str(rejected.value)
    assert arrived.findings == rejected.value.findings


def test_mostly_excuses_the_suite_but_no_row():
    lenient = gx.ExpectationSuite(
        name="lenient",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="order_id", mostly=0.5, **words("LEN-01", "Orders are named.")
            )
        ],
    )

    screened = screen(ONE_ROW_FOR_EACH_RULE, lenient, most_rejected=0.5)

    assert screened.result.success is True
    assert screened.rows_quarantined == 2


def test_no_rows_break_no_rule_about_rows():
    screened = screen(GOOD.clear(), ORDERS)

    assert [finding.code for finding in screened.findings] == ["BCA-07"]  # no maximum of nothing
    assert (screened.rows, screened.rows_accepted, screened.rows_quarantined) == (0, 0, 0)
    assert screened.accepted.collect().height == 0
    assert screened.quarantined.collect_schema()["violated_rules"] == pl.List(pl.String)


def test_rows_that_keep_every_rule_are_read_once_and_passed_on_as_they_are():
    rows, readings = counted(GOOD)

    screened = screen(rows, ORDERS)

    assert len(readings) == 1
    assert screened.findings == ()
    assert_frame_equal(screened.accepted, GOOD)
    assert screened.quarantined.collect().height == 0


@pytest.mark.parametrize(
    ("lines", "times", "why"),
    [
        ([1, 2, 6, 7], 1, "one critical rule is broken"),
        ([1, 2, 5], 2, "rows that break one rule or both are counted"),
        ([1, 3, 4], 2, "repeated keys are confirmed"),
        ([1, 2, 3, 4, 5], 3, "both"),
    ],
)
def test_broken_rules_cost_few_further_readings(lines, times, why):
    rows, readings = counted(ONE_ROW_FOR_EACH_RULE.filter(pl.col("line").is_in(lines)))

    screen(rows, ORDERS, most_rejected=1)

    assert len(readings) == times, why


def test_the_account_for_data_docs_has_one_result_for_each_rule_and_no_cells():
    screened = screen(ONE_ROW_FOR_EACH_RULE, ORDERS, most_rejected=0.5)

    account = screened.result.to_json_dict()
    row_rules = [each["result"] for each in account["results"] if "element_count" in each["result"]]
    assert account["suite_name"] == "bank_card_arrests"
    assert [each["success"] for each in account["results"]] == [False] * 5 + [True, False]
    assert account["statistics"]["evaluated_expectations"] == 7
    assert all("partial_unexpected_list" not in each for each in row_rules)


def test_a_rule_without_its_words_is_a_mistake_in_the_suite():
    mute = gx.ExpectationSuite(
        name="mute", expectations=[gxe.ExpectColumnValuesToNotBeNull(column="order_id")]
    )

    with pytest.raises(SuiteError, match="on order_id lacks its code, source or description"):
        screen(GOOD, mute)


@pytest.mark.parametrize(
    ("column", "regex"), [("order_id", "("), ("absent", "a")], ids=["bad pattern", "no column"]
)
def test_a_rule_that_cannot_be_asked_is_a_mistake_in_the_suite(column, regex):
    wrong = gx.ExpectationSuite(
        name="wrong",
        expectations=[
            gxe.ExpectColumnValuesToMatchRegex(
                column=column, regex=regex, **words("WRO-01", "It matches.")
            )
        ],
    )

    with pytest.raises(SuiteError, match=rf"^wrong: .* of {column} cannot be computed"):
        screen(GOOD, wrong)


def test_a_bound_of_another_type_than_its_column_is_a_mistake_in_the_suite():
    wrong = gx.ExpectationSuite(
        name="wrong",
        expectations=[
            gxe.ExpectColumnMaxToBeBetween(
                column="arrested_on", max_value=1, **words("WRO-01", "It is early enough.")
            )
        ],
    )

    with pytest.raises(SuiteError, match=r"^wrong: a bound does not compare with its column"):
        screen(GOOD, wrong)


def test_rows_that_fail_while_read_are_no_mistake_of_the_suite_and_no_cell_is_told():
    secret = pl.LazyFrame({"order_id": ["871231100006"]})
    unreadable = secret.with_columns(order_id=pl.col("order_id").str.to_date("%Y").cast(pl.String))
    suite = gx.ExpectationSuite(name="one", expectations=[ORDERS.expectations[0]])

    with pytest.raises(UnreadableRows) as failed:
        screen(unreadable, suite)

    assert "871231100006" not in str(failed.value)


def test_a_missing_file_stays_a_missing_file(tmp_path):
    gone = tmp_path / "gone.parquet"
    GOOD.collect().write_parquet(gone)
    rows = pl.scan_parquet(gone)
    rows.collect_schema()
    gone.unlink()

    with pytest.raises(OSError, match="gone"):
        screen(rows, ORDERS)


def test_nothing_is_logged_or_printed(caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        screen(ONE_ROW_FOR_EACH_RULE, ORDERS, most_rejected=0.5)

    assert [record for record in caplog.records if record.name.startswith("great_ex")] == []
    assert capfd.readouterr() == ("", "")


def test_suites_are_screened_in_threads_at_once():
    deliveries = [ONE_ROW_FOR_EACH_RULE.head(size) for size in range(1, 10)] * 3

    def quarantined(rows):
        return screen(rows, ORDERS, most_rejected=1).quarantined.collect()["line"].to_list()

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(quarantined, deliveries))

    assert together == [quarantined(rows) for rows in deliveries]


cell = st.sampled_from
arrests = st.lists(
    st.fixed_dictionaries(
        {
            "order_id": cell([None, "7-1", "7-2"]),
            "card_token": cell([None, "a", "b"]),
            "region_code": cell([None, "10", "99"]),
            "arrested_on": st.none() | st.dates(),
            "first_credit_on": st.none() | st.dates(),
            "held_tiyn": cell([None, -1, 0, 1, 2_000_000]),
        }
    ),
    max_size=20,
)


@settings(max_examples=40)
@given(arrests)
def test_no_row_is_lost_and_none_is_in_both(drawn):
    rows = pl.LazyFrame(drawn, schema={k: v for k, v in SCHEMA.items() if k != "line"})
    rows = rows.with_row_index("line").cast({"line": pl.Int64})

    screened = screen(rows, ORDERS, most_rejected=1)

    accepted = screened.accepted.collect()["line"].to_list()
    quarantined = screened.quarantined.collect()
    assert sorted(accepted + quarantined["line"].to_list()) == list(range(len(drawn)))
    assert (len(accepted), quarantined.height) == (
        screened.rows_accepted,
        screened.rows_quarantined,
    )
    told = {f.code: f.rows for f in screened.findings if f.severity == "critical"}
    counted = quarantined["violated_rules"].explode().value_counts().rows()
    assert {code: n for code, n in counted if code in told} == told


@settings(max_examples=20)
@given(arrests, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(drawn, random):
    rows = pl.LazyFrame(drawn, schema={k: v for k, v in SCHEMA.items() if k != "line"})
    rows = rows.with_row_index("line").cast({"line": pl.Int64})
    shuffled = rows.collect().sample(fraction=1, shuffle=True, seed=random.randint(0, 99)).lazy()

    screened, again = (screen(each, ORDERS, most_rejected=1) for each in (rows, shuffled))

    assert again.findings == screened.findings
    assert_frame_equal(again.quarantined.sort("line"), screened.quarantined.sort("line"))


VOCABULARY = (
    (ExpectColumnValuesToBeValidIin, {}, "871231100006", "940140000385"),
    (ExpectColumnValuesToBeValidBin, {}, "940140000385", "871231100006"),
    (ExpectColumnValuesToBeValidIinOrBin, {}, "940140000385", "940140000380"),
    (ExpectColumnValuesToBeValidIinOrBin, {}, "871231100006", "871231100007"),
    (ExpectColumnValuesToBeValidKzIban, {}, "KZ86125KZT5004100100", "KZ86125KZT5004100101"),
    (ExpectColumnValuesToBeValidLuhnCardNumber, {}, "4111111111111111", "4111111111111112"),
    (ExpectColumnValuesToBeValidHsCode, {}, "2924298300", "9824298300"),
    (ExpectColumnValuesToBeValidRegionCode, {"value_set": ["10", "75", "1"]}, "75", "1"),
    (ExpectColumnValuesToBeValidRegionCode, {"value_set": ["10", "75"]}, "10", "99"),
    (ExpectColumnValuesToBeValidCurrencyCode, {"value_set": ["KZT", "usd"]}, "KZT", "usd"),
    (ExpectColumnValuesToBeValidCurrencyCode, {"value_set": ["KZT", "USD"]}, "USD", "XXX"),
    (ExpectColumnValuesToBeValidBtcAddress, {}, "BC1SW50QGDZ25J", "bc1gmk9yu"),
    (
        ExpectColumnValuesToBeValidEthAddress,
        {},
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
    ),
    (
        ExpectColumnValuesToBeValidTronAddress,
        {},
        "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW",
        "TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX",
    ),
)


@pytest.mark.parametrize(("kind", "kwargs", "right", "wrong"), VOCABULARY)
def test_an_expectation_of_the_field_sets_aside_the_wrong_value_only(kind, kwargs, right, wrong):
    rule = kind(column="written", **kwargs, **words("VOC-01", "It is well formed."))
    suite = gx.ExpectationSuite(name="vocabulary", expectations=[rule])

    screened = screen(pl.LazyFrame({"written": [right, None, wrong]}), suite, most_rejected=0.5)

    assert screened.accepted.collect()["written"].to_list() == [right, None]
    assert screened.quarantined.collect()["written"].to_list() == [wrong]


@pytest.mark.parametrize(
    "kind", dict.fromkeys(kind for kind, *_ in VOCABULARY), ids=lambda kind: kind.__name__
)
def test_an_expectation_of_the_field_says_where_it_comes_from(kind):
    assert "Source: " in kind.__doc__


TWO_DELIVERIES = """
line | order_id | card_token | held_tiyn | arrested_on | first_credit_on | region_code | delivery
------------------------------------------------------------------------------------------------
1    | 7-1      | a          | 1         | 2026-11-02  | -               | 75          | good
2    | 7-2      | a          | 1         | 2026-11-02  | -               | 75          | good
3    | -        | a          | 1         | 2026-11-02  | -               | 75          | good
1    | 7-4      | a          | 1         | 2026-11-02  | -               | 75          | bad
2    | -        | a          | -1        | 2026-11-02  | -               | 75          | bad
"""


def test_a_delivery_that_is_bad_throughout_is_set_aside_whole_and_the_other_goes_on():
    rows = table(TWO_DELIVERIES, {**SCHEMA, "delivery": pl.String})

    result = screen(rows, ORDERS, most_rejected=0.4, by="delivery")

    assert result.accepted.collect().select("delivery", "line").rows() == [("good", 1), ("good", 2)]
    assert result.quarantined.collect().select("delivery", "line", "violated_rules").rows() == [
        ("good", 3, ["BCA-01"]),
        ("bad", 1, ["DELIVERY"]),
        ("bad", 2, ["BCA-01", "BCA-03", "DELIVERY"]),
    ]
    assert [(r.delivery, r.code, r.rows, r.of) for r in result.rejections] == [
        ("bad", "BCA-01", 1, 2),
        ("bad", "BCA-03", 1, 2),
    ]
    assert (result.rows_accepted, result.rows_quarantined) == (2, 3)
