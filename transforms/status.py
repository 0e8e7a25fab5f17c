"""How each feed came in, day by day: what an operator looks at in the morning."""

from datetime import date

import polars as pl

from transforms.deliveries import CONTROL_MISMATCH, REFUSED, UNREADABLE
from transforms.volumes import SHORT

CORRUPT = (UNREADABLE, CONTROL_MISMATCH, *REFUSED)
KINDS = ("corrupt", "missing", "short", "late", "in_time")
"""Of a feed's deliveries for a day, the gravest first; each delivery is of one kind."""


def feeds_by_day(told: pl.LazyFrame, since: date) -> pl.LazyFrame:
    """One row for each feed and business date of which something was owed or cannot be used.

    Args:
        told: `COMPLETENESS` of one night.
        since: first business date.

    Returns:
        `feed`, `business_date`, `deliveries`, how many of them are of each of `KINDS`, and
        `rows_accepted`; what was corrected, came twice or is swollen came in time.
    """
    state = pl.col("state_code")
    kind = {
        "corrupt": state.is_in(CORRUPT),
        "missing": state == "missing",
        "short": state == SHORT,
        "late": state == "late",
    }
    other = ~pl.any_horizontal(*kind.values())
    return (
        told.filter(pl.col("business_date") >= since)
        .group_by("feed", "business_date")
        .agg(
            deliveries=pl.len().cast(pl.Int64),
            **{name: is_so.sum().cast(pl.Int64) for name, is_so in kind.items()},
            in_time=other.sum().cast(pl.Int64),
            rows_accepted=pl.col("rows_accepted").sum(),
        )
        .sort("feed", "business_date")
    )


def gaps(days: pl.DataFrame) -> int:
    """How many deliveries of `feeds_by_day` are missing or cannot be used."""
    return int(days.select(pl.col("missing").sum() + pl.col("corrupt").sum()).item())
