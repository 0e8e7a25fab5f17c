"""Money as whole minor units: exact sums, no floats, no hidden rounding."""

import polars as pl

TIYN_PER_TENGE = 100

AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
_TWO_PLACES = pl.Decimal(17, 2)


def minor_units(amount: pl.Expr) -> pl.Expr:
    """Read an amount written as text, "1500" or "1500.25", as whole minor units (tiyn, cents).

    Anything else becomes null: a third decimal or a sign is a supplier's mistake to quarantine,
    never ours to round away.
    """
    readable = pl.when(amount.str.contains(AMOUNT)).then(amount)
    # The whole number behind a decimal of two places is the minor units; no third one is left.
    return readable.cast(_TWO_PLACES).to_physical().cast(pl.Int64)


def total(amount: str) -> pl.Expr:
    """Sum of minor units. Fails on overflow, where a plain Int64 sum would wrap round."""
    return pl.col(amount).cast(pl.Int128).sum().cast(pl.Int64)
