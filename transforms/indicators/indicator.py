"""An indicator: one figure that a report may show, and the table that holds its values."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from transforms.contracts import Column, Table
from transforms.facts import DerivedFact, Fact
from transforms.periods import Period, is_during

PER_INHABITANTS = "per_10_million"
"""Unit of rates: whole numbers per 10 million inhabitants, shown per 100,000 with two decimals."""

Rows = Callable[[pl.LazyFrame, Period], pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in the three languages of the reports."""

    ru: str
    kk: str
    en: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: what is counted, of which facts, in which unit, and what it leaves out.

    `rows` keeps the facts that count in a period, each thing that is counted once; `value`
    aggregates them to Int64 in `unit`. `by` are the dimensions that it is also given by, apart
    from the region. A composite has `parts` in place of a fact: the sum of other indicators. A
    rate is `per_inhabitants` of another one. One that `is_watched` is a count of what happened,
    held against its own past in every region and at every bank.
    Of a figure that does not add up (a median), regions and members are each computed from their
    own rows. Where it has no zeros, no rows mean that nothing is known, not that there was none.
    A stock counts what stands at the end of the period, whenever it `happened_on`.
    """

    id: str
    name: Words
    unit: str
    definition: Words
    leaves_out: Words
    source: str
    fact: Fact | DerivedFact | None = None
    happened_on: str = ""
    rows: Rows | None = None
    value: pl.Expr | None = None
    by: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    adds_up: bool = True
    has_zeros: bool = True
    per_inhabitants: str = ""
    is_watched: bool = False
    is_stock: bool = False

    @property
    def made_of(self) -> tuple[str, ...]:
        """Other indicators that this one is computed from; none where it has facts of its own."""
        return (self.per_inhabitants,) if self.per_inhabitants else self.parts


INDICATOR_TABLE = Table(
    name="indicators",
    grain="one indicator for one period, region and member of a dimension, as of one night",
    key=(
        "business_date",
        "period",
        "period_start",
        "period_end",
        "indicator",
        "dimension",
        "member",
        "region_code",
    ),
    columns=(
        Column("business_date", pl.Date(), "Night as of which it was computed."),
        Column(
            "period", pl.String(), "day, week, month, quarter, half_year, year or year_to_date."
        ),
        Column("period_start", pl.Date(), "First day of the period."),
        Column("period_end", pl.Date(), "Last day of the period."),
        Column("indicator", pl.String(), "Which figure: id of the catalogue."),
        Column(
            "region_code",
            pl.String(),
            "KZ for the country, KATO of 2 digits, or unknown. Totals have a row for each, zero "
            "included.",
        ),
        Column("dimension", pl.String(), "What it is divided by; empty for the total."),
        Column("member", pl.String(), "Code in that dimension, or unknown; empty for the total."),
        Column("value", pl.Int64(), "The figure, in the unit that the row names."),
        Column("unit", pl.String(), "cards, tiyn, usd_cent, gram, persons and so on."),
        Column(
            "status_code",
            pl.String(),
            "provisional where a delivery for the figure is missing, else final.",
        ),
        Column(
            "sources",
            pl.List(pl.String()),
            "Tables that it was computed from, with their versions: facts.card_arrests@12.",
        ),
    ),
    partitioned_by=("business_date", "period"),
)


def count() -> pl.Expr:
    """How many rows."""
    return pl.len().cast(pl.Int64)


def during(day: str, *conditions: pl.Expr) -> Rows:
    """Rows of a period that meet all conditions."""

    def rows(facts: pl.LazyFrame, period: Period) -> pl.LazyFrame:
        return facts.filter(is_during(day, period), *conditions)

    return rows


@dataclass(frozen=True, slots=True)
class FirstOfEach:
    """Of the rows of a period, the first one about each thing: it counts once, where it began."""

    rows: Rows
    thing: tuple[str, ...]
    in_order_of: tuple[str, ...]

    def __call__(self, facts: pl.LazyFrame, period: Period) -> pl.LazyFrame:
        return (
            self.rows(facts, period)
            .sort(self.in_order_of)
            .unique(subset=self.thing, keep="first", maintain_order=True)
        )


def first_of_each(rows: Rows, *thing: str, in_order_of: tuple[str, ...]) -> FirstOfEach:
    """The rows of a period by which each thing counts once."""
    return FirstOfEach(rows, thing, in_order_of)
