"""Rows of a table → Parquet files of one partition each, of which little is in memory at a time.

Delta Lake's own writer takes in all rows of a divided table before it has written them. These files
hold what its files would, with the same statistics, and are committed as it says:
https://github.com/delta-io/delta/blob/master/PROTOCOL.md#add-file-and-remove-file
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pyarrow.parquet as pq

from transforms.contracts import Table

_ROWS_OF_A_GROUP = 65_536  # what a reader decodes at once, and a writer keeps of each partition
_CELLS_OF_A_GROUP = 1 << 22  # of a wide table fewer rows
_CELLS_HELD = 1 << 24  # of all partitions; beyond it the one that has most is written
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
    """Each file as soon as it is whole; rows of a partition keep their order.

    Args:
        batches: rows of `table`.
        table: how they are divided, and what they hold.
        folder: for the files; who takes one may remove it.
    """
    divided: dict[tuple[Any, ...], _Partition] = {}
    cells = len(table.schema)
    for batch in batches:
        for values, rows in _divided(batch, table):
            if values not in divided:
                divided[values] = _Partition(table, values, folder)
            yield from divided[values].take(rows)
        while sum(part.waiting_rows for part in divided.values()) * cells > _CELLS_HELD:
            yield from max(divided.values(), key=lambda part: part.waiting_rows).write()
    for part in divided.values():
        yield from part.write()
        yield from part.close()


@dataclass(slots=True)
class _Partition:
    """The files of one partition, one after another."""

    table: Table
    values: tuple[Any, ...]
    folder: Path
    waiting_rows: int = 0
    _waiting: list[pl.DataFrame] = field(default_factory=list)
    _path: Path | None = None
    _writer: pq.ParquetWriter | None = None

    def take(self, rows: pl.DataFrame) -> Iterator[DataFile]:
        """Whole groups are written, the rest waits for more."""
        self._waiting.append(rows)
        self.waiting_rows += rows.height
        group = _rows_of_a_group(self.table)
        if self.waiting_rows < group:
            return
        there = pl.concat(self._waiting)
        whole = there.height // group * group
        self._waiting, self.waiting_rows = [there.slice(whole)], there.height - whole
        for start in range(0, whole, group):
            yield from self._write(there.slice(start, group))

    def write(self) -> Iterator[DataFile]:
        """What waits, as a group of its own."""
        if self.waiting_rows:
            there = pl.concat(self._waiting)
            self._waiting, self.waiting_rows = [], 0
            yield from self._write(there)

    def close(self) -> Iterator[DataFile]:
        """The file that is begun, if one is."""
        if self._writer is None or self._path is None:
            return
        self._writer.close()
        yield DataFile(self._path, self._partition(), _statistics(self._path))
        self._path = self._writer = None

    def _write(self, rows: pl.DataFrame) -> Iterator[DataFile]:
        group = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._path = self.folder / f"{uuid4()}.parquet"
            self._writer = pq.ParquetWriter(self._path, group.schema, **_options(rows.schema))
        self._writer.write_table(group, row_group_size=group.num_rows)
        if self._path is not None and self._path.stat().st_size >= _BYTES_OF_A_FILE:
            yield from self.close()

    def _partition(self) -> dict[str, str | None]:
        named = zip(self.table.partitioned_by, self.values, strict=True)
        return {name: None if value is None else str(value) for name, value in named}


def _divided(batch: pl.DataFrame, table: Table) -> Iterator[tuple[tuple[Any, ...], pl.DataFrame]]:
    if table.partitioned_by:
        by = batch.partition_by(
            *table.partitioned_by, as_dict=True, include_key=False, maintain_order=True
        )
        yield from by.items()
    elif not batch.is_empty():
        yield (), batch


def _rows_of_a_group(table: Table) -> int:
    return min(_ROWS_OF_A_GROUP, _CELLS_OF_A_GROUP // len(table.schema))


def _options(schema: pl.Schema) -> dict[str, Any]:
    counted = {_COUNTED: "DELTA_BINARY_PACKED"} if _COUNTED in schema else None
    in_dictionaries = [
        f"{name}.list.element" if isinstance(dtype, pl.List) else name
        for name, dtype in schema.items()
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
