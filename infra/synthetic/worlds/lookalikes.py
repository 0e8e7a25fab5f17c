"""Innocents whose accounts look like those of networks, each kind in its own way.

What makes each look alike is said with its function; `LOOKALIKES` names them by kind of life.
"""

from collections.abc import Callable

import numpy as np

from infra.synthetic.dice import Ints, number, rng
from infra.synthetic.wallets import address
from infra.synthetic.worlds.books import DAY, amounts
from infra.synthetic.worlds.desk import Desk, Money
from infra.synthetic.worlds.people import friends
from infra.synthetic.worlds.street import Street

HOUR = 3600
_CAMPAIGN_OF_A_COMMITTEE, _PARENTS = 30, 24
_CAMPAIGN, _CAMPAIGN_DAYS = 24, 3


def sellers(street: Street) -> None:
    """Home bakers and market stalls: many small sums, the supplier paid from them within hours."""
    main, suppliers = street.people.main, street.people.of("shop")
    for who, dice, desk in street.each("seller"):
        buyers = street.others(dice, who, int(dice.poisson(9)))
        at = street.when(dice, len(buyers))
        paid = desk.paid(
            main[buyers], main[[who]], at, amounts(dice, len(at), 8.6, 0.6, whole=100_00)
        )
        for takings in desk.gathered(paid, DAY):
            supplier = int(main[suppliers[who % len(suppliers)]])
            if dice.random() < 0.4:
                desk.send(takings, supplier, (600, 2 * HOUR), "", share=0.55)
            elif dice.random() < 0.3:
                desk.cash(takings, (600, 3 * HOUR), share=0.8, least=20_000_00)


def shops(street: Street) -> None:
    """Shops with a BIN that are paid by transfer: great fan-in, suppliers and wages paid."""
    main = street.people.main
    for who, dice, desk in street.each("shop"):
        buyers = street.others(dice, who, int(dice.poisson(30)))
        at = street.when(dice, len(buyers))
        paid = desk.paid(main[buyers], main[[who]], at, amounts(dice, len(at), 8.4, 0.9))
        for takings in desk.gathered(paid, DAY):
            firm = street.people.employers[who % len(street.people.employers)]
            desk.send(takings, int(firm), (600, 5 * HOUR), "", share=0.6)


def drivers(street: Street) -> None:
    """Couriers and taxi drivers: a dozen payers a day never seen again, cash in the evening."""
    main = street.people.main
    for who, dice, desk in street.each("driver"):
        if dice.random() < 0.2:
            continue
        riders = street.others(dice, who, int(dice.poisson(11)))
        at = street.when(dice, len(riders))
        sums = dice.integers(6, 45, len(at)) * 100_00
        paid = desk.paid(main[riders], main[[who]], at, sums)
        for takings in desk.gathered(paid, DAY):
            if dice.random() < 0.5:
                desk.cash(takings, (900, 3 * HOUR), share=0.9, least=10_000_00)


def landlords(street: Street) -> None:
    """Rents of several tenants come in the month's first days and go to an own account at once."""
    main, further = street.people.main, street.people.further
    for who, dice, desk in street.each("landlord"):
        if street.n % 5 == who % 5:
            at = int(street.when(dice, 1)[0])
            sum_ = int(dice.integers(60, 400)) * 1_000_00
            street.books.move(at, int(main[who]), int(further[who]), sum_)
            if dice.random() < 0.3:
                desk.cash(Money(int(further[who]), at, sum_), (HOUR, 5 * HOUR), share=0.5)


