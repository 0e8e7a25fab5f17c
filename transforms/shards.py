"""Which rows of a day can be computed without the others: parts of the accounts, or of their pairs.

What is computed account by account, or pair by pair, is the same however they are parted.
"""

from dataclasses import dataclass

import polars as pl

_COUNTRY = "KZ"
_FIRST_DIGITS, _DIGITS = 2, 97  # an IBAN's check digits are 98 less a remainder by 97
_UPPER = 1 << 40  # of 64 bits; the lowest of a hash are not spread well
_PLACES = 1 << 24


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of all accounts: those between two bounds of the IBAN as text.

    Check digits come second in an IBAN and are spread evenly, so that parts are alike. Of a table
    that lies in order of its accounts, or was written part by part, only a part is read.
    """

    number: int
    of: int

    def rows(self, rows: pl.LazyFrame, account: str = "account_iban") -> pl.LazyFrame:
        """Those of these accounts.

        What is no account of this country, or null, is in the first or the last part.
        """
        return rows if self.of == 1 else rows.filter(self._has(pl.col(account)))

    def _has(self, account: pl.Expr) -> pl.Expr:
        is_after = account >= self._bound(self.number)
        is_before = account < self._bound(self.number + 1)
        if self.number == 0:
            return is_before | account.is_null()
        return is_after if self.number == self.of - 1 else is_after & is_before

    def _bound(self, number: int) -> str:
        return f"{_COUNTRY}{_FIRST_DIGITS + _DIGITS * number // self.of:02}"


def place_of_account(account: str) -> pl.Expr:
    """By the check digits of an IBAN: from 0 to less than 1, evenly spread.

    Parts in order of their place are in order of the account. What is no IBAN is in the first.
    """
    digits = pl.col(account).str.slice(2, 2).cast(pl.Int32, strict=False)
    return digits.fill_null(0).clip(0, 99) / 100


def place_of_pair(one: str, other: str) -> pl.Expr:
    """The same for both directions between two accounts, and for an account with nobody."""
    both = (pl.col(name).hash() // _UPPER for name in (one, other))
    return pl.sum_horizontal(both) % _PLACES / _PLACES
