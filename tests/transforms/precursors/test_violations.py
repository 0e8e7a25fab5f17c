"""Typed facts of precursors: each kind, and what holds for all of them."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from tests.transforms.precursors.customs import goods_of, violations_of
from transforms.precursors.changes import VIOLATION_CHANGES, violation_changes
from transforms.precursors.evaluation import accuracy

DECLARED = """
declaration_no | item_no | procedure_code | hs_code    | goods_text | registered_on | consignee_bin | net_kg
----------------------------------------------------------------------------------------------------------
"""
LICENCE = """
business_date | licence_no | holder_bin | substance_id | valid_from | valid_to   | status_code | quota_kg | end_use_code
---------------------------------------------------------------------------------------------------------------------
2026-01-05    | L          | A          | acetone      | 2025-06-01 | 2026-12-31 | issued      | 100      | trade
2026-01-05    | M          | B          | acetone      | 2025-06-01 | 2026-12-31 | issued      | -        | none
"""
ENTITIES = """
entity_bin | status_code | founded_on | ended_on   | head_iin | address
---------------------------------------------------------------------
A          | active      | 2026-01-31 | -          | H        | Абая, 1
B          | liquidated  | 2010-01-01 | 2026-02-01 | -        | -
C          | active      | 2010-01-01 | -          | -        | Абая 1
D          | not_found   | -          | -          | -        | -
"""


def facts(items: str, entities: str | None = None, orders: str | None = None) -> pl.LazyFrame:
    return violations_of(
        accepted("import_declarations", DECLARED + items),
        accepted("precursor_licences", LICENCE),
        accepted("legal_entities", entities),
        accepted("card_arrest_orders", orders),
    )


def of_kind(found: pl.LazyFrame, code: str) -> list[str]:
    return found.filter(pl.col("violation_code") == code).collect()["declaration_no"].to_list()


def test_a_quota_is_used_up_over_a_calendar_year():
    found = facts(
        """
        1 | 1 | 40 | 2914110000 | ацетон | 2025-12-31 | A | 90
        2 | 1 | 40 | 2914110000 | ацетон | 2026-01-02 | A | 60
        3 | 1 | 40 | 2914110000 | ацетон | 2026-01-03 | A | 40
        4 | 1 | 40 | 2914110000 | ацетон | 2026-01-04 | A | 0.001
        5 | 1 | 40 | 2914110000 | ацетон | 2026-01-04 | B | 900000
        """
    )

    assert of_kind(found, "over_quota") == ["4"]
    assert of_kind(found, "no_end_use") == ["5"]
    assert of_kind(found, "unlicensed") == []


def test_small_unlicensed_consignments_that_exceed_the_threshold_together_are_split():
    found = facts(
        """
        1 | 1 | 40 | 2914110000 | ацетон | 2026-03-02 | C | 20
        2 | 1 | 40 | 2914110000 | ацетон | 2026-03-10 | C | 20
        3 | 1 | 40 | 2914110000 | ацетон | 2026-03-31 | C | 20
        4 | 1 | 40 | 2914110000 | ацетон | 2026-04-30 | C | 50
        5 | 1 | 40 | 2914110000 | ацетон | 2026-03-12 | D | 20
        6 | 1 | 40 | 2914110000 | ацетон | 2026-03-13 | D | 20
        7 | 1 | 40 | 2914110000 | ацетон | 2026-03-14 | D | 10
        """
    )

    assert of_kind(found, "split_under_threshold") == ["1", "2", "3"]


def test_related_consignees_split_together_what_none_of_them_does_alone():
    related = """
    entity_bin | status_code | founded_on | address
    ------------------------------------------------
    C          | active      | 2010-01-01 | Абая, 1
    D          | active      | 2010-01-01 | АБАЯ 1
    E          | active      | 2010-01-01 | Сатпаева, 5
    """
    found = facts(
        """
        1 | 1 | 40 | 2914110000 | ацетон | 2026-03-02 | C | 30
        2 | 1 | 40 | 2914110000 | ацетон | 2026-03-03 | D | 20
        3 | 1 | 40 | 2914110000 | ацетон | 2026-03-04 | C | 5
        4 | 1 | 40 | 2914110000 | ацетон | 2026-03-04 | E | 30
        """,
        related,
    )

    assert of_kind(found, "split_among_related") == ["1", "2", "3"]


def test_consignees_are_looked_up_as_of_the_day():
    orders = """
    order_id | card_token | case_no | ordered_on | holder_iin
    ---------------------------------------------------------
    1        | t          | 77      | 2026-03-02 | H
    """
    found = facts(
        """
        1 | 1 | 40 | 2914110000 | ацетон | 2026-03-01 | A | 1
        2 | 1 | 40 | 2914110000 | ацетон | 2026-03-02 | A | 1
        3 | 1 | 40 | 2914110000 | ацетон | 2026-01-30 | A | 1
        4 | 1 | 40 | 2914110000 | ацетон | 2026-01-31 | B | 1
        5 | 1 | 40 | 2914110000 | ацетон | 2026-02-01 | B | 1
        6 | 1 | 40 | 2914110000 | ацетон | 2026-08-01 | A | 1
        7 | 1 | 40 | 2914110000 | ацетон | 2026-03-01 | D | 1
        8 | 1 | 40 | 2914110000 | ацетон | 2026-03-01 | X | 1
        """,
        ENTITIES,
        orders,
    )

    assert of_kind(found, "consignee_newly_founded") == ["1", "2"]
    assert of_kind(found, "consignee_unregistered") == ["3", "5", "7"]
    assert of_kind(found, "consignee_known_from_case") == ["2", "6"]


def test_a_text_that_names_another_substance_than_the_code_is_misdeclared():
    found = facts(
        """
        1 | 1 | 40 | 3402900000 | уксусный ангидрид           | 2026-03-02 | C | 5
        2 | 1 | 40 | 3814000000 | растворитель, ацетон 70 %   | 2026-03-02 | C | 500
        3 | 1 | 40 | 2915240000 | уксусный ангидрид           | 2026-03-02 | C | 5
        """
    )

    assert of_kind(found, "misdeclared") == ["1"]
    assert of_kind(found, "unlicensed") == ["1", "2", "3"]


@pytest.mark.parametrize(("price", "is_odd"), [(95, []), (2_000, ["999"])])
def test_a_price_far_from_what_is_usual_is_misdeclared(price, is_odd):
    usual = "\n".join(
        f"{n} | 1 | 40 | 2914110000 | ацетон | 2026-02-{1 + n % 28:02} | C | 5000 | {475_000 + n * 300} | KZT"
        for n in range(20)
    )
    drawing = f"""
    declaration_no | item_no | procedure_code | hs_code | goods_text | registered_on | consignee_bin | net_kg | invoice_minor | currency_code
    ----------------------------------------------------------------------------------------------------------------------
    {usual}
    999 | 1 | 40 | 2914110000 | ацетон | 2026-03-02 | C | 6000 | {price * 6000} | KZT
    """

    found = violations_of(accepted("import_declarations", drawing))

    assert of_kind(found, "misdeclared") == is_odd


def test_possible_product_is_told_where_a_factor_is_known():
    found = facts(
        """
        1 | 1 | 40 | 2932940000 | сафрол | 2026-03-02 | C | 10
        2 | 1 | 40 | 2914110000 | ацетон | 2026-03-02 | C | 10
        """
    ).filter(pl.col("violation_code") == "unlicensed")

    assert_drawn(
        found,
        """
        declaration_no | substance_id | substance_g | product_code | product_g | product_doses
        -----------------------------------------------------------------------------------
        1              | safrole      | 10000       | mdma         | 11910     | 95280
        2              | acetone      | 10000       | -            | -         | -
        """,
    )


CELLS = {
    "declaration_no": ["1", "2", "3"],
    "item_no": [1, 2],
    "procedure_code": ["40", "40", "80"],
    "hs_code": ["2914110000", "3814000000", "2915240000", "8517130000"],
    "goods_text": ["ацетон", "смесь, ацетон 70 %", "уксусный ангидрид", "телефон"],
    "registered_on": [date(2026, 3, 2), date(2026, 3, 9)],
    "consignee_bin": ["A", "B", "C"],
    "net_kg": ["40", "45", "900"],
    "action_code": [None, "original", "amendment", "cancellation"],
    "business_date": [date(2026, 3, 9), date(2026, 3, 10)],
}
SCHEMA = accepted("import_declarations").collect_schema()


def deliveries() -> st.SearchStrategy:
    row = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CELLS.items()})
    return st.lists(row, min_size=1, max_size=6).map(_frame)


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    told = pl.DataFrame(rows).with_columns(
        pl.lit(None if name not in ("institution", "delivery") else "a", dtype=dtype).alias(name)
        for name, dtype in SCHEMA.items()
        if name not in CELLS
    )
    return told.with_columns(line=pl.lit(1, pl.Int64)).cast(dict(SCHEMA)).select(SCHEMA.names())


def computed(rows: pl.DataFrame) -> pl.DataFrame:
    licences, entities = (
        accepted("precursor_licences", LICENCE),
        accepted("legal_entities", ENTITIES),
    )
    return violations_of(rows.lazy(), licences, entities).collect()


@settings(max_examples=3, deadline=None)
@given(rows=deliveries())
def test_order_splitting_and_sending_twice_change_nothing_and_a_fact_is_told_once(rows):
    twice = pl.concat([rows.reverse(), rows.with_columns(delivery=pl.lit("b"))])

    found = computed(rows)

    assert_frame_equal(computed(twice), found)
    key = ["declaration_no", "item_no", "violation_code"]
    assert not found.select(key).is_duplicated().any()


@settings(max_examples=3, deadline=None)
@given(rows=deliveries())
def test_an_unrelated_row_changes_nothing_else(rows):
    other = rows.head(1).with_columns(
        declaration_no=pl.lit("9"), consignee_bin=pl.lit("Z"), action_code=pl.lit(None, pl.String)
    )

    with_other = computed(pl.concat([rows, other]))

    assert_frame_equal(with_other.filter(pl.col("declaration_no") != "9"), computed(rows))


def test_a_cancelled_declaration_undoes_its_facts_and_history_keeps_them():
    first = """
    business_date | declaration_no | item_no | procedure_code | hs_code | registered_on | consignee_bin | action_code | net_kg
    -----------------------------------------------------------------------------------------------------------
    2026-03-02    | 1              | 1       | 40             | 291411  | 2026-03-02    | C             | original    | 5
    2026-03-02    | 2              | 1       | 40             | 291411  | 2026-03-02    | C             | original    | 7
    """
    then = """\
