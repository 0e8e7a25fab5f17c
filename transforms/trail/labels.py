"""What is publicly known of the wallets that a trail comes to."""

import polars as pl

from transforms.trail.wallet_nodes import address_of, known_address


def labelled_wallets(wallet_labels: pl.LazyFrame) -> pl.LazyFrame:
    """`address` and its `label_code`: of several statements, the one that ends a trail.

    An address is the same whatever the asset that a source tags it for.
    """
    rank = pl.col("category_code").replace_strict(
        {"mixer": 0, "exchange": 1, "sanction": 2, "market": 3}, default=4, return_dtype=pl.Int8
    )
    return (
        wallet_labels.filter(pl.col("category_code").is_not_null())
        .select(address=known_address(pl.col("address")), rank=rank, label_code="category_code")
        .sort("address", "rank", "label_code")
        .unique("address", keep="first", maintain_order=True)
        .drop("rank")
    )


def with_label(rows: pl.LazyFrame, labels: pl.LazyFrame, *, node: str) -> pl.LazyFrame:
    """`rows` with `label_code` of the wallet in the columns of `node`; null for others."""
    address = address_of(pl.col(f"{node}_id"))
    return (
        rows.with_columns(address=pl.when(pl.col(f"{node}_kind") == "wallet").then(address))
        .join(labels, on="address", how="left", validate="m:1")
        .drop("address")
    )
