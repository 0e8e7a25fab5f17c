"""The clock of a night: holds, orders and arrests whose term is running, and what has run out."""

from datetime import date

import polars as pl

from transforms.arrests.open_terms import HELD, OF_TERM, UNANSWERED, is_open_on, is_within
from transforms.arrests.parameters import days_off, parameters_of_arrests
from transforms.contracts import Column, Table
from transforms.droppers.parameters import in_force

TERMS = Table(
    name="arrests.terms",
    grain="one hold that nobody ended, ordered card without an answer, or arrest, as of one night",
    key=("business_date", "kind_code", "hold_id", "order_id", "asset_code", "asset_id"),
    columns=(
        Column("business_date", pl.Date(), "Night, at whose end the days left are counted."),
        *OF_TERM,
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


def terms(open_terms: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """Every term that runs, or ran out, at the end of a night without an end being told.

    Args:
        open_terms: `OPEN_TERMS` of the night or of an earlier one; an arrest that ran out is told
            until somebody lifts it, or the property is returned or confiscated.
        night: the business date.

    Returns:
        `TERMS`, in order of its key; an asset once, of which only a part is still arrested too.
    """
    return (
        open_terms.filter(is_open_on(night))
        .select(column.name for column in OF_TERM)
        .unique([name for name in TERMS.key if name != "business_date"])
        .with_columns(
            business_date=pl.lit(night),
            days_left=days_left_on(night),
            state_code=pl.when(has_lapsed_on(night))
            .then(pl.lit("lapsed"))
            .when(_is_told_ahead(night))
            .then(pl.lit("warned"))
            .otherwise(pl.lit("running")),
        )
        .select(TERMS.schema.names())
        .sort(TERMS.key, nulls_last=True)
        .pipe(TERMS.require)
    )


def _is_told_ahead(night: date) -> pl.Expr:
    return (
        pl.when(pl.col("kind_code") == "arrest")
        .then(_ends_within("arrest_term_warns_days", night))
        .otherwise(is_warned_on(night))
    )


def asked_about(terms: pl.LazyFrame, *, bank: str | None, everything: bool) -> pl.LazyFrame:
    """Terms by number, which names no card: what is over first.

    Args:
        terms: `TERMS` of one night.
        bank: BIC; None for all banks.
        everything: what is only running too.

    Returns:
        One row a hold or order and bank: `due_on`, `days_left`, `state_code`, `bank_bic`,
        `agency_code`, `kind_code`, `hold_id`, `order_id`, and `assets` of the order.
    """
    number = ("bank_bic", "agency_code", "kind_code", "hold_id", "order_id")
    of_bank = terms.filter(pl.col("bank_bic") == bank) if bank else terms
    wanted = of_bank if everything else of_bank.filter(pl.col("state_code") != "running")
    return (
        wanted.group_by("due_on", "days_left", "state_code", *number)
        .agg(assets=pl.col("asset_id").count())
        .sort("due_on", *number, nulls_last=True)
    )


def by_bank(asked: pl.DataFrame) -> pl.DataFrame:
    """How many of these are lapsed, warned and running: a row a kind and `at`, the bank or, of
    what is no bank's, the agency.
    """
    return (
        asked.with_columns(at=pl.coalesce("bank_bic", "agency_code"))
        .group_by("at", "kind_code")
        .agg(
            (pl.col("state_code") == state).sum().alias(state)
            for state in ("lapsed", "warned", "running")
        )
        .sort("at", "kind_code")
    )


def is_held_on(day: date) -> pl.Expr:
    """The hold had begun by the end of a day, and nobody had ended it by then."""
    return is_within(day, *HELD)


def is_unanswered_on(day: date) -> pl.Expr:
    """The card was ordered by the end of a day, and its bank had not answered by then."""
    return is_within(day, *UNANSWERED)


def has_lapsed_on(day: date) -> pl.Expr:
    """The last day of the term, `due_on`, was before this one."""
    return pl.col("due_on") < day


def is_warned_on(day: date) -> pl.Expr:
    """The term ends on a day, or within so many working days as the method warns ahead."""
    return _ends_within("clock_warns_days", day)


def is_term_ending_on(day: date) -> pl.Expr:
    """The term of an arrest, `term_on`, ends so soon that a court has to be asked for more."""
    return _ends_within("arrest_term_warns_days", day, term="term_on")


def _ends_within(parameter: str, day: date, *, term: str = "due_on") -> pl.Expr:
    ahead = in_force(parameters_of_arrests(), parameter, pl.lit(day))
    left = _working_days_until(pl.col(term)) - _working_days_until(pl.lit(day))
    return left.is_between(0, ahead) & (pl.col(term) >= day)


def days_left_on(day: date) -> pl.Expr:
    """Working days after a day up to and with the last one of the term; negative after it."""
    return _working_days_until(pl.col("due_on")) - _working_days_until(pl.lit(day))


def _working_days_until(day: pl.Expr) -> pl.Expr:
    """Up to and with a day, from a day before all: only differences of two are meant."""
    after = day.dt.offset_by("1d")
    return pl.business_day_count(pl.date(2000, 1, 1), after, holidays=days_off()).cast(pl.Int64)
