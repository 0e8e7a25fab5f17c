"""Bank transactions of one business date: an ordinary day's life and the networks' traffic.

A day is made slice by slice, in order of time, for all banks at once: both sides of a transfer
come from one draw, and memory holds one slice however many rows a day has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.busy_people import BusyPeople
from infra.synthetic.days import CLOCK, lively_seconds
from infra.synthetic.dice import Floats, Ints, drawn, rng
from infra.synthetic.identities import BANKS, clients, firms
from infra.synthetic.networks import ORDINARY_CLIENTS_OF_A_BANK, Traffic, exchange_account
from infra.synthetic.told import INSTITUTION, amount_text
from transforms.periods import is_working_day

ROWS_A_SLICE = 150_000
_ROWS_A_CLIENT = 6
_MOST_CLIENTS = 10_000_000
_PAIRED = 0.15
_MACHINES_OF_A_REGION = 200
_PAY_DAYS = (5, 10, 20, 25)
_END_COLUMNS = ("bank", "iin", "iban", "token", "device", "kato")
_NO_TEXT = pl.lit(None, pl.String)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One sort of entry that has no second side in these files."""

    operation: str
    weight: float
    is_credit: bool
    level: float
    width: float
    channel: str
    knp: str | None
    with_firm: bool = False
    whole: int = 100


_KINDS = (
    _Kind("purchase", 0.55, False, 8.35, 1.05, "pos", None),
    _Kind("utility", 0.07, False, 8.9, 0.7, "mobile", "841", with_firm=True, whole=1),
    _Kind("cash_withdrawal", 0.1, False, 10.4, 0.8, "atm", None, whole=1_000_00),
    _Kind("cash_deposit", 0.03, True, 10.9, 0.9, "atm", None, whole=500_00),
    _Kind("salary", 0.05, True, 12.6, 0.45, "api", "332", with_firm=True, whole=1),
    _Kind("social_payment", 0.03, True, 11.2, 0.5, "api", "046", with_firm=True, whole=1),
    _Kind("transfer", 0.1, True, 9.5, 1.0, "mobile", "119", with_firm=False),
    _Kind("transfer", 0.065, False, 9.6, 1.1, "mobile", "119", with_firm=False),
    _Kind("exchange_topup", 0.005, False, 10.7, 0.8, "mobile", "190", with_firm=True),
)


