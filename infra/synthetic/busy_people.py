"""Innocents in the bank files whose accounts look like those of networks: paid by many strangers.

Each bank has some of each kind, more where it has more clients. What sets the kinds apart in
life, day after day, is told by `infra.synthetic.worlds`; here a day has its payments only.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from infra.synthetic.dice import Floats, drawn, mixed, number
from infra.synthetic.identities import BANKS, clients, firms

_FIRST = 30_000_000
_PAID, _PASSED_ON, _CASH = 0.25, 0.05, 0.2
_ENDS = ("bank", "iin", "iban", "token", "device", "kato")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of life: share of clients, payments to one compared with others', their sums."""

    name: str
    share: float
    often: float
    level: float
    width: float
    passes_on: bool = False
    takes_cash: bool = False
    is_firm: bool = False


_KINDS = (
    _Kind("seller", 0.006, 9, 8.6, 0.6, passes_on=True),
    _Kind("driver", 0.008, 11, 7.6, 0.5, takes_cash=True),
    _Kind("contractor", 0.01, 2, 11.2, 0.8, passes_on=True, takes_cash=True),
    _Kind("landlord", 0.004, 1, 11.9, 0.3),
    _Kind("treasurer", 0.002, 8, 8.5, 0.0),
    _Kind("collection", 0.0005, 30, 8.2, 0.9),
    _Kind("crypto hobbyist", 0.003, 2, 10.9, 0.7, passes_on=True),
    _Kind("shop", 0.003, 25, 8.4, 0.9, passes_on=True, is_firm=True),
    _Kind("money changer", 0.0003, 14, 11.6, 0.7, passes_on=True, is_firm=True),
)


@dataclass(frozen=True)
class BusyPeople:
    """The busy people among so many clients of all banks."""

    seed: int
    clients: int

    @cached_property
    def accounts(self) -> pl.DataFrame:
        """Their accounts as `clients` gives them, each with its `kind`."""
        parts = []
        for bank, share in BANKS.items():
            first = _FIRST
            for kind in _KINDS:
                count = max(1, round(self.clients * share * kind.share))
                numbers = np.arange(first, first + count)
                found = clients(bank, numbers, self.seed).with_columns(kind=pl.lit(kind.name))
                if kind.is_firm:
                    bins = firms(numbers, self.seed, purpose=f"{kind.name} of {bank}")["iin"]
                    found = found.with_columns(iin=bins)
                parts.append(found)
                first += 1_000_000
        return pl.concat(parts)

    def between(self, transfers: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
        """Transfers between ordinary people, some of them now paid to busy ones or by them."""
        paid, passed_on = (int(transfers.height * share) for share in (_PAID, _PASSED_ON))
        often = self._of_kinds([kind.often for kind in _KINDS])
        payees = drawn(dice, paid, often)
        level, width = (
            self._of_kinds([getattr(kind, name) for kind in _KINDS]) for name in ("level", "width")
        )
        sums = np.exp(level[payees] + width[payees] * dice.normal(0.0, 1.0, paid))
        # Whoever gathers for a purpose asks all for the same.
        fees = (1 + mixed(payees, number(self.seed, "fee")) % np.uint64(5)).astype(np.int64)
        minor = np.where(
            width[payees] > 0, sums.astype(np.int64) // 100 * 100_00 + 100_00, fees * 2_000_00
        )
        passers = drawn(dice, passed_on, often * self._of_kinds([k.passes_on for k in _KINDS]))
        return pl.concat(
            [
                _with_end(transfers.head(paid), "to", self.accounts[payees]).with_columns(
                    minor=pl.Series(minor)
                ),
                _with_end(transfers.slice(paid, passed_on), "from", self.accounts[passers]),
                transfers.slice(paid + passed_on),
            ]
        )

    def at_machines(self, entries: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
        """Entries of accounts, some withdrawals of cash now those of busy people."""
        weights = self._of_kinds([k.often * k.takes_cash for k in _KINDS])
        whose = self.accounts[drawn(dice, entries.height, weights)]
        is_theirs = (pl.col("operation") == "cash_withdrawal") & pl.Series(
            dice.random(entries.height) < _CASH
        )
        names = {"bank": "bank", "account": "iban", "card": "token", "iin": "iin", "kato": "kato"}
        return entries.with_columns(
            pl.when(is_theirs).then(whose[theirs]).otherwise(own).alias(own)
            for own, theirs in names.items()
        )

    def _of_kinds(self, values: list[float] | list[bool]) -> Floats:
        """A value of each account by its kind."""
        by_kind = {kind.name: float(value) for kind, value in zip(_KINDS, values, strict=True)}
        return self.accounts["kind"].replace_strict(by_kind, return_dtype=pl.Float64).to_numpy()


def _with_end(transfers: pl.DataFrame, side: str, accounts: pl.DataFrame) -> pl.DataFrame:
    return transfers.with_columns(accounts[c].alias(f"{side}_{c}") for c in _ENDS)
