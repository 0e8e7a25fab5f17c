"""Headlines in the periods before: only where there was data, and never instead of a figure."""

from datetime import date

import polars as pl

from transforms.facts import ALL_FACTS
from transforms.indicators import (
    INDICATOR_BY_ID,
    INDICATOR_TABLE,
    INDICATORS,
    periods_before,
    unreconciled,
    values_for,
    with_history,
    with_parts,
)
from transforms.periods import Period, PeriodKind

NIGHT = date(2026, 3, 10)  # a Tuesday
DAY = Period.ending(PeriodKind.DAY, NIGHT)
VERSIONS = {fact.table.name: 1 for fact in ALL_FACTS}
SEIZED = "seizure_acts"


def facts(*days: date) -> dict[str, pl.LazyFrame]:
    """One act of seizure on each of these days, nothing else."""
    found = {fact.table.name: pl.LazyFrame(schema=fact.table.schema) for fact in ALL_FACTS}
    which = INDICATOR_BY_ID[SEIZED]
    table = which.fact.table
    rows = [
        {c.name: None if c.nullable else _filler(c.dtype) for c in table.columns}
        | {name: f"{n}" for name in table.key if table.schema[name] == pl.String}
        | {which.happened_on: day, "business_date": NIGHT, "region_code": "75"}
        for n, day in enumerate(days)
    ]
    found[table.name] = pl.LazyFrame(rows, schema=table.schema)
    return found


def _filler(dtype: pl.DataType) -> object:
    return {pl.String: "a", pl.Int64: 1, pl.Date: NIGHT, pl.Boolean: False}.get(type(dtype))


def told(*days: date, period: Period = DAY) -> pl.DataFrame:
    given, spans = facts(*days), [period, period.before]
    values = values_for(
        [INDICATOR_BY_ID[SEIZED]], given, spans, NIGHT, provisional=(), versions=VERSIONS
    )
    return with_history(
        values, [INDICATOR_BY_ID[SEIZED]], given, period, NIGHT, versions=VERSIONS
    ).collect()


def country(values: pl.DataFrame) -> dict[date, int]:
    shown = values.filter(pl.col("region_code") == "KZ", pl.col("dimension") == "")
    return dict(shown.select("period_end", "value").iter_rows())


def test_the_same_weekdays_since_the_first_fact_are_told():
    assert country(told(NIGHT, date(2026, 3, 3), date(2026, 2, 17))) == {
        date(2026, 2, 17): 1,
        date(2026, 2, 24): 0,
        date(2026, 3, 3): 1,
        date(2026, 3, 9): 0,
        NIGHT: 1,
    }


def test_before_the_first_fact_nothing_is_told():
    assert set(country(told(NIGHT))) == {NIGHT, date(2026, 3, 9)}
    assert set(country(told())) == {NIGHT, date(2026, 3, 9)}


def test_no_row_stands_twice_though_a_period_is_compared_and_before():
    week = Period.ending(PeriodKind.WEEK, NIGHT)
    days = [period.end for period in (week, *periods_before(week))]

    values = told(*days, period=week)

    assert not values.select(INDICATOR_TABLE.key).is_duplicated().any()
    assert len(country(values)) == 13


def test_a_composite_comes_with_its_parts():
    chosen = {i.id for i in with_parts(INDICATORS, {"cashout_amount_intercepted"})}

    assert chosen == {
        "cashout_amount_intercepted",
        "cashout_amount_cash",
        "cashout_amount_on_accounts",
    }


def test_what_is_told_of_the_periods_before_reconciles():
    curved = with_parts(INDICATORS, {"seizure_acts", "dropper_cards_arrested"})
    given = facts(NIGHT, *(period.end for period in periods_before(DAY)))
    values = values_for(curved, given, [DAY], NIGHT, provisional=(), versions=VERSIONS)

    told_all = with_history(values, curved, given, DAY, NIGHT, versions=VERSIONS)

    assert unreconciled(told_all).collect().is_empty()
    assert (
        told_all.filter(pl.col("dimension") != "").select("period_end").unique().collect().height
        > 1
    )
