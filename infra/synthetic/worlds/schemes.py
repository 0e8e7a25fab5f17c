"""How each typology's network moves its money on one day; `SCHEMES` names them.

Every scheme begins with buyers' payments. What is known of each in life: docs/scenario.md.
"""

from collections.abc import Callable

import numpy as np

from infra.synthetic.dice import Ints
from infra.synthetic.worlds.books import DAY
from infra.synthetic.worlds.crews import (
    FIRST_WAVE,
    WAVE_DAYS,
    WAVE_SIZE,
    WAVE_WORKS,
    Network,
)
from infra.synthetic.worlds.desk import Desk, Money

HOUR, MINUTE = 3600, 60
PRICES = (7_500, 9_000, 12_500, 15_000, 18_000, 22_500, 30_000, 42_000)
_WHOLESALE = (440_000, 455_000, 470_000, 480_000, 490_000, 495_000, 499_000, 500_000)
_QUIET_BEFORE, _BURST_DAYS = 17, 6
_MACHINES_OF_A_BAG = 3

Scheme = Callable[[Desk, Network, int, Ints], None]


def sold(
    desk: Desk,
    buyers: Ints,
    receivers: Ints,
    n: int,
    *,
    hours: tuple[float, float, float] = (8, 16, 21),
    prices: tuple[int, ...] = PRICES,
) -> list[Money]:
    """Payments of a day's buyers to the receivers, at the shop's prices."""
    at = n * DAY + (desk.dice.triangular(*hours, len(buyers)) * HOUR).astype(np.int64)
    return desk.paid(buyers, receivers, at, desk.dice.choice(prices, len(buyers)) * 100)


def spent(desk: Desk, net: Network, brought: list[Money]) -> None:
    """An operator's part: cash, exchange, crypto from people, and the organizer's share."""
    for money in desk.gathered(brought, DAY):
        desk.cash(money, (180, 2 * HOUR), share=0.42)
        desk.top_up(money, (180, 2 * HOUR), share=0.15)
        desk.buy_crypto(money, (180, 2 * HOUR), share=0.34)
        desk.send(money, int(net["organizer"][0]), (2 * HOUR, 3 * HOUR), "share", share=0.06)


def _to_operators(desk: Desk, net: Network, into: list[Money], via: str = "collector") -> None:
    lumps = desk.gathered(into, 3 * HOUR)
    gathered = desk.send_each(lumps, net[via], (2 * MINUTE, 45 * MINUTE), "collection", share=0.97)
    lumps = desk.gathered(gathered, 4 * HOUR)
    after = (5 * MINUTE, HOUR)
    spent(desk, net, desk.send_each(lumps, net["operator"], after, "delivery", share=0.985))


