"""Rings: money that comes back to where it started, in nearly the same amount.

Walks are grown hop by hop from their earliest leg. Simple cycles are never enumerated: hops that
surprise nobody are not followed, and a walk along the others dies out by itself.
"""

import math
from datetime import timedelta

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.hops import hops, legs
from transforms.feeds.cells import INSTANT

RINGS = Table(
    name="droppers.rings",
    grain="one ring of transfers, found once whichever account it is read from",
    key=("first_at", "accounts"),
    columns=(
        Column("first_at", INSTANT, "First transfer of the ring."),
        Column("last_at", INSTANT, "Last transfer of the ring."),
        Column("legs", pl.Int32(), "Transfers in the ring, equal ones of a day as one."),
        Column("most_tiyn", pl.Int64(), "The largest of its amounts.", unit="tiyn"),
        Column("kept_share", pl.Float64(), "Smallest amount over the largest.", unit="ratio"),
        Column(
            "is_in_order",
            pl.Boolean(),
            "Each transfer came no later than the next, read from the first of them. False where "
            "a leg was paid before the money reached it: a loan, or a lag between banks.",
        ),
        Column(
            "surprise",
            pl.Float64(),
            "How unlikely such a ring is where amounts are unrelated.",
            unit="decimal orders of magnitude",
        ),
        Column("accounts", pl.List(pl.String()), "Members in order of payment.", is_personal=True),
    ),
    partitioned_by=(),
)


def rings(
    transfers: pl.LazyFrame,
    *,
    most_legs: int,
    within: timedelta,
    most_lost_share: float,
    most_counterparties: int,
    is_order_kept: bool,
) -> pl.LazyFrame:
    """Rings of three to `most_legs` accounts, each transfer nearly as large as the one before.

    A hop that as many matches as it has would bring by chance is not followed. Collects, since a
    further leg is only looked for where the last one led.

    Args:
        transfers: `facts.transfers`, or any frame of `from_id`, `to_id`, `at`, `amount_tiyn`.
        most_legs: longest ring.
        within: longest time from its first transfer to its last.
        most_lost_share: by how much amounts may differ from one leg to the next.
        most_counterparties: an account with more payers or payees is a service and no member.
        is_order_kept: only rings that money could have run through.

    Returns:
        `RINGS`, the most surprising first; of several with the same members and beginning, that
        one only.
    """
    of_legs = legs(transfers, most_counterparties=most_counterparties).collect()
    surprising = (
        hops(
            of_legs.lazy(),
            within=within,
            most_lost_share=most_lost_share,
            is_order_kept=is_order_kept,
        )
        .filter(pl.col("surprise") > 0)
        .collect()
        .pipe(_that_may_return, rounds=0 if is_order_kept else most_legs)
    )
    closed = [_closed(walk) for walk in _walks(surprising, most_legs)]
    everyone = pl.concat([of_legs["from_id"], of_legs["to_id"]]).n_unique()
    return (
        pl.concat(closed)
        .lazy()
        .pipe(_told, of_legs.lazy(), everyone)
        .filter(pl.col("last_at") - pl.col("first_at") <= within)
        .with_columns(members=pl.col("accounts").list.sort())
        .sort("surprise", "first_at", "accounts", descending=[True, False, False])
        .unique(subset=["first_at", "members"], keep="first", maintain_order=True)
        .drop("members")
        .pipe(RINGS.require)
    )


def _that_may_return(surprising: pl.DataFrame, *, rounds: int) -> pl.DataFrame:
    """Hops with one before them and one behind them, looked at so many times.

    Where order is kept, the first leg of a ring has none before it, and nothing can be left out.
    """
    for _ in range(rounds):
        kept = surprising.join(
            surprising.select("leg"), left_on="next_leg", right_on="leg", how="semi"
        )
        kept = kept.join(kept.select("next_leg"), left_on="leg", right_on="next_leg", how="semi")
        if kept.height == surprising.height:
            break
        surprising = kept
    return surprising


def _walks(surprising: pl.DataFrame, most_legs: int) -> list[pl.DataFrame]:
    """Walks of three legs, four, and so on, each read from its earliest leg."""
    walks = [
        surprising.filter(
            pl.col("next_at") >= pl.col("at"),
            pl.col("payer").is_in(surprising["payee"].unique().implode()),
        ).select(
            start="payer",
            end="payee",
            last="next_leg",
            first_at="at",
            surprise="surprise",
            path=pl.concat_list("leg", "next_leg"),
            accounts=pl.concat_list("payer", "account"),
        )
    ]
    onward = surprising.select(
        "next_leg", "next_at", "payee", at_account="account", last="leg", more="surprise"
    )
    for _ in range(most_legs - 2):
        is_open = ~pl.col("end").is_in(pl.col("accounts"))
        walks.append(
            walks[-1]
            .filter(is_open)
            .join(onward, on="last", how="inner")
            .filter(pl.col("next_at") >= pl.col("first_at"))
            .select(
                "start",
                "first_at",
                end="payee",
                last="next_leg",
                surprise=pl.col("surprise") + pl.col("more"),
                path=pl.concat_list("path", "next_leg"),
                accounts=pl.concat_list("accounts", "at_account"),
            )
        )
    return walks[1:]


def _closed(walks: pl.DataFrame) -> pl.DataFrame:
    return walks.filter(pl.col("end") == pl.col("start"))


def _told(closed: pl.LazyFrame, of_legs: pl.LazyFrame, everyone: int) -> pl.LazyFrame:
    """Times and amounts of the legs, and that the last of them found the first payer by chance."""
    following = pl.col("last_at").shift(-1) >= pl.col("first_at")
    legs_of = (
        closed.drop("first_at")
        .with_row_index("n")
        .explode("path")
        .join(of_legs, left_on="path", right_on="leg", how="left", validate="m:1")
        .group_by("n", maintain_order=True)
        .agg(
            first_at=pl.col("first_at").min(),
            last_at=pl.col("last_at").max(),
            legs=pl.len().cast(pl.Int32),
            most_tiyn=pl.col("amount_tiyn").max(),
            kept_share=pl.col("amount_tiyn").min() / pl.col("amount_tiyn").max(),
            is_in_order=following.all(),
        )
    )
    return (
        legs_of.join(closed.drop("first_at").with_row_index("n"), on="n", validate="1:1")
        .with_columns(surprise=pl.col("surprise") + math.log10(max(everyone, 1)))
        .select(RINGS.schema.names())
    )
