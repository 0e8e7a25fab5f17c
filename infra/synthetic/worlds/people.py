"""Who lives in a world: people of many kinds, their households and accounts, and firms.

Nobody is born later than 1899: ages are told by IINs as of `AGE_AHEAD_YEARS` years later.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.dice import Ints, Words, mixed, number, picks, rng
from infra.synthetic.identities import BANKS, clients, firms, iins_of
from infra.synthetic.networks import exchange_account

AGE_AHEAD_YEARS = 120
"""By so many years the age that an IIN tells is more than the age that a person lives with."""

KINDS = {
    "salaried": 0.513,
    "pensioner": 0.15,
    "student": 0.09,
    "self-employed": 0.07,
    "landlord": 0.015,
    "seller": 0.012,
    "driver": 0.015,
    "treasurer": 0.008,
    "crypto hobbyist": 0.008,
    "quiet saver": 0.03,
    "trader": 0.004,
    "market seller": 0.006,
    "cash courier": 0.003,
    "pool treasurer": 0.004,
    "fleet driver": 0.012,
    "fleet boss": 0.002,
    "remitter": 0.004,
    "migrant": 0.03,
    "led by family": 0.007,
    "shop": 0.006,
    "collection": 0.0007,
    "charity": 0.0005,
    "money changer": 0.0004,
}
"""Kinds of life and their shares among clients; the last three and the shop may be firms."""

_FEWEST = {
    "landlord": 4,
    "seller": 4,
    "driver": 4,
    "treasurer": 2,
    "crypto hobbyist": 6,
    "trader": 2,
    "market seller": 2,
    "fleet driver": 6,
    "migrant": 16,
}
_OF_FIRMS = ("shop", "charity", "money changer")
_AGES = {
    "pensioner": (63, 84),
    "quiet saver": (60, 80),
    "student": (17, 24),
    "recruit": (18, 22),
    "driver": (21, 60),
    "crypto hobbyist": (19, 40),
    "treasurer": (28, 50),
    "trader": (19, 40),
    "fleet driver": (21, 60),
    "migrant": (18, 50),
    "remitter": (24, 55),
    "led by family": (68, 90),
}
_ANY_AGE = (20, 62)
_HAVE_TWO_ACCOUNTS = 0.22
_FIRST_FURTHER = 40_000_000
_SHARE_A_DEVICE = 0.08
_OPEN_ONE_NOW, _LOOKED_AT = 0.06, 120


@dataclass(frozen=True, slots=True)
class People:
    """Everybody outside networks, and the table of all accounts known so far.

    accounts: one row an account: `bank`, `iin`, `iban`, `token`, `device`, `kato`, `kind`,
        `is_client` of a reporting bank. Its rows are what `Books` call accounts.
    person_of: of each account the person whose it is; firms outside have themselves.
    opened: of each account the day of the world on which it was opened, most long before it.
    lives: who lives a life of each kind. persons: all but the firms.
    main, further: of each person, the account of everyday life and another one, or the same.
    household: first and behind the last person of each person's household.
    """

    accounts: pl.DataFrame
    kinds: pl.Series
    person_of: Ints
    opened: Ints
    lives: dict[str, Ints]
    persons: Ints
    main: Ints
    further: Ints
    household: tuple[Ints, Ints]
    employers: Ints
    utilities: Ints
    clinics: Ints
    exchange: int

    def of(self, *kinds: str) -> Ints:
        """Who lives such a life."""
        return np.sort(np.concatenate([self.lives[kind] for kind in kinds]))


def people_of(seed: int, count: int, since: date) -> People:
    """`count` people or small firms with their accounts, households and devices."""
    dice = rng(seed, "people")
    kinds = _kinds(dice, count)
    numbers = np.arange(count)
    firsts, lasts = _households(dice, count)
    main = with_ages(_clients(seed, dice, numbers), kinds, since, seed)
    main = _sharing_devices(main, dice, firsts)
    has_further = (dice.random(count) < _HAVE_TWO_ACCOUNTS) | kinds.is_in(
        ["quiet saver", "crypto hobbyist", "trader", "landlord"]
    ).to_numpy()
    owners = np.flatnonzero(has_further)
    also = _clients(seed, dice, _FIRST_FURTHER + owners).with_columns(
        main[c].gather(owners).alias(c) for c in ("iin", "device", "kato", "kind", "is_client")
    )
    outside, groups = _outside(seed, count)
    further = numbers.copy()
    further[owners] = count + np.arange(len(owners))
    behind = count + len(owners)
    everybody = np.concatenate([numbers, owners])
    places = {name: behind + place for name, place in groups.items()}
    return People(
        accounts=pl.concat([main, also, outside], how="diagonal"),
        kinds=kinds,
        person_of=np.concatenate([everybody, np.zeros(outside.height, dtype=np.int64)]),
        opened=_opened(seed, count, behind + outside.height),
        lives={kind: np.flatnonzero((kinds == kind).to_numpy()) for kind in KINDS},
        persons=np.flatnonzero(~kinds.is_in(_OF_FIRMS).to_numpy()),
        main=numbers,
        further=further,
        household=(firsts, lasts),
        employers=places["employers"],
        utilities=places["utilities"],
        clinics=places["clinics"],
        exchange=int(places["exchange"][0]),
    )


def with_ages(accounts: pl.DataFrame, kinds: pl.Series, since: date, seed: int) -> pl.DataFrame:
    """Accounts with `kind`, and holders as old as people of their kind are; firms get a BIN."""
    dice = rng(seed, "ages", accounts.height, accounts["iban"].first())
    spans = np.array([_AGES.get(kind, _ANY_AGE) for kind in kinds.to_list()])
    ages = dice.integers(spans[:, 0], spans[:, 1] + 1)
    years = since.year - AGE_AHEAD_YEARS - 1800 - ages
    chance: Words = dice.integers(0, 2**63, accounts.height).astype(np.uint64)
    numbers = pl.DataFrame(
        {
            "person": iins_of(np.asarray(years), chance),
            "firm": firms(np.arange(accounts.height), seed, purpose="clients")["iin"],
        }
    )
    is_firm = pl.Series(kinds.is_in(_OF_FIRMS))
    return accounts.with_columns(
        iin=numbers.select(pl.when(is_firm).then("firm").otherwise("person")).to_series(),
        kind=kinds,
        is_client=pl.lit(value=True),
    )


def _clients(seed: int, dice: np.random.Generator, numbers: Ints) -> pl.DataFrame:
    return clients_of(seed, numbers, pl.Series(picks(dice, len(numbers), BANKS)))


def clients_of(seed: int, numbers: Ints, banks: pl.Series) -> pl.DataFrame:
    """Clients with the numbers, each of the bank beside it."""
    places = {bank: (banks == bank).arg_true().to_numpy() for bank in BANKS}
    parts = [clients(bank, numbers[at], seed) for bank, at in places.items() if len(at)]
    back = np.argsort(np.concatenate(list(places.values())))
    return pl.concat(parts)[back]


def _kinds(dice: np.random.Generator, count: int) -> pl.Series:
    """Some of each kind, even in a small world; the common kinds make up the rest."""
    told = [
        kind
        for kind, share in KINDS.items()
        if kind != "salaried"
        for _ in range(max(_FEWEST.get(kind, 1), round(share * count)))
    ]
    if len(told) > count:
        raise ValueError(
            f"A world of {count} people has no place for {len(told)} of different lives. "
            "Nothing was made. Ask for more people."
        )
    every = np.array([*told, *["salaried"] * (count - len(told))])
    return pl.Series("kind", every[dice.permutation(count)])


def _households(dice: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    sizes = dice.choice((1, 2, 3, 4, 5), count, p=(0.3, 0.28, 0.2, 0.15, 0.07))
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    place = np.searchsorted(bounds, np.arange(count), side="right") - 1
    return bounds[place], np.minimum(bounds[place + 1], count)


def _sharing_devices(
    accounts: pl.DataFrame, dice: np.random.Generator, firsts: Ints
) -> pl.DataFrame:
    shares = (dice.random(accounts.height) < _SHARE_A_DEVICE)[firsts]
    whose = np.where(shares, firsts, np.arange(accounts.height))
    return accounts.with_columns(device=accounts["device"].gather(whose))


def _opened(seed: int, persons: int, accounts: int) -> Ints:
    """Long ago for most; some open their first account while the world is looked at."""
    dice = rng(seed, "opened")
    days = -dice.integers(30, 4_000, accounts)
    is_new = dice.random(persons) < _OPEN_ONE_NOW
    days[:persons] = np.where(is_new, dice.integers(0, _LOOKED_AT, persons), days[:persons])
    return days


def _outside(seed: int, count: int) -> tuple[pl.DataFrame, dict[str, Ints]]:
    """Firms whose banks tell nothing of them: `kind`, `iin`, `iban`; and their places."""
    sizes = {"employers": max(5, count // 25), "utilities": 12, "clinics": 9}
    parts = [
        firms(np.arange(size), seed, purpose=purpose).with_columns(kind=pl.lit(purpose))
        for purpose, size in sizes.items()
    ]
    parts.append(exchange_account(seed).with_columns(kind=pl.lit("exchange")))
    bounds = np.concatenate([[0], np.cumsum([part.height for part in parts])])
    groups = {
        name: np.arange(bounds[n], bounds[n + 1]) for n, name in enumerate([*sizes, "exchange"])
    }
    outside = pl.concat(parts).with_columns(is_client=pl.lit(value=False))
    return outside, groups


def friends(who: Ints, which: Ints, seed: int, count: int) -> Ints:
    """One of the few people with whom each person exchanges money now and then."""
    known = mixed(who * 8 + which, number(seed, "friends")) % np.uint64(count - 1)
    return np.asarray((who + 1 + known.astype(np.int64)) % count)
