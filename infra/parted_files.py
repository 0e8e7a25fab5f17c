"""Rows → Parquet files of this machine, parted by columns, of which little is in memory at a time.

Polars' own sink for parted files holds a tenth of all rows, Delta Lake's writer all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import polars as pl
import pyarrow.parquet as pq

_CELLS_HELD = 1 << 24  # of all parts; beyond it the one that has most is written


@dataclass(frozen=True, slots=True)
class Layout:
    """How files are written: rows that a reader decodes at once, and Parquet's options."""

    rows_of_group: int
    options: Mapping[str, Any]
    bytes_of_file: int | None = None


class PartFile(NamedTuple):
    """A file, and the values of the columns by which its rows were parted, which it leaves out."""

    path: Path
    values: tuple[Any, ...]


def parted_files(
    batches: Iterable[pl.DataFrame], by: tuple[str, ...], layout: Layout, folder: Path
) -> Iterator[PartFile]:
    """Each file as soon as it is whole; rows of a part keep their order.

    Args:
        batches: rows of one schema.
        by: columns of them; without any all rows are one part.
        layout: how each file is written.
        folder: for the files; who takes one may remove it.
    """
    parts: dict[tuple[Any, ...], _Part] = {}
    for batch in batches:
        for values, rows in _parted(batch, by):
            if values not in parts:
                parts[values] = _Part(values, layout, folder)
            yield from parts[values].take(rows)
        while sum(part.waiting_rows for part in parts.values()) * batch.width > _CELLS_HELD:
            yield from max(parts.values(), key=lambda part: part.waiting_rows).write()
    for part in parts.values():
        yield from part.write()
        yield from part.close()


@dataclass(slots=True)
class _Part:
    """The files of one part, one after another."""

    values: tuple[Any, ...]
    layout: Layout
    folder: Path
    waiting_rows: int = 0
    _waiting: list[pl.DataFrame] = field(default_factory=list)
    _path: Path | None = None
    _writer: pq.ParquetWriter | None = None

    def take(self, rows: pl.DataFrame) -> Iterator[PartFile]:
        """Whole groups are written, the rest waits for more."""
        self._waiting.append(rows)
        self.waiting_rows += rows.height
        group = self.layout.rows_of_group
        if self.waiting_rows < group:
            return
        there = pl.concat(self._waiting)
        whole = there.height // group * group
        self._waiting, self.waiting_rows = [there.slice(whole)], there.height - whole
        for start in range(0, whole, group):
            yield from self._write(there.slice(start, group))

    def write(self) -> Iterator[PartFile]:
        """What waits, as a group of its own."""
        if self.waiting_rows:
            there = pl.concat(self._waiting)
            self._waiting, self.waiting_rows = [], 0
            yield from self._write(there)

    def close(self) -> Iterator[PartFile]:
        """The file that is begun, if one is."""
        if self._writer is None or self._path is None:
            return
        self._writer.close()
        yield PartFile(self._path, self.values)
        self._path = self._writer = None

    def _write(self, rows: pl.DataFrame) -> Iterator[PartFile]:
        group = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._path = self.folder / f"{uuid4()}.parquet"
            self._writer = pq.ParquetWriter(self._path, group.schema, **self.layout.options)
        self._writer.write_table(group, row_group_size=group.num_rows)
        most = self.layout.bytes_of_file
        if most is not None and self._path is not None and self._path.stat().st_size >= most:
            yield from self.close()


def _parted(
    batch: pl.DataFrame, by: tuple[str, ...]
) -> Iterator[tuple[tuple[Any, ...], pl.DataFrame]]:
    if by:
        yield from batch.partition_by(
            *by, as_dict=True, include_key=False, maintain_order=True
        ).items()
    elif not batch.is_empty():
        yield (), batch
