"""A day's rows computed in parts, so that one of them fits into memory: a night of any size.

A small night is one part, without a file. Where the step is a worker's of a cluster, all workers
compute parts (`infra.crew`). `transforms.shards` says which rows belong together.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from infra.crew import TURNS, WORTH, Scratch, each, hands, scratch
from infra.parted_files import Layout, parted_files
from infra.settings import settings
from transforms.shards import Shard, place_of_account

MOST_ROWS = 2_000_000
"""Rows of a part. Of bank rows some 0.5 GB are held while a million is computed."""

_SORTED_AT_ONCE = 250_000
_MOST_PARTS = 64
_CELLS_OF_A_GROUP = 1 << 20
_OF = "_part"
_OPTIONS = {"compression": "lz4", "use_dictionary": False, "write_statistics": False}


@dataclass(frozen=True, slots=True)
class Kept:
    """Pieces that were computed once, however often they are read."""

    parts: Sequence[pl.LazyFrame]

    @property
    def whole(self) -> pl.LazyFrame:
        """All of them."""
        return pl.concat(self.parts)


def shards_of(*rows: pl.LazyFrame, most_rows: int = MOST_ROWS) -> list[Shard]:
    """The accounts in parts of about so many rows, if the settings do not say fewer.

    Args:
        rows: of all accounts, of one table or of several that are computed together.
        most_rows: of a part of all of these, on average.
    """
    counts = (some.select(pl.len()).collect(engine="streaming").item() for some in rows)
    least = _parts(sum(counts), most_rows)
    number = 1
    while number < min(least, _MOST_PARTS):  # halves of those of a smaller night, as they lie
        number *= 2
    return [Shard(n, number) for n in range(number)]


@contextmanager
def kept(pieces: Iterable[pl.LazyFrame]) -> Iterator[Kept]:
    """Pieces that are needed more than once, each computed into a file.

    One that is alone stays in memory. The files last as long as the block.
    """
    waiting = [*pieces]
    if len(waiting) == 1:
        yield Kept([waiting[0].collect(engine="streaming").lazy()])
        return
    with scratch() as place:
        yield Kept(each(partial(_computed, place), waiting))


def gathered(pieces: Iterable[pl.LazyFrame]) -> pl.DataFrame:
    """Pieces of which few rows come, together in memory."""
    return pl.concat(each(_collected, [*pieces]))


@contextmanager
def parted(
    rows: pl.LazyFrame, place: pl.Expr, *, most_rows: int = MOST_ROWS, count: int | None = None
) -> Iterator[list[pl.LazyFrame]]:
    """The rows in files, in parts of about so many; the files last as long as the block.

    Args:
        rows: which may be an expensive scan.
        place: from 0 to less than 1, evenly spread; rows of one place are in one part.
        most_rows: of a part, on average, if the settings do not say fewer.
        count: how many rows there are about, where that is known.
    """
    if count is None:
        count = rows.select(pl.len()).collect(engine="streaming").item()
    number = _parts(count, most_rows)
    if number == 1:
        yield [rows]
        return
    with scratch() as files, TemporaryDirectory(prefix="aqsha-") as folder:
        yield _parted(rows, place, number, Path(folder), files)


@contextmanager
def in_order(
    rows: pl.LazyFrame, account: str, then: str, *, count: int
) -> Iterator[list[pl.LazyFrame]]:
    """The rows in order of their accounts, piece by piece, of which few are sorted at once.

    Args:
        rows: in any order.
        account: column of the IBAN.
        then: column that orders rows of one account.
        count: how many rows there are about.
    """
    place = place_of_account(account)
    with parted(rows, place, most_rows=_SORTED_AT_ONCE, count=count) as parts:
        yield [part.sort(account, then) for part in parts]


def _parts(count: int, most_rows: int) -> int:
    least = -(-count // min(most_rows, settings().shard_rows))
    if hands() > 1:
        least = max(least, min(hands() * TURNS, count // WORTH))
    return max(least, 1)


def _computed(place: Scratch, rows: pl.LazyFrame) -> pl.LazyFrame:
    return place.computed(rows, rows_of_group=_rows_of_a_group(rows))


def _collected(rows: pl.LazyFrame) -> pl.DataFrame:
    return rows.collect(engine="streaming")


def _parted(
    rows: pl.LazyFrame, place: pl.Expr, number: int, folder: Path, files: Scratch
) -> list[pl.LazyFrame]:
    part_of = (place * number).floor().cast(pl.UInt32).alias(_OF)
    batches = rows.with_columns(part_of).collect_batches(
        maintain_order=True, lazy=True, engine="streaming"
    )
    parts: list[list[pl.LazyFrame]] = [[] for _ in range(number)]
    layout = Layout(_rows_of_a_group(rows), _OPTIONS)
    for path, (part,) in parted_files(batches, (_OF,), layout, folder):
        parts[part].append(files.taken(path))
    return [pl.concat(part) if part else rows.clear() for part in parts]


def _rows_of_a_group(rows: pl.LazyFrame) -> int:
    return _CELLS_OF_A_GROUP // len(rows.collect_schema())