def treasurers(street: Street) -> None:
    """Treasurers of parents' committees: two dozen equal sums in two days, one purchase."""
    main = street.people.main
    for who, dice, desk in street.each("treasurer"):
        turn, day = street.turn("treasurer", who, _CAMPAIGN_OF_A_COMMITTEE)
        fee = (3, 5, 10)[number(street.seed, "fee", who, turn) % 3] * 1_000_00
        parents = friends(np.full(_PARENTS, who), np.arange(_PARENTS) + 100, street.seed, len(main))
        if day < 2:
            paying = parents[day::2]
            at = street.when(dice, len(paying))
            desk.paid(main[paying], main[[who]], at, np.full(len(paying), fee))
        if day == 2:
            all_of_it = Money(int(main[who]), street.n * DAY + 10 * HOUR, _PARENTS * fee)
            if turn % 2:
                desk.buy_goods(all_of_it, (0, 8 * HOUR), share=0.98)
            else:
                seller = int(main[street.others(dice, who, 1)[0]])
                desk.send(all_of_it, seller, (0, 8 * HOUR), "", share=0.98)


def collections(street: Street) -> None:
    """Money gathered for somebody's treatment on a private card: a burst of payers, one payment."""
    for who, dice, desk in street.each("collection"):
        _collect(street, "collection", who, dice, desk)


def charities(street: Street) -> None:
    """The same by a fund with a BIN."""
    for who, dice, desk in street.each("charity"):
        _collect(street, "charity", who, dice, desk)


def _collect(street: Street, kind: str, who: int, dice: np.random.Generator, desk: Desk) -> None:
    main, clinics = street.people.main, street.people.clinics
    turn, day = street.turn(kind, who, _CAMPAIGN)
    # What came is counted anew on the day of the payment, from the same chance.
    if day < _CAMPAIGN_DAYS:
        given = _gifts(street, kind, who, turn, day)
        at = street.when(dice, len(given))
        desk.paid(main[street.others(dice, who, len(given))], main[[who]], at, given)
    if day == _CAMPAIGN_DAYS:
        came = sum(int(_gifts(street, kind, who, turn, d).sum()) for d in range(_CAMPAIGN_DAYS))
        clinic = int(clinics[turn % len(clinics)])
        all_of_it = Money(int(main[who]), street.n * DAY + 9 * HOUR, came)
        desk.send(all_of_it, clinic, (0, 8 * HOUR), "", share=0.97)


