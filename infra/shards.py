"""Rows of a day parted among files of this machine, so that a part of them fits into memory.

What is computed account by account, or pair by pair, is the same however the accounts are parted.
A night of any size is then computed a shard at a time; a small one is one shard, without a file.
`transforms.shards` says which rows belong together, and where.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from transforms.shards import place_of_account

MOST_ROWS = 2_000_000
"""Rows of a shard. Of bank rows some 0.5 GB are held while a million is computed."""

_SORTED_AT_ONCE = 250_000
_ROWS_OF_A_GROUP = 65_536


class Shard:
    """One part of some rows, and what else belongs to it."""

    def __init__(self, rows: pl.LazyFrame, number: int, of: int) -> None:
        self.rows = rows
        self._number, self._of = number, of

    def of(self, rows: pl.LazyFrame, place: pl.Expr) -> pl.LazyFrame:
        """Those of other rows that belong to this shard."""
        return rows if self._of == 1 else rows.filter(_shard(place, self._of) == self._number)


@contextmanager
def sharded(
    rows: pl.LazyFrame, place: pl.Expr, *, most_rows: int | None = None, count: int | None = None
) -> Iterator[Iterator[Shard]]:
    """The rows in shards of about so many, by their place; the files last as long as the block.

    Args:
        rows: which may be an expensive scan; it is read twice.
        place: from 0 to less than 1, evenly spread; rows of one place are in one shard.
        most_rows: of a shard, on average; else `MOST_ROWS`.
        count: how many rows there are about, where that is known.
    """
    if count is None:
        count = rows.select(pl.len()).collect(engine="streaming").item()
    number = -(-count // (most_rows or MOST_ROWS))
    if number <= 1:
        yield iter([Shard(rows, 0, 1)])
        return
    with TemporaryDirectory(prefix="aqsha-") as folder:
        files = pl.PartitionBy(
            folder,
            key=_shard(place, number).alias("shard"),
            include_key=False,
            approximate_bytes_per_file=None,
        )
        _written(rows, files)
        yield (Shard(_scan(Path(folder, f"shard={n}"), rows), n, number) for n in range(number))


@contextmanager
def one_after_another(pieces: Iterable[pl.LazyFrame]) -> Iterator[pl.LazyFrame]:
    """Pieces of a table as one frame, of which no two are in memory at once.

    Each is computed into a file of this machine, but for one that is alone.
    """
    with TemporaryDirectory(prefix="aqsha-") as folder:
        done: list[pl.LazyFrame] = []
        waiting = iter(pieces)
        held = next(waiting)
        for n, piece in enumerate(waiting):
            done.append(_kept(held, Path(folder, f"{n}.parquet")))
            held = piece
        yield pl.concat([*done, _kept(held, Path(folder, "last.parquet"))]) if done else held


@contextmanager
def in_order(rows: pl.LazyFrame, account: str, then: str, *, count: int) -> Iterator[pl.LazyFrame]:
    """The rows in order of their accounts, of which few are sorted at once.

    Args:
        rows: in any order.
        account: column of the IBAN.
        then: column that orders rows of one account.
        count: how many rows there are about.
    """
    place = place_of_account(account)
    with (
        sharded(rows, place, most_rows=_SORTED_AT_ONCE, count=count) as parts,
        one_after_another(part.rows.sort(account, then) for part in parts) as ordered,
    ):
        yield ordered


def _kept(rows: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    _written(rows, path)
    return pl.scan_parquet(path)


def _written(rows: pl.LazyFrame, to: Path | pl.PartitionBy) -> None:
    rows.sink_parquet(
        to, compression="lz4", row_group_size=_ROWS_OF_A_GROUP, statistics=False, mkdir=True
    )


def _scan(folder: Path, rows: pl.LazyFrame) -> pl.LazyFrame:
    if not folder.exists():
        return rows.clear()
    return pl.scan_parquet(folder / "*.parquet", hive_partitioning=False)


def _shard(place: pl.Expr, number: int) -> pl.Expr:
    return (place * number).floor().cast(pl.UInt32)
