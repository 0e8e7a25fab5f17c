"""Events delivered more than once: which of the rows stands for the event."""

from collections.abc import Sequence

import polars as pl

from transforms.feeds.feed import PROVENANCE

_PROVENANCE = tuple(column.name for column in PROVENANCE)


def earliest(rows: pl.LazyFrame, event: Sequence[str]) -> pl.LazyFrame:
    """The row of each event from the first business date on which it was delivered.

    Two rows of one date are told apart by their content alone, never by the delivery that they
    came in: how a day is cut into files changes nothing.
    """
    return _first_of(rows, event, is_latest=False)


def latest(rows: pl.LazyFrame, event: Sequence[str]) -> pl.LazyFrame:
    """The row of each event from the last business date on which it was delivered."""
    return _first_of(rows, event, is_latest=True)


def _first_of(rows: pl.LazyFrame, event: Sequence[str], *, is_latest: bool) -> pl.LazyFrame:
    content = [c for c in rows.collect_schema().names() if c not in (*_PROVENANCE, *event)]
    return rows.sort(
        [*event, "business_date", *content],
        descending=[*(False for _ in event), is_latest, *(False for _ in content)],
        nulls_last=True,
    ).unique(subset=event, keep="first", maintain_order=True)