2026-03-03    | 1              | -       | -              | -       | -             | -             | cancellation | -
2026-03-03    | 2              | 1       | 40             | 291411  | 2026-03-02    | C             | amendment    | 8
"""
    before = accepted("import_declarations", first)
    after = accepted("import_declarations", first.rstrip() + "\n" + then)
    nothing = rows_of(VIOLATION_CHANGES)

    changes = violation_changes(
        violations_of(before), violations_of(after), after, nothing, date(2026, 3, 3)
    )
    again = violation_changes(
        violations_of(after), violations_of(after), after, changes, date(2026, 3, 3)
    )

    assert_drawn(
        changes,
        """
        declaration_no | violation_code | change_code | cause_code | net_g_before | net_g_after
        ------------------------------------------------------------------------------------
        1              | unlicensed     | undone      | cancelled  | 5000         | -
        2              | unlicensed     | changed     | amended    | 7000         | 8000
        """,
    )
    assert_frame_equal(again, changes)


def test_precision_and_recall_are_those_of_facts():
    truth = pl.LazyFrame(
        [("1", 1, "unlicensed"), ("2", 1, "unlicensed"), ("2", 1, "misdeclared")],
        schema={"declaration_no": pl.String, "item_no": pl.Int64, "violation_code": pl.String},
        orient="row",
    )
    told = (
        truth.head(1)
        .collect()
        .vstack(truth.head(1).collect().with_columns(item_no=pl.lit(2, pl.Int64)))
    )

    assert_drawn(
        accuracy(told.lazy(), truth),
        """
        violation_code | planted | told | right | precision | recall
        ------------------------------------------------------------
        all            | 3       | 2    | 1     | 0.5       | 0.3333333333333333
        misdeclared    | 1       | 0    | 0     | -         | 0.0
        unlicensed     | 2       | 2    | 1     | 0.5       | 0.5
        """,
    )


def test_transit_is_listed_nowhere():
    rows = accepted(
        "import_declarations", DECLARED + "1 | 1 | 80 | 2914110000 | ацетон | 2026-03-02 | C | 5"
    )

    assert goods_of(rows).collect().is_empty()
