"""Rows of what more than one row names: the few that have to be looked at across all accounts."""

import polars as pl


def of_several(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """Rows whose value of a column stands in another row too, and a stray few besides. Collects.

    What a number of 64 bits takes is held of each value, and nothing else. Two values of one
    digest are taken for equal: whoever counts the rest counts by the value itself.

    Args:
        rows: without a null in the column; read twice.
        name: the column.
    """
    digest = pl.col(name).hash().alias("digest")
    often = (
        rows.select(digest)
        .group_by("digest")
        .agg(n=pl.len())
        .filter(pl.col("n") > 1)
        .select("digest")
        .collect(engine="streaming")
        .lazy()
    )
    return rows.with_columns(digest).join(often, on="digest", how="semi").drop("digest")
