"""Where a row belongs when rows are computed in parts: from 0 to less than 1, evenly spread."""

import polars as pl

_UPPER = 1 << 40  # of 64 bits; the lowest of a hash are not spread well
_PLACES = 1 << 24


def place_of_account(account: str) -> pl.Expr:
    """By the check digits of an IBAN, which are spread evenly and follow the country.

    Parts in order of their place are in order of the account. What is no IBAN is in the first.
    """
    digits = pl.col(account).str.slice(2, 2).cast(pl.Int32, strict=False)
    return digits.fill_null(0).clip(0, 99) / 100


def place_of_pair(one: str, other: str) -> pl.Expr:
    """The same for both directions between two accounts, and for an account with nobody."""
    both = (pl.col(name).hash() // _UPPER for name in (one, other))
    return pl.sum_horizontal(both) % _PLACES / _PLACES