def fan_in(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Many buyers, droppers at work by turns, few collectors, fewer operators."""
    at_work = desk.some_of(net["dropper"], 6)
    _to_operators(desk, net, sold(desk, buyers, np.append(at_work, net["shop"]), n))


def pass_through(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Sums run through two to six droppers, minutes each, the same sum less a fee."""
    arrived = []
    for lump in desk.gathered(sold(desk, buyers, net["shop"], n), 4 * HOUR):
        money = lump
        chain = desk.some_of(net["dropper"], int(desk.dice.integers(2, 7)))
        for hop, dropper in enumerate(chain.tolist()):
            step = f"hop {hop + 1}"
            money = desk.send(money, dropper, (MINUTE, 9 * MINUTE), step, share=0.99)
        last = int(net["operator"][0])
        arrived.append(desk.send(money, last, (MINUTE, 9 * MINUTE), "delivery", share=0.99))
    spent(desk, net, arrived)


def scatter_gather(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """The shop's day is scattered over many droppers within the hour and gathered again."""
    collector = desk.one_of(net["collector"])
    gathered = []
    for day in desk.gathered(sold(desk, buyers, net["shop"], n, hours=(8, 15, 19)), DAY):
        droppers = desk.some_of(net["dropper"], int(desk.dice.integers(5, 9)))
        part = Money(day.account, day.at, day.tiyn // len(droppers))
        for dropper in droppers.tolist():
            share = float(desk.dice.uniform(0.7, 0.99))
            held = desk.send(part, dropper, (MINUTE, 40 * MINUTE), "scatter", share=share)
            after = (10 * MINUTE, 90 * MINUTE)
            gathered.append(desk.send(held, collector, after, "gather", share=0.97))
    for money in desk.gathered(gathered, 10 * DAY):
        brought = desk.send(money, int(net["operator"][0]), (300, HOUR), "delivery", share=0.985)
        spent(desk, net, [brought])


def structuring(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Wholesale buyers, sums just under what needs the sender's number, and machines' limits."""
    wholesale = buyers[: max(2, len(buyers) // 5)]
    into = sold(desk, wholesale, net["dropper"], n, hours=(9, 13, 18), prices=_WHOLESALE)
    into += sold(desk, buyers[len(wholesale) :], net["shop"], n)
    brought = []
    for money in desk.gathered(into, 3 * HOUR):
        collector = desk.one_of(net["collector"])
        for piece in desk.pieces(money, 440_000_00, 499_000_00, 1_000_00):
            sent = desk.send(piece, collector, (5 * MINUTE, HOUR), "collection")
            brought.append(desk.send(sent, desk.one_of(net["operator"]), (300, HOUR), "delivery"))
    for money in desk.gathered(brought, DAY):
        desk.cash(money, (900, 2 * HOUR), share=0.8, least=185_000_00, most=199_000_00)
        desk.send(money, int(net["organizer"][0]), (2 * HOUR, 3 * HOUR), "share", share=0.1)


def night_cash(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Evening's payments, forwarded to couriers, who go round machines after midnight."""
    into = sold(desk, buyers, np.append(net["dropper"], net["shop"]), n, hours=(17, 21, 23.4))
    handed = desk.send_each(
        desk.gathered(into, 2 * HOUR), net["courier"], (120, 1_500), "collection", share=0.97
    )
    midnight = (n + 1) * DAY
    for money in desk.gathered(handed, 10 * DAY):
        ready = Money(money.account, max(money.at, midnight), money.tiyn)
        desk.cash(ready, (600, 4 * HOUR), share=0.95, least=90_000_00)


def p2p_cash_out(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Droppers' takings become crypto bought from people, and go to wallets within the hour."""
    into = sold(desk, buyers, np.append(desk.some_of(net["dropper"], 5), net["shop"]), n)
    lumps = desk.gathered(into, 4 * HOUR)
    held = desk.send_each(lumps, net["operator"], (180, 2_400), "collection", share=0.98)
    for money in desk.gathered(held, 4 * HOUR):
        desk.buy_crypto(money, (300, 5_400), share=0.7)
        desk.top_up(money, (300, 5_400), share=0.24)


def dormant_burst(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Accounts bought long before: some purchases, weeks of silence, a burst, and no more."""
    if n < 2:
        for account in net["dropper"].tolist():
            at = n * DAY + int(desk.dice.integers(9 * HOUR, 20 * HOUR))
            cash = desk.deposit(account, at, int(desk.dice.integers(3, 12)) * 1_000_00)
            desk.buy_goods(cash, (HOUR, 2 * HOUR), share=0.9)
    awake = [
        account
        for k, account in enumerate(net["dropper"].tolist())
        if 0 <= n - _QUIET_BEFORE - k // 2 * _BURST_DAYS < _BURST_DAYS
    ]
    if not awake:
        return
    into = sold(desk, buyers, np.append(awake, net["shop"]), n)
    held = desk.send_each(
        desk.gathered(into, 2 * HOUR), net["operator"], (120, 1_800), "delivery", share=0.98
    )
    spent(desk, net, held)


def many_cards(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """A few holders with accounts in many banks: brought together by the holder, then cash."""
    into = sold(desk, buyers, np.append(net["dropper"], net["shop"]), n)
    main = {a: int(net["dropper"][k // 5 * 5]) for k, a in enumerate(net["dropper"].tolist())}
    own = []
    for money in desk.gathered(into, 4 * HOUR):
        to = main.get(money.account, int(net["operator"][0]))
        after = (20 * MINUTE, 2 * HOUR)
        own.append(desk.send(money, to, after, "own", share=1.0))
    rest = []
    for money in desk.gathered(own, 10 * DAY):
        desk.cash(money, (HOUR, 2 * HOUR), share=0.5, least=40_000_00)
        after = (2 * HOUR, 3 * HOUR)
        rest.append(desk.send(money, int(net["operator"][0]), after, "delivery", share=0.45))
    for money in desk.gathered(rest, 10 * DAY):
        desk.buy_crypto(money, (600, HOUR), share=0.8)


def shared_device(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """One operator's telephone holds all droppers' banks; to see them apart is hard otherwise."""
    into = sold(desk, buyers, np.append(net["dropper"], net["shop"]), n)
    lumps = desk.gathered(into, 6 * HOUR)
    spent(
        desk,
        net,
        desk.send_each(lumps, net["operator"], (20 * MINUTE, 3 * HOUR), "delivery", share=0.93),
    )


def slow(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Few buyers, held for days, passed on in parts in daytime by people with a life: hard."""
    few = buyers[: max(2, len(buyers) // 4)]
    into = sold(desk, few, np.append(desk.some_of(net["dropper"], 3), net["shop"]), n)
    held = []
    for money in into:
        share = float(desk.dice.uniform(0.55, 0.85))
        after = (DAY, 4 * DAY)
        held.append(
            desk.send(money, desk.one_of(net["collector"]), after, "collection", share=share)
        )
    for money in held:
        after = (DAY, 2 * DAY)
        brought = desk.send(money, int(net["operator"][0]), after, "delivery", share=0.9)
        desk.buy_goods(brought, (HOUR, DAY), share=0.6)


def round_trip(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Every third day a large sum goes round and comes home, beside a small shop."""
    few = buyers[: max(2, len(buyers) // 3)]
    into = sold(desk, few, net["shop"], n)
    for money in desk.gathered(into, DAY):
        desk.send(money, int(net["operator"][0]), (HOUR, 3 * HOUR), "delivery", share=0.95)
    if n % 3 != 0:
        return
    start, ring = n * DAY + int(desk.dice.integers(9 * HOUR, 12 * HOUR)), net["dropper"]
    tiyn = int(desk.dice.integers(800, 2_600)) * 1_000_00
    money = desk.deposit(int(net["organizer"][0]), start, tiyn)
    through = np.append(desk.some_of(ring, int(desk.dice.integers(3, 6))), net["organizer"])
    for turn in range(2):
        for member in through.tolist():
            after = (20 * MINUTE, 100 * MINUTE)
            money = desk.send(money, member, after, f"round {turn + 1}", share=0.99)


def recruits(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """Young people whose new accounts work for ten days, a new handful every twelve."""
    waves = [net["dropper"][k : k + WAVE_SIZE] for k in range(0, 20, WAVE_SIZE)]
    wave, day = divmod(n - FIRST_WAVE, WAVE_DAYS)
    if n < FIRST_WAVE or wave >= len(waves) or day >= WAVE_WORKS:
        return
    if day == 0:
        for account in waves[wave].tolist():
            at = n * DAY + int(desk.dice.integers(10 * HOUR, 18 * HOUR))
            test = Money(int(net["operator"][0]), at, int(desk.dice.integers(5, 11)) * 100_00)
            desk.send(test, account, (0, 60), "test")
        return
    _to_operators(desk, net, sold(desk, buyers, np.append(waves[wave], net["shop"]), n))


def card_bag(desk: Desk, net: Network, n: int, buyers: Ints) -> None:
    """A courier with a bag of others' cards empties them one after the other at a machine."""
    into = sold(desk, buyers, np.append(net["dropper"], net["shop"]), n, hours=(8, 15, 19))
    held = [
        desk.send(money, desk.one_of(net["dropper"]), (120, HOUR), "delivery", share=0.98)
        if money.account == net["shop"][0]
        else money
        for money in into
    ]
    at = n * DAY + int(desk.dice.integers(20 * HOUR, 22 * HOUR))
    machine = int(desk.dice.integers(0, _MACHINES_OF_A_BAG)) + net.number * _MACHINES_OF_A_BAG
    bag = desk.gathered(held, 10 * DAY)
    taken = 0
    for place in desk.dice.permutation(len(bag)).tolist():
        ready = Money(bag[place].account, at, bag[place].tiyn)
        desk.cash(ready, (20, 60), share=0.95, least=40_000_00, machine=machine)
        taken += ready.tiyn
        at += int(desk.dice.integers(90, 240))
    desk.deposit(int(net["organizer"][0]), at + HOUR // 2, taken * 3 // 10 // 1_000_00 * 1_000_00)


SCHEMES: dict[str, Scheme] = {
    scheme.__name__: scheme
    for scheme in (
        fan_in,
        pass_through,
        scatter_gather,
        structuring,
        night_cash,
        p2p_cash_out,
        dormant_burst,
        many_cards,
        shared_device,
        slow,
        round_trip,
        recruits,
        card_bag,
    )
}
