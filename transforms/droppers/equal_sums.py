"""The very same sum from many, or to many: how rare, and what is usual in a whole network."""

import math
from collections.abc import Iterable

import polars as pl

from transforms.droppers.bursts import excess_surprise

_MIDDLE, _TAIL, _TOLERATED = (0.5, 0.75), (0.9, 0.95, 0.99), 1.1


def equal_sums(of_legs: pl.LazyFrame, own: str, other: str) -> pl.LazyFrame:
    """Different others with the very same amount, beyond the number to expect.

    Of `n` payments on one side of an account, `n` times the amount's share of all would have it by
    chance. All who have part in it share its surprise, less what is owed to their many legs.

    Returns:
        `account_id`, `surprise`, `others`: the most others of one amount.
    """
    share = pl.len().over("amount_tiyn") / pl.len()
    expected = pl.len().over(own) * share
    found = pl.col(other).n_unique().over(own, "amount_tiyn")
    told = of_legs.select(
        own,
        other,
        others=found.cast(pl.Int64),
        surprise=pl.when(found > 1).then(excess_surprise(found, expected)).otherwise(0.0),
    )
    legs_of = {side: pl.len().over(side).cast(pl.Float64).log10() for side in (own, other)}
    return (
        pl.concat(
            told.select(
                account_id=side,
                others=pl.col("others") if side == own else pl.lit(1, pl.Int64),
                surprise=(pl.col("surprise") - legs_of[side]).clip(0),
            )
            for side in (own, other)
        )
        .group_by("account_id")
        .agg(pl.col("surprise", "others").max())
    )


def tempered(surprises: pl.LazyFrame, names: Iterable[str]) -> pl.LazyFrame:
    """Surprises of all accounts, a shape that is usual in this network taken for what it is there.

    By the law of a surprise one account in ten has 1 or more. Where already the middle of the
    accounts has a tenth more than is due to it, the law does not hold here: in some networks
    everybody pays equal sums. Such a shape is divided by how far it is off ("genomic control":
    Devlin and Roeder, Biometrics 55 (1999)), and others stay as they are.
    """
    return surprises.with_columns(_tempered(name).alias(name) for name in names)


def _tempered(name: str) -> pl.Expr:
    off = {q: pl.col(name).quantile(q) / -math.log10(1 - q) for q in (*_MIDDLE, *_TAIL)}
    middle = pl.max_horizontal(off[q] for q in _MIDDLE)
    is_off, all_of_it = middle > _TOLERATED, pl.max_horizontal(*off.values())
    return pl.col(name) / pl.when(is_off).then(all_of_it).otherwise(1.0)
