"""Figures of the periods before: what curves are drawn of."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from transforms.indicators.figures import values_for
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.periods import Period

_MOST_PERIODS = 12


def periods_before(period: Period) -> list[Period]:
    """The twelve like it before a period, the latest first: of a day, the same weekdays."""
    return period.earlier(_MOST_PERIODS)


def history(
    indicators: Sequence[Indicator],
    facts: Mapping[str, pl.LazyFrame],
    period: Period,
    business_date: date,
    *,
    versions: Mapping[str, int | None],
) -> pl.LazyFrame:
    """Totals of indicators in the periods before; of none that ends before its first fact.

    Args:
        indicators: with each composite, its parts.
        facts: by name of table, whole.
        period: what is before it is told.
        business_date: rows delivered after it are not counted.
        versions: version of each table that is read.

    Returns:
        `INDICATOR_TABLE` rows of totals, in order of its key, all of them final.
    """
    told = values_for(
        indicators, facts, periods_before(period), business_date, provisional=(), versions=versions
    ).filter(pl.col("dimension") == "")
    return (
        told.join(_beginnings(indicators, facts), on="indicator", how="left", validate="m:1")
        .filter(pl.col("period_end") >= pl.col("began_on"))
        .select(INDICATOR_TABLE.schema.names())
    )


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
