"""Consignees: registered or not, newly founded, known from a case, related to each other."""

from collections.abc import Mapping

import polars as pl

from transforms.redelivery import latest
from transforms.sentences import sentence

_DAY = pl.col("registered_on")


def of_consignees(
    goods: pl.LazyFrame,
    legal_entities: pl.LazyFrame,
    card_arrest_orders: pl.LazyFrame,
    *,
    parameters: Mapping[str, float],
) -> pl.LazyFrame:
    """What is known against the consignee on the day of import; a row each.

    An entity that the register was not asked about is judged unregistered by nobody.

    Args:
        goods: rows of `LISTED_GOODS` that need a licence.
        legal_entities: accepted rows, the whole feed.
        card_arrest_orders: accepted rows; a consignee is known from a case where it, or its
            head, is named by an order of that day or before.

    Returns:
        Rows of `goods` with `violation_code`, `reason_code` and `explanation`.
    """
    known = goods.join(
        _entities(legal_entities),
        left_on="consignee_bin",
        right_on="entity_bin",
        how="inner",
        validate="m:1",
    )
    age = (_DAY - pl.col("founded_on")).dt.total_days()
    return pl.concat(
        [
            known.with_columns(reason_code=_not_registered())
            .filter(pl.col("reason_code").is_not_null())
            .with_columns(
                violation_code=pl.lit("consignee_unregistered"),
                explanation=sentence("registered_on={}", "registered_on"),
            ),
            known.filter(age.is_between(0, parameters["newly_founded_days"])).with_columns(
                violation_code=pl.lit("consignee_newly_founded"),
                reason_code=pl.lit("newly_founded"),
                explanation=sentence("founded_on={}; days={}", "founded_on", age),
            ),
            known_from_case(goods, legal_entities, card_arrest_orders),
        ],
        how="diagonal",
    ).select(*goods.collect_schema().names(), "violation_code", "reason_code", "explanation")


def known_from_case(
    goods: pl.LazyFrame, legal_entities: pl.LazyFrame, card_arrest_orders: pl.LazyFrame
) -> pl.LazyFrame:
    """Goods of consignees that they, or their heads, are named in a case by the day."""
    orders = (
        card_arrest_orders.select("ordered_on", "case_no", person="holder_iin")
        .drop_nulls()
        .group_by("person", "case_no")
        .agg(known_on=pl.col("ordered_on").min())
    )
    heads = _entities(legal_entities).select("entity_bin", person="head_iin").drop_nulls()
    own = goods.select(entity_bin="consignee_bin", person="consignee_bin").unique()
    cases = (
        pl.concat([heads, own])
        .unique()
        .join(orders, on="person", how="inner", validate="m:m")
        .group_by("entity_bin", "case_no")
        .agg(
            known_on=pl.col("known_on").min(),
            is_head=(pl.col("person") != pl.col("entity_bin")).all(),
        )
    )
    return (
        goods.join(
            cases, left_on="consignee_bin", right_on="entity_bin", how="inner", validate="m:m"
        )
        .filter(pl.col("known_on") <= _DAY)
        .sort("declaration_no", "item_no", "listed_id", "known_on", "case_no")
        .unique(["declaration_no", "item_no", "listed_id"], keep="first", maintain_order=True)
        .with_columns(
            violation_code=pl.lit("consignee_known_from_case"),
            reason_code=pl.when("is_head")
            .then(pl.lit("head_in_case"))
            .otherwise(pl.lit("entity_in_case")),
            explanation=sentence("case_no={}; known_on={}", "case_no", "known_on"),
        )
    )


def relations(legal_entities: pl.LazyFrame, *, most: float) -> pl.LazyFrame:
    """`entity_bin` and `relation`: entities of one head or one address have a relation in common.

    What more than `most` entities share (a business centre, a registrar) relates nobody.
    """
    entities = _entities(legal_entities)
    address = pl.col("address").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ")
    shared = pl.concat(
        [
            entities.select("entity_bin", relation=sentence("head {}", "head_iin")),
            entities.select("entity_bin", relation=sentence("address {}", address)),
        ]
    ).drop_nulls()
    sizes = shared.group_by("relation").agg(entities=pl.col("entity_bin").n_unique())
    return (
        shared.unique()
        .join(sizes, on="relation", how="left", validate="m:1")
        .filter(pl.col("entities").is_between(2, most))
        .select("entity_bin", "relation")
    )


def _entities(rows: pl.LazyFrame) -> pl.LazyFrame:
    columns = ["entity_bin", "status_code", "founded_on", "ended_on", "head_iin", "address"]
    return rows.pipe(latest, ("entity_bin",)).select(columns)


def _not_registered() -> pl.Expr:
    return (
        pl.when(pl.col("status_code") == "not_found")
        .then(pl.lit("not_found"))
        .when(pl.col("ended_on") <= _DAY)
        .then(pl.lit("liquidated"))
        .when(pl.col("founded_on") > _DAY)
        .then(pl.lit("not_yet_registered"))
    )
