"""The single largest row behind an amount or a weight: whether one case carries a figure."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from transforms.contracts import Column, Table
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.periods import Period
from transforms.regions import COUNTRY

_MEASURED = ("tiyn", "usd_cent", "gram")
_CELL = ("business_date", "period", "period_start", "period_end", "indicator", "region_code")

LARGEST = Table(
    name="largest_cases",
    grain="one amount or weight of one period and region, as of one night",
    key=_CELL,
    columns=(
        *(column for name in _CELL for column in INDICATOR_TABLE.columns if column.name == name),
        Column("rows", pl.Int64(), "How many rows of facts the figure is the sum of.", "rows"),
        Column("largest", pl.Int64(), "The largest of them, in the unit of the indicator."),
    ),
    partitioned_by=("business_date", "period"),
)


def largest(
    indicators: Sequence[Indicator],
    facts: Mapping[str, pl.LazyFrame],
    periods: Sequence[Period],
    business_date: date,
) -> pl.LazyFrame:
    """The largest row of each amount and weight, for the country and each region.

    Args:
        indicators: the catalogue; of a composite it is the largest row of all its parts.
        facts: by name of table, whole.
        periods: those that figures are shown or held against.
        business_date: rows delivered later do not count.

    Returns:
        `LARGEST`, in order of its key; only where there are rows.
    """
    measured = {i.id: i for i in indicators if i.fact is not None and i.unit in _MEASURED}
    parts = [
        part
        for i in measured.values()
        for span in dict.fromkeys(periods)
        for part in _of_one(i, facts, span, business_date)
    ]
    simple = pl.concat(parts)
    wholes = [
        simple.filter(pl.col("indicator").is_in(i.parts))
        .group_by(*(name for name in _CELL if name != "indicator"))
        .agg(rows=pl.col("rows").sum(), largest=pl.col("largest").max())
        .with_columns(indicator=pl.lit(i.id))
        .select(LARGEST.schema.names())
        for i in indicators
        if i.parts and set(i.parts) <= measured.keys()
    ]
    return (
        pl.concat([simple, *wholes])
        .filter(pl.col("largest").is_not_null())
        .sort(LARGEST.key)
        .pipe(LARGEST.require)
    )


def _of_one(
    indicator: Indicator, facts: Mapping[str, pl.LazyFrame], span: Period, business_date: date
) -> list[pl.LazyFrame]:
    if indicator.fact is None or indicator.rows is None or indicator.value is None:
        return []
    (column,) = indicator.value.meta.root_names()
    night = facts[indicator.fact.table.name].filter(pl.col("business_date") <= business_date)
    rows = indicator.rows(night, span).select("region_code", column)
    by_region = rows.group_by("region_code")
    country = rows.group_by(pl.lit(COUNTRY).alias("region_code"))
    return [
        group.agg(rows=pl.col(column).count().cast(pl.Int64), largest=pl.col(column).max())
        .with_columns(
            business_date=pl.lit(business_date),
            period=pl.lit(span.kind.value),
            period_start=pl.lit(span.start),
            period_end=pl.lit(span.end),
            indicator=pl.lit(indicator.id),
        )
        .select(LARGEST.schema.names())
        for group in (by_region, country)
    ]
