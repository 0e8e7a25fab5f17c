"""Terms that nobody has told an end of: what the clock of a night is read from.

Holds, ordered cards and lives of arrests lie in a file for each day ever delivered, and nearly
each day has one that is still open. What the clock asks of these lies together, in one file, and
what has ended leaves it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import polars as pl

from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.arrests.measures import MEASURES
from transforms.arrests.told import of_other_days
from transforms.contracts import Column, Table

OF_TERM = (
    Column(
        "kind_code", pl.String(), "hold (blocked), order (to be arrested), or arrest (in force)."
    ),
    Column("hold_id", pl.String(), "Number of the hold; null for an order.", nullable=True),
    Column(
        "order_id", pl.String(), "Number of the order or measure; null for a hold.", nullable=True
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
)
"""What is told of a term on any night."""

HELD = ("blocked_on", "ended_on")
"""From and until which day a payment is held, in `facts.payment_holds`."""

UNANSWERED = ("ordered_on", "answered_on")
"""From and until which day a bank owes an answer, in `facts.card_arrests`."""

OPEN_TERMS = Table(
    name="arrests.open_terms",
    grain="one hold, ordered card, or part of an asset under arrest, whose term has a clock",
    key=("kind_code", "hold_id", "order_id", "asset_code", "asset_id", "part"),
    columns=(
        Column("register_code", pl.String(), "Fact that the row is of."),
        Column("business_date", pl.Date(), "Day of the delivery, as there."),
        *OF_TERM,
        Column("part", pl.Int64(), "As in `arrests.measures`; else null.", nullable=True),
        Column("opens_on", pl.Date(), "First night whose clock it has, if it ends later."),
        Column(
            "ends_on",
            pl.Date(),
            "First night on which it is ended: the hold by anybody, the order by an answer, the "
            "arrest lifted, returned or confiscated; null while no end is told.",
            nullable=True,
        ),
    ),
    partitioned_by=(),
)

REGISTERS: Mapping[str, Table] = {
    "payment_holds": PAYMENT_HOLDS,
    "card_arrests": CARD_ARRESTS,
    "measures": MEASURES,
}
"""What has a term, by the name that rules give it."""


def open_terms(registers: Mapping[str, pl.LazyFrame], night: date) -> pl.LazyFrame:
    """Every term that this night or one after it may tell of, as far as these rows say.

    Args:
        registers: rows of `REGISTERS`; of those not given, none.
        night: what ended by it is left out.

    Returns:
        `OPEN_TERMS`, in no order. What no term was in force for has no clock.
    """
    nothing = pl.LazyFrame(schema=OPEN_TERMS.schema)
    rows = [_TERMS_OF[name](rows, register_code=name) for name, rows in registers.items()]
    return (
        pl.concat([nothing, *rows], how="diagonal")
        .drop_nulls(["due_on", "opens_on"])
        .filter(~_is_ended_by(night))
        .pipe(OPEN_TERMS.require)
    )


def open_terms_again(
    kept: pl.LazyFrame,
    changed: Mapping[str, pl.LazyFrame],
    days: Mapping[str, Sequence[date]],
    night: date,
) -> pl.LazyFrame:
    """`OPEN_TERMS` after these days of the registers became what they are now.

    Args:
        kept: `OPEN_TERMS` before, of this night or an earlier one.
        changed: rows of these days as they are now.
        days: business dates by register.
        night: the business date.
    """
    others = of_other_days(kept, days).filter(~_is_ended_by(night))
    return pl.concat([others, open_terms(changed, night)])


def is_open_on(night: date) -> pl.Expr:
    """The clock of a night has the term: it was told of, began, and had not been ended."""
    return is_within(night, "opens_on", "ends_on")


def is_within(day: date, begins: str, ends: str) -> pl.Expr:
    """It had begun by the end of a day, and by then no end had been told.

    Args:
        day: the day.
        begins: column of its first day.
        ends: column of the day on which it was ended; null while it is not.
    """
    return (pl.col(begins) <= day) & ~_is_ended_by(day, ends)


def _is_ended_by(day: date, ends: str = "ends_on") -> pl.Expr:
    return (pl.col(ends) <= day).fill_null(value=False)


def _of_holds(holds: pl.LazyFrame, register_code: str) -> pl.LazyFrame:
    return holds.select(
        "business_date",
        "hold_id",
        "bank_bic",
        "region_code",
        "due_on",
        register_code=pl.lit(register_code),
        kind_code=pl.lit("hold"),
        began_on=HELD[0],
        opens_on=_told_since(pl.col(HELD[0])),
        ends_on=HELD[1],
    )


def _of_cards(cards: pl.LazyFrame, register_code: str) -> pl.LazyFrame:
    return cards.select(
        "business_date",
        "order_id",
        "bank_bic",
        "region_code",
        "due_on",
        register_code=pl.lit(register_code),
        kind_code=pl.lit("order"),
        asset_code=pl.lit("card"),
        asset_id="card_token",
        began_on=UNANSWERED[0],
        opens_on=_told_since(pl.col(UNANSWERED[0])),
        ends_on=UNANSWERED[1],
    )


def _of_arrests(measures: pl.LazyFrame, register_code: str) -> pl.LazyFrame:
    """One that ran out is told of until somebody ends it, as `state_on` has it on each day."""
    done_on = pl.when(pl.col("result_code").is_in(["executed", "partly"])).then("answered_on")
    return measures.select(
        "business_date",
        "asset_code",
        "asset_id",
        "part",
        "region_code",
        "agency_code",
        register_code=pl.lit(register_code),
        kind_code=pl.lit("arrest"),
        order_id="measure_id",
        bank_bic="executor_code",
        began_on="executed_on",
        due_on="term_on",
        opens_on=_told_since(pl.min_horizontal(done_on, "expired_on")),
        ends_on=pl.min_horizontal("lifted_on", "returned_on", "confiscated_on"),
    )


def _told_since(opens_on: pl.Expr) -> pl.Expr:
    """Not before it was delivered; null where it never opens."""
    return pl.when(opens_on.is_not_null()).then(pl.max_horizontal(opens_on, "business_date"))


_TERMS_OF: Mapping[str, Callable[..., pl.LazyFrame]] = {
    "payment_holds": _of_holds,
    "card_arrests": _of_cards,
    "measures": _of_arrests,
}
