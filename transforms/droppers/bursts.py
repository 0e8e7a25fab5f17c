"""Many others at once: fan-in and fan-out as bursts against an account's own pace.

Who pays or is paid by very many always does so; a pattern is more of them within days than its own
year would bring there. Counts are compared with a Poisson law whose mean is the account's share of
the network's traffic of those days; Chernoff's bound on it says how rare so many are, less what
is owed to having looked at as many windows.
"""

import math
from collections.abc import Sequence
from datetime import timedelta

import polars as pl


def bursts(of_legs: pl.LazyFrame, own: str, other: str, *, windows: Sequence[int]) -> pl.LazyFrame:
    """How surprising the busiest window of each account is, whether it is its own or another's.

    Args:
        of_legs: what `hops.legs` returns.
        own: the side that gathers or scatters: `to_id` or `from_id`.
        other: the other side.
        windows: lengths of the windows, in days; each ends with a leg.

    Returns:
        `account_id`, `surprise`. Those who pay into a burst, or are paid by it, have part in its
        surprise, less what is owed to being in many.
    """
    each = [_in_windows(of_legs, own, other, days, len(windows)) for days in windows]
    found = pl.concat(each).filter(pl.col("surprise") > 0)
    legs_of = of_legs.group_by(others=other).agg(n=pl.len())
    taking_part = (
        found.select("surprise", "others")
        .explode("others")
        .join(legs_of, on="others", validate="m:1")
        .select(account_id="others", surprise=pl.col("surprise") - _log10(pl.col("n")))
    )
    themselves = found.select("surprise", account_id=own)
    return (
        pl.concat([themselves, taking_part.select("surprise", "account_id")])
        .group_by("account_id")
        .agg(pl.col("surprise").max().clip(0))
    )


def excess_surprise(found: pl.Expr, expected: pl.Expr) -> pl.Expr:
    """Minus the decimal logarithm of Chernoff's bound on a Poisson count; 0 up to the mean."""
    nats = found * (found / expected).log() - found + expected
    return pl.when(found > expected).then(nats / math.log(10)).otherwise(0.0)


def _log10(count: pl.Expr) -> pl.Expr:
    return count.cast(pl.Float64).log10()


def _in_windows(of_legs: pl.LazyFrame, own: str, other: str, days: int, ways: int) -> pl.LazyFrame:
    legs_of = of_legs.group_by(own).agg(n=pl.len())
    found = pl.col("others").list.n_unique()
    looked_at = _log10(pl.col("n")) + math.log10(ways)
    return (
        of_legs.select("first_at", own, other)
        .sort(own, "first_at")
        .rolling(index_column="first_at", period=timedelta(days=days), group_by=own)
        .agg(others=pl.col(other))
        .join(legs_of, on=own, validate="m:1")
        .join(_traffic(of_legs, days), on="first_at", validate="m:1")
        .with_columns(
            surprise=(excess_surprise(found, pl.col("n") * pl.col("share")) - looked_at).clip(0)
        )
        .select(own, "others", "surprise")
    )


def _traffic(of_legs: pl.LazyFrame, days: int) -> pl.LazyFrame:
    """Of each moment with a leg: the share of all legs in the window that ends with it."""
    at_once = of_legs.group_by("first_at").agg(n=pl.len()).sort("first_at")
    return (
        at_once.with_columns(whole=pl.col("n").sum())
        .rolling(index_column="first_at", period=timedelta(days=days))
        .agg(share=pl.col("n").sum() / pl.col("whole").first())
    )
