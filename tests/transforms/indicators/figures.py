"""Figures of one indicator as a mapping, without the zeros."""

from datetime import date

import polars as pl

from transforms.indicators import INDICATOR_BY_ID, indicator_values
from transforms.periods import Period

A_LATER_NIGHT = date(2026, 12, 31)


def figures(
    indicator: str, facts: pl.LazyFrame, period: Period, *, dimension: str = ""
) -> dict[str, int]:
    """Value by region, or by region and member as "75 CASPKZKA"; only what is not zero."""
    values = indicator_values(
        INDICATOR_BY_ID[indicator], facts, period, A_LATER_NIGHT, status="final", sources=[]
    )
    shown = (
        values.filter(pl.col("dimension") == dimension, pl.col("value") != 0)
        .select((pl.col("region_code") + " " + pl.col("member")).str.strip_chars(), "value")
        .collect()
    )
    return dict(shown.iter_rows())
