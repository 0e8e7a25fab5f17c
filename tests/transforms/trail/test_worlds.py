"""Whole worlds of innocents and networks of every typology: roles told against what was planted.

The trail gets what banks and exchanges tell, and each shop's account; the truth is read after.
"""

from datetime import date
from functools import cache
from typing import NamedTuple

import polars as pl
import pytest

from infra.synthetic.worlds import world
from tests.transforms.drawings import accepted, rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.trail.crossing import crossings_of
from transforms.trail.parameters import limits, ties
from transforms.trail.role_signs import signs
from transforms.trail.roles import roles
from transforms.trail.seeds import SEED_NODES
from transforms.trail.trails import HOLDINGS, Told, trails
from transforms.trail.transfers import transfers

SINCE, DAYS, NETWORKS = date(2025, 6, 2), 8, 13
OF_TRAILS = ("card_transactions", "p2p_orders", "crypto_transfers", "crypto_prices")
WORLDS = (12, 13)
# Of the accounts told in a role, how many were planted in it; of all members at work in it, how
# many are told. Rules were found on worlds 7 to 10 and 21 to 24; these are others. Two in five
# droppers never meet the shop's money within the week: they are of the blocking list and not of
# its trail. One in four organizers is out of reach of any: he gets cash, or his ring has no shop.
FLOORS = {
    "shop": (1.0, 0.9),
    "operator": (0.9, 0.6),
    "organizer": (0.9, 0.6),
    "collector": (0.9, 0.5),
    "dropper": (0.85, 0.4),
    "cash_out_point": (0.4, 0.5),
}
PLANTED_AS = {"cash_out_point": "courier"}


class Found(NamedTuple):
    """Roles of accounts by haircut, holdings by every rule, and who was planted in which role."""

    roles: pl.DataFrame
    holdings: pl.DataFrame
    truth: pl.DataFrame


@cache
def found(seed: int) -> Found:
    made = world(seed, days=DAYS, people=600, networks=NETWORKS, since=SINCE)
    feeds = {feed: getattr(made, feed).lazy() for feed in (*OF_TRAILS, "exchange_rates")}
    moved = transfers(**feeds, fiat_transfers=accepted("fiat_transfers")).collect().lazy()
    tied = [crossings_of(day, moved, feeds["p2p_orders"], ties=ties()) for day in made.days]
    seeds = made.truth.networks.drop_nulls("shop_iban").select(
        case_no="network",
        node_kind=pl.lit("account"),
        node_id="shop_iban",
        from_at=pl.lit(made.card_transactions["booked_at"].min(), SEED_NODES.schema["from_at"]),
    )
    trail = trails(
        Told(moved, pl.concat(tied), accepted("wallet_labels")),
        seeds.lazy(),
        rows_of(HOLDINGS),
        limits=limits(),
        ties=ties(),
        since=SINCE,
        night=made.days[-1],
    )
    holdings = trail.holdings.collect()
    is_haircut = pl.col("rule_code") == "haircut"
    told = roles(
        moved,
        trail.steps.filter(is_haircut),
        holdings.lazy().filter(is_haircut),
        rows_of(ACCOUNT_ARRESTS),
        signs=signs(),
    )
    return Found(
        told.filter(pl.col("node_kind") == "account").collect(),
        holdings,
        made.truth.members.drop_nulls("first_on"),
    )


@pytest.mark.parametrize("role", FLOORS)
def test_roles_of_planted_members_are_found_and_few_others_are_given_them(role: str) -> None:
    counted = [_counted(found(seed), role) for seed in WORLDS]

    told, planted, right = (sum(column) for column in zip(*counted, strict=True))
    least_precision, least_recall = FLOORS[role]
    assert right / told >= least_precision
    assert right / planted >= least_recall


def _counted(one: Found, role: str) -> tuple[int, int, int]:
    told = one.roles.filter(role_code=role)["node_id"].unique()
    planted = one.truth.filter(role=PLANTED_AS.get(role, role))["account_iban"].unique()
    return len(told), len(planted), int(told.is_in(planted.to_list()).sum())


@pytest.mark.parametrize("seed", WORLDS)
def test_hardly_an_innocent_is_told_in_a_role(seed: int) -> None:
    """Whoever pays or is paid by a network is a payer or a recipient; hardly ever more."""
    members = found(seed).truth["account_iban"].to_list()
    innocent = found(seed).roles.filter(~pl.col("node_id").is_in(members))

    accused = innocent.filter(~pl.col("role_code").is_in(["payer", "recipient"]))
    assert innocent["node_id"].n_unique() > 100
    assert accused["node_id"].n_unique() <= innocent["node_id"].n_unique() / 100


@pytest.mark.parametrize("seed", WORLDS)
@pytest.mark.parametrize("rule", ["haircut", "fifo"])
def test_money_of_every_case_is_conserved_to_the_tiyn(rule: str, seed: int) -> None:
    of_cases = (
        found(seed)
        .holdings.filter(rule_code=rule)
        .group_by("case_no")
        .agg(pl.col("entered_tiyn", "held_tiyn", "ended_tiyn").sum())
    )

    assert of_cases.height == NETWORKS
    # Droppers who sleep for weeks before they burst have not moved yet.
    assert of_cases.filter(pl.col("entered_tiyn") == 0)["case_no"].to_list() == ["dormant_burst-1"]
    assert of_cases.filter(
        pl.col("entered_tiyn") != pl.col("held_tiyn") + pl.col("ended_tiyn")
    ).is_empty()
