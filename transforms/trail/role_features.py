"""What the nodes of a trail do, measured: from whom they get, what they pass on, where to.

Members of a case are the nodes of its trail, and its feeders: accounts beside it that bring it
money all the same.
"""

import polars as pl

from transforms.money import total
from transforms.trail.counterparties import (
    EXIT_KINDS,
    NODE,
    both_ways,
    is_from_people,
    while_it_lasts,
)
from transforms.trail.feeders import feeders
from transforms.trail.reach import moves_something
from transforms.trail.role_signs import Signs

_OF = ["case_no", "rule_code"]


def features(
    transfers: pl.LazyFrame, steps: pl.LazyFrame, holdings: pl.LazyFrame, *, signs: Signs
) -> pl.LazyFrame:
    """One row for each member of each case and rule, with all that roles are told by.

    The feeders are told from the trail's own neighbours first, so it collects.

    Args:
        transfers: `facts.transfers` of the days that were followed.
        steps: `STEPS` of those days.
        holdings: `HOLDINGS` of the last night.
        signs: thresholds.
    """
    moved = transfers.filter(moves_something())
    nodes = holdings.select(
        *NODE,
        "node_kind",
        "layer",
        "came_in_tiyn",
        "went_out_tiyn",
        "held_tiyn",
        "first_at",
        "last_at",
        is_seed=pl.col("seed_from_at").is_not_null(),
    )
    window = while_it_lasts(nodes)
    on_trail = nodes.filter(pl.col("node_kind") == "account").select(NODE)
    nodes = nodes.join(_all_in(moved, on_trail, window), on=NODE, how="left", validate="1:1")
    passes_on = _share("went_out_tiyn", "came_in_tiyn") >= signs.passes_on_share
    goes_through = passes_on & is_of_the_case(signs) | pl.col("is_seed")
    through = nodes.filter(pl.col("node_kind") == "account", goes_through).select(NODE)
    bringing = feeders(moved, through, window, signs=signs)
    beside = bringing.join(on_trail, on=NODE, how="anti").drop("feeds_share", "fed_tiyn")
    members = pl.concat([on_trail, beside.select(NODE)])
    paid_by = _from_outside(moved, members, window).cache()
    return (
        pl.concat([nodes, beside], how="diagonal")
        .with_columns(pl.col("is_seed").fill_null(value=False))
        .join(
            bringing.select(*NODE, "feeds_share", "fed_tiyn"), on=NODE, how="left", validate="1:1"
        )
        .join(paid_by, on=NODE, how="left", validate="1:1")
        .join(_gathered_below(moved, members, window, paid_by), on=NODE, how="left", validate="1:1")
        .join(_carried_out(steps, moved, through), on=NODE, how="left", validate="1:1")
        .join(_paid_in(steps), on=NODE, how="left", validate="1:1")
        .join(_handed_to(steps), on=NODE, how="left", validate="1:1")
        .join(_exchanges(steps, moved), on=NODE, how="left", validate="1:1")
        .with_columns(
            passes_on_share=_share("went_out_tiyn", "came_in_tiyn"),
            keeps_share=1 - _share("handed_on_tiyn", "came_in_tiyn").fill_null(0),
            exits_share=_share("exits_tiyn", "went_out_tiyn"),
            cash_share=_share("cash_tiyn", "went_out_tiyn"),
            inside_share=_share("forwards_tiyn", "went_out_tiyn"),
            through_share=_share("through_tiyn", "went_out_tiyn"),
            outside_share=_share("outside_tiyn", "all_in_tiyn"),
            inside_in_share=_share("inside_tiyn", "all_in_tiyn"),
        )
    )


def is_of_the_case(signs: Signs) -> pl.Expr:
    """What came to an account is the case's money to more than a trace."""
    return pl.col("came_in_tiyn") >= signs.tainted_share * pl.col("got_tiyn")


def _all_in(moved: pl.LazyFrame, accounts: pl.LazyFrame, window: pl.LazyFrame) -> pl.LazyFrame:
    return (
        both_ways(moved, accounts, window, end="to")
        .group_by(NODE)
        .agg(got_tiyn=total("amount_tiyn"))
    )