def day_of_transactions(
    seed: int, day: date, rows: int, planted: Traffic
) -> Iterator[pl.DataFrame]:
    """The rows of all banks, as on the wire with their institution, one slice after another."""
    special = _planted(seed, planted)
    background = max(0, rows - special.height)
    slices = max(1, -(-background // ROWS_A_SLICE))
    life = _Life(seed, day, rows)
    for n in range(slices):
        dice = rng(seed, "card_transactions", day, n)
        count = background * (n + 1) // slices - background * n // slices
        since, until = _second_at(n / slices), _second_at((n + 1) / slices)
        entries = pl.concat(
            [
                life.entries(dice, count, n / slices, (n + 1) / slices),
                special.filter(
                    pl.col("second") >= since, (pl.col("second") < until) | (n == slices - 1)
                ),
            ]
        )
        yield _as_delivered(entries.sort("second", maintain_order=True), day, n)


def clients_of_a_day(rows: int) -> int:
    """How many clients of all banks have so many rows a day."""
    return min(_MOST_CLIENTS, rows // _ROWS_A_CLIENT)


def clients_of_banks(seed: int, rows: int) -> pl.DataFrame:
    """The ordinary clients of the reporting banks who live a day of so many rows."""
    people = clients_of_a_day(rows)
    return pl.concat(
        [
            clients(bank, np.arange(max(ORDINARY_CLIENTS_OF_A_BANK, int(people * share))), seed)
            for bank, share in BANKS.items()
        ]
    )


def _second_at(share: float) -> int:
    return int(lively_seconds(np.array([share]))[0])


class _Life:
    """An ordinary day among the clients of the reporting banks."""

    def __init__(self, seed: int, day: date, rows: int) -> None:
        self.busy = BusyPeople(seed, clients_of_a_day(rows))
        self.people = clients_of_banks(seed, rows)
        self.others = clients("TSESKZKA", np.arange(500), seed)
        self.firms = firms(np.arange(300), seed, purpose="employers")
        self.exchange = exchange_account(seed)
        weights = np.array([kind.weight for kind in _KINDS])
        paid = np.array([kind.operation in {"salary", "social_payment"} for kind in _KINDS])
        factor = 5.0 if day.day in _PAY_DAYS else 1.0 if is_working_day(day) else 0.1
        self.weights = np.where(paid, weights * factor, weights)

    def entries(
        self, dice: np.random.Generator, count: int, since: float, until: float
    ) -> pl.DataFrame:
        pairs = int(count * _PAIRED)
        singles = count - 2 * pairs
        (chance,) = dice.spawn(1)
        transfers = self._transfers(dice, pairs, since, until)
        return pl.concat(
            [
                both_sides(self.busy.between(transfers, chance)),
                self.busy.at_machines(self._singles(dice, singles, since, until), chance),
            ]
        )

    def _transfers(
        self, dice: np.random.Generator, count: int, since: float, until: float
    ) -> pl.DataFrame:
        payer = dice.integers(0, self.people.height, count)
        payee = (payer + dice.integers(1, self.people.height, count)) % self.people.height
        ends = [
            self.people[c].gather(who).rename(f"{side}_{c}")
            for side, who in (("from", payer), ("to", payee))
            for c in _END_COLUMNS
        ]
        return pl.DataFrame(ends).with_columns(
            second=pl.Series(lively_seconds(dice.uniform(since, until, count))),
            minor=pl.Series(_amounts(dice, np.full(count, 9.3), np.full(count, 1.05), 100)),
        )

    def _singles(
        self, dice: np.random.Generator, count: int, since: float, until: float
    ) -> pl.DataFrame:
        kinds = drawn(dice, count, self.weights)
        level = np.array([k.level for k in _KINDS])[kinds]
        width = np.array([k.width for k in _KINDS])[kinds]
        whole = np.array([k.whole for k in _KINDS])[kinds]
        who = self.people[dice.integers(0, self.people.height, count)]
        other = self.others[dice.integers(0, self.others.height, count)]
        firm = self.firms[dice.integers(0, self.firms.height, count)]
        is_topup = pl.col("operation") == "exchange_topup"
        is_person = pl.col("operation") == "transfer"
        has_firm = _of_kind(kinds, [k.with_firm for k in _KINDS])
        return who.select(
            second=pl.Series(lively_seconds(dice.uniform(since, until, count))),
            bank="bank",
            account="iban",
            card="token",
            iin="iin",
            direction=_of_kind(kinds, ["credit" if k.is_credit else "debit" for k in _KINDS]),
            minor=pl.Series(_amounts(dice, level, width, whole)),
            operation=_of_kind(kinds, [k.operation for k in _KINDS]),
            counter_iban=firm["iban"],
            counter_iin=firm["iin"],
            knp=_of_kind(kinds, [k.knp for k in _KINDS]),
            channel=_of_kind(kinds, [k.channel for k in _KINDS]),
            device="device",
            kato="kato",
        ).with_columns(
            counter_iban=pl.when(is_topup)
            .then(pl.lit(self.exchange["iban"][0]))
            .when(is_person)
            .then(other["iban"])
            .when(has_firm)
            .then("counter_iban"),
            counter_iin=pl.when(is_topup)
            .then(pl.lit(self.exchange["iin"][0]))
            .when(is_person)
            .then(other["iin"])
            .when(has_firm)
            .then("counter_iin"),
            device=pl.when(pl.col("channel") == "mobile").then("device"),
            card=pl.when(pl.col("operation").is_in(_WITHOUT_CARD)).then(_NO_TEXT).otherwise("card"),
        )


_WITHOUT_CARD = ("salary", "social_payment", "utility")


def _of_kind(kinds: Ints, values: list[str] | list[str | None] | list[bool]) -> pl.Series:
    return pl.Series(values).gather(kinds)


def _amounts(dice: np.random.Generator, level: Floats, width: Floats, whole: Ints | int) -> Ints:
    raw = (np.exp(dice.normal(level, width)) * 100).astype(np.int64)
    return np.asarray(np.maximum(raw // whole, 1) * whole)


def both_sides(transfers: pl.DataFrame) -> pl.DataFrame:
    """A debit and a credit for each transfer between two clients."""
    return pl.concat(
        [
            transfers.select(
                second="second",
                bank=f"{own}_bank",
                account=f"{own}_iban",
                card=f"{own}_token",
                iin=f"{own}_iin",
                direction=pl.lit(direction),
                minor="minor",
                operation=pl.lit("transfer"),
                counter_iban=f"{other}_iban",
                counter_iin=f"{other}_iin",
                knp=pl.lit("119"),
                channel=pl.lit("mobile"),
                device=pl.col("from_device") if direction == "debit" else _NO_TEXT,
                kato=f"{own}_kato",
            )
            for own, other, direction in (("from", "to", "debit"), ("to", "from", "credit"))
        ]
    )


def _planted(seed: int, planted: Traffic) -> pl.DataFrame:
    exchange = exchange_account(seed)
    spent = {
        "cash_withdrawal": ("atm", _NO_TEXT, _NO_TEXT, planted.withdrawals),
        "exchange_topup": (
            "mobile",
            pl.lit(exchange["iban"][0]),
            pl.lit(exchange["iin"][0]),
            planted.topups,
        ),
    }
    return pl.concat(
        [
            both_sides(planted.transfers),
            *(
                rows.select(
                    second="second",
                    bank="bank",
                    account="iban",
                    card="token",
                    iin="iin",
                    direction=pl.lit("debit"),
                    minor="minor",
                    operation=pl.lit(operation),
                    counter_iban=iban,
                    counter_iin=iin,
                    knp=_NO_TEXT,
                    channel=pl.lit(channel),
                    device=pl.col("device") if channel == "mobile" else _NO_TEXT,
                    kato="kato",
                )
                for operation, (channel, iban, iin, rows) in spent.items()
            ),
        ]
    )


def _machine() -> pl.Expr:
    """One of the few machines of the account's neighbourhood."""
    lives = pl.col("account").str.slice(-6).cast(pl.Int64)
    near = (lives + pl.col("second") % 7 // 3) % _MACHINES_OF_A_REGION
    return pl.concat_str(pl.lit("ATM"), "kato", near.cast(pl.String).str.zfill(5), separator="-")


def _as_delivered(entries: pl.DataFrame, day: date, part: int) -> pl.DataFrame:
    first = int(f"{day:%y%m%d}{part:04d}") * 10_000_000
    return entries.select(
        (pl.int_range(pl.len()) + first).cast(pl.String).alias("TXN_ID"),
        (pl.lit(day.isoformat()) + CLOCK.gather(entries["second"])).alias("BOOKED_AT"),
        pl.col("account").alias("ACCOUNT"),
        pl.col("card").alias("CARD_TOKEN"),
        pl.col("iin").alias("IIN"),
        pl.col("direction").alias("DIRECTION"),
        amount_text(pl.col("minor")).alias("AMOUNT"),
        pl.lit("KZT").alias("CURRENCY"),
        pl.col("operation").alias("OPERATION"),
        pl.col("counter_iban").alias("COUNTERPARTY_ACCOUNT"),
        pl.col("counter_iin").alias("COUNTERPARTY_IIN"),
        pl.col("knp").alias("KNP"),
        pl.col("channel").alias("CHANNEL"),
        pl.col("device").alias("DEVICE"),
        pl.col("kato").alias("KATO"),
        pl.when(pl.col("channel") == "atm").then(_machine()).alias("ATM_ID"),
        pl.col("bank").alias(INSTITUTION),
    )
