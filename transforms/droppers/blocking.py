"""The blocking list of a night: whom to block, with cards, reasons and what stands already."""

from datetime import date

import polars as pl

from transforms.arrests.clock import has_lapsed_on, is_held_on
from transforms.arrests.measures import state_on
from transforms.contracts import Column, Table
from transforms.droppers.alerts import ALERTS, most_urgent_first
from transforms.feeds.cells import INSTANT

REASON = pl.Struct(
    {
        "typology_code": pl.String(),
        "window_days": pl.Int32(),
        "measured": pl.Float64(),
        "threshold": pl.Float64(),
        "points": pl.Int64(),
    }
)

MODEL_REASON = pl.Struct(
    {"feature_code": pl.String(), "measured": pl.Float64(), "contribution": pl.Float64()}
)

STATES = ("to_block", "ordered", "exempted")
"""What is to be done: block it; wait for an order that stands; nothing, it is exempted."""

BLOCKING = Table(
    name="droppers.blocking",
    grain="one listed account on one night",
    key=("account_iban",),
    partitioned_by=(),
    columns=(
        Column(
            "state_code",
            pl.String(),
            "to_block; ordered, where an order is carried out, in part too, or not answered yet; "
            "exempted. An arrest that was lifted, returned or expired holds nothing: to_block.",
        ),
        Column("rank", pl.Int64(), "Place within its state; 1 is the most urgent."),
        *ALERTS.columns,
        Column(
            "cards",
            pl.List(pl.String()),
            "Tokens of the account's cards that were used in 90 days.",
            is_personal=True,
        ),
        Column(
            "arrest_code",
            pl.String(),
            "What became of orders to arrest it or its cards, of any case, by the night; the one "
            "that stands, else what says most. Null: none.",
            nullable=True,
        ),
        Column(
            "arrested_at",
            INSTANT,
            "When its bank arrested it in full, by an order of which all stands; else null.",
            nullable=True,
        ),
        Column(
            "left_since_tiyn",
            pl.Int64(),
            "Tenge that left it after that, up to the end of the night; else null.",
            unit="tiyn",
            nullable=True,
        ),
        Column(
            "held_until_on",
            pl.Date(),
            "Last day of a hold of a payment of it; null: none stands, or it has no known term.",
            nullable=True,
        ),
        Column(
            "is_held",
            pl.Boolean(),
            "A payment of it is held by bank or Anti-Fraud Centre on the night; a hold whose term "
            "is over lets the money go.",
        ),
        Column(
            "model_reasons",
            pl.List(MODEL_REASON),
            "Features that raised the model's score, the most first; none where it was not asked.",
        ),
        Column(
            "reasons",
            pl.List(REASON),
            "Its evidence, most points first; what favours the holder comes last.",
        ),
    ),
)

_STANDS = ("executed", "partly", "sent", "ordered")
_ENDED = ("confiscated", "returned", "lifted", "expired")
_FURTHEST = (*_STANDS, *_ENDED, "refused", "not_found")


