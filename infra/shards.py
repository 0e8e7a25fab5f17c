"""Rows of a day parted among files of this machine, so that a part of them fits into memory.

What is computed account by account, or pair by pair, is the same however the accounts are parted.
A night of any size is then computed a shard at a time; a small one is one shard, without a file.
`transforms.shards` says which rows belong together, and where.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from infra.parted_files import Layout, parted_files
from infra.settings import settings
from transforms.shards import place_of_account

MOST_ROWS = 2_000_000
"""Rows of a shard. Of bank rows some 0.5 GB are held while a million is computed."""

_SORTED_AT_ONCE = 250_000
_CELLS_OF_A_GROUP = 1 << 20
_OF = "_shard"
_OPTIONS = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}


class Shard:
    """One part of some rows, the same part of those beside them, and what else belongs to it."""

    def __init__(
        self, rows: pl.LazyFrame, beside: Sequence[pl.LazyFrame], number: int, of: int
    ) -> None:
        self.rows, self.beside = rows, beside
        self._number, self._of = number, of

    def of(self, rows: pl.LazyFrame, place: pl.Expr) -> pl.LazyFrame:
        """Those of other rows that belong to this shard."""
        return rows if self._of == 1 else rows.filter(_shard(place, self._of) == self._number)


@dataclass(frozen=True, slots=True)
class Kept:
    """Pieces of a table that were computed once, however often they are read."""

    parts: Sequence[pl.LazyFrame]

    @property
    def whole(self) -> pl.LazyFrame:
        """All of them."""
        return pl.concat(self.parts)


@contextmanager
def sharded(
    rows: pl.LazyFrame,
    place: pl.Expr,
    *,
    beside: Sequence[pl.LazyFrame] = (),
    most_rows: int = MOST_ROWS,
    count: int | None = None,
) -> Iterator[Iterator[Shard]]:
    """The rows in shards of about so many, by their place; the files last as long as the block.

    Args:
        rows: which may be an expensive scan; it is read twice.
        place: from 0 to less than 1, evenly spread; rows of one place are in one shard.
        beside: other rows that have a place too, which are parted alike.
        most_rows: of a shard, on average, those beside counted, if the settings do not say fewer.
        count: how many rows there are about, where that is known.
    """
    if count is None:
        counts = (each.select(pl.len()).collect(engine="streaming") for each in (rows, *beside))
        count = sum(found.item() for found in counts)
    number = -(-count // min(most_rows, settings().shard_rows))
    if number <= 1:
        yield iter([Shard(rows, beside, 0, 1)])
        return
    with TemporaryDirectory(prefix="aqsha-") as folder:
        parted = [
            _parted(each, place, number, Path(folder, str(n)))
            for n, each in enumerate((rows, *beside))
        ]
        shards = enumerate(zip(*parted, strict=True))
        yield (Shard(own, others, n, number) for n, (own, *others) in shards)


@contextmanager
def each_kept(pieces: Iterable[pl.LazyFrame]) -> Iterator[Kept]:
    """Pieces that are needed more than once, of which no two are in memory at once.

    Each is computed into a file of this machine, but for one that is alone: it stays in memory.
    """
    with TemporaryDirectory(prefix="aqsha-") as folder:
        done = _in_turn(pieces, Path(folder))
        alone = len(done) == 1
        yield Kept([done[0].collect(engine="streaming").lazy()] if alone else done)


@contextmanager
def one_after_another(pieces: Iterable[pl.LazyFrame]) -> Iterator[pl.LazyFrame]:
    """Pieces of a table as one frame, of which no two are in memory at once.

    Each is computed into a file of this machine, but for one that is alone.
    """
    with TemporaryDirectory(prefix="aqsha-") as folder:
        yield pl.concat(_in_turn(pieces, Path(folder)))


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


def _in_turn(pieces: Iterable[pl.LazyFrame], folder: Path) -> list[pl.LazyFrame]:
    """One that is alone is left as it is."""
    waiting = iter(pieces)
    held = next(waiting)
    done: list[pl.LazyFrame] = []
    for n, piece in enumerate(waiting):
        done.append(_kept(held, folder / f"{n}.parquet"))
        held = piece
    return [*done, _kept(held, folder / "last.parquet")] if done else [held]


def _kept(rows: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    group = _rows_of_a_group(rows)
    rows.sink_parquet(path, compression="lz4", row_group_size=group, statistics=False)
    return pl.scan_parquet(path)


def _parted(rows: pl.LazyFrame, place: pl.Expr, number: int, folder: Path) -> list[pl.LazyFrame]:
    folder.mkdir()
    marked = rows.with_columns(_shard(place, number).alias(_OF))
    batches = marked.collect_batches(maintain_order=True, lazy=True, engine="streaming")
    parts: list[list[Path]] = [[] for _ in range(number)]
    layout = Layout(_rows_of_a_group(rows), _OPTIONS)
    for path, (shard,) in parted_files(batches, (_OF,), layout, folder):
        parts[shard].append(path)
    return [pl.scan_parquet(part) if part else rows.clear() for part in parts]


def _rows_of_a_group(rows: pl.LazyFrame) -> int:
    return _CELLS_OF_A_GROUP // len(rows.collect_schema())


def _shard(place: pl.Expr, number: int) -> pl.Expr:
    return (place * number).floor().cast(pl.UInt32)
