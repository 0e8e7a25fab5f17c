"""How many rows came beside how many usually come: by delivery, and by feed.

Usual is the median of the same weekday of the weeks before. Small numbers vary by chance: a
difference counts only beyond four standard deviations of a Poisson count, and a register with
fewer than twenty rows a day is never said to be short.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import polars as pl

from transforms.contracts import Column, Table

WEEKS = 4
"""How many weeks back the same weekday is looked at."""

_LEAST_WEEKS = 3  # of two, one archive sent on a first day would be half of what is usual
_LEAST_USUAL = 20
_DEVIATIONS = 4

NORMAL, SHORT, SWOLLEN, NO_HISTORY = "normal", "short", "swollen", "no_history"

VOLUMES = Table(
    name="volumes",
    grain="one feed on the business date of one night",
    key=("night", "feed"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "The business date, and the night that took it in."),
        Column("feed", pl.String(), "Feed."),
        Column("rows", pl.Int64(), "Rows of the files that count.", unit="rows"),
        Column("usual_rows", pl.Int64(), "What is usual on that weekday.", "rows", nullable=True),
        Column(
            "state_code",
            pl.String(),
            "normal, short (below the floor), swollen (above the ceiling) or no_history.",
        ),
        Column("healthy_date", pl.Date(), "Last date before whose rows were usual.", nullable=True),
        Column("healthy_rows", pl.Int64(), "Rows on that date.", unit="rows", nullable=True),
    ),
)


class Envelope(NamedTuple):
    """Between which shares of the usual rows all is well."""

    floor: float
    ceiling: float


def with_usual(rows: pl.LazyFrame, by: tuple[str, ...]) -> pl.LazyFrame:
    """The same with `usual_rows`; null where fewer than three of the weeks before have any.

    Args:
        rows: `rows` by `business_date` and what else `by` names.
        by: the columns that tell series apart, and `business_date`.
    """
    before = pl.concat(
        rows.with_columns(pl.col("business_date").dt.offset_by(f"{week}w"))
        for week in range(1, WEEKS + 1)
    )
    usual = (
        before.group_by(by)
        .agg(usual_rows=pl.col("rows").median().round().cast(pl.Int64), weeks=pl.len())
        .filter(pl.col("weeks") >= _LEAST_WEEKS)
        .drop("weeks")
    )
    return rows.join(usual, on=list(by), how="left", validate="1:1")


def state(envelope: Envelope) -> pl.Expr:
    """Of `rows` beside `usual_rows`: short below the floor, swollen above the ceiling."""
    rows, usual = pl.col("rows"), pl.col("usual_rows")
    is_by_chance = (rows - usual).abs() <= _DEVIATIONS * usual.sqrt()
    return (
        pl.when(usual.is_null())
        .then(pl.lit(NO_HISTORY))
        .when(is_by_chance | (usual < _LEAST_USUAL))
        .then(pl.lit(NORMAL))
        .when(rows < usual * envelope.floor)
        .then(pl.lit(SHORT))
        .when(rows > usual * envelope.ceiling)
        .then(pl.lit(SWOLLEN))
        .otherwise(pl.lit(NORMAL))
    )


def volumes(counting: pl.LazyFrame, *, feed: str, night: date, envelope: Envelope) -> pl.LazyFrame:
    """All rows of a feed on the night's date beside those of its weekday, whoever sent them.

    Args:
        counting: receipts of the files that count, for the night and the weeks before.
        feed: name of the feed.
        night: the date.
        envelope: what is still usual.

    Returns:
        `VOLUMES`; no row for a feed of which nothing ever came, or nothing on such a weekday.
    """
    by_date = counting.group_by("business_date").agg(pl.col("rows").sum())
    this = pl.LazyFrame({"business_date": [night]}, schema={"business_date": pl.Date})
    with_this = (
        pl.concat([by_date, this.with_columns(rows=pl.lit(0, pl.Int64))])
        .group_by("business_date")
        .agg(pl.col("rows").sum())
    )
    judged = with_usual(with_this, by=("business_date",)).with_columns(
        night=pl.lit(night), feed=pl.lit(feed), state_code=state(envelope)
    )
    healthy = judged.filter(
        (pl.col("business_date") < night)
        & (pl.col("rows") > 0)
        & pl.col("state_code").is_in([NORMAL, NO_HISTORY])
    )
    last = healthy.sort("business_date").tail(1)
    return (
        judged.filter(pl.col("business_date") == night)
        .filter((pl.col("rows") > 0) | pl.col("usual_rows").is_not_null())
        .join(
            last.select("feed", healthy_date="business_date", healthy_rows="rows"),
            on="feed",
            how="left",
            validate="1:1",
        )
        .select(VOLUMES.schema.names())
        .pipe(VOLUMES.require)
    )


def every_feed(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """`VOLUMES` of all feeds in one frame."""
    return pl.concat(parts).sort("feed")


def collapsed(volumes: pl.LazyFrame) -> pl.LazyFrame:
    """Feeds below their floor, by name."""
    return volumes.filter(pl.col("state_code") == SHORT).sort("feed")
