"""What banks tell of the holders of a world's accounts: telephone, address, day of opening."""

from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.dice import Ints, mixed, number, rng
from infra.synthetic.told import INSTITUTION
from infra.synthetic.worlds.crews import Crews
from infra.synthetic.worlds.people import People

_LED_BY_ANOTHER = 0.1
_IN_A_HOSTEL, _HOSTEL = 0.8, 25
_IN_A_DORMITORY, _DORMITORY = 0.4, 60
_SIM_SOLD_WITH_IT = {"shared_device": 0.9, "dormant_burst": 0.6, "card_bag": 0.5, "many_cards": 0.3}
_RENTED_TOGETHER = 0.6
_ROOM_MATES = 10


def holder_rows(people: People, crews: Crews, since: date, days: int, seed: int) -> pl.DataFrame:
    """One row an account of a client, delivered on its day of opening, or on the first day.

    Families share a telephone or an address, and so do hostels and dormitories; networks hold
    the SIM cards of accounts that they bought, and put recruits up together.
    """
    clients = people.accounts.select("bank", "iban", "iin", "token", "is_client").with_columns(
        opened=pl.Series(people.opened),
        phone=pl.Series(_phones_of_people(people, seed)),
        home=pl.Series(_homes_of_people(people, seed)),
    )
    members = crews.members.select("bank", "iban", "iin", "token", "is_client").with_columns(
        opened=pl.Series(crews.opened),
        phone=pl.Series(_phones_of_members(crews, seed)),
        home=pl.Series(_homes_of_members(crews, seed)),
    )
    told = pl.concat([clients, members]).filter("is_client", pl.col("opened") < days)
    opened = pl.lit(since) + pl.duration(days=pl.col("opened"))
    return told.sort("opened", "iban").select(
        pl.col("token").alias("CARD_TOKEN"),
        day=pl.col("opened").clip(0),
        ACCOUNT="iban",
        CURRENCY=pl.lit("KZT"),
        ROLE=pl.lit("owner"),
        HOLDER_NAME=pl.lit(None, pl.String),
        HOLDER_IIN="iin",
        OPENED_ON=opened.cast(pl.Date).cast(pl.String),
        CLOSED_ON=pl.lit(None, pl.String),
        SINCE=pl.lit(None, pl.String),
        UNTIL=pl.lit(None, pl.String),
        PHONE="phone",
        ADDRESS="home",
        **{INSTITUTION: pl.col("bank")},
    )


def _phones(of: Ints, seed: int, whose: str) -> list[str]:
    stems = mixed(of, number(seed, "phone", whose)) % np.uint64(10**9)
    return [f"+77{stem:09d}" for stem in stems.tolist()]


def _phones_of_people(people: People, seed: int) -> list[str]:
    """Own, or that of the first of the household, who leads the accounts of some of it."""
    firsts, _ = people.household
    is_led = rng(seed, "led").random(len(firsts)) < _LED_BY_ANOTHER
    is_led[people.of("led by family")] = True
    return _phones(
        np.where(is_led, firsts, np.arange(len(firsts)))[people.person_of], seed, "people"
    )


def _homes_of_people(people: People, seed: int) -> list[str]:
    firsts, _ = people.household
    home = np.array([f"household {first}" for first in firsts.tolist()], dtype=object)
    dice = rng(seed, "hostels")
    for kinds, share, size, name in (
        (("migrant", "remitter"), _IN_A_HOSTEL, _HOSTEL, "hostel"),
        (("student",), _IN_A_DORMITORY, _DORMITORY, "dormitory"),
    ):
        who = people.of(*kinds)
        who = who[dice.random(len(who)) < share]
        home[who] = [f"{name} {place // size}" for place in range(len(who))]
    return [str(where) for where in home[people.person_of]]


def _phones_of_members(crews: Crews, seed: int) -> list[str]:
    members = crews.members.select("network", "typology", "role", "iin")
    chance = rng(seed, "SIM cards").random(members.height)
    is_sold = [
        role == "dropper" and chance[n] < _SIM_SOLD_WITH_IT.get(typology, 0.0)
        for n, (typology, role) in enumerate(members.select("typology", "role").iter_rows())
    ]
    networks = members["network"].rank("dense").to_numpy()
    places = members.with_row_index("place").select(pl.col("place").first().over("iin"))
    whose = np.where(is_sold, networks + members.height, places["place"].to_numpy())
    return _phones(whose.astype(np.int64), seed, "members")


def _homes_of_members(crews: Crews, seed: int) -> list[str]:
    chance = rng(seed, "rented flats").random(crews.members.height)
    return [
        f"flat of {network} {place // _ROOM_MATES}"
        if typology == "recruits" and role == "dropper" and chance[n] < _RENTED_TOGETHER
        else f"home of {iin}"
        for n, (network, typology, role, place, iin) in enumerate(
            crews.members.select("network", "typology", "role", "place", "iin").iter_rows()
        )
    ]
