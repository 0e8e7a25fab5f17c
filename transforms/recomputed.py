"""Figures before and after a recomputation: what changed, and by how much."""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.indicators import INDICATOR_TABLE
from transforms.periods import Period
from transforms.regions import COUNTRY

FIGURE = INDICATOR_TABLE.key


def changed_figures(before: pl.LazyFrame, after: pl.LazyFrame) -> pl.LazyFrame:
    """One row for each figure whose value or status is not what it was.

    Args:
        before: `INDICATOR_TABLE` as it was.
        after: the same as it is.

    Returns:
        The key of `INDICATOR_TABLE`, `unit`, `value_before`, `value_after`, `status_before`,
        `status_after`; null on the side that has no such figure.
    """
    was, is_ = (
        rows.select(
            *FIGURE,
            pl.col("unit").alias(f"unit_{side}"),
            pl.col("value").alias(f"value_{side}"),
            pl.col("status_code").alias(f"status_{side}"),
        )
        for side, rows in (("before", before), ("after", after))
    )
    is_other = [
        pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in ("value", "status")
    ]
    return (
        was.join(is_, on=FIGURE, how="full", coalesce=True, nulls_equal=True, validate="1:1")
        .filter(pl.any_horizontal(is_other))
        .select(
            *FIGURE,
            pl.coalesce("unit_after", "unit_before").alias("unit"),
            *(f"{name}_{side}" for name in ("value", "status") for side in ("before", "after")),
        )
        .sort(FIGURE)
    )


def of_the_country(figure: Mapping[str, object]) -> bool:
    """Whether a figure is a total of the country, not of a region or of one member."""
    return figure["region_code"] == COUNTRY and not figure["dimension"]


def against_before(values: pl.LazyFrame, indicators: Sequence[str], this: Period) -> pl.LazyFrame:
    """Totals of the country for a period, beside those of the period before.

    Args:
        values: `INDICATOR_TABLE` of one night.
        indicators: whose totals, in the order in which they are told.
        this: the period.

    Returns:
        `indicator`, `unit`, `value`, `value_before` (null where there is none), `status_code`.
    """
    is_total = (pl.col("region_code") == COUNTRY) & (pl.col("dimension") == "")

    def of(period: Period) -> pl.LazyFrame:
        is_of_it = (pl.col("period_start") == period.start) & (pl.col("period_end") == period.end)
        return values.filter(is_total, is_of_it, pl.col("indicator").is_in(list(indicators)))

    before = of(this.before).select("indicator", value_before="value").unique("indicator")
    place = {name: n for n, name in enumerate(indicators)}
    return (
        of(this)
        .unique("indicator")
        .join(before, on="indicator", how="left", validate="1:1")
        .sort(pl.col("indicator").replace_strict(place, return_dtype=pl.Int64))
        .select("indicator", "unit", "value", "value_before", "status_code")
    )
