"""Splitting: unlicensed consignments that each stay under a threshold and together exceed it."""

from collections.abc import Mapping

import polars as pl

from transforms.customs import ITEM
from transforms.precursors.consignees import relations
from transforms.precursors.lists import thresholds
from transforms.sentences import sentence

_GRAMS = 1000
_DAY = pl.col("registered_on")


def splittings(
    unlicensed: pl.LazyFrame, legal_entities: pl.LazyFrame, *, parameters: Mapping[str, float]
) -> pl.LazyFrame:
    """Items of a splitting by one consignee, and by consignees related to each other.

    Held together are items of one substance, none above its threshold, within some days; a
    splitting they are where there are enough of them and their sum is above it. Related are
    entities with one head or one address; what one of them did alone is not told as theirs.

    Args:
        unlicensed: goods without a licence on the day: who has one need not hide under it.
        legal_entities: accepted rows, the whole feed.

    Returns:
        Rows of `unlicensed` with `violation_code`, `reason_code` and `explanation`.
    """
    small = (
        unlicensed.join(thresholds(), on="listed_id", how="inner", validate="m:1")
        .filter(
            pl.col("threshold_from") <= _DAY,
            pl.col("threshold_to").is_null() | (pl.col("threshold_to") >= _DAY),
        )
        .with_columns(threshold_g=(pl.col("threshold_kg") * _GRAMS).round().cast(pl.Int64))
        .filter(pl.col("substance_g") > 0, pl.col("substance_g") <= pl.col("threshold_g"))
    )
    alone = small.with_columns(group=pl.col("consignee_bin"))
    related = small.join(
        relations(legal_entities, most=parameters["related_most_entities"]),
        left_on="consignee_bin",
        right_on="entity_bin",
        how="inner",
        validate="m:m",
    ).with_columns(group=pl.col("relation"))
    columns = [*unlicensed.collect_schema().names(), "violation_code", "reason_code", "explanation"]
    found = [
        _split(
            alone,
            parameters,
            least_entities=1,
            code="split_under_threshold",
            reason="one_consignee",
        ),
        _split(
            related,
            parameters,
            least_entities=2,
            code="split_among_related",
            reason="related_consignees",
        ),
    ]
    return pl.concat([frame.select(columns) for frame in found])


def _split(
    small: pl.LazyFrame,
    parameters: Mapping[str, float],
    *,
    least_entities: int,
    code: str,
    reason: str,
) -> pl.LazyFrame:
    days = int(parameters["split_window_days"])
    one = small.select(
        "group", "listed_id", "registered_on", "consignee_bin", "substance_g", "threshold_g", *ITEM
    )
    together = (
        one.select("group", "listed_id", ends="registered_on")
        .unique()
        .join(one, on=["group", "listed_id"], how="inner", validate="m:m")
        .filter((pl.col("ends") - _DAY).dt.total_days().is_between(0, days - 1))
        .group_by("group", "listed_id", "ends")
        .agg(
            items=pl.len(),
            entities=pl.col("consignee_bin").n_unique(),
            sum_g=pl.col("substance_g").sum(),
            over_g=pl.col("threshold_g").min(),
        )
        .filter(
            pl.col("items") >= parameters["split_least_consignments"],
            pl.col("entities") >= least_entities,
            pl.col("sum_g") > pl.col("over_g"),
        )
    )
    told = sentence("items={}; sum_g={}; over_g={}", "items", "sum_g", "over_g")
    return (
        small.join(together, on=["group", "listed_id"], how="inner", validate="m:m")
        .filter((pl.col("ends") - _DAY).dt.total_days().is_between(0, days - 1))
        .with_columns(violation_code=pl.lit(code), reason_code=pl.lit(reason), explanation=told)
        .sort(*ITEM, "listed_id", "ends", "group")
        .unique([*ITEM, "listed_id"], keep="last", maintain_order=True)
    )
