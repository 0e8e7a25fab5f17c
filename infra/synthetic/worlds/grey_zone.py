"""Innocents whom even an investigator would ask: their accounts do what networks' accounts do.

Each kind is drawn from life and not from the rules: how often, how much and how soon is theirs
whatever a threshold says. What can tell them from a network is told with each; often little can.
"""

from collections.abc import Callable

import numpy as np

from infra.synthetic.dice import Ints, mixed, number, rng
from infra.synthetic.wallets import address
from infra.synthetic.worlds.books import DAY, amounts
from infra.synthetic.worlds.desk import Desk, Money
from infra.synthetic.worlds.people import friends
from infra.synthetic.worlds.street import Street

HOUR = 3600
_CIRCLE, _CIRCLE_EVERY = 12, 15
_CREW_OF_A_BOSS, _SALESPEOPLE, _MATES = 6, 5, 14
_SENDS_HOME_EVERY = 7


def traders(street: Street) -> None:
    """Traders of crypto who live by it: strangers pay all day, sums go on within the hour.

    Their orders at an exchange tell what the payments were for.
    """
    main, further = street.people.main, street.people.further
    for who, dice, desk in street.each("trader"):
        buyers = street.others(dice, who, int(dice.poisson(7)))
        at, sums = street.when(dice, len(buyers)), amounts(dice, len(buyers), 11.1, 0.6)
        for buyer, sale in zip(
            buyers.tolist(), desk.paid(main[buyers], main[[who]], at, sums), strict=True
        ):
            street.books.order(sale.at + 240, int(main[buyer]), sale.account, sale.tiyn)
        for takings in desk.gathered(_all_paid(street, who, at, sums), 3 * HOUR):
            chance = dice.random()
            if chance < 0.45:
                desk.send(takings, int(further[who]), (300, HOUR), "", share=0.97)
            elif chance < 0.8:
                _buys(street, dice, who, takings)


def _all_paid(street: Street, who: int, at: Ints, sums: Ints) -> list[Money]:
    account = int(street.people.main[who])
    return [Money(account, int(t), int(s)) for t, s in zip(at, sums, strict=True)]


