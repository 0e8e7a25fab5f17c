"""Decisions on an account reach the cards on it, and decisions on all its cards the account.

One order arrests the cards of an account and the money behind them. Whoever frees all the money
frees the cards; whoever frees the last card leaves no card by which the money is held. A decision
on part of the money, or on some of the cards, reaches nothing else: the rest stays arrested.
"""

import polars as pl

from transforms.arrests.measure_sources import ASSET_OF_MEASURE

ENDS = ("lifted", "returned", "confiscated")
EVENT_COLUMNS = (
    *ASSET_OF_MEASURE,
    "event_code",
    "happened_on",
    "until_on",
    "event_id",
    "business_date",
    "tiyn",
)
_ACCOUNT = ["measure_id", "account_id"]
_IN_ORDER = ("happened_on", "event_id")


def carried_over(events: pl.LazyFrame, sources: pl.LazyFrame) -> pl.LazyFrame:
    """What decisions on accounts decide of their cards, and those on cards of their account.

    Ends are carried over, and extensions of the term; answers are not, as banks answer for each.

    Args:
        events: answers and decisions by the asset that they name, in `EVENT_COLUMNS`.
        sources: rows of `measure_sources.sources`.

    Returns:
        `EVENT_COLUMNS`, for the other side of each decision.
    """
    cards = (
        sources.filter(pl.col("asset_code") == "card")
        .drop_nulls("account_id")
        .select("measure_id", "account_id", card_id="asset_id")
    )
    is_extension = pl.col("event_code") == "extended"
    decided = events.with_columns(is_extension=is_extension).filter(
        is_extension | pl.col("event_code").is_in(ENDS)
    )
    parts = (_of_cards(decided, cards, sources), _of_account(decided, cards))
    return pl.concat([part.select(EVENT_COLUMNS) for part in parts])


def _of_cards(decided: pl.LazyFrame, cards: pl.LazyFrame, sources: pl.LazyFrame) -> pl.LazyFrame:
    """A decision on the whole account, or the one that brings several to the whole."""
    held = sources.select(*ASSET_OF_MEASURE, whole_tiyn=pl.col("held_tiyn").fill_null(0))
    of_kind = [*ASSET_OF_MEASURE, "is_extension"]
    told = pl.coalesce("tiyn", "whole_tiyn").cast(pl.Int128)
    so_far = told.cum_sum().over(of_kind, order_by=_IN_ORDER)
    is_whole = pl.col("is_extension") | pl.col("tiyn").is_null() | (so_far >= pl.col("whole_tiyn"))
    return (
        decided.filter(pl.col("asset_code") == "bank_account")
        .join(held, on=ASSET_OF_MEASURE, how="left", validate="m:1")
        .filter(is_whole)
        .join(cards, left_on=["measure_id", "asset_id"], right_on=_ACCOUNT, validate="m:m")
        .with_columns(asset_code=pl.lit("card"), asset_id="card_id", tiyn=pl.lit(None, pl.Int64))
    )


def _of_account(decided: pl.LazyFrame, cards: pl.LazyFrame) -> pl.LazyFrame:
    """Once each card of the account in the order is decided on, in the way of the last of them."""
    of_kind = [*_ACCOUNT, "is_extension"]
    known = cards.with_columns(cards=pl.len().over(_ACCOUNT))
    return (
        decided.filter(pl.col("asset_code") == "card")
        .sort(_IN_ORDER)
        .unique([*ASSET_OF_MEASURE, "is_extension"], keep="first", maintain_order=True)
        .join(
            known,
            left_on=["measure_id", "asset_id"],
            right_on=["measure_id", "card_id"],
            maintain_order="left",
            validate="m:1",
        )
        .group_by(of_kind, maintain_order=True)
        .agg(
            pl.col("event_code", "happened_on", "event_id").last(),
            pl.col("business_date", "until_on").max(),
            is_each=pl.len() == pl.col("cards").first(),
        )
        .filter("is_each")
        .with_columns(
            asset_code=pl.lit("bank_account"),
            asset_id="account_id",
            tiyn=pl.lit(None, pl.Int64),
        )
    )