def blocking(
    alerts: pl.LazyFrame,
    evidence: pl.LazyFrame,
    *,
    link_windows: pl.LazyFrame,
    measures: pl.LazyFrame,
    left_since: pl.LazyFrame,
    payment_holds: pl.LazyFrame,
    model_reasons: pl.LazyFrame,
    night: date,
) -> pl.LazyFrame:
    """The list of one night with all that decides what to do with each account.

    Args:
        alerts: `ALERTS` of the night.
        evidence: `EVIDENCE` of the same night.
        link_windows: `LINK_WINDOWS` of the same night: its cards.
        measures: `arrests.measures`: of accounts, by card orders and in the register.
        left_since: `left_since` of the listed accounts that banks arrested in full.
        payment_holds: `facts.payment_holds`.
        model_reasons: `MODEL_REASONS` of the same night.
        night: what was ordered, blocked or decided later is left out.

    Returns:
        `BLOCKING`: those to block first, then those with an order, then those exempted; within
        each those that money left after their arrest, then by score, then amount at stake.
    """
    key = "account_iban"
    state = (
        pl.when(pl.col("exemption_code").is_not_null())
        .then(pl.lit("exempted"))
        .when(pl.col("arrest_code").is_in(_STANDS))
        .then(pl.lit("ordered"))
        .otherwise(pl.lit("to_block"))
    )
    return (
        alerts.join(_cards(link_windows), on=key, how="left", validate="1:1")
        .join(_arrests(measures, night), on=key, how="left", validate="1:1")
        .join(left_since, on=key, how="left", validate="1:1")
        .join(_holds(payment_holds, night), on=key, how="left", validate="1:1")
        .join(_model_reasons(model_reasons), on=key, how="left", validate="1:1")
        .join(_reasons(evidence), on=key, how="left", validate="1:1")
        .with_columns(
            state_code=state,
            is_held=pl.col("is_held").fill_null(value=False),
            cards=pl.col("cards").fill_null([]),
            model_reasons=pl.col("model_reasons").fill_null(pl.lit([], pl.List(MODEL_REASON))),
            reasons=pl.col("reasons").fill_null(pl.lit([], pl.List(REASON))),
        )
        .pipe(most_urgent_first)
        .sort(
            pl.col("state_code").replace_strict(_PLACES),
            ~(pl.col("left_since_tiyn") > 0).fill_null(value=False),
            maintain_order=True,
        )
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("state_code"))
        .select(BLOCKING.schema.names())
        .pipe(BLOCKING.require)
    )


_PLACES = {state: place for place, state in enumerate(STATES)}


def draft_orders(blocking: pl.LazyFrame) -> pl.LazyFrame:
    """A row for each card to arrest: what is known of an order before a prosecutor fills it in.

    Args:
        blocking: `BLOCKING` of a night.

    Returns:
        `bank_bic`, `card_token`, `account_iban` and `holder_iin`, in the order of the list. An
        account without known cards has one row with an empty token; one of an unknown bank has
        none, since there is nobody to order. The region of an order is that of its case, not of
        the account, and nobody knows the case yet.
    """
    return (
        blocking.filter(pl.col("state_code") == "to_block", pl.col("bank_bic").is_not_null())
        .explode("cards", empty_as_null=True)
        .select(
            "bank_bic",
            "account_iban",
            "holder_iin",
            card_token="cards",  # noqa: S106 - a column
        )
    )


def _cards(links: pl.LazyFrame) -> pl.LazyFrame:
    of_cards = links.filter(pl.col("link_code") == "card")
    return of_cards.group_by("account_iban").agg(cards=pl.col("other").unique().sort())


def _arrests(measures: pl.LazyFrame, night: date) -> pl.LazyFrame:
    furthest = pl.col("arrest_code").replace_strict(
        {code: place for place, code in enumerate(_FURTHEST)}, return_dtype=pl.Int32
    )
    return (
        measures.filter(pl.col("asset_code") == "bank_account")
        .select(account_iban="asset_id", arrest_code=state_on(night))
        .drop_nulls("arrest_code")
        .group_by("account_iban")
        .agg(pl.col("arrest_code").sort_by(furthest).first())
    )


def _holds(holds: pl.LazyFrame, night: date) -> pl.LazyFrame:
    has_lapsed = has_lapsed_on(night).fill_null(value=False)
    stands = holds.filter(is_held_on(night), ~has_lapsed)
    return stands.group_by("account_iban").agg(
        held_until_on=pl.col("due_on").max(), is_held=pl.lit(value=True)
    )


def _model_reasons(told: pl.LazyFrame) -> pl.LazyFrame:
    one = pl.struct("feature_code", "measured", "contribution")
    raised = told.filter(pl.col("contribution") > 0).sort("rank")
    return raised.group_by("account_iban", maintain_order=True).agg(model_reasons=one)


def _reasons(evidence: pl.LazyFrame) -> pl.LazyFrame:
    one = pl.struct("typology_code", "window_days", "measured", "threshold", "points")
    heaviest = evidence.sort("points", "typology_code", descending=[True, False])
    return heaviest.group_by("account_iban", maintain_order=True).agg(reasons=one)