def _buys(street: Street, dice: np.random.Generator, who: int, takings: Money) -> None:
    """New stock from others who sell, or from the exchange itself."""
    books, at = street.books, takings.at + int(dice.integers(300, HOUR))
    spent = takings.tiyn * 95 // 10_000 * 100
    if dice.random() < 0.5:
        seller = int(street.people.main[street.others(dice, who, 1)[0]])
        books.move(at, takings.account, seller, spent)
        books.order(at + 200, takings.account, seller, spent)
    else:
        books.move(at, takings.account, street.people.exchange, spent, operation="exchange_topup")
        wallet = address("tron", street.seed, "trader", who)
        books.coins(at + 1_500, takings.account, "withdrawal", spent * 99 // 100, wallet)


def market_sellers(street: Street) -> None:
    """Stall holders at a bazaar without a BIN: strangers pay all day, in the evening it is cash.

    They buy by card too, and come to the same machine by the gate.
    """
    main = street.people.main
    for who, dice, desk in street.each("market seller"):
        if (street.n + who) % 7 == 0:
            continue
        buyers = street.others(dice, who, int(dice.poisson(14)))
        at, sums = street.when(dice, len(buyers)), amounts(dice, len(buyers), 8.7, 0.8)
        paid = desk.paid(main[buyers], main[[who]], at, sums)
        for takings in desk.gathered(paid, DAY):
            desk.cash(
                takings, (600, 2 * HOUR), share=float(dice.uniform(0.6, 0.95)), least=10_000_00
            )
            if dice.random() < 0.3:
                desk.buy_goods(takings, (600, 2 * HOUR), share=0.05)


def cash_couriers(street: Street) -> None:
    """Who brings the takings of a real firm to its till: few send large sums, all is drawn at once.

    The firm has no account that pays; the courier's own wages come beside.
    """
    main = street.people.main
    for who, dice, desk in street.each("cash courier"):
        if (street.n + who) % 7 > 4:
            continue
        sellers = friends(
            np.full(_SALESPEOPLE, who), np.arange(_SALESPEOPLE) + 200, street.seed, len(main)
        )
        at = street.when(dice, _SALESPEOPLE)
        sums = dice.integers(20, 140, _SALESPEOPLE) * 1_000_00
        for takings in desk.gathered(desk.paid(main[sellers], main[[who]], at, sums), DAY):
            desk.cash(takings, (600, 3 * HOUR), share=0.98, least=50_000_00)


def pool_treasurers(street: Street) -> None:
    """Savings circles: a dozen pay the same sum on one day, and the whole pot goes on to one."""
    main = street.people.main
    for who, dice, desk in street.each("pool treasurer"):
        turn, day = street.turn("pool treasurer", who, _CIRCLE_EVERY)
        if day:
            continue
        circle = friends(np.full(_CIRCLE, who), np.arange(_CIRCLE) + 300, street.seed, len(main))
        fee = (20, 30, 50)[number(street.seed, "circle", who) % 3] * 1_000_00
        at = street.n * DAY + dice.integers(9 * HOUR, 19 * HOUR, _CIRCLE)
        desk.paid(main[circle], main[[who]], at, np.full(_CIRCLE, fee))
        pot = Money(int(main[who]), int(at.max()), _CIRCLE * fee)
        desk.send(pot, int(main[circle[turn % _CIRCLE]]), (300, 2 * HOUR), "")


def drivers_of_a_boss(street: Street) -> None:
    """Drivers of somebody else's cars: riders pay all day, most of it goes to the boss by night.

    The boss takes cash for petrol and repairs: many gather for one, as in a network.
    """
    main, crew = street.people.main, street.people.of("fleet driver")
    bosses = street.people.of("fleet boss")
    into: list[Money] = []
    for who, dice, desk in street.each("fleet driver"):
        if dice.random() < 0.15:
            continue
        riders = street.others(dice, who, int(dice.poisson(12)))
        at, sums = street.when(dice, len(riders)), dice.integers(6, 45, len(riders)) * 100_00
        paid = desk.paid(main[riders], main[[who]], at, sums)
        place = int(np.searchsorted(crew, who)) // _CREW_OF_A_BOSS
        boss = int(main[bosses[place % len(bosses)]])
        for takings in desk.gathered(paid, DAY):
            share = float(dice.uniform(0.55, 0.8))
            into.append(desk.send(takings, boss, (600, 2 * HOUR), "", share=share))
    for whole in Desk.gathered(street.desk(rng(street.seed, "bosses", street.n)), into, DAY):
        desk = street.desk(rng(street.seed, "boss", whole.account, street.n))
        if street.n % 2:
            desk.cash(whole, (600, 3 * HOUR), share=0.5, least=20_000_00)


def remitters(street: Street) -> None:
    """Who sends a brigade's earnings home: mates pay in on pay day, one sum goes on the same day.

    They live together, so that many stand under one address; some send through an exchange.
    """
    main = street.people.main
    mates_of_all = street.people.of("migrant")
    for who, dice, desk in street.each("remitter"):
        if (street.n + who) % _SENDS_HOME_EVERY:
            continue
        chosen = mixed(np.arange(_MATES), number(street.seed, "brigade", who)) % np.uint64(
            len(mates_of_all)
        )
        mates = mates_of_all[np.unique(chosen.astype(np.int64))]
        mates = mates[(mates != who) & (dice.random(len(mates)) < 0.8)]
        at = street.when(dice, len(mates))
        sums = dice.integers(20, 120, len(mates)) * 1_000_00
        for pot in desk.gathered(desk.paid(main[mates], main[[who]], at, sums), DAY):
            if who % 3 == 0:
                desk_share = pot.tiyn * 96 // 10_000 * 100
                when = pot.at + int(dice.integers(300, 2 * HOUR))
                street.books.move(
                    when,
                    pot.account,
                    street.people.exchange,
                    desk_share,
                    operation="exchange_topup",
                )
            else:
                agent = int(
                    main[friends(np.array([who]), np.array([400]), street.seed, len(main))[0]]
                )
                desk.send(pot, int(main[agent]), (300, 2 * HOUR), "", share=0.97)


def migrants(street: Street) -> None:
    """Workers without a contract: a foreman pays the week, some of it drawn at once."""
    main, everybody = street.people.main, street.people.of("migrant")
    dice = rng(street.seed, "migrant", street.n)
    foremen = street.people.of("self-employed")
    paid_today = everybody[(everybody + street.n) % 7 == 0]
    for who in paid_today.tolist():
        foreman = int(main[foremen[who % len(foremen)]])
        at = int(street.when(dice, 1)[0])
        wage = int(dice.integers(40, 110)) * 1_000_00
        street.books.move(at, foreman, int(main[who]), wage)
        if dice.random() < 0.4:
            desk = street.desk(dice)
            desk.cash(Money(int(main[who]), at, wage), (900, 5 * HOUR), share=0.4, least=10_000_00)


def led_by_family(street: Street) -> None:
    """Old people whose accounts a grandchild keeps: many payments of kin, gone on the same day."""
    main = street.people.main
    for who, dice, desk in street.each("led by family"):
        if dice.random() < 0.75:
            continue
        kin = friends(np.full(4, who), np.arange(4) + 500, street.seed, len(main))
        payer = int(main[kin[dice.integers(0, 4)]])
        at = int(street.when(dice, 1)[0])
        sum_ = int(dice.integers(5, 60)) * 1_000_00
        street.books.move(at, payer, int(main[who]), sum_)
        keeper = int(main[kin[3]])
        if payer != keeper:
            desk.send(Money(int(main[who]), at, sum_), keeper, (300, 5 * HOUR), "", share=0.9)


GREY_ZONE: dict[str, Callable[[Street], None]] = {
    "trader": traders,
    "market seller": market_sellers,
    "cash courier": cash_couriers,
    "pool treasurer": pool_treasurers,
    "fleet driver": drivers_of_a_boss,
    "remitter": remitters,
    "migrant": migrants,
    "led by family": led_by_family,
}
