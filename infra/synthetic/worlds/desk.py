"""How a network handles money: nothing is passed on before it came, and never more than came."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from infra.synthetic.dice import Ints
from infra.synthetic.worlds.books import NOBODY, Books

_MOST_FROM_A_MACHINE = 200_000_00
_AT_MACHINES = (60, 420)
_CHANNELS = {"cash_withdrawal": "atm", "cash_deposit": "atm", "purchase": "pos"}


@dataclass(frozen=True, slots=True)
class Money:
    """A sum that lies on an account from an instant on, until it is spent."""

    account: int
    at: int
    tiyn: int


Delay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who moves a network's money on one day, and where it is noted."""

    dice: np.random.Generator
    books: Books
    network: int
    exchange: int
    wallets: tuple[str, ...]
    sellers: Ints

    def one_of(self, accounts: Ints) -> int:
        return int(accounts[self.dice.integers(0, len(accounts))])

    def some_of(self, accounts: Ints, count: int) -> Ints:
        """`count` different ones, or all, in some order."""
        return accounts[self.dice.permutation(len(accounts))[:count]]

    def paid(
        self, payers: Ints, receivers: Ints, at: Ints, tiyn: Ints, *, step: str = "payment"
    ) -> list[Money]:
        """Payments of people outside, each to one of the receivers."""
        chosen = receivers[self.dice.integers(0, len(receivers), len(at))]
        for when, payer, payee, sum_ in zip(
            *(column.tolist() for column in (at, payers, chosen, tiyn)), strict=True
        ):
            self._move(when, (payer, payee), sum_, step)
        return [Money(int(a), int(t), int(s)) for a, t, s in zip(chosen, at, tiyn, strict=True)]

    def send(
        self, money: Money, payee: int, after: Delay, step: str, *, share: float = 1.0
    ) -> Money:
        """A share of it, in whole tenge, some seconds later; the rest stays where it is."""
        tiyn = int(money.tiyn * share) // 100 * 100
        at = money.at + int(self.dice.integers(*after))
        if payee == money.account:
            return Money(payee, money.at, tiyn)
        if tiyn > 0:
            self._move(at, (money.account, payee), tiyn, step)
        return Money(payee, at, tiyn)

    def send_each(
        self,
        moneys: Sequence[Money],
        payees: Ints,
        after: Delay,
        step: str,
        *,
        share: float = 1.0,
    ) -> list[Money]:
        """Each to some one of the payees."""
        return [self.send(m, self.one_of(payees), after, step, share=share) for m in moneys]

    def gathered(self, moneys: Sequence[Money], window: int) -> list[Money]:
        """What came to one account within one window, as one sum from the last arrival on."""
        sums: dict[tuple[int, int], tuple[int, int]] = {}
        for money in sorted(moneys, key=lambda m: m.at):
            key = (money.account, money.at // window)
            _, tiyn = sums.get(key, (0, 0))
            sums[key] = (money.at, tiyn + money.tiyn)
        return [Money(account, at, tiyn) for (account, _), (at, tiyn) in sums.items()]

    def pieces(self, money: Money, least: int, most: int, whole: int) -> list[Money]:
        """It in parts between two sums, of whole multiples; a small rest is left out."""
        parts, left = [], money.tiyn
        while left >= whole:
            part = min(left, int(self.dice.integers(least, most + 1))) // whole * whole
            if part < least // 4:
                break
            parts.append(Money(money.account, money.at, part))
            left -= part
        return parts

    def cash(
        self,
        money: Money,
        after: Delay,
        *,
        share: float = 1.0,
        least: int = 100_000_00,
        most: int = _MOST_FROM_A_MACHINE,
        machine: int | None = None,
    ) -> None:
        """A share of it from machines, one withdrawal a few minutes after the other.

        Without `machine`, those of the account's neighbourhood.
        """
        at = money.at + int(self.dice.integers(*after))
        part = Money(money.account, at, int(money.tiyn * share))
        for piece in self.pieces(part, least, most, 1_000_00):
            ends = (piece.account, NOBODY)
            self._move(at, ends, piece.tiyn, "cash", "cash_withdrawal", machine=machine)
            at += int(self.dice.integers(*_AT_MACHINES))

    def top_up(self, money: Money, after: Delay, *, share: float = 1.0) -> None:
        """A share of it to the exchange, and crypto for it to a wallet within the hour."""
        part = Money(money.account, money.at, int(money.tiyn * share))
        for piece in self.pieces(part, 60_000_00, 180_000_00, 100_00):
            at = money.at + int(self.dice.integers(*after))
            ends = (piece.account, self.exchange)
            self._move(at, ends, piece.tiyn, "topup", "exchange_topup")
            self._withdraw(at, piece)

    def buy_crypto(self, money: Money, after: Delay, *, share: float = 1.0) -> None:
        """A share of it to sellers of crypto, for orders that follow the payments in minutes."""
        part = Money(money.account, money.at, int(money.tiyn * share))
        for piece in self.pieces(part, 60_000_00, 240_000_00, 100):
            seller = self.one_of(self.sellers)
            paid = self.send(piece, seller, after, "crypto")
            at = paid.at + int(self.dice.integers(60, 390))
            self.books.order(at, piece.account, seller, paid.tiyn, network=self.network)
            self._withdraw(at, piece)

    def buy_goods(self, money: Money, after: Delay, *, share: float) -> None:
        tiyn = int(money.tiyn * share) // 100 * 100
        if tiyn > 0:
            at = money.at + int(self.dice.integers(*after))
            self._move(at, (money.account, NOBODY), tiyn, "goods", "purchase")

    def deposit(self, account: int, at: int, tiyn: int) -> Money:
        """Cash put on an account at a machine."""
        self._move(at, (NOBODY, account), tiyn, "deposit", "cash_deposit")
        return Money(account, at, tiyn)

    def _withdraw(self, at: int, bought: Money) -> None:
        leaves = at + int(self.dice.integers(600, 3_600))
        wallet = self.wallets[int(self.dice.integers(0, len(self.wallets)))]
        worth = bought.tiyn * 99 // 100
        self.books.coins(leaves, bought.account, "withdrawal", worth, wallet, network=self.network)

    def _move(
        self,
        at: int,
        ends: tuple[int, int],
        tiyn: int,
        step: str,
        operation: str = "transfer",
        *,
        machine: int | None = None,
    ) -> None:
        self.books.move(
            at,
            *ends,
            tiyn,
            operation=operation,
            channel=_CHANNELS.get(operation, "mobile"),
            network=self.network,
            step=step,
            machine=machine,
        )
