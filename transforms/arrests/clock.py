"""The clock of a night: holds, orders and arrests whose term is running, and what has run out."""

from datetime import date

import polars as pl

from transforms.arrests.measures import state_on
from transforms.arrests.parameters import days_off, parameters_of_arrests
from transforms.contracts import Column, Table
from transforms.droppers.parameters import in_force

TERMS = Table(
    name="arrests.terms",
    grain="one hold that nobody ended, ordered card without an answer, or arrest, as of one night",
    key=("business_date", "kind_code", "hold_id", "order_id", "asset_code", "asset_id"),
    columns=(
        Column("business_date", pl.Date(), "Night, at whose end the days left are counted."),
        Column(
            "kind_code",
            pl.String(),
            "hold (blocked), order (to be arrested), or arrest (in force).",
        ),
        Column("hold_id", pl.String(), "Number of the hold; null for an order.", nullable=True),
        Column(
            "order_id",
            pl.String(),
            "Number of the order or measure; null for a hold.",
            nullable=True,
        ),
        Column(
            "asset_code",
            pl.String(),
            "card, or as in `arrests.measures`; null for a hold.",
            nullable=True,
        ),
        Column(
            "asset_id",
            pl.String(),
            "Token of the ordered card, or as in `arrests.measures`; null for a hold.",
            nullable=True,
            is_personal=True,
        ),
        Column("bank_bic", pl.String(), "Bank where the clock runs, if at one.", nullable=True),
        Column(
            "agency_code",
            pl.String(),
            "Who has to ask for more time, where an arrest ends; else null.",
            nullable=True,
        ),
        Column("region_code", pl.String(), "Region of the account or case, or unknown."),
        Column("began_on", pl.Date(), "First day of the hold or arrest, or day of the order."),
        Column("due_on", pl.Date(), "Last day of the term."),
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


def terms(
    payment_holds: pl.LazyFrame, card_arrests: pl.LazyFrame, measures: pl.LazyFrame, night: date
) -> pl.LazyFrame:
    """Every term that runs, or ran out, at the end of a night without an end being told.

    Args:
        payment_holds: `PAYMENT_HOLDS`, whole.
        card_arrests: `CARD_ARRESTS`, whole.
        measures: `MEASURES` of the night; an arrest that ran out is told until somebody lifts it,
            or the property is returned or confiscated.
        night: the business date.

    Returns:
        `TERMS`, in order of its key. What no term was in force for has no clock.
    """
    is_known = pl.col("business_date") <= night
    parts = [
        payment_holds.filter(is_known, is_held_on(night)).select(
            "bank_bic", "region_code", "due_on", "hold_id", began_on="blocked_on", **_kind("hold")
        ),
        card_arrests.filter(is_known, is_unanswered_on(night)).select(
            "bank_bic",
            "region_code",
            "due_on",
            "order_id",
            asset_code=pl.lit("card"),
            asset_id="card_token",
            began_on="ordered_on",
            **_kind("order"),
        ),
        _arrests(measures.filter(is_known), night),
    ]
    return (
        pl.concat(
            [pl.LazyFrame(schema=TERMS.schema).drop("business_date", *_TOLD), *parts],
            how="diagonal",
        )
        .drop_nulls("due_on")
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


_TOLD = ("days_left", "state_code")


def _kind(code: str) -> dict[str, pl.Expr]:
    return {"kind_code": pl.lit(code)}


def _arrests(measures: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """Arrests with a term that stand, or that nobody ended after it: each once."""
    is_open = state_on(night).is_in(["executed", "partly", "expired"])
    return (
        measures.filter(is_open, pl.col("term_on").is_not_null())
        .group_by("measure_id", "asset_code", "asset_id")
        .agg(
            pl.col("region_code", "agency_code").first(),
            bank_bic=pl.col("executor_code").first(),
            due_on=pl.col("term_on").first(),
            began_on=pl.col("executed_on").first(),
        )
        .rename({"measure_id": "order_id"})
        .with_columns(**_kind("arrest"))
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
