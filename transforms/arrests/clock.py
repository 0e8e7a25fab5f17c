"""The clock of a night: holds and orders whose term is running, and what has run out."""

from datetime import date

import polars as pl

from transforms.arrests.parameters import days_off, parameters_of_arrests
from transforms.contracts import Column, Table
from transforms.droppers.parameters import in_force

TERMS = Table(
    name="arrests.terms",
    grain="one hold that nobody ended, or one ordered card without an answer, as of one night",
    key=("business_date", "kind_code", "hold_id", "order_id", "card_token"),
    columns=(
        Column("business_date", pl.Date(), "Night, at whose end the days left are counted."),
        Column("kind_code", pl.String(), "hold (blocked), or order (to be arrested)."),
        Column("hold_id", pl.String(), "Number of the hold; null for an order.", nullable=True),
        Column("order_id", pl.String(), "Number of the order; null for a hold.", nullable=True),
        Column(
            "card_token",
            pl.String(),
            "Bank's token for the ordered card; null for a hold.",
            nullable=True,
            is_personal=True,
        ),
        Column("bank_bic", pl.String(), "Bank where the clock runs."),
        Column("region_code", pl.String(), "Region of the account or case, or unknown."),
        Column("began_on", pl.Date(), "First day of the hold, or day of the order."),
        Column("due_on", pl.Date(), "Last working day of the term."),
        Column(
            "days_left",
            pl.Int64(),
            "Working days after tonight up to and with the last one; 0 on it, negative after it.",
            unit="working_days",
        ),
        Column(
            "state_code",
            pl.String(),
            "running, warned (it ends tonight or within the days of the method), or lapsed.",
        ),
    ),
)


def terms(payment_holds: pl.LazyFrame, card_arrests: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """Every term that runs, or ran out, at the end of a night without an end being told.

    Args:
        payment_holds: `PAYMENT_HOLDS`, whole.
        card_arrests: `CARD_ARRESTS`, whole.
        night: the business date.

    Returns:
        `TERMS`, in order of its key. What no term was in force for has no clock.
    """
    is_known = pl.col("business_date") <= night
    held = payment_holds.filter(is_known, is_held_on(night)).select(
        "bank_bic",
        "region_code",
        "due_on",
        "hold_id",
        kind_code=pl.lit("hold"),
        order_id=pl.lit(None, pl.String),
        card_token=pl.lit(None, pl.String),
        began_on="blocked_on",
    )
    ordered = card_arrests.filter(is_known, is_unanswered_on(night)).select(
        "bank_bic",
        "region_code",
        "due_on",
        "order_id",
        "card_token",
        kind_code=pl.lit("order"),
        hold_id=pl.lit(None, pl.String),
        began_on="ordered_on",
    )
    return (
        pl.concat([held, ordered], how="diagonal")
        .drop_nulls("due_on")
        .with_columns(
            business_date=pl.lit(night),
            days_left=days_left_on(night),
            state_code=pl.when(has_lapsed_on(night))
            .then(pl.lit("lapsed"))
            .when(is_warned_on(night))
            .then(pl.lit("warned"))
            .otherwise(pl.lit("running")),
        )
        .select(TERMS.schema.names())
        .sort(TERMS.key, nulls_last=True)
        .pipe(TERMS.require)
    )


def asked_about(terms: pl.LazyFrame, *, bank: str | None, everything: bool) -> pl.LazyFrame:
    """Terms by number, which names no card: what is over first.

    Args:
        terms: `TERMS` of one night.
        bank: BIC; None for all banks.
        everything: what is only running too.

    Returns:
        One row a hold or order and bank: `due_on`, `days_left`, `state_code`, `bank_bic`,
        `kind_code`, `hold_id`, `order_id`, and `cards` of the order.
    """
    number = ("bank_bic", "kind_code", "hold_id", "order_id")
    of_bank = terms.filter(pl.col("bank_bic") == bank) if bank else terms
    wanted = of_bank if everything else of_bank.filter(pl.col("state_code") != "running")
    return (
        wanted.group_by("due_on", "days_left", "state_code", *number)
        .agg(cards=pl.col("card_token").count())
        .sort("due_on", *number)
    )


def by_bank(asked: pl.DataFrame) -> pl.DataFrame:
    """How many of these are lapsed, warned and running: a row a bank and kind."""
    return (
        asked.group_by("bank_bic", "kind_code")
        .agg(
            (pl.col("state_code") == state).sum().alias(state)
            for state in ("lapsed", "warned", "running")
        )
        .sort("bank_bic", "kind_code")
    )


def is_held_on(day: date) -> pl.Expr:
    """The hold had begun by the end of a day, and nobody had ended it by then."""
    is_ended = (pl.col("ended_on") <= day).fill_null(value=False)
    return (pl.col("blocked_on") <= day) & ~is_ended


def is_unanswered_on(day: date) -> pl.Expr:
    """The card was ordered by the end of a day, and its bank had not answered by then."""
    is_answered = (pl.col("answered_on") <= day).fill_null(value=False)
    return (pl.col("ordered_on") <= day) & ~is_answered


def has_lapsed_on(day: date) -> pl.Expr:
    """The last day of the term, `due_on`, was before this one."""
    return pl.col("due_on") < day


def is_warned_on(day: date) -> pl.Expr:
    """The term ends on a day, or within so many working days as the method warns ahead."""
    ahead = in_force(parameters_of_arrests(), "clock_warns_days", pl.lit(day))
    return days_left_on(day).is_between(0, ahead) & ~has_lapsed_on(day)


def days_left_on(day: date) -> pl.Expr:
    """Working days after a day up to and with the last one of the term; negative after it."""
    return _working_days_until(pl.col("due_on")) - _working_days_until(pl.lit(day))


def _working_days_until(day: pl.Expr) -> pl.Expr:
    """Up to and with a day, from a day before all: only differences of two are meant."""
    after = day.dt.offset_by("1d")
    return pl.business_day_count(pl.date(2000, 1, 1), after, holidays=days_off()).cast(pl.Int64)
