"""Planted dropper networks: payers → droppers and shop → collectors → operators → cash and crypto.

What a network moves on one day is a pure function of the seed and the day. Nobody passes on more
than came in, and nothing is passed on before it came.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from infra.synthetic.dice import Floats, Ints, picks, rng
from infra.synthetic.identities import BANKS, clients, firms
from infra.synthetic.scenario import ALMATY, MANGYSTAU, SHYMKENT, STORY_DAY

NETWORKS = {"network-1": SHYMKENT, "network-2": MANGYSTAU, "network-3": ALMATY}
ORDINARY_CLIENTS_OF_A_BANK = 400

_ON_ONE_DEVICE = "network-3"
_ROLES = {"shop": 1, "dropper": 40, "collector": 4, "operator": 2, "organizer": 1}
_FIRST_MEMBER = 20_000_000
_DROPPERS_A_DAY = 12
_ORDERED_TOGETHER = 8
_PAYMENTS = 216
_PRICES = (7_500, 9_000, 12_500, 15_000, 18_000, 22_500, 30_000, 42_000)
_MOST_FROM_A_MACHINE = 200_000_00


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the networks did on one day.

    transfers: account to account, with `step`; both ends are clients of reporting banks.
    withdrawals: cash from machines. topups: to an exchange's account.
    orders: purchases of crypto from a person, each paid by the transfer of the same second before.
    """

    transfers: pl.DataFrame
    withdrawals: pl.DataFrame
    topups: pl.DataFrame
    orders: pl.DataFrame


def members(seed: int) -> pl.DataFrame:
    """Everybody of the networks but the payers: `network`, `role`, `place`, and their account."""
    found = []
    for n, (network, kato) in enumerate(NETWORKS.items()):
        roles = pl.DataFrame(
            [(role, place) for role, count in _ROLES.items() for place in range(count)],
            schema=["role", "place"],
            orient="row",
        )
        banks = pl.Series(picks(rng(seed, "members", network), roles.height, BANKS))
        for bank in BANKS:
            places = (banks == bank).arg_true().to_numpy().astype(np.int64)
            found.append(
                clients(bank, _FIRST_MEMBER + 1000 * n + places, seed)
                .with_columns(network=pl.lit(network), kato=pl.lit(kato))
                .hstack(roles[places])
            )
    return _led_from_one_device(pl.concat(found).sort("network", "role", "place"))


def _led_from_one_device(everybody: pl.DataFrame) -> pl.DataFrame:
    """The droppers of one network are led from their operator's telephone."""
    is_led = (pl.col("network") == _ON_ONE_DEVICE) & (pl.col("role") == "dropper")
    leader = pl.col("device").filter(pl.col("role") == "operator").first().over("network")
    return everybody.with_columns(device=pl.when(is_led).then(leader).otherwise("device"))


def members_to_order(everybody: pl.DataFrame) -> pl.DataFrame:
    """Whose cards are named in orders: the shop's on the story's day, droppers' on it and after."""
    is_dropper = pl.col("role") == "dropper"
    named = everybody.filter(
        (pl.col("role") == "shop") | (is_dropper & (pl.col("place") < 2 * _ORDERED_TOGETHER))
    )
    is_first = ~is_dropper | (pl.col("place") < _ORDERED_TOGETHER)
    return named.with_columns(
        ordered_on=pl.when(is_first)
        .then(pl.lit(STORY_DAY))
        .otherwise(pl.lit(STORY_DAY + timedelta(days=1)))
    ).drop("place")


def traffic(seed: int, everybody: pl.DataFrame, day: date) -> Traffic:
    """All that the networks moved on one day."""
    parts = [_traffic(seed, everybody.filter(pl.col("network") == n), n, day) for n in NETWORKS]
    return Traffic(
        transfers=pl.concat([p.transfers for p in parts]),
        withdrawals=pl.concat([p.withdrawals for p in parts]),
        topups=pl.concat([p.topups for p in parts]),
        orders=pl.concat([p.orders for p in parts]),
    )


@cache
def ordinary_clients(seed: int) -> pl.DataFrame:
    """People with an ordinary life, among whom networks find payers and sellers of crypto."""
    numbers = np.arange(ORDINARY_CLIENTS_OF_A_BANK)
    return pl.concat([clients(bank, numbers, seed) for bank in BANKS])


def exchange_account(seed: int) -> pl.DataFrame:
    return firms(np.array([77]), seed, purpose="exchange")