def _gifts(street: Street, kind: str, who: int, turn: int, day: int) -> Ints:
    if street.n - day < 0:
        return np.array([], dtype=np.int64)
    dice = rng(street.seed, kind, "gifts", who, turn, day)
    count = int(dice.poisson(min(180, 20 + len(street.people.main) // 60)))
    return amounts(dice, count, 8.2, 0.9, whole=500_00)


def students(street: Street) -> None:
    """Shared bills and a flat's rent: equal parts of friends come, and go on within the hour."""
    main = street.people.main
    everybody = street.people.of("student")
    dice = rng(street.seed, "student", street.n)
    hosts = everybody[dice.random(len(everybody)) < 0.05]
    desk = street.desk(dice)
    for who in hosts.tolist():
        guests = friends(np.full(4, who), np.arange(4), street.seed, len(main))
        part = int(dice.integers(15, 90)) * 100_00
        at = int(street.when(dice, 1)[0])
        came = desk.paid(
            main[guests], main[[who]], at + dice.integers(0, HOUR, 4), np.full(4, part)
        )
        for whole in desk.gathered(came, 10 * DAY):
            if dice.random() < 0.5:
                desk.buy_goods(whole, (60, 1_800), share=1.0)
            else:
                host = int(main[street.others(dice, who, 1)[0]])
                desk.send(whole, host, (60, 1_800), "")


def contractors(street: Street) -> None:
    """Craftsmen and traders: an advance comes, workers and suppliers are paid from it at once."""
    main, further = street.people.main, street.people.further
    everybody = street.people.of("self-employed")
    dice = rng(street.seed, "self-employed", street.n)
    desk = street.desk(dice)
    for who in everybody[dice.random(len(everybody)) < 0.2].tolist():
        clients = street.others(dice, who, int(dice.integers(1, 4)))
        at, sums = street.when(dice, len(clients)), amounts(dice, len(clients), 11.2, 0.8)
        advances = desk.paid(main[clients], main[[who]], at, sums)
        for advance in desk.gathered(advances, DAY):
            for worker in friends(np.full(2, who), np.arange(2) + 50, street.seed, len(main)):
                share = float(dice.uniform(0.1, 0.4))
                desk.send(advance, int(main[worker]), (300, 2 * HOUR), "", share=share)
            if dice.random() < 0.5:
                desk.send(advance, int(further[who]), (300, HOUR), "", share=0.19)
            else:
                desk.cash(advance, (600, 2 * HOUR), share=0.19, least=20_000_00)


def hobbyists(street: Street) -> None:
    """People who trade crypto with others: paid by strangers, on to another bank or exchange."""
    main, further = street.people.main, street.people.further
    for who, dice, desk in street.each("crypto hobbyist"):
        buyers = street.others(dice, who, int(dice.poisson(1.1)))
        at = street.when(dice, len(buyers))
        sums = amounts(dice, len(at), 10.9, 0.7)
        for sale in desk.paid(main[buyers], main[[who]], at, sums):
            buyer = int(main[buyers[int(np.argmax(at == sale.at))]])
            street.books.order(sale.at + 240, buyer, sale.account, sale.tiyn)
            if dice.random() < 0.5:
                desk.send(sale, int(further[who]), (1_800, 6 * HOUR), "", share=0.9)
        if dice.random() < 0.12:
            own = Money(int(main[who]), int(street.when(dice, 1)[0]), 0)
            spent = int(dice.integers(20, 200)) * 1_000_00
            street.books.move(
                own.at, own.account, street.people.exchange, spent, operation="exchange_topup"
            )
            wallet = address("tron", street.seed, "hobbyist", who)
            direction = "withdrawal" if dice.random() < 0.6 else "deposit"
            street.books.coins(own.at + 2_000, own.account, direction, spent, wallet)


def quiet_savers(street: Street) -> None:
    """Pensioners with an account asleep for weeks; then a deposit's sum comes and is shared out."""
    main, further = street.people.main, street.people.further
    firsts, lasts = street.people.household
    for who, dice, desk in street.each("quiet saver"):
        if number(street.seed, "wakes", who) % 120 == street.n:
            at = street.n * DAY + int(dice.integers(9 * HOUR, 12 * HOUR))
            sum_ = int(dice.integers(6, 60)) * 100_000_00
            bank = int(street.people.employers[-1])
            street.books.move(at, bank, int(further[who]), sum_, channel="api")
            came = Money(int(further[who]), at, sum_)
            for child in range(int(firsts[who]), int(lasts[who])):
                desk.send(came, int(main[child]), (HOUR, 6 * HOUR), "", share=0.2)
            desk.cash(came, (HOUR, 4 * HOUR), share=0.1)


def changers(street: Street) -> None:
    """Licensed money changers: sums of strangers in and out all day, and much cash both ways."""
    main = street.people.main
    for who, dice, desk in street.each("money changer"):
        opens = street.n * DAY + 8 * HOUR
        desk.deposit(int(main[who]), opens, int(dice.integers(20, 90)) * 100_000_00)
        comers = street.others(dice, who, int(dice.poisson(14)))
        at, sums = street.when(dice, len(comers)), amounts(dice, len(comers), 11.6, 0.7)
        desk.paid(main[comers], main[[who]], at, sums)
        others = street.others(dice, who, int(dice.poisson(11)))
        at, sums = street.when(dice, len(others)), amounts(dice, len(others), 11.5, 0.7)
        street.books.moves_of(at, int(main[who]), main[others], sums)
        taken = Money(int(main[who]), opens, int(dice.integers(5, 40)) * 100_000_00)
        desk.cash(taken, (5 * HOUR, 9 * HOUR), most=2_000_000_00, least=500_000_00)


LOOKALIKES: dict[str, Callable[[Street], None]] = {
    "seller": sellers,
    "shop": shops,
    "driver": drivers,
    "landlord": landlords,
    "treasurer": treasurers,
    "collection": collections,
    "charity": charities,
    "student": students,
    "self-employed": contractors,
    "crypto hobbyist": hobbyists,
    "quiet saver": quiet_savers,
    "money changer": changers,
}
