"""Money that goes on in nearly the same amount, soon after it came: the leg and the hop.

A leg is one payment, equal ones of a day taken together; a hop is two legs, into an account and
out of it. They are found by joins on account and class of amount, then on time: the cost grows
with the pairs that match, not with the pairs that there are.

How telling a match is, is said as surprise: minus the decimal logarithm of the number of such
matches to expect if amounts had nothing to do with each other. Two transfers of a round 10 000
tenge match all the time and surprise nobody; two of 147 213,40 do.
"""

import math
from datetime import timedelta

import polars as pl

LEG = ("from_id", "to_id", "day", "amount_tiyn")


def legs(transfers: pl.LazyFrame, *, most_counterparties: int) -> pl.LazyFrame:
    """Equal transfers of one payer to one payee on one day (UTC), as one leg.

    Accounts with more payers, or more payees, than `most_counterparties` are services (shops,
    employers, utilities): nothing is followed through them, so they are left out here.

    Returns:
        `leg` (in order of time), `from_id`, `to_id`, `day`, `amount_tiyn`, `first_at`, `last_at`,
        `repeats`.
    """
    moved = transfers.filter(pl.col("from_id") != pl.col("to_id"), pl.col("amount_tiyn") > 0)
    services = pl.concat(
        [
            moved.group_by(id=own)
            .agg(others=pl.col(other).n_unique())
            .filter(pl.col("others") > most_counterparties)
            .select("id")
            for own, other in (("from_id", "to_id"), ("to_id", "from_id"))
        ]
    ).unique()
    return (
        moved.join(services, left_on="from_id", right_on="id", how="anti")
        .join(services, left_on="to_id", right_on="id", how="anti")
        .group_by("from_id", "to_id", "amount_tiyn", day=pl.col("at").dt.date())
        .agg(
            first_at=pl.col("at").min(),
            last_at=pl.col("at").max(),
            repeats=pl.len().cast(pl.Int32),
        )
        .sort("first_at", *LEG)
        .with_row_index("leg")
    )


def hops(
    of_legs: pl.LazyFrame,
    *,
    within: timedelta,
    most_lost_share: float,
    is_order_kept: bool,
) -> pl.LazyFrame:
    """Pairs of legs, into an account and out of it, in nearly the same amount.

    Args:
        of_legs: what `legs` returns.
        within: longest time between the two.
        most_lost_share: by how much the smaller may be less than the larger. Where order is
            kept, only what goes out may be less: a commission.
        is_order_kept: the money comes before it goes.

    Returns:
        `leg`, `next_leg`, `payer`, `account`, `payee`, `at` and `next_at` (first transfers of
        the legs), `repeats` (the larger of the two) and `surprise`, in order of the legs.
    """
    width = -math.log(1 - most_lost_share)
    amount_class = (pl.col("amount_tiyn").log() / width).floor().cast(pl.Int64)
    onward = of_legs.select(
        pl.all().exclude("from_id", "day").name.prefix("next_"),
        account=pl.col("from_id"),
        onwards=pl.len().over("from_id"),
        amount_class=amount_class,
    )
    neighbours = [0, 1] if is_order_kept else [-1, 0, 1]
    into = of_legs.with_columns(
        account=pl.col("to_id"),
        amount_class=pl.concat_list([amount_class - n for n in neighbours]),
    ).explode("amount_class")
    low, high = (
        f("amount_tiyn", "next_amount_tiyn") for f in (pl.min_horizontal, pl.max_horizontal)
    )
    # A leg stands for a day of equal transfers: part of it may come before, part after.
    goes_on = pl.col("next_last_at") >= pl.col("first_at")
    if is_order_kept:
        goes_on &= pl.col("next_amount_tiyn") <= pl.col("amount_tiyn")
    gap = pl.max_horizontal("first_at", "next_first_at") - pl.min_horizontal(
        "last_at", "next_last_at"
    )
    return (
        into.join(onward, on=["account", "amount_class"], how="inner")
        .filter(
            goes_on if is_order_kept else pl.lit(True),
            gap <= within,
            low >= (high * (1 - most_lost_share)).floor(),
        )
        .with_columns(low=low, high=high)
        .pipe(_with_chance, of_legs)
        .select(
            "leg",
            "next_leg",
            "account",
            payer="from_id",
            payee="next_to_id",
            at="first_at",
            next_at="next_first_at",
            repeats=pl.max_horizontal("repeats", "next_repeats"),
            surprise=-(pl.col("chance") * pl.col("onwards")).clip(upper_bound=1.0).log10(),
        )
        .sort("leg", "next_leg")
    )


def _with_chance(pairs: pl.LazyFrame, of_legs: pl.LazyFrame) -> pl.LazyFrame:
    """The share of all legs whose amount lies between the two of each pair."""
    ranked = (
        of_legs.group_by("amount_tiyn")
        .agg(n=pl.len().cast(pl.Float64))
        .sort("amount_tiyn")
        .with_columns(upto=pl.col("n").cum_sum() / pl.col("n").sum())
        .with_columns(below=pl.col("upto").shift(1, fill_value=0.0))
    )
    below = ranked.select("below", low="amount_tiyn")
    upto = ranked.select("upto", high="amount_tiyn")
    return (
        pairs.join(below, on="low", how="left", validate="m:1")
        .join(upto, on="high", how="left", validate="m:1")
        .with_columns(chance=pl.col("upto") - pl.col("below"))
    )
