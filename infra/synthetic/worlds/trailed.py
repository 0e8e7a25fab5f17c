"""Where the money of a pretend world's shops went, by the night's own steps; and the truth."""

from typing import NamedTuple

import polars as pl

from infra.synthetic.worlds.world import World
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.feeds import FEED_BY_NAME
from transforms.trail.bank_legs import told_by_banks
from transforms.trail.crossing import crossings_of
from transforms.trail.parameters import limits, ties
from transforms.trail.role_signs import signs
from transforms.trail.roles import roles
from transforms.trail.seeds import SEED_NODES
from transforms.trail.trails import HOLDINGS, Told, trails
from transforms.trail.transfers import transfers

DAYS = 8
"""How long the money of a shop is followed."""

_FEEDS = ("card_transactions", "p2p_orders", "crypto_transfers", "crypto_prices", "exchange_rates")


class Trailed(NamedTuple):
    """`ROLES` of accounts by haircut, `HOLDINGS` by every rule, and members who were at work."""

    roles: pl.DataFrame
    holdings: pl.DataFrame
    members: pl.DataFrame


def trailed(made: World) -> Trailed:
    """What the trail from each shop's account tells of a world; no other seed is given."""
    feeds = {feed: getattr(made, feed).lazy() for feed in _FEEDS}
    no_wires = pl.LazyFrame(schema=FEED_BY_NAME["fiat_transfers"].accepted_table.schema)
    told = told_by_banks(feeds.pop("card_transactions"))
    moved = transfers(told, **feeds, fiat_transfers=no_wires).collect().lazy()
    tied = [crossings_of(day, moved, feeds["p2p_orders"], ties=ties()) for day in made.days]
    no_labels = pl.LazyFrame(schema=FEED_BY_NAME["wallet_labels"].accepted_table.schema)
    trail = trails(
        Told(moved, pl.concat(tied), no_labels),
        _shops(made),
        pl.LazyFrame(schema=HOLDINGS.schema),
        limits=limits(),
        ties=ties(),
        since=made.days[0],
        night=made.days[-1],
    )
    holdings = trail.holdings.collect()
    is_haircut = pl.col("rule_code") == "haircut"
    told = roles(
        moved,
        trail.steps.filter(is_haircut),
        holdings.lazy().filter(is_haircut),
        pl.LazyFrame(schema=ACCOUNT_ARRESTS.schema),
        signs=signs(),
    )
    return Trailed(
        told.filter(pl.col("node_kind") == "account").collect(),
        holdings,
        made.truth.members.drop_nulls("first_on"),
    )


def _shops(made: World) -> pl.LazyFrame:
    first = made.card_transactions["booked_at"].min()
    return (
        made.truth.networks.drop_nulls("shop_iban")
        .select(
            case_no="network",
            node_kind=pl.lit("account"),
            node_id="shop_iban",
            from_at=pl.lit(first, SEED_NODES.schema["from_at"]),
        )
        .lazy()
    )
