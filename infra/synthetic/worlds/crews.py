"""The planted networks of a world: their typologies, and who belongs to them in which role."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.dice import Ints, number, picks, rng
from infra.synthetic.identities import BANKS, REGION_WEIGHTS
from infra.synthetic.wallets import address
from infra.synthetic.worlds.people import clients_of, with_ages

ROLES_OF: dict[str, dict[str, int]] = {
    "fan_in": {"dropper": 12, "collector": 3, "operator": 2, "organizer": 1},
    "pass_through": {"dropper": 14, "operator": 1, "organizer": 1},
    "scatter_gather": {"dropper": 9, "collector": 2, "operator": 1, "organizer": 1},
    "structuring": {"dropper": 8, "collector": 2, "operator": 2, "organizer": 1},
    "night_cash": {"dropper": 8, "courier": 3},
    "p2p_cash_out": {"dropper": 9, "operator": 3},
    "dormant_burst": {"dropper": 10, "operator": 1, "organizer": 1},
    "many_cards": {"dropper": 15, "operator": 1},
    "shared_device": {"dropper": 10, "operator": 2, "organizer": 1},
    "slow": {"dropper": 9, "collector": 2, "operator": 1},
    "round_trip": {"dropper": 6, "operator": 1, "organizer": 1},
    "recruits": {"dropper": 20, "collector": 2, "operator": 1, "organizer": 1},
    "card_bag": {"dropper": 8, "organizer": 1},
}
"""Each typology and how many of each role work in it, beside one shop."""

TYPOLOGIES = tuple(ROLES_OF)

WAVE_DAYS, WAVE_WORKS, FIRST_WAVE, WAVE_SIZE = 12, 10, 3, 5
"""Recruits: every so many days a handful begins, works so many days; the first, and how many."""

_MEMBER = ("number", "network", "typology", "kato", "role", "place")
_FIRST_MEMBER = 50_000_000
_ACCOUNTS_OF_A_HOLDER = 5
_LEAD_A_LIFE = 0.5
_WALLETS = 3


@dataclass(frozen=True, slots=True)
class Network:
    """One planted network; `roles` gives the accounts of each role, in order."""

    number: int
    name: str
    typology: str
    kato: str
    wallets: tuple[str, ...]
    roles: dict[str, Ints] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Ints:
        return self.roles[role]


@dataclass(frozen=True, slots=True)
class Crews:
    """All networks and their members' accounts, which stand behind those of the people.

    opened: of each member's account the day of the world on which it was opened.
    alive: accounts whose holders spend and pay like others beside their work for the network.
    """

    networks: tuple[Network, ...]
    members: pl.DataFrame
    opened: Ints
    alive: Ints


def crews_of(seed: int, count: int, since: date, first_account: int) -> Crews:
    """`count` networks, the typologies in turn."""
    networks, members = [], _members(seed, count, since)
    of_network, of_role = members["number"].to_numpy(), members["role"].to_numpy()
    for n in range(count):
        typology = TYPOLOGIES[n % len(TYPOLOGIES)]
        name = _name(n)
        places = {
            role: first_account + np.flatnonzero((of_network == n) & (of_role == role))
            for role in ("shop", *ROLES_OF[typology])
        }
        wallets = tuple(address("tron", seed, "world", name, k) for k in range(_WALLETS))
        networks.append(Network(n, name, typology, _kato(seed, n), wallets, places))
    return Crews(
        tuple(networks), members, _opened(seed, members), _alive(seed, members, first_account)
    )


def _name(n: int) -> str:
    return f"{TYPOLOGIES[n % len(TYPOLOGIES)]}-{n // len(TYPOLOGIES) + 1}"


def _kato(seed: int, n: int) -> str:
    return list(REGION_WEIGHTS)[number(seed, "network's region", n) % len(REGION_WEIGHTS)]


def _members(seed: int, count: int, since: date) -> pl.DataFrame:
    rows = [
        (n, _name(n), TYPOLOGIES[n % len(TYPOLOGIES)], _kato(seed, n), role, place)
        for n in range(count)
        for role, many in {"shop": 1, **ROLES_OF[TYPOLOGIES[n % len(TYPOLOGIES)]]}.items()
        for place in range(many)
    ]
    table = pl.DataFrame(rows, schema=_MEMBER, orient="row")
    numbers = _FIRST_MEMBER + np.arange(table.height)
    banks = pl.Series(picks(rng(seed, "crews"), table.height, BANKS))
    young = (pl.col("typology") == "recruits") & (pl.col("role") == "dropper")
    lives = table.select(pl.when(young).then(pl.lit("recruit")).otherwise(pl.lit("member")))
    accounts = clients_of(seed, numbers, banks).drop("kato")
    return (
        with_ages(accounts, lives.to_series(), since, seed)
        .with_columns(kind=pl.lit("not yet at work"))
        .hstack(table)
        .pipe(_in_few_hands, seed)
        .pipe(_on_one_device)
    )


def _in_few_hands(members: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Accounts held by a few people, each with one account at each of several banks."""
    is_held = (pl.col("typology") == "many_cards") & (pl.col("role") == "dropper")
    turn = members["place"].to_numpy() % _ACCOUNTS_OF_A_HOLDER
    banks = pl.Series(np.array(list(BANKS))[turn])
    spread = clients_of(seed, _FIRST_MEMBER * 2 + np.arange(members.height), banks)
    # The holder is whoever stands first among the five.
    holder = np.maximum(np.arange(members.height) - turn, 0)
    return members.with_columns(
        *(
            pl.when(is_held).then(spread[c]).otherwise(c).alias(c)
            for c in ("bank", "iban", "token")
        ),
        *(
            pl.when(is_held).then(members[c].gather(holder)).otherwise(c).alias(c)
            for c in ("iin", "device")
        ),
    )


def _on_one_device(members: pl.DataFrame) -> pl.DataFrame:
    is_led = (pl.col("typology") == "shared_device") & (pl.col("role") == "dropper")
    theirs = pl.col("device").filter(pl.col("role") == "operator").first().over("network")
    return members.with_columns(device=pl.when(is_led).then(theirs).otherwise("device"))


def _opened(seed: int, members: pl.DataFrame) -> Ints:
    """Recruits open theirs in the days before their wave; others were bought or are their own."""
    dice = rng(seed, "members' accounts")
    days = -dice.integers(5, 1_500, members.height)
    wave = members["place"].to_numpy() // WAVE_SIZE
    is_recruit = (members["typology"] == "recruits") & (members["role"] == "dropper")
    just_before = FIRST_WAVE + wave * WAVE_DAYS - dice.integers(0, 4, members.height)
    return np.where(is_recruit.to_numpy(), np.maximum(just_before, 0), days)


def _alive(seed: int, members: pl.DataFrame, first_account: int) -> Ints:
    chance = rng(seed, "members' lives").random(members.height) < _LEAD_A_LIFE
    has_another = ~members["typology"].is_in(["dormant_burst", "recruits"]).to_numpy()
    is_person = (members["role"] != "shop").to_numpy()
    is_slow = (members["typology"] == "slow").to_numpy()
    return first_account + np.flatnonzero((chance | is_slow) & has_another & is_person)
