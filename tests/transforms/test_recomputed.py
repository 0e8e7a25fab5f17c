"""Figures before and after a recomputation."""

from datetime import date

import polars as pl

from tests.tables import table
from transforms.indicators import INDICATOR_TABLE
from transforms.periods import Period, PeriodKind
from transforms.recomputed import against_before, changed_figures, of_the_country

BEFORE = """
business_date | period | period_start | period_end | indicator | dimension | member | region_code | unit  | value | status_code
------------------------------------------------------------------------------------------------------------------------------
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | KZ          | cards | 5     | final
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | 75          | cards | 3     | final
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | 71          | cards | 2     | provisional
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | gone      |           |        | KZ          | acts  | 1     | final
"""
AFTER = """
business_date | period | period_start | period_end | indicator | dimension | member | region_code | unit  | value | status_code
------------------------------------------------------------------------------------------------------------------------------
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | KZ          | cards | 6     | final
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | 75          | cards | 3     | final
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | 71          | cards | 2     | final
2025-08-18    | day    | 2025-08-18   | 2025-08-18 | new       | bank_bic  | X      | KZ          | acts  | 1     | final
"""


def drawn(drawing) -> pl.LazyFrame:
    names = [name.strip() for name in drawing.strip().splitlines()[0].split("|")]
    rows = table(drawing, {name: INDICATOR_TABLE.schema[name] for name in names})
    return rows.with_columns(pl.col("dimension", "member").fill_null(""))


def test_what_changed_is_told_on_both_sides_and_what_did_not_is_left_out():
    changed = changed_figures(drawn(BEFORE), drawn(AFTER)).collect()

    columns = ("indicator", "region_code", "unit", "value_before", "value_after", "status_after")
    assert changed.select(columns).rows() == [
        ("cards", "71", "cards", 2, 2, "final"),
        ("cards", "KZ", "cards", 5, 6, "final"),
        ("gone", "KZ", "acts", 1, None, None),
        ("new", "KZ", "acts", None, 1, "final"),
    ]
    assert [of_the_country(row) for row in changed.to_dicts()] == [False, True, True, False]


def test_the_same_figures_have_not_changed():
    assert changed_figures(drawn(BEFORE), drawn(BEFORE)).collect().is_empty()


def test_headlines_stand_beside_those_of_the_period_before_and_only_for_the_country():
    values = drawn(
        """
        business_date | period | period_start | period_end | indicator | dimension | member | region_code | unit  | value | status_code
        ------------------------------------------------------------------------------------------------------------------------------
        2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | KZ          | cards | 5     | final
        2025-08-18    | day    | 2025-08-17   | 2025-08-17 | cards     |           |        | KZ          | cards | 3     | final
        2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     |           |        | 75          | cards | 9     | final
        2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cards     | bank_bic  | X      | KZ          | cards | 4     | final
        2025-08-18    | day    | 2025-08-18   | 2025-08-18 | acts      |           |        | KZ          | acts  | 1     | provisional
        2025-08-18    | day    | 2025-08-18   | 2025-08-18 | other     |           |        | KZ          | acts  | 7     | final
        """
    )
    day = Period.ending(PeriodKind.DAY, date(2025, 8, 18))

    told = against_before(values, ["acts", "cards"], day).collect()

    assert told.rows() == [
        ("acts", "acts", 1, None, "provisional"),
        ("cards", "cards", 5, 3, "final"),
    ]
