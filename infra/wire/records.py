"""What a reader of messages gives: records of text, each with its place in the file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from infra.wire.beginning import Beginning


class Record(NamedTuple):
    """One row of the feed as the file says it.

    `entry` counts what the format's standard counts (camt `Ntry`, declarations, records) from
    1; one entry may give several records. `place` is the record's XPath, JSON pointer or
    "line 7". Cells are text in canonical notation (ISO 8601 dates, a decimal point), named as
    the feed's `message_columns`; what the reader could not make sense of stays as written, so
    that the feed finds it unreadable. What the file does not say is absent or null.
    """

    entry: int
    place: str
    cells: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of message as one feed reads it.

    `version` tells which version of the format a file is, from its beginning, or null when it
    is of another format; it never raises. `needs` are wire columns without which the standard
    itself calls a record incomplete. `records` raises `Unreadable` when the file cannot be
    read on, having given the records before. `batches`, where there is one, gives the same in
    frames of text with `entry` and `place` before the cells, which is quicker for big files.
    """

    name: str
    feed: str
    says: str
    version: Callable[[Beginning], str | None]
    records: Callable[[Path], Iterator[Record]]
    needs: tuple[str, ...] = ()
    batches: Callable[[Path], Iterator[pl.DataFrame]] | None = None