def _traffic(seed: int, group: pl.DataFrame, network: str, day: date) -> Traffic:
    dice = rng(seed, "traffic", network, day)
    people = ordinary_clients(seed)
    who = {role: group.filter(pl.col("role") == role) for role in _ROLES}
    # The order against the shop is carried out the day after: buyers pay it until then.
    shop = who["shop"].filter(pl.lit(day <= STORY_DAY))
    receivers = pl.concat([_at_work(dice, who["dropper"], day), shop])
    into = _transfers(
        "payment",
        people[dice.integers(0, people.height, _PAYMENTS)],
        receivers[dice.integers(0, receivers.height, _PAYMENTS)],
        dice.triangular(8, 16, 18.5, _PAYMENTS) * 3600,
        dice.choice(_PRICES, _PAYMENTS) * 100,
    )
    gathered = _passed_on(
        dice, "collection", into, who["collector"], window=3 * 3600, minutes=(2, 45), share=0.97
    )
    brought = _passed_on(
        dice, "delivery", gathered, who["operator"], window=4 * 3600, minutes=(5, 60), share=0.985
    )
    held = brought.group_by("to_iban", maintain_order=True).agg(
        pl.col("minor").sum(), pl.col("second").max()
    )
    operators = held.join(who["operator"], left_on="to_iban", right_on="iban", how="left").rename(
        {"to_iban": "iban"}
    )
    cash = _pieces(
        dice, operators, 0.42, least=100_000_00, most=_MOST_FROM_A_MACHINE, rounded=1_000_00
    )
    topups = _pieces(dice, operators, 0.15, least=60_000_00, most=180_000_00, rounded=100_00)
    orders = _pieces(dice, operators, 0.34, least=70_000_00, most=260_000_00, rounded=1_00)
    sellers = people[dice.integers(0, people.height, orders.height)]
    paid = _transfers("crypto", orders, sellers, orders["second"], orders["minor"])
    thanks = operators.with_columns(
        minor=pl.col("minor") * 6 // 100 // 100_00 * 100_00, second=pl.col("second") + 7_200
    )
    leader = who["organizer"][np.zeros(thanks.height, dtype=np.int64)]
    share = _transfers("share", thanks, leader, thanks["second"], thanks["minor"])
    every = pl.concat([into, gathered, brought, paid, share]).with_columns(network=pl.lit(network))
    return Traffic(every, cash, topups, _orders(orders, sellers))


def _at_work(dice: np.random.Generator, droppers: pl.DataFrame, day: date) -> pl.DataFrame:
    """The droppers of one day; who is ordered to be arrested works no more the day after."""
    arrested = 0
    if day >= STORY_DAY:
        arrested = _ORDERED_TOGETHER * min(2, (day - STORY_DAY).days + 1)
    free = droppers.filter(pl.col("place") >= arrested)
    if day < STORY_DAY:
        # Those who will be ordered are at work just before.
        return pl.concat([free.head(_ORDERED_TOGETHER), free.slice(20 + day.toordinal() % 8, 4)])
    return free[np.sort(dice.permutation(free.height)[:_DROPPERS_A_DAY])]


def _transfers(
    step: str,
    payers: pl.DataFrame,
    payees: pl.DataFrame,
    seconds: Ints | Floats | pl.Series,
    minor: Ints | pl.Series,
) -> pl.DataFrame:
    ends = ("bank", "iin", "iban", "token", "device", "kato")
    return pl.DataFrame(
        [payers[c].rename(f"from_{c}") for c in ends] + [payees[c].rename(f"to_{c}") for c in ends]
    ).with_columns(
        second=pl.Series(seconds).cast(pl.Int64).clip(0, 86_000),
        minor=pl.Series(minor).cast(pl.Int64),
        step=pl.lit(step),
    )


def _passed_on(
    dice: np.random.Generator,
    step: str,
    received: pl.DataFrame,
    onwards: pl.DataFrame,
    *,
    window: int,
    minutes: tuple[int, int],
    share: float,
) -> pl.DataFrame:
    """What each account got in a window, less what it keeps, goes on minutes after the last."""
    ends = {f"to_{c}": c for c in ("bank", "iin", "iban", "token", "device", "kato")}
    sums = (
        received.group_by(*ends, pl.col("second") // window, maintain_order=True)
        .agg(pl.col("minor").sum(), last=pl.col("second").max())
        .rename(ends)
    )
    after = pl.Series(dice.integers(minutes[0] * 60, minutes[1] * 60, sums.height))
    kept = sums["minor"] * int(share * 1000) // 1000 // 100 * 100
    next_ones = onwards[dice.integers(0, onwards.height, sums.height)]
    return _transfers(step, sums, next_ones, sums["last"] + after, kept)


def _pieces(
    dice: np.random.Generator,
    holders: pl.DataFrame,
    share: float,
    *,
    least: int,
    most: int,
    rounded: int,
) -> pl.DataFrame:
    """A share of what each holder has, spent in pieces over two hours."""
    found = []
    for holder in holders.iter_rows(named=True):
        left = int(holder["minor"] * share)
        while left >= least // 4:
            piece = min(left, int(dice.integers(least, most))) // rounded * rounded
            if piece == 0:
                break
            left -= piece
            later = int(dice.integers(180, 7_000))
            found.append(
                {**holder, "minor": piece, "second": min(86_000, holder["second"] + later)}
            )
    return pl.DataFrame(found, schema=holders.schema)


def _orders(orders: pl.DataFrame, sellers: pl.DataFrame) -> pl.DataFrame:
    return orders.select(
        "network", "second", "minor", taker_iin=pl.col("iin"), taker_bank=pl.col("bank")
    ).with_columns(maker_iin=sellers["iin"], pay_account=sellers["iban"])
