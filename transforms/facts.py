"""Every table of facts there is: what it is made of, and which of its partitions change.

A fact stands in the partition of the business date of the row that it is taken from. An event
may be delivered again under another business date, so that whether a row counts can only be
told from the whole feed: `Fact.rows` is given all accepted rows of its grain feed (Polars reads
the columns that it needs) and returns each event once, over all partitions. The caller writes
those partitions of the result that `touched_partitions` names, in one commit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from transforms.arrests.accounts import ACCOUNT_ARRESTS, account_arrests
from transforms.arrests.assets import ASSET_ARRESTS, asset_arrests
from transforms.arrests.breaks import ARREST_BREAKS
from transforms.arrests.cards import CARD_ARRESTS, ORDER, card_arrests
from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.arrests.holds import HOLD, PAYMENT_HOLDS, payment_holds
from transforms.arrests.measures import MEASURES
from transforms.arrests.outflows import ARREST_OUTFLOWS, ORDER_OUTFLOWS
from transforms.arrests.parameters import parameters_of_arrests
from transforms.arrests.wallets import MEASURE, WALLET_FREEZES, wallet_freezes
from transforms.contracts import Table
from transforms.periods import holidays
from transforms.precursors.goods import LISTED_GOODS
from transforms.precursors.violations import PRECURSOR_VIOLATIONS
from transforms.prevention import CRIMINAL_CASES, FIELD_EVENTS, criminal_cases, field_events
from transforms.reference import reference
from transforms.seizures.items import SEIZURES, seizures
from transforms.seizures.links import SEIZURE_LINKS, SEIZURE_VERDICTS, seizure_links

EARLIEST = date.min


@dataclass(frozen=True, slots=True)
class Lookup:
    """A feed that is looked up for a fact.

    `acts_from` is the column of the first day whose facts a row of it can change; None where a
    row can change facts of any day before it. `on` pairs each column of the grain feed with the
    column of the lookup that must equal it; empty where the day alone decides. `event` is what
    identifies, in the lookup, an event that may be delivered again with other values of those
    columns: the facts that its earlier rows touched change too.
    """

    feed: str
    acts_from: str | None
    on: tuple[tuple[str, str], ...] = ()
    event: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A table of facts, the feed whose grain it has, and the feeds that are looked up for it.

    `rows` takes the accepted rows of each of `feeds`, whole, as keyword arguments named as the
    feeds. `event` is what identifies, in the grain feed, an event that was delivered twice.
    Where a fact `spreads`, a row can change facts of any others: which partitions differ is told
    by comparing. `beside` are tables of decisions that it heeds.
    """

    table: Table
    feed: str
    event: tuple[str, ...]
    lookups: tuple[Lookup, ...]
    rows: Callable[..., pl.LazyFrame]
    spreads: bool = False
    beside: tuple[Table, ...] = ()

    @property
    def feeds(self) -> tuple[str, ...]:
        return (self.feed, *(lookup.feed for lookup in self.lookups))

    @property
    def decisions(self) -> dict[str, Table]:
        """The tables of decisions, each by the name that `rows` takes it under."""
        return {table.name.rpartition(".")[2]: table for table in self.beside}


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A table that a step of its own makes, from facts, other days or the calendar.

    `feeds` are those that it rests on in the end.
    """

    table: Table
    feeds: tuple[str, ...]


_RATES = Lookup("exchange_rates", acts_from="rate_on")
_LEGAL_PARAMETERS = reference("legal_parameters").lazy()
_HOLIDAYS = pl.Series("day", holidays(), dtype=pl.Date)

FACTS: tuple[Fact, ...] = (
    Fact(
        table=CARD_ARRESTS,
        feed="card_arrest_orders",
        event=ORDER,
        lookups=(
            Lookup(
                "card_arrest_confirmations",
                acts_from="ordered_on",
                on=tuple((column, column) for column in ORDER),
            ),
        ),
        rows=partial(card_arrests, legal_parameters=_LEGAL_PARAMETERS, holidays=_HOLIDAYS),
    ),
    Fact(
        table=ACCOUNT_ARRESTS,
        feed="card_arrest_orders",
        # Cards of one account may be delivered on different days: the order is touched whole.
        event=("order_id",),
        lookups=(
            Lookup(
                "card_arrest_confirmations",
                acts_from="ordered_on",
                on=(("order_id", "order_id"),),
            ),
        ),
        rows=partial(account_arrests, legal_parameters=_LEGAL_PARAMETERS, holidays=_HOLIDAYS),
    ),
    Fact(
        table=ASSET_ARRESTS,
        feed="asset_arrests",
        event=("measure_id",),
        lookups=(
            Lookup("criminal_cases", acts_from="registered_on", on=(("case_no", "case_no"),)),
            _RATES,
        ),
        rows=asset_arrests,
    ),
    Fact(
        table=WALLET_FREEZES,
        feed="wallet_freezes",
        event=MEASURE,
        lookups=(Lookup("crypto_prices", acts_from="price_on"), _RATES),
        rows=wallet_freezes,
    ),
    Fact(
        table=PAYMENT_HOLDS,
        feed="payment_holds",
        event=HOLD,
        lookups=(),
        rows=partial(payment_holds, parameters=parameters_of_arrests(), holidays=_HOLIDAYS),
    ),
    Fact(
        table=SEIZURES,
        feed="seizures",
        event=SEIZURES.key,
        lookups=(
            _RATES,
            Lookup("criminal_cases", acts_from=None, on=(("case_no", "case_no"),)),
            Lookup("crypto_prices", acts_from="price_on"),
        ),
        rows=seizures,
        spreads=True,
        beside=(SEIZURE_VERDICTS,),
    ),
    Fact(
        table=SEIZURE_LINKS,
        feed="seizures",
        event=SEIZURES.key,
        lookups=(),
        rows=seizure_links,
        spreads=True,
        beside=(SEIZURE_VERDICTS,),
    ),
    Fact(
        table=FIELD_EVENTS,
        feed="field_reports",
        event=FIELD_EVENTS.key,
        lookups=(),
        rows=field_events,
    ),
    Fact(
        table=CRIMINAL_CASES,
        feed="criminal_cases",
        event=CRIMINAL_CASES.key,
        lookups=(),
        rows=criminal_cases,
    ),
)

_ARREST_FEEDS = ("card_arrest_orders", "card_arrest_confirmations")
_MEASURE_FEEDS = (*_ARREST_FEEDS, "asset_arrests", "wallet_freezes", "measure_events")

DERIVED_FACTS: tuple[DerivedFact, ...] = (
    DerivedFact(MEASURES, _MEASURE_FEEDS),
    DerivedFact(ARREST_BREAKS, (*_MEASURE_FEEDS, "criminal_cases")),
    DerivedFact(ARREST_OUTFLOWS, (*_ARREST_FEEDS, "card_transactions")),
    DerivedFact(ORDER_OUTFLOWS, (*_ARREST_FEEDS, "card_transactions")),
    # What else is looked up (register of entities, orders, rates) leaves the headline as it is.
    DerivedFact(PRECURSOR_VIOLATIONS, ("import_declarations", "precursor_licences")),
    DerivedFact(LISTED_GOODS, ("import_declarations",)),
    DerivedFact(CASE_WALLETS, ("wallet_freezes", "crypto_prices", "exchange_rates")),
)

ALL_FACTS: tuple[Fact | DerivedFact, ...] = (*FACTS, *DERIVED_FACTS)

FACT_BY_NAME = {fact.table.name: fact for fact in FACTS}
DERIVED_BY_NAME = {fact.table.name: fact for fact in DERIVED_FACTS}


def touched_from(lookup_rows: pl.LazyFrame, acts_from: str | None) -> pl.LazyFrame:
    """The first day whose facts these changed rows of a lookup can change.

    Returns:
        One row with `touched_from`; null where there are no rows. A fact is delivered on or
        after its day, so partitions before this day stay as they are.
    """
    first = pl.lit(EARLIEST) if acts_from is None else pl.col(acts_from)
    return lookup_rows.select(touched_from=pl.when(pl.len() > 0).then(first.min()))


def touched_partitions(
    fact: Fact, accepted: Mapping[str, pl.LazyFrame], changed: Mapping[str, pl.LazyFrame]
) -> pl.LazyFrame:
    """Partitions of the fact that change when these rows of its feeds came, or changed.

    Args:
        accepted: accepted rows of each feed of the fact, whole.
        changed: the new rows by name of feed, and with them the old ones that they replace.

    Returns:
        `business_date`, each once, in order. An event that was delivered under several dates
        touches all of them: it leaves one partition as it enters another.
    """
    own, grain = changed.get(fact.feed), accepted[fact.feed]
    touched = [grain.clear()]
    if own is not None:
        touched += [own, _same(grain, own, [(column, column) for column in fact.event])]
    for lookup in fact.lookups:
        rows = changed.get(lookup.feed)
        if rows is not None:
            rows = _with_earlier(rows, accepted[lookup.feed], lookup.event)
            touched.append(
                _same(grain, rows, lookup.on) if lookup.on else _since(grain, rows, lookup)
            )
    return (
        pl.concat([frame.select("business_date") for frame in touched])
        .unique()
        .sort("business_date")
    )


def differing_partitions(stored: pl.LazyFrame, made: pl.LazyFrame) -> pl.LazyFrame:
    """Business dates of which two states of a table hold different rows, in order."""
    return (
        pl.concat([stored.with_columns(_net=pl.lit(-1)), made.with_columns(_net=pl.lit(1))])
        .group_by(pl.exclude("_net"))
        .agg(pl.col("_net").sum())
        .filter(pl.col("_net") != 0)
        .select("business_date")
        .unique()
        .sort("business_date")
    )


def _same(grain: pl.LazyFrame, rows: pl.LazyFrame, on: Sequence[tuple[str, str]]) -> pl.LazyFrame:
    here, there = zip(*on, strict=True)
    return grain.join(rows, left_on=here, right_on=there, how="semi")


def _with_earlier(rows: pl.LazyFrame, whole: pl.LazyFrame, event: Sequence[str]) -> pl.LazyFrame:
    """These rows, and all others of the same events."""
    return pl.concat([rows, whole.join(rows, on=event, how="semi")]) if event else rows


def _since(grain: pl.LazyFrame, rows: pl.LazyFrame, lookup: Lookup) -> pl.LazyFrame:
    return grain.join(touched_from(rows, lookup.acts_from), how="cross").filter(
        pl.col("business_date") >= pl.col("touched_from")
    )