def _from_outside(moved: pl.LazyFrame, members: pl.LazyFrame, window: pl.LazyFrame) -> pl.LazyFrame:
    is_outside = is_from_people() & ~pl.col("is_inside")
    is_inside = is_from_people() & pl.col("is_inside")
    return (
        both_ways(moved, members, window, end="to")
        .with_columns(
            outside=pl.when(is_outside).then("amount_tiyn").otherwise(0),
            inside=pl.when(is_inside).then("amount_tiyn").otherwise(0),
        )
        .group_by(NODE)
        .agg(
            outside_payers=pl.col("other").filter(is_outside).n_unique().cast(pl.Int64),
            outside_tiyn=total("outside"),
            inside_tiyn=total("inside"),
            all_in_tiyn=total("amount_tiyn"),
            inside_payers=pl.col("other").filter(is_inside).n_unique().cast(pl.Int64),
        )
    )


def _gathered_below(
    moved: pl.LazyFrame, members: pl.LazyFrame, window: pl.LazyFrame, paid_by: pl.LazyFrame
) -> pl.LazyFrame:
    """By how many people of the case those are paid who pay a member, in the mean of them.

    Who pays a collector gathers nothing: he is paid by buyers, or once by who scatters. In a ring
    that sums run through, whoever pays gathers as much as whoever is paid.
    """
    payers = paid_by.select(*_OF, other_id="node_id", theirs="inside_payers")
    return (
        both_ways(moved, members, window, end="to")
        .filter(is_from_people(), "is_inside")
        .select(*NODE, "other_id")
        .unique()
        .join(payers, on=[*_OF, "other_id"], how="left", validate="m:1")
        .group_by(NODE)
        .agg(payers_gather=pl.col("theirs").fill_null(0).mean())
    )


def _carried_out(steps: pl.LazyFrame, moved: pl.LazyFrame, through: pl.LazyFrame) -> pl.LazyFrame:
    """Tainted money by where it went: cash, out of the banks, or on to accounts, and which."""
    passing = through.rename({"node_id": "to_id"}).with_columns(is_through=pl.lit(value=True))
    operations = moved.select("transfer_id", "operation_code")
    is_exchange = pl.col("operation_code") == "exchange_topup"
    is_exit = pl.col("to_kind").is_in(EXIT_KINDS) | is_exchange
    is_forward = pl.col("to_kind") == "account"
    return (
        steps.join(operations, on="transfer_id", how="left", validate="m:1")
        .join(passing, on=[*_OF, "to_id"], how="left", validate="m:1")
        .with_columns(
            through=pl.when("is_through").then("tainted_tiyn").otherwise(0),
            cash=pl.when(pl.col("to_kind") == "cash").then("tainted_tiyn").otherwise(0),
            exits=pl.when(is_exit).then("tainted_tiyn").otherwise(0),
            # What is spent at merchants is not passed on to anybody.
            handed_on=pl.when(is_exit | is_forward).then("tainted_tiyn").otherwise(0),
            forwards=pl.when(is_forward).then("tainted_tiyn").otherwise(0),
        )
        .group_by(*_OF, node_id="from_id")
        .agg(
            cash_tiyn=total("cash"),
            exits_tiyn=total("exits"),
            forwards_tiyn=total("forwards"),
            through_tiyn=total("through"),
            handed_on_tiyn=total("handed_on"),
        )
    )


def _paid_in(steps: pl.LazyFrame) -> pl.LazyFrame:
    """How many tainted payments came to a node."""
    return steps.group_by(*_OF, node_id="to_id").agg(
        tainted_payments=pl.col("transfer_id").n_unique().cast(pl.Int64)
    )


def _handed_to(steps: pl.LazyFrame) -> pl.LazyFrame:
    """To how many accounts tainted money went, by its amount: few small gifts count for little.

    The inverse of Simpson's index: 1 where one got all, n where n got as much each.
    """
    amount = pl.col("tainted_tiyn").cast(pl.Float64)
    return (
        steps.filter(pl.col("to_kind") == "account")
        .group_by(*_OF, "from_id", "to_id")
        .agg(tainted_tiyn=total("tainted_tiyn"))
        .group_by(*_OF, node_id="from_id")
        .agg(inside_payees=amount.sum() ** 2 / (amount**2).sum())
    )


def _exchanges(steps: pl.LazyFrame, moved: pl.LazyFrame) -> pl.LazyFrame:
    """Services that were paid to top up an account at an exchange."""
    topups = moved.filter(pl.col("operation_code") == "exchange_topup").select("transfer_id")
    return (
        steps.join(topups, on="transfer_id", how="semi")
        .select(*_OF, node_id="to_id", is_exchange=pl.lit(value=True))
        .unique()
    )


def _share(part: str, whole: str) -> pl.Expr:
    """Null where there is nothing of which it could be a share."""
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))
