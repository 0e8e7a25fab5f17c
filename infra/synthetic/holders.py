"""Whose the accounts of bank traffic are: telephone, address, day of opening.

Banks tell it whole once, in the archive before their traffic begins; then each day of whom
another telephone is told. Telephones and addresses are tokens, so that nobody's can be meant.
"""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from infra.synthetic.days import all_days
from infra.synthetic.dice import Ints, Words, mixed, number, rng
from infra.synthetic.identities import hexadecimal
from infra.synthetic.scenario import LAST_DAY
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told

TOLD_WHOLE_ON = date(2025, 8, 15)

_LONGEST_OPEN, _NEWEST = 3_650, 40
_HOUSEHOLD, _LED_BY_ANOTHER = 3, 0.1
_IN_A_HOSTEL, _HOSTEL = 0.03, 25
_ANOTHER_TELEPHONE = 0.001

# What sets the droppers of a network apart; those of the third are led from one device.
_SIM_SOLD_WITH_IT = {"network-2": 0.75}
_RENTED_TOGETHER, _ROOM_MATES = {"network-1": 0.6}, 10
_RECRUITED_WITHIN = {"network-1": 60}


def account_holders(
    seed: int, ordinary: pl.DataFrame, busy: pl.DataFrame, members: pl.DataFrame
) -> Told:
    """The reference of accounts of the reporting banks.

    Args:
        ordinary: accounts as `identities.clients` gives them; a household's follow each other.
        busy: those that look like networks' and are not.
        members: of the networks, with `network`, `role` and `place`.
    """
    clients = pl.concat([ordinary, busy.select(ordinary.columns)])
    accounts = pl.concat([_of_clients(seed, clients), _of_members(seed, members)])
    changes = [_changed(seed, accounts, on) for on in _days_of_changes()]
    rows = pl.concat([accounts.with_columns(pl.lit(TOLD_WHOLE_ON).alias(EVENT_ON)), *changes])
    unsaid = pl.lit(None, pl.String)
    return Told(
        "account_holders",
        rows.select(
            pl.col("iban").alias("ACCOUNT"),
            pl.col("token").alias("CARD_TOKEN"),
            CURRENCY=pl.lit("KZT"),
            ROLE=pl.lit("owner"),
            HOLDER_NAME=unsaid,
            HOLDER_IIN="iin",
            OPENED_ON=(pl.lit(TOLD_WHOLE_ON) - pl.duration(days="open_days")).cast(pl.String),
            CLOSED_ON=unsaid,
            SINCE=unsaid,
            UNTIL=unsaid,
            CUSTOMER_NAME=unsaid,
            CUSTOMER_IIN=unsaid,
            PHONE="phone",
            ADDRESS="home",
            **{EVENT_ON: pl.col(EVENT_ON), INSTITUTION: pl.col("bank")},
        ),
    )


def _of_clients(seed: int, clients: pl.DataFrame) -> pl.DataFrame:
    dice = rng(seed, "holders")
    places = np.arange(clients.height)
    firsts = places // _HOUSEHOLD * _HOUSEHOLD
    is_led = dice.random(clients.height) < _LED_BY_ANOTHER
    in_a_hostel = dice.random(clients.height) < _IN_A_HOSTEL
    # Households and hostels are numbered apart.
    hostels = clients.height + np.cumsum(in_a_hostel) // _HOSTEL
    return _reached(
        seed,
        clients,
        open_days=dice.integers(_NEWEST, _LONGEST_OPEN, clients.height),
        phones=np.where(is_led, firsts, places),
        homes=np.where(in_a_hostel, hostels, firsts),
        whose="clients",
    )


def _of_members(seed: int, members: pl.DataFrame) -> pl.DataFrame:
    dice = rng(seed, "holders of networks")
    is_dropper = (members["role"] == "dropper").to_numpy()
    places, networks = np.arange(members.height), members["network"]

    def some(shares: dict[str, float]) -> npt.NDArray[np.bool_]:
        share = networks.replace_strict(shares, default=0.0, return_dtype=pl.Float64).to_numpy()
        return is_dropper & (dice.random(members.height) < share)

    group = networks.rank("dense").to_numpy().astype(np.int64) * members.height
    rooms = group + members["place"].to_numpy() // _ROOM_MATES
    longest = networks.replace_strict(
        _RECRUITED_WITHIN, default=_LONGEST_OPEN, return_dtype=pl.Int64
    ).to_numpy()
    return _reached(
        seed,
        members,
        open_days=dice.integers(1, np.where(is_dropper, longest, _LONGEST_OPEN)),
        phones=np.where(some(_SIM_SOLD_WITH_IT), group, places),
        homes=np.where(some(_RENTED_TOGETHER), rooms, places),
        whose="members",
    )


def _reached(
    seed: int, accounts: pl.DataFrame, *, open_days: Ints, phones: Ints, homes: Ints, whose: str
) -> pl.DataFrame:
    return accounts.select("bank", "iban", "token", "iin").with_columns(
        open_days=pl.Series(open_days),
        phone=_token(mixed(phones, number(seed, "phone", whose))),
        home=_token(mixed(homes, number(seed, "home", whose))),
    )


def _token(chance: Words) -> pl.Series:
    """A keyed digest, as banks make it of a telephone or an address."""
    return hexadecimal(chance) + hexadecimal(mixed(chance, 1))


def _days_of_changes() -> list[date]:
    return all_days(TOLD_WHOLE_ON + timedelta(days=1), LAST_DAY)


def _changed(seed: int, accounts: pl.DataFrame, on: date) -> pl.DataFrame:
    """Who has another telephone since that day."""
    dice = rng(seed, "another telephone", on)
    count = int(accounts.height * _ANOTHER_TELEPHONE)
    who = np.sort(dice.choice(accounts.height, count, replace=False))
    return accounts[who].with_columns(
        pl.lit(on).alias(EVENT_ON), phone=_token(mixed(who, number(seed, "another telephone", on)))
    )
