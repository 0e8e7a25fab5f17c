"""Arrests of dropper cards: ordered, and what the bank answered."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.periods import civil_date
from transforms.redelivery import earliest
from transforms.regions import region_or_unknown

ORDER = ("order_id", "card_token")

CARD_ARRESTS = Table(
    name="facts.card_arrests",
    grain="one card in one arrest order",
    key=ORDER,
    columns=(
        Column("business_date", pl.Date(), "Day of the delivery that first named the order."),
        Column("order_id", pl.String(), "Number of the arrest order."),
        Column(
            "card_token",
            pl.String(),
            "Bank's token for the card; never its number.",
            is_personal=True,
        ),
        Column("bank_bic", pl.String(), "Bank that has to carry it out."),
        Column("holder_iin", pl.String(), "Card holder's IIN.", is_personal=True),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("agency_code", pl.String(), "Who asked for the arrest."),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
        Column("ordered_on", pl.Date(), "Day on which the order was sanctioned."),
        Column(
            "due_on",
            pl.Date(),
            "Last day on which it is carried out in time; null where no term was in force.",
            nullable=True,
        ),
        Column(
            "status_code",
            pl.String(),
            "executed, partly, refused, not_found, or pending while the bank has not answered.",
        ),
        Column(
            "executed_at",
            INSTANT,
            "When it was carried out, in full or in part; else null.",
            nullable=True,
        ),
        Column("executed_on", pl.Date(), "The same as a day in Almaty; else null.", nullable=True),
        Column(
            "answered_at", INSTANT, "When the decisive answer was given; else null.", nullable=True
        ),
        Column("answered_on", pl.Date(), "The same as a day in Almaty; else null.", nullable=True),
        Column(
            "held_tiyn",
            pl.Int64(),
            "Balance held by the arrest; null while it is not carried out.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)


def is_carried_out() -> pl.Expr:
    """The bank arrested the card, in full or in part."""
    return pl.col("status_code").is_in(["executed", "partly"])


def due_on(execution_days: pl.Expr, holidays: pl.Series) -> pl.Expr:
    """The last working day of the term, counted from the day after the order.

    An order of a Saturday or a holiday counts as one of the working day before it, so that a
    term of one day ends on the next working day and not a day later.
    """
    return pl.col("ordered_on").dt.add_business_days(
        execution_days, holidays=holidays, roll="backward"
    )


def card_arrests(
    card_arrest_orders: pl.LazyFrame,
    card_arrest_confirmations: pl.LazyFrame,
    *,
    legal_parameters: pl.LazyFrame,
    holidays: pl.Series,
) -> pl.LazyFrame:
    """Each card of each arrest order with the bank's decisive answer.

    Args:
        card_arrest_orders: accepted rows, the whole feed; an order delivered twice is taken
            from its first delivery.
        card_arrest_confirmations: accepted rows, the whole feed.
        legal_parameters: dated parameters; `card_arrest_execution_days` in force on the day of
            the order is its term.
        holidays: days off on Monday to Friday.

    Returns:
        `CARD_ARRESTS`, in order of its key.
    """
    return (
        card_arrest_orders.pipe(earliest, ORDER)
        .join(_decisive_answers(card_arrest_confirmations), on=ORDER, how="left", validate="1:1")
        .pipe(_with_term, legal_parameters)
        .with_columns(
            region_code=region_or_unknown(pl.col("region_code")),
            status_code=pl.col("result_code").fill_null("pending"),
            due_on=due_on(pl.col("execution_days"), holidays),
        )
        .with_columns(
            executed_at=pl.when(is_carried_out()).then("answered_at"),
            held_tiyn=pl.when(is_carried_out()).then("held_tiyn"),
        )
        .with_columns(
            executed_on=civil_date(pl.col("executed_at")),
            answered_on=civil_date(pl.col("answered_at")),
        )
        .select(CARD_ARRESTS.schema.names())
        .sort(ORDER)
        .pipe(CARD_ARRESTS.require)
    )


def _decisive_answers(confirmations: pl.LazyFrame) -> pl.LazyFrame:
    """The first `executed` of each card, else its first `partly`, else its latest answer."""
    rank = pl.col("result_code").replace_strict(
        {"executed": 0, "partly": 1}, default=2, return_dtype=pl.Int8
    )
    seconds = pl.col("answered_at").dt.epoch("us")
    return (
        confirmations.select(*ORDER, "result_code", "answered_at", "held_tiyn")
        .sort(
            *ORDER,
            rank,
            pl.when(rank < 2).then(seconds).otherwise(-seconds),
            "result_code",
            "held_tiyn",
            nulls_last=True,
        )
        .unique(subset=ORDER, keep="first", maintain_order=True)
    )


def _with_term(orders: pl.LazyFrame, legal_parameters: pl.LazyFrame) -> pl.LazyFrame:
    terms = (
        legal_parameters.filter(pl.col("parameter") == "card_arrest_execution_days")
        .select(
            execution_days=pl.col("value").cast(pl.Int64),
            _in_force_from=pl.col("in_force_from").str.to_date(),
            _in_force_to=pl.col("in_force_to").str.to_date(),
        )
        .sort("_in_force_from")
    )
    is_over = pl.col("_in_force_to") < pl.col("ordered_on")
    return (
        orders.sort("ordered_on")
        .join_asof(terms, left_on="ordered_on", right_on="_in_force_from", coalesce=False)
        .with_columns(
            execution_days=pl.when(~is_over.fill_null(value=False)).then("execution_days")
        )
    )
