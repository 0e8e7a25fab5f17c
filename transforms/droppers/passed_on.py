"""How much of the money that came in during a day left again, and how soon.

Within an account's day, money is a queue: what goes out takes the oldest money of transfers in
that has not gone yet. What goes out beyond all that came in by then is money from before the day
and takes nothing. So with `came` and `went` as sums up to a moment, the amount taken up to then
is `went` less the greatest excess of `went` over `came` so far: exact, and without a queue.
"""

import polars as pl

from transforms.droppers.parameters import in_force
from transforms.money import total

_DAY = ["business_date", "account_iban"]
_WAYS_OUT = ["cash_out", "exchange_topups", "transfers_out"]
_MICROSECONDS_OF_TWO_DAYS = 2 * 24 * 60 * 60 * 1_000_000


def passed_on(movements: pl.LazyFrame, parameters: pl.DataFrame) -> pl.LazyFrame:
    """For each account and day on which anything was passed on: how much, how soon, which way.

    At one moment, money comes before it goes, and cash goes first. Purchases and utilities are
    no passing on: they take nothing.

    Args:
        movements: as `movements` gives them.
        parameters: dated; `passed_on_soon_minutes`, at most a day, is what soon means.

    Returns:
        `business_date`, `account_iban` and the measures named `passed_on_…_tiyn` and
        `…_after_transfers_in_tiyn`.
    """
    taken = pl.col("taken") - pl.col("taken_before")
    late = pl.max_horizontal("taken_before", pl.col("came_long_ago").fill_null(0))
    return (
        _queue(movements)
        .pipe(_with_old_money, parameters)
        .filter(taken > 0)
        .select(
            *_DAY,
            "kind",
            taken=taken,
            soon=(pl.col("taken") - late).clip(lower_bound=0),
        )
        .group_by(_DAY)
        .agg(
            passed_on_soon_tiyn=total("soon"),
            passed_on_same_day_tiyn=total("taken"),
            cash_out_after_transfers_in_tiyn=_taken_as("cash_out"),
            exchange_topups_after_transfers_in_tiyn=_taken_as("exchange_topups"),
        )
    )


def _taken_as(kind: str) -> pl.Expr:
    return (
        pl.when(pl.col("kind") == kind)
        .then(pl.col("taken").cast(pl.Int128))
        .otherwise(0)
        .sum()
        .cast(pl.Int64)
    )


def _queue(movements: pl.LazyFrame) -> pl.LazyFrame:
    is_in = pl.col("kind") == "transfers_in"
    amount = pl.col("amount_minor").cast(pl.Int128)
    moving = movements.filter(
        pl.col("is_tenge"), pl.col("kind").is_in(["transfers_in", *_WAYS_OUT])
    ).select(*_DAY, "booked_at", "kind", "amount_minor")
    through = (
        moving.group_by(_DAY)
        .agg(has_in=is_in.any(), has_out=(~is_in).any())
        .filter("has_in", "has_out")
        .select(_DAY)
    )
    return (
        moving.join(through, on=_DAY, how="semi")
        .sort(*_DAY, "booked_at", ~is_in, "kind", "amount_minor")
        .with_columns(is_in=is_in, run=pl.struct(_DAY).rle_id().cast(pl.Int64))
        .with_columns(
            came=pl.when("is_in").then(amount).otherwise(0).cum_sum().over("run").cast(pl.Int64),
            went=pl.when("is_in").then(0).otherwise(amount).cum_sum().over("run").cast(pl.Int64),
        )
        .with_columns(
            taken=pl.col("went")
            - (pl.col("went") - pl.col("came")).clip(lower_bound=0).cum_max().over("run")
        )
        .with_columns(taken_before=pl.col("taken").shift(1, fill_value=0).over("run"))
    )


def _with_old_money(queue: pl.LazyFrame, parameters: pl.DataFrame) -> pl.LazyFrame:
    """For each row out: `came_long_ago`, the money that came before it would be soon."""
    since_midnight = pl.col("booked_at").dt.epoch("us") - pl.col("business_date").dt.epoch("us")
    # Runs far apart on one axis: one search through all, instead of one for each account.
    moment = pl.col("run") * _MICROSECONDS_OF_TWO_DAYS + since_midnight
    soon = in_force(parameters, "passed_on_soon_minutes", pl.col("business_date")) * 60_000_000
    placed = queue.with_columns(moment=moment)
    came = placed.filter("is_in").select("moment", came_run="run", came_long_ago="came")
    return (
        placed.filter(~pl.col("is_in"))
        .with_columns(soon_since=pl.col("moment") - soon)
        .sort("soon_since", maintain_order=True)
        .join_asof(
            came,
            left_on="soon_since",
            right_on="moment",
            allow_exact_matches=False,
        )
        .with_columns(
            came_long_ago=pl.when(pl.col("came_run") == pl.col("run")).then("came_long_ago")
        )
    )
