"""Rows computed again held against those that were kept."""

from collections.abc import Sequence

import polars as pl
import polars.selectors as cs

from transforms.contracts import Table

_DIGITS = 12  # sums of fractions depend on their order in the last few


def differing(
    table: Table, kept: pl.LazyFrame, again: pl.LazyFrame, without: Sequence[str] = ()
) -> pl.LazyFrame:
    """Rows of a table that only one of the two has; equal tables give no row.

    Args:
        table: whose rows both are.
        kept: as they were stored.
        again: as they were computed now.
        without: columns that tell of the computation, not of what was computed.

    Returns:
        The columns compared, and `side`: kept or again. Rows that are there twice count as often.
        Fractions are compared to twelve digits.
    """
    columns = [name for name in table.schema.names() if name not in without]
    sign = {"kept": 1, "again": -1}
    both = pl.concat(
        [
            rows.select(*columns)
            .with_columns(cs.float().round_sig_figs(_DIGITS))
            .with_columns(is_kept=pl.lit(sign[side], dtype=pl.Int64))
            for side, rows in (("kept", kept), ("again", again))
        ]
    )
    return (
        both.group_by(columns)
        .agg(balance=pl.col("is_kept").sum())
        .filter(pl.col("balance") != 0)
        .with_columns(
            side=pl.when(pl.col("balance") > 0).then(pl.lit("kept")).otherwise(pl.lit("again"))
        )
        .select(*columns, "side")
        .sort(*[c for c in columns if c in table.key], "side", nulls_last=True)
    )
