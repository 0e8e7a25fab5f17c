"""Rows of a feed that the day's checks let through, without files."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from transforms.feeds import FEED_BY_NAME


def accepted(
    feed: str, rows: Sequence[dict[str, object]], *, on: date, delivery: str = "world"
) -> pl.LazyFrame:
    """Rows of one delivery, as the lake has them: cells as on the wire, read by the feed."""
    columns = FEED_BY_NAME[feed].message_columns
    told = pl.DataFrame(
        [[row.get(c) for c in columns] for row in rows],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    ).with_columns(business_date=pl.lit(on), institution=pl.lit("world"), delivery=pl.lit(delivery))
    numbered = told.with_row_index("line", 1).cast({"line": pl.Int64})
    return FEED_BY_NAME[feed].staged(numbered.lazy()).collect().lazy()
