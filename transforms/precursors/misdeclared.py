"""Misdeclaration: what is said of the goods contradicts their code, or what such goods cost."""

from collections.abc import Mapping

import polars as pl

from transforms.customs import ITEM
from transforms.precursors.lists import listed_things
from transforms.precursors.usual import unusual
from transforms.sentences import sentence

_MIXTURES = ["38", "30", "32", "33", "34", "35"]


def misdeclared(
    goods: pl.LazyFrame,
    needing: pl.LazyFrame,
    exchange_rates: pl.LazyFrame,
    *,
    parameters: Mapping[str, float],
) -> pl.LazyFrame:
    """Goods that need a licence and are declared as something else, or at an odd price.

    The text against the code comes first: a description that names a substance by CAS number or
    name, under a subheading that is not the substance's (for a substance that shares its
    subheading, not of its heading). A mixture may stand under a code of mixtures.

    Args:
        goods: all rows of `LISTED_GOODS`, for what is usual.
        needing: those that need a licence.

    Returns:
        Rows of `needing` with `violation_code`, `reason_code` and `explanation`.
    """
    columns = [*needing.collect_schema().names(), "violation_code", "reason_code", "explanation"]
    against = _text_against_code(needing)
    odd = needing.join(
        unusual(goods, exchange_rates, parameters=parameters), on=ITEM, how="inner", validate="m:1"
    ).join(against, on=ITEM, how="anti")
    return pl.concat(
        [
            frame.with_columns(violation_code=pl.lit("misdeclared")).select(columns)
            for frame in (against, odd)
        ]
    )


def _text_against_code(needing: pl.LazyFrame) -> pl.LazyFrame:
    own = listed_things().select("listed_id", "is_named", own_hs6="hs6")
    of_heading = pl.col("hs6").str.slice(0, 4) == pl.col("own_hs6").str.slice(0, 4)
    is_own = pl.when("is_named").then(pl.col("hs6") == pl.col("own_hs6")).otherwise(of_heading)
    is_mixture = pl.col("hs6").str.slice(0, 2).is_in(_MIXTURES) & (
        pl.col("told_percent").is_not_null() | (pl.col("role_code") != "main")
    )
    return (
        needing.join(own, on="listed_id", how="left", validate="m:1")
        .filter("is_told", ~pl.col("is_named_code"), ~is_own, ~is_mixture)
        .with_columns(
            reason_code=pl.lit("text_against_code"),
            explanation=sentence("hs6={}; own_hs6={}", "hs6", "own_hs6"),
        )
    )
