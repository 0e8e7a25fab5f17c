"""What a world's people did, noted as it happens and put in order of time at the end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from infra.synthetic.dice import Floats, Ints

NOBODY = -1
DAY = 86_400

_MOVES = {
    "at": pl.Int64(),
    "payer": pl.Int64(),
    "payee": pl.Int64(),
    "tiyn": pl.Int64(),
    "operation": pl.String(),
    "channel": pl.String(),
    "network": pl.Int64(),
    "step": pl.String(),
    "machine": pl.Int64(),
}
_ORDERS = {
    "at": pl.Int64(),
    "buyer": pl.Int64(),
    "seller": pl.Int64(),
    "tiyn": pl.Int64(),
    "offer": pl.String(),
    "network": pl.Int64(),
}
_COINS = {
    "at": pl.Int64(),
    "user": pl.Int64(),
    "direction": pl.String(),
    "tiyn": pl.Int64(),
    "address": pl.String(),
    "network": pl.Int64(),
}


class Books:
    """Movements between accounts, orders at exchanges, and crypto that came or went.

    Instants are seconds since the world's first midnight; accounts are places in its table of
    accounts, `NOBODY` being cash or a merchant. Crypto is noted by its worth in tiyn.
    """

    def __init__(self) -> None:
        self._moves: list[tuple[Any, ...]] = []
        self._many: list[tuple[Ints, str, str]] = []
        self._orders: list[tuple[Any, ...]] = []
        self._coins: list[tuple[Any, ...]] = []

    def move(
        self,
        at: int,
        payer: int,
        payee: int,
        tiyn: int,
        *,
        operation: str = "transfer",
        channel: str = "mobile",
        network: int = NOBODY,
        step: str | None = None,
        machine: int | None = None,
    ) -> None:
        """`machine` is the number of one that is not of the account's own neighbourhood."""
        self._moves.append((at, payer, payee, tiyn, operation, channel, network, step, machine))

    def moves_of(
        self,
        at: Ints,
        payer: Ints | int,
        payee: Ints | int,
        tiyn: Ints,
        *,
        operation: str = "transfer",
        channel: str = "mobile",
    ) -> None:
        """Many at once, of people outside networks."""
        if len(at):
            columns = [np.broadcast_to(c, len(at)) for c in (at, payer, payee, tiyn)]
            self._many.append((np.stack(columns).astype(np.int64), operation, channel))

    def order(
        self,
        at: int,
        buyer: int,
        seller: int,
        tiyn: int,
        *,
        offer: str = "buy",
        network: int = NOBODY,
    ) -> None:
        """Crypto sold at an exchange; `offer` is what the taker of the offer did."""
        self._orders.append((at, buyer, seller, tiyn, offer, network))

    def coins(
        self, at: int, user: int, direction: str, tiyn: int, address: str, *, network: int = NOBODY
    ) -> None:
        self._coins.append((at, user, direction, tiyn, address, network))

    def moves(self, until: int) -> pl.DataFrame:
        """Movements before an instant, in order of time."""
        return _in_order([self._of_people(), _frame(self._moves, _MOVES)], until)

    def _of_people(self) -> pl.DataFrame:
        if not self._many:
            return pl.DataFrame(schema=_MOVES)
        columns, operations, channels = zip(*self._many, strict=True)
        lengths = [c.shape[1] for c in columns]
        part = np.repeat(np.arange(len(lengths)), lengths)
        every = np.concatenate(columns, axis=1)
        return pl.DataFrame(
            {name: every[n] for n, name in enumerate(("at", "payer", "payee", "tiyn"))}
        ).with_columns(
            operation=pl.Series(operations).gather(part),
            channel=pl.Series(channels).gather(part),
            network=pl.lit(NOBODY, pl.Int64),
            step=pl.lit(None, pl.String),
            machine=pl.lit(None, pl.Int64),
        )

    def orders(self, until: int) -> pl.DataFrame:
        return _in_order([_frame(self._orders, _ORDERS)], until)

    def transfers_of_coins(self, until: int) -> pl.DataFrame:
        return _in_order([_frame(self._coins, _COINS)], until)


def _frame(rows: list[tuple[Any, ...]], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def _in_order(parts: Sequence[pl.DataFrame], until: int) -> pl.DataFrame:
    every = pl.concat(parts).filter(pl.col("at") < until)
    return every.sort("at", maintain_order=True).with_columns(day=pl.col("at") // DAY)


def amounts(
    dice: np.random.Generator, count: int, level: float, width: float, *, whole: int = 100
) -> Ints:
    """Sums in tiyn around e^level tenge, of whole multiples of `whole` tiyn."""
    raw: Floats = np.exp(dice.normal(level, width, count)) * 100
    return np.asarray(np.maximum(raw.astype(np.int64) // whole, 1) * whole)
