"""Deliveries as a frame: what rests on them, which of them are gaps, how many rows they hold."""

from collections.abc import Sequence

import polars as pl

from transforms.deliveries import GAPS
from transforms.indicators import Indicator
from transforms.volumes import SHORT


def with_affected(completeness: pl.DataFrame, catalogue: Sequence[Indicator]) -> pl.DataFrame:
    """The same with `affects`: indicators whose facts are read from the feed, where not given."""
    if "affects" in completeness.columns:
        return completeness
    resting = {
        feed: [i.id for i in catalogue if i.fact is not None and feed in i.fact.feeds]
        for feed in completeness["feed"].unique().sort()
    }
    affected = pl.DataFrame(
        {"feed": list(resting), "affects": list(resting.values())},
        schema={"feed": pl.String, "affects": pl.List(pl.String)},
    )
    return completeness.join(affected, on="feed", how="left", validate="m:1")


def is_gap() -> pl.Expr:
    """Nothing usable came."""
    return pl.col("state_code").is_in(GAPS)


def is_short() -> pl.Expr:
    """So much less came than usual that some of it may be missing."""
    return pl.col("state_code") == SHORT


def rows_in(completeness: pl.DataFrame, column: str) -> int:
    """Sum of a column of rows; deliveries that were never read count as none."""
    return int(completeness[column].sum())
