"""Values that must not repeat, found in little memory.

Each row is reduced to a hash of eight bytes. Where all hashes differ, all keys do. Else the few
rows that share a hash are read once more and compared by key, so that no row is blamed for the
hash of another.
"""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from expectations.polars_engine.asks import Rows


def repeats(
    columns: Sequence[str], considered: pl.Expr, answer: Callable[[pl.Expr, int, int], Any]
) -> Rows:
    """Asks which considered rows have a key that another considered row has too.

    All copies of a key count, not all but the first. Null equals null.

    Args:
        answer: of the expression that is true for those rows (never null), how many rows were
            considered, and how many repeat a key.
    """
    key = pl.struct(columns) if len(columns) > 1 else pl.col(columns[0])
    hashes = key.hash()

    def of_hashes(found: pl.DataFrame) -> Any:
        considered_rows = found.height
        shared = _repeated(found.to_series())
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

    return Rows(lambda rows: rows.filter(considered).select(hashes), of_hashes)


def _repeated(hashes: pl.Series) -> pl.Series:
    ordered = hashes.sort(in_place=True)
    return ordered.filter(ordered == ordered.shift(1)).unique()
