"""The same seizure reported by two agencies counts once; two equal seizures count twice."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.tables import table
from transforms.seizures.comparing import REPORTS, candidate_pairs, compared, word_shares
from transforms.seizures.linking import APART, SAME, VERDICTS, counted, links, weighed_pairs
from transforms.seizures.parameters import link_rules
from transforms.seizures.weighing import model_in_force

DAY = date(2025, 8, 18)
RULES = link_rules(DAY)
MODEL = model_in_force(DAY)
SHARES = pl.DataFrame({"word": ["almati"], "share": [0.3]})
NOBODY = pl.LazyFrame(schema=VERDICTS.schema)


def reports(drawing: str) -> pl.LazyFrame:
    told = table(drawing, {"amount": pl.Int64, "case_no": pl.String}).with_columns(
        pl.col("day").str.to_date().alias("seized_on"),
        act_id=pl.col("report_id").str.head(2),
        scope=pl.lit("KZ"),
        circumstances=pl.lit([], dtype=pl.List(pl.String)),
    )
    names = told.collect_schema().names()
    missing = [c for c in REPORTS.columns if c.name not in names]
    return told.with_columns(**{c.name: pl.lit(None, c.dtype) for c in missing}).select(
        REPORTS.schema.names()
    )


def joined(rows: pl.LazyFrame, verdicts: pl.LazyFrame = NOBODY) -> pl.DataFrame:
    pairs = weighed_pairs(rows, MODEL, RULES, SHARES)
    return links(pairs, rows, verdicts, rules=RULES).collect()


def seizures(rows: pl.LazyFrame, verdicts: pl.LazyFrame = NOBODY) -> dict[str, tuple[str, str]]:
    found = counted(rows, joined(rows, verdicts).lazy(), RULES).collect()
    return {report: (seizure, counts) for report, seizure, counts in found.iter_rows()}


def verdict(act: str, other: str, code: str) -> pl.LazyFrame:
    row = (act, other, code, "I. Ivanov", "letter 5")
    return pl.LazyFrame([row], schema=VERDICTS.schema, orient="row")


TOLD_TWICE = """
report_id | agency_code | kind   | day        | amount     | place
------------------------------------------------------------------------------
a1-1      | police      | heroin | 2025-08-18 | 2363400000 | г. Термез
b1-1      | customs     | heroin | 2025-08-19 | 2363400000 | Termezskiy rayon
"""


def test_the_same_seizure_in_two_writings_a_day_apart_counts_once():
    found = seizures(reports(TOLD_TWICE))

    assert found == {"a1-1": ("a1", "a1-1"), "b1-1": ("a1", "a1-1")}


def test_a_link_says_in_words_what_agrees_and_what_it_is_worth():
    (link,) = joined(reports(TOLD_TWICE)).iter_rows(named=True)

    said = [part.rsplit(" (", 1)[0] for part in link["reason"].split("; ")]
    assert said == [
        "amount equal to the fourth digit or further",
        "a day apart",
        "same place",
    ]
    bits = [float(part.rsplit("(", 1)[1].strip("()+")) for part in link["reason"].split("; ")]
    assert sum(bits) == pytest.approx(link["bits"], abs=0.2)


def test_two_equal_kilograms_of_one_day_in_a_large_city_are_two_seizures():
    rows = reports(
        """
        report_id | agency_code | kind   | day        | amount  | place
        -----------------------------------------------------------------
        a1-1      | police      | heroin | 2025-08-18 | 1000000 | Алматы
        b1-1      | customs     | heroin | 2025-08-18 | 1000000 | Almaty
        """
    )

    assert joined(rows).height == 0


def test_an_agency_never_reports_one_seizure_twice_in_two_acts():
    rows = reports(TOLD_TWICE).with_columns(agency_code=pl.lit("police"))

    assert joined(rows).height == 0


def test_a_seizure_has_one_act_of_each_agency_and_the_likeliest_is_taken():
    rows = reports(
        """
        report_id | agency_code | kind   | day        | amount     | place
        ----------------------------------------------------------------------
        a1-1      | police      | heroin | 2025-08-18 | 2363400000 | Korday
        a2-1      | police      | heroin | 2025-08-19 | 2363400000 | Korday
        b1-1      | customs     | heroin | 2025-08-18 | 2363400000 | Korday
        c1-1      | knb         | heroin | 2025-08-18 | 2363400000 | Korday
        """
    )

    found = {report: seizure for report, (seizure, _) in seizures(rows).items()}
    assert found == {"a1-1": "a1", "a2-1": "a2", "b1-1": "a1", "c1-1": "a1"}


def test_where_agencies_are_not_told_no_more_than_two_reports_are_joined():
    rows = reports(
        """
        report_id | kind   | day        | amount     | place
        --------------------------------------------------------
        a1-1      | heroin | 2025-08-18 | 2363400000 | Korday
        a2-1      | heroin | 2025-08-18 | 2363400000 | Korday
        a3-1      | heroin | 2025-08-18 | 2363400000 | Korday
        """
    )

    assert joined(rows).select("act_id", "act_id_other").rows() == [("a1", "a2")]


def test_of_two_weights_of_one_item_the_more_exact_counts_and_other_drugs_count_beside_it():
    rows = reports(
        """
        report_id | agency_code | kind    | day        | amount     | place  | case_no
        ------------------------------------------------------------------------------
        a1-1      | police      | heroin  | 2025-08-18 | 2360000000 | Korday | 7
        a1-2      | police      | hashish | 2025-08-18 | 5000000    | Korday | 7
        b1-1      | customs     | heroin  | 2025-08-18 | 2363400000 | Korday | 7
        b1-2      | customs     | opium   | 2025-08-18 | 100000     | Korday | 7
        """
    )

    assert seizures(rows) == {
        "a1-1": ("a1", "b1-1"),
        "a1-2": ("a1", "a1-2"),
        "b1-1": ("a1", "b1-1"),
        "b1-2": ("a1", "b1-2"),
    }


def test_raids_of_one_operation_are_one_seizure_and_all_their_items_count():
    rows = reports(
        """
        report_id | agency_code | kind    | day        | amount | place  | operation_id
        -------------------------------------------------------------------------------
        a1-1      | police      | heroin  | 2025-08-18 | 500000 | Korday | O1
        a2-1      | police      | heroin  | 2025-08-18 | 500000 | Taraz  | O1
        a3-1      | police      | heroin  | 2025-08-18 | 500000 | Taraz  | O2
        """
    )

    assert seizures(rows) == {
        "a1-1": ("a1", "a1-1"),
        "a2-1": ("a1", "a2-1"),
        "a3-1": ("a3", "a3-1"),
    }


def test_a_verdict_keeps_apart_what_the_model_joins_and_the_link_stays_to_be_seen():
    rows = reports(TOLD_TWICE)

    (link,) = joined(rows, verdict("a1", "b1", APART)).iter_rows(named=True)

    assert (link["status_code"], link["decided_by"], link["decided_why"]) == (
        APART,
        "I. Ivanov",
        "letter 5",
    )
    assert link["probability"] > RULES.least
    found = seizures(rows, verdict("a1", "b1", APART))
    assert {seizure for seizure, _ in found.values()} == {"a1", "b1"}


def test_a_verdict_joins_what_the_model_would_not():
    rows = reports(
        """
        report_id | agency_code | kind   | day        | amount  | place
        -----------------------------------------------------------------
        a1-1      | police      | heroin | 2025-08-01 | 1000000 | Almaty
        b1-1      | customs     | heroin | 2025-08-18 | 900000  | Korday
        """
    )

    assert seizures(rows)["b1-1"] == ("b1", "b1-1")
    assert seizures(rows, verdict("a1", "b1", SAME))["b1-1"] == ("a1", "a1-1")


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (2_363_400, 2_363_400, "equal_4"),
        (635_000, 635_000, "equal_3"),
        (1_000_000, 1_000_000, "equal_1"),
        (2_363_400, 2_360_000, "rounded"),
        (2_363_400, 2_400_000, "rounded"),
        (1_023_400, 1_000_000, "near"),  # one digit alone is no rounding
        (2_363_400, 2_350_100, "close"),
        (2_363_400, 5_000_000, "different"),
    ],
)
def test_amounts_agree_in_as_far_as_their_digits_say(one: int, other: int, level: str):
    rows = reports(TOLD_TWICE).with_columns(
        amount=pl.when(pl.col("act_id") == "a1").then(one).otherwise(other)
    )

    found = compared(candidate_pairs(rows, within_days=3), SHARES).collect()

    assert found["amount_says"].to_list() == [level]


def test_how_many_name_a_word_is_a_share_of_the_reports_with_a_place():
    rows = reports(TOLD_TWICE)

    assert word_shares(rows).rows() == [("termez", 1.0)]


PLACES = st.sampled_from(["г. Алматы", "Almaty", "Кордай", "Korday district", None])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["police", "customs", "knb", None]),
        st.sampled_from(["heroin", "hashish"]),
        st.integers(0, 5),
        st.sampled_from([1_000_000, 2_363_400, 2_360_000, 635_120, 40]),
        PLACES,
        st.none(),
        st.sampled_from([None, None, "O1"]),
    ),
    max_size=14,
)


def drawn(rows: list[tuple[object, ...]]) -> pl.LazyFrame:
    frame = pl.DataFrame(
        [
            (
                name := f"r{i:02}",
                name,
                agency,
                "KZ",
                kind,
                DAY + timedelta(day),
                amount,
                *rest,
                None,
                [],
            )
            for i, (agency, kind, day, amount, *rest) in enumerate(rows)
        ],
        schema=REPORTS.schema,
        orient="row",
    )
    return frame.lazy()


@settings(deadline=None, max_examples=15)
@given(ROWS, st.randoms(use_true_random=False))
def test_order_says_nothing_and_an_unrelated_report_changes_no_other(rows, dice):
    whole = drawn(rows)
    shuffled = whole.collect().sample(fraction=1, shuffle=True, seed=dice.randrange(9)).lazy()
    stranger = drawn([("police", "opium", 2, 77_123, "Корday", None, None)]).with_columns(
        report_id=pl.lit("z"), act_id=pl.lit("z")
    )

    found = counted(whole, joined(whole).lazy(), RULES).collect()

    assert_frame_equal(counted(shuffled, joined(shuffled).lazy(), RULES).collect(), found)
    more = pl.concat([whole, stranger])
    with_more = counted(more, joined(more).lazy(), RULES).collect()
    assert_frame_equal(with_more.filter(pl.col("report_id") != "z"), found)
    assert with_more.height == found.height + 1


@settings(deadline=None, max_examples=15)
@given(ROWS)
def test_each_report_is_of_one_seizure_and_no_seizure_is_joined_of_two_acts_of_an_agency(rows):
    whole = drawn(rows).with_columns(operation_id=pl.lit(None, pl.String))

    found = counted(whole, joined(whole).lazy(), RULES).collect()

    assert found["report_id"].to_list() == [f"r{i:02}" for i in range(len(rows))]
    agencies = found.join(whole.collect(), on="report_id").group_by("seizure_id").agg("agency_code")
    for of_one in agencies["agency_code"].to_list():
        assert len(of_one) == len(set(of_one)) or (len(of_one) == 2 and None in of_one)
    leaders = found.filter(pl.col("report_id") == pl.col("counts_as"))
    assert set(found["counts_as"]) == set(leaders["report_id"])
