"""Everyday life: wages, rent, purchases, and money between friends and within families."""

from datetime import date, timedelta

import numpy as np

from infra.synthetic.days import lively_seconds
from infra.synthetic.dice import Floats, Ints, rng
from infra.synthetic.worlds.books import DAY, NOBODY, Books, amounts
from infra.synthetic.worlds.people import People, friends
from transforms.periods import is_working_day

# How often a day: purchases, cash taken, cash put in, to friends, within the family, own accounts.
_OFTEN: dict[str, tuple[float, ...]] = {
    "salaried": (1.0, 0.07, 0.015, 0.12, 0.12, 0.03),
    "pensioner": (0.5, 0.08, 0.005, 0.02, 0.08, 0.005),
    "student": (0.9, 0.03, 0.01, 0.25, 0.1, 0.01),
    "self-employed": (1.1, 0.08, 0.05, 0.2, 0.12, 0.05),
    "quiet saver": (0.35, 0.05, 0.005, 0.01, 0.05, 0.0),
    "migrant": (0.6, 0.12, 0.01, 0.05, 0.05, 0.0),
    "led by family": (0.3, 0.05, 0.005, 0.01, 0.08, 0.0),
    "shop": (0.0,) * 6,
    "collection": (0.3, 0.02, 0.0, 0.05, 0.05, 0.0),
    "charity": (0.0,) * 6,
    "money changer": (0.0,) * 6,
}
_OTHERS_OFTEN = (0.9, 0.06, 0.02, 0.12, 0.12, 0.04)
_TENANTS = 0.16
_WAGED = ("salaried", "treasurer", "pool treasurer", "cash courier")
_PENSIONED = ("pensioner", "quiet saver", "led by family")
_PENSION_DAYS = range(4, 16)


class Lives:
    """The everyday life of all people of a world; `since` and `until` which day each lives it."""

    def __init__(self, seed: int, people: People, first_day: date) -> None:
        self.seed, self.people, self.first_day = seed, people, first_day
        kinds = people.kinds.to_list()
        self.often = np.array([_OFTEN.get(kind, _OTHERS_OFTEN) for kind in kinds])
        dice = rng(seed, "lives")
        count = len(kinds)
        self.pay_day = dice.choice((5, 10, 20, 25), count)
        self.pension_day = dice.choice(list(_PENSION_DAYS), count)
        self.wage = np.exp(dice.normal(12.5, 0.4, count)).astype(np.int64) * 100
        self.employer = people.employers[dice.integers(0, len(people.employers), count)]
        landlords = people.of("landlord")
        self.is_tenant = (dice.random(count) < _TENANTS) & people.kinds.is_in(
            ["salaried", "student"]
        ).to_numpy()
        self.landlord = landlords[dice.integers(0, len(landlords), count)]
        self.rent = dice.integers(80, 260, count) * 1_000_00
        self.rent_day = dice.integers(1, 11, count)
        self.is_salaried = people.kinds.is_in(_WAGED).to_numpy()
        self.is_pensioner = people.kinds.is_in(_PENSIONED).to_numpy()

    def day(self, books: Books, n: int) -> None:
        """One day of everybody."""
        dice = rng(self.seed, "life", n)
        on = self.first_day + timedelta(days=n)
        self._paid(books, dice, n, on)
        self._spent(books, dice, n, on)
        self._between_people(books, dice, n)

    def _paid(self, books: Books, dice: np.random.Generator, n: int, on: date) -> None:
        main = self.people.main
        if is_working_day(on):
            # A pay day on a holiday moves to the next working day.
            back = next(k for k in range(1, 20) if is_working_day(on - timedelta(days=k)))
            due = {(on - timedelta(days=k)).day for k in range(back)}
            paid = np.flatnonzero(self.is_salaried & np.isin(self.pay_day, list(due)))
            at = n * DAY + dice.integers(9 * 3600, 17 * 3600, len(paid))
            sums = self.wage[paid] * dice.integers(95, 106, len(paid)) // 100
            books.moves_of(
                at, self.employer[paid], main[paid], sums, operation="salary", channel="api"
            )
        old = np.flatnonzero(self.is_pensioner & (self.pension_day == on.day))
        at = n * DAY + dice.integers(8 * 3600, 12 * 3600, len(old))
        books.moves_of(
            at,
            int(self.people.employers[0]),
            main[old],
            self.wage[old] // 3,
            operation="social_payment",
            channel="api",
        )
        tenants = np.flatnonzero(self.is_tenant & (self.rent_day == on.day))
        books.moves_of(
            self._when(dice, n, len(tenants)),
            main[tenants],
            main[self.landlord[tenants]],
            self.rent[tenants],
        )

    def _spent(self, books: Books, dice: np.random.Generator, n: int, on: date) -> None:
        main, utilities = self.people.main, self.people.utilities
        who = self._who(dice, 0)
        at = self._when(dice, n, len(who))
        sums = amounts(dice, len(who), 8.35, 1.05)
        books.moves_of(at, main[who], NOBODY, sums, operation="purchase", channel="pos")
        who = self._who(dice, 1)
        at, sums = self._when(dice, n, len(who)), amounts(dice, len(who), 10.2, 0.8, whole=1_000_00)
        books.moves_of(at, main[who], NOBODY, sums, operation="cash_withdrawal", channel="atm")
        who = self._who(dice, 2)
        at, sums = self._when(dice, n, len(who)), amounts(dice, len(who), 10.9, 0.9, whole=500_00)
        books.moves_of(at, NOBODY, main[who], sums, operation="cash_deposit", channel="atm")
        who = np.flatnonzero((self.pension_day == on.day) & (self.often[:, 0] > 0))
        where = utilities[dice.integers(0, len(utilities), len(who))]
        sums = amounts(dice, len(who), 8.9, 0.7, whole=1)
        at = self._when(dice, n, len(who))
        books.moves_of(at, main[who], where, sums, operation="utility")

    def _between_people(self, books: Books, dice: np.random.Generator, n: int) -> None:
        main, further = self.people.main, self.people.further
        who = self._who(dice, 3)
        to = friends(who, dice.integers(0, 6, len(who)), self.seed, len(main))
        sums = amounts(dice, len(who), 8.8, 1.0, whole=500_00)
        books.moves_of(self._when(dice, n, len(who)), main[who], main[to], sums)
        who = self._who(dice, 4)
        firsts, lasts = self.people.household
        to = firsts[who] + dice.integers(0, lasts[who] - firsts[who])
        who, to = who[who != to], to[who != to]
        sums = amounts(dice, len(who), 9.4, 1.0, whole=500_00)
        books.moves_of(self._when(dice, n, len(who)), main[who], main[to], sums)
        who = self._who(dice, 5)
        who = who[main[who] != further[who]]
        sums = amounts(dice, len(who), 10.4, 0.9, whole=1_000_00)
        is_back = dice.random(len(who)) < 0.4
        payer = np.where(is_back, further[who], main[who])
        payee = np.where(is_back, main[who], further[who])
        books.moves_of(self._when(dice, n, len(who)), payer, payee, sums)

    def _who(self, dice: np.random.Generator, what: int) -> Ints:
        often: Floats = self.often[:, what]
        return np.repeat(np.arange(len(often)), dice.poisson(often))

    def _when(self, dice: np.random.Generator, n: int, count: int) -> Ints:
        return n * DAY + lively_seconds(dice.random(count))
