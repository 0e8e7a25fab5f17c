"""Values that must not repeat, found in little memory.

Each row is reduced to a hash of eight bytes. Where all hashes differ, all keys do. Else the few
rows that share a hash are read once more and compared by key, so that no row is blamed for the
hash of another. In `partitions` readings, each for its share of the hashes, only that share is
held at once.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import polars as pl

from expectations.polars_engine.asks import Rows


def repeats(
    cells: Sequence[pl.Expr],
    considered: pl.Expr,
    answer: Callable[[pl.Expr, int, int], Any],
    *,
    partitions: int = 1,
) -> Rows:
    """Asks which considered rows have a key that another considered row has too.

    All copies of a key count, not all but the first. Null equals null.

    Args:
        cells: what the key is made of.
        considered: true for the rows to compare, never null.
        answer: of the expression that is true for those rows (never null), how many rows were
            considered, and how many repeat a key.
        partitions: in how many readings the hashes are compared.
    """
    key = pl.struct(cells) if len(cells) > 1 else cells[0]
    hashes = key.hash()

    def share(at: int, considered_rows: int, shared: pl.Series) -> Rows:
        mine = pl.col("hash") % partitions == at if partitions > 1 else pl.lit(True)
        return Rows(
            lambda rows: rows.filter(considered).select(hash=hashes).filter(mine),
            partial(of_hashes, at, considered_rows, shared),
        )

    def of_hashes(at: int, considered_rows: int, shared: pl.Series, found: pl.DataFrame) -> Any:
        considered_rows += found.height
        shared = shared.append(_repeated(found.to_series()))
        if at + 1 < partitions:
            return share(at + 1, considered_rows, shared)
        if shared.is_empty():
            return answer(pl.lit(False), considered_rows, 0)
        suspect = considered & hashes.is_in(pl.lit(shared).implode())
        return Rows(
            lambda rows: rows.filter(suspect).select(key.alias("key")),
            lambda suspects: of_keys(suspects, considered_rows),
        )

    def of_keys(suspects: pl.DataFrame, considered_rows: int) -> Any:
        copies = suspects.filter(pl.col("key").is_duplicated())
        keys = pl.lit(copies["key"].unique()).implode()
        repeating = considered & key.is_in(keys, nulls_equal=True)
        return answer(repeating.fill_null(value=False), considered_rows, copies.height)

    return share(0, 0, pl.Series(dtype=pl.UInt64))


def _repeated(hashes: pl.Series) -> pl.Series:
    ordered = hashes.sort(in_place=True)
    return ordered.filter(ordered == ordered.shift(1)).unique()
