"""Rows of a table of the lake → its data files, as Delta Lake's own writer would leave them.

That writer takes in all rows of a divided table before it has written them. These files are
committed as the protocol says:
https://github.com/delta-io/delta/blob/master/PROTOCOL.md#add-file-and-remove-file
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from infra.parted_files import Layout, parted_files
from transforms.contracts import Table

_ROWS_OF_A_GROUP = 65_536  # what a reader decodes at once, and a writer keeps of each partition
_CELLS_OF_A_GROUP = 1 << 22  # of a wide table fewer rows
_BYTES_OF_A_FILE = 128 << 20
_BYTES_OF_A_DICTIONARY = 4 << 20  # beyond it values are written out: accounts of a group are more
# Rows of a file are counted: each differs from the one before by one, which takes next to nothing.
_COUNTED = "line"
_LONGEST_BOUND = 64  # a longer text does not bound a column in the log


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file of this machine: where it lies, of which partition, and what a log tells of it."""

    path: Path
    partition: Mapping[str, str | None]
    statistics: str


def data_files(batches: Iterable[pl.DataFrame], table: Table, folder: Path) -> Iterator[DataFile]:
    """Each file of one partition as soon as it is whole; rows of a partition keep their order.

    Args:
        batches: rows of `table`.
        table: how they are divided, and what they hold.
        folder: for the files; who takes one may remove it.
    """
    rows_of_group = min(_ROWS_OF_A_GROUP, _CELLS_OF_A_GROUP // len(table.schema))
    layout = Layout(rows_of_group, _options(table), _BYTES_OF_A_FILE)
    for path, values in parted_files(batches, table.partitioned_by, layout, folder):
        named = zip(table.partitioned_by, values, strict=True)
        partition = {name: None if value is None else str(value) for name, value in named}
        yield DataFile(path, partition, _statistics(path))


def _options(table: Table) -> dict[str, Any]:
    stored = {n: dtype for n, dtype in table.schema.items() if n not in table.partitioned_by}
    counted = {_COUNTED: "DELTA_BINARY_PACKED"} if _COUNTED in stored else None
    in_dictionaries = [
        f"{name}.list.element" if isinstance(dtype, pl.List) else name
        for name, dtype in stored.items()
        if name != _COUNTED
    ]
    return {
        "compression": "zstd",
        "compression_level": 3,
        "dictionary_pagesize_limit": _BYTES_OF_A_DICTIONARY,
        "use_dictionary": in_dictionaries if counted else True,
        "column_encoding": counted,
        "store_schema": False,  # types of Arrow that are none of Parquet's own
    }


def _statistics(path: Path) -> str:
    """Rows of a file and, of plain columns, how many are null and between what the others are."""
    found = pq.read_metadata(path)
    groups = [found.row_group(n) for n in range(found.num_row_groups)]
    least: dict[str, Any] = {}
    most: dict[str, Any] = {}
    nulls: dict[str, int] = {}
    for number in range(found.num_columns):
        column = groups[0].column(number).path_in_schema
        told = [group.column(number).statistics for group in groups]
        if "." in column or not all(told):
            continue
        nulls[column] = sum(each.null_count for each in told)
        filled = [each for each in told if each.num_values]
        if not filled or not all(each.has_min_max for each in filled):
            continue
        bounds = min(each.min for each in filled), max(each.max for each in filled)
        if all(map(_is_told, bounds)):
            least[column], most[column] = map(_plain, bounds)
    told_of = {"numRecords": found.num_rows, "minValues": least, "maxValues": most}
    return json.dumps({**told_of, "nullCount": nulls}, ensure_ascii=False)


def _is_told(bound: object) -> bool:
    """Whole numbers, dates and short texts: what a log may say exactly."""
    is_short = isinstance(bound, str) and len(bound) <= _LONGEST_BOUND
    return is_short or type(bound) in (int, date)


def _plain(bound: object) -> object:
    return bound.isoformat() if isinstance(bound, date) else bound
