"""Figures of the periods before: what curves are drawn of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl

from transforms.indicators.figures import values_for
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.periods import Period

_MOST_PERIODS = 12


def periods_before(period: Period) -> list[Period]:
    """The twelve like it before a period, the latest first: of a day, the same weekdays."""
    return period.earlier(_MOST_PERIODS)


def with_history(
    values: pl.LazyFrame,
    curved: Sequence[Indicator],
    facts: Mapping[str, pl.LazyFrame],
    period: Period,
    business_date: date,
    *,
    versions: Mapping[str, int | None],
) -> pl.LazyFrame:
    """Figures of a night, and beside them some indicators in the periods before.

    A period that ended before the first fact behind an indicator is not told: there was no data,
    not nothing. Earlier figures are final; they have their members too, so that they reconcile.

    Args:
        values: `INDICATOR_TABLE` of the period and of those it is compared to.
        curved: what is told of the periods before; with each composite, its parts.
        facts: by name of table, whole.
        period: which the night is about.
        business_date: rows delivered after it are not counted.
        versions: version of each table that is read.

    Returns:
        `INDICATOR_TABLE`, in order of its key.
    """
    compared = {period, period.before, period.year_before}
    others = [p for p in periods_before(period) if p not in compared]
    told = (
        values_for(curved, facts, others, business_date, provisional=(), versions=versions)
        .join(_beginnings(curved, facts), on="indicator", how="inner", validate="m:1")
        .filter(pl.col("period_end") >= pl.col("began_on"))
        .select(INDICATOR_TABLE.schema.names())
    )
    return pl.concat([values, told]).sort(INDICATOR_TABLE.key).pipe(INDICATOR_TABLE.require)


def with_parts(indicators: Sequence[Indicator], names: Collection[str]) -> list[Indicator]:
    """Those of these names, and what they are the sum of."""
    parts = {part for i in indicators if i.id in names for part in i.parts}
    return [i for i in indicators if i.id in parts or i.id in names]


def _beginnings(indicators: Sequence[Indicator], facts: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """The day of the first row behind an indicator; of a composite, of the last of its parts."""
    simple = pl.concat(
        [
            facts[i.fact.table.name].select(
                indicator=pl.lit(i.id), began_on=pl.col(i.happened_on).min()
            )
            for i in indicators
            if i.fact
        ]
    )
    parts = pl.LazyFrame(
        [(i.id, part) for i in indicators for part in i.parts],
        schema={"composite": pl.String(), "indicator": pl.String()},
        orient="row",
    )
    composite = (
        parts.join(simple, on="indicator", how="left", validate="m:1")
        .group_by(indicator="composite")
        .agg(began_on=pl.col("began_on").max())
    )
    return pl.concat([simple, composite])
