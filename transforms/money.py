"""Money as whole minor units: exact sums, no floats, no hidden rounding."""

import polars as pl

TIYN_PER_TENGE = 100

AMOUNT = r"^\d{1,15}(\.\d{1,2})?$"


def minor_units(amount: pl.Expr) -> pl.Expr:
    """Read an amount written as text, "1500" or "1500.25", as whole minor units (tiyn, cents).

    Anything else becomes null: a third decimal or a sign is a supplier's mistake to quarantine,
    never ours to round away.
    """
    readable = pl.when(amount.str.contains(AMOUNT)).then(amount)
    whole = readable.str.extract(r"^(\d+)").cast(pl.Int64)
    part = readable.str.extract(r"\.(\d{1,2})$").str.pad_end(2, "0").cast(pl.Int64).fill_null(0)
    return whole * TIYN_PER_TENGE + part


def total(amount: str) -> pl.Expr:
    """Sum of minor units. Fails on overflow, where a plain Int64 sum would wrap round."""
    return pl.col(amount).cast(pl.Int128).sum().cast(pl.Int64)
