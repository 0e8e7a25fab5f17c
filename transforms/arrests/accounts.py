"""Arrests of accounts: the cards of one order that lie on one account, taken together.

A card is ordered to be arrested; what is held is the account's money. Cards, accounts and
holders are three counts, and an account with two cards is one account.
"""

import polars as pl

from transforms.arrests.cards import CARD_ARRESTS, ORDER, card_arrests, is_carried_out
from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.periods import civil_date
from transforms.redelivery import earliest

ACCOUNT_OF_ORDER = ("order_id", "account_iban")

ACCOUNT_ARRESTS = Table(
    name="facts.account_arrests",
    grain="one account in one arrest order",
    key=ACCOUNT_OF_ORDER,
    columns=(
        Column("business_date", pl.Date(), "Day of the delivery that first named the account."),
        Column("order_id", pl.String(), "Number of the arrest order."),
        Column("account_iban", pl.String(), "Account behind the cards, IBAN.", is_personal=True),
        Column("bank_bic", pl.String(), "Bank that has to carry it out."),
        Column("holder_iin", pl.String(), "Holder's IIN.", is_personal=True),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("agency_code", pl.String(), "Who asked for the arrest."),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
        Column("ordered_on", pl.Date(), "Day on which the order was sanctioned."),
        Column("cards", pl.Int64(), "Cards of the account in the order.", unit="cards"),
        Column(
            "status_code",
            pl.String(),
            "executed or partly once one of its cards is arrested, pending while an answer is "
            "owed, refused, or not_found.",
        ),
        Column(
            "executed_at",
            INSTANT,
            "When the first of its cards was arrested, in full or in part; else null.",
            nullable=True,
        ),
        Column("executed_on", pl.Date(), "The same as a day in Almaty; else null.", nullable=True),
        Column(
            "settled_at",
            INSTANT,
            "When waiting ended: executed_at, or the last of the refusals; null while pending.",
            nullable=True,
        ),
        Column(
            "held_tiyn",
            pl.Int64(),
            "Balance held; the greatest that was answered for a card of it, since cards of one "
            "account share their balance. Null while it is not carried out.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)

_SIGNS = ("executed", "partly", "pending", "refused", "not_found")
_SHARED = ("business_date", "bank_bic", "holder_iin", "case_no", "agency_code", "region_code")


def account_arrests(
    card_arrest_orders: pl.LazyFrame,
    card_arrest_confirmations: pl.LazyFrame,
    *,
    legal_parameters: pl.LazyFrame,
    holidays: pl.Series,
) -> pl.LazyFrame:
    """Each account of each arrest order, with what became of it.

    Args:
        card_arrest_orders: accepted rows, the whole feed.
        card_arrest_confirmations: accepted rows, the whole feed.
        legal_parameters: as for `card_arrests`.
        holidays: as for `card_arrests`.

    Returns:
        `ACCOUNT_ARRESTS`, in order of its key. Where an order says different things of one
        account, its first card speaks for it.
    """
    cards = card_arrests(
        card_arrest_orders,
        card_arrest_confirmations,
        legal_parameters=legal_parameters,
        holidays=holidays,
    )
    return (
        cards.pipe(with_account, card_arrest_orders)
        .drop_nulls("account_iban")
        .sort("business_date", *ORDER)
        .group_by(ACCOUNT_OF_ORDER, maintain_order=True)
        .agg(
            pl.col(*_SHARED, "ordered_on").first(),
            cards=pl.len().cast(pl.Int64),
            status_code=_status(),
            executed_at=pl.col("executed_at").min(),
            _last_answer=pl.col("answered_at").max(),
            held_tiyn=pl.col("held_tiyn").max(),
        )
        .with_columns(
            executed_on=civil_date(pl.col("executed_at")),
            settled_at=pl.when(is_carried_out())
            .then("executed_at")
            .otherwise(pl.when(pl.col("status_code") != "pending").then("_last_answer")),
        )
        .select(ACCOUNT_ARRESTS.schema.names())
        .sort(ACCOUNT_OF_ORDER)
        .pipe(ACCOUNT_ARRESTS.require)
    )


def with_account(cards: pl.LazyFrame, card_arrest_orders: pl.LazyFrame) -> pl.LazyFrame:
    """`CARD_ARRESTS` rows with the account behind each card, as first ordered."""
    accounts = card_arrest_orders.pipe(earliest, ORDER).select(*ORDER, "account_iban")
    return cards.select(CARD_ARRESTS.schema.names()).join(
        accounts, on=ORDER, how="left", validate="1:1"
    )


def _status() -> pl.Expr:
    is_seen = [(pl.col("status_code") == sign).any() for sign in _SIGNS]
    return pl.coalesce(
        pl.when(seen).then(pl.lit(sign)) for seen, sign in zip(is_seen, _SIGNS, strict=True)
    )
