"""Facts and figures computed once more from the versions that an edition names."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flows.compute import figures_again, found_of
from flows.derived import MADE_BY
from flows.owed import completeness_of, handed_over
from flows.provenance import inputs_of
from infra.installation import Installation
from infra.lake import AsOf, Partitions
from templates.render import Inputs
from templates.reports import Report
from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.contracts import Table
from transforms.deliveries import COMPLETENESS
from transforms.facts import ALL_FACTS, DERIVED_FACTS, FACTS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_TABLE, Facts
from transforms.periods import Period
from transforms.verification import differing

_MOST = 20
_ORDERS = FEED_BY_NAME["card_arrest_orders"].accepted_table


def differing_facts(lake: AsOf, ending: date) -> tuple[int, list[str]]:
    """How many tables of facts were made again from accepted rows, and which rows differ.

    Facts that a step of its own makes are made again from those, as of the night that made them;
    of what wallets of cases were worth, the night of the edition.
    """
    made = [fact for fact in ALL_FACTS if lake.versions[fact.table.name] is not None]
    return len(made), [*_of_feeds(lake), *_of_steps(lake, ending)]


def _of_feeds(lake: AsOf) -> Iterator[str]:
    for fact in FACTS:
        if lake.versions[fact.table.name] is not None:
            accepted = {feed: lake.read(FEED_BY_NAME[feed].accepted_table) for feed in fact.feeds}
            decided = {name: lake.read(table) for name, table in fact.decisions.items()}
            rows = _differing(fact.table, lake.read(fact.table), fact.rows(**accepted, **decided))
            yield from _said(fact.table, rows, "what its feeds give")


def _of_steps(lake: AsOf, ending: date) -> Iterator[str]:
    for table in (fact.table for fact in DERIVED_FACTS):
        if lake.versions[table.name] is None:
            continue
        is_of_one_night = table == CASE_WALLETS
        partition = {"business_date": [ending]} if is_of_one_night else None
        kept = lake.read(table, partitions=partition).collect().lazy()
        if is_of_one_night and kept.collect().is_empty():  # no night was held on that day
            continue
        rows = None
        for night in [ending] if is_of_one_night else _nights(lake, ending):
            rows = _differing(table, kept, MADE_BY[table.name](lake, night))
            if not rows.height:
                break
        yield from _said(table, rows, "what it is made of gives")


def _nights(lake: AsOf, ending: date) -> Iterable[date]:
    """The nights that may have made a table that has no night of its own, the likeliest first."""
    orders = lake.read(_ORDERS).select("business_date").max().collect().item()
    run = lake.read(COMPLETENESS).select("night").max().collect().item()
    known = [night for night in (orders, run) if night is not None]
    return dict.fromkeys((max([ending, *known[:1]]), max([ending, *known])))


def _differing(table: Table, kept: Any, made: Any) -> Any:
    return differing(table, kept, made).collect()


def _said(table: Table, rows: Any, by: str) -> Iterator[str]:
    if rows is not None and rows.height:
        days = ", ".join(sorted({str(day) for day in rows["business_date"]})[:_MOST])
        yield f"{table.name}: {rows.height} rows differ from {by}, for {days}"


def differing_found(
    report: Report, ending: date, lake: AsOf, facts: Facts
) -> tuple[int, list[str]]:
    """What the night found beside the figures, made again from facts, and which rows differ."""
    said: list[str] = []
    tables = set()
    for kind in report.periods:
        partition: Partitions = {"business_date": [ending], "period": [kind.value]}
        for table, again in found_of(facts, Period.ending(kind, ending), lake.versions):
            kept = lake.read(table, partitions=partition)
            said += _said(table, _differing(table, kept, again), "what the facts give")
            tables.add(table.name)
    return len(tables), said


def differing_completeness(at: Installation, ending: date, lake: AsOf) -> list[str]:
    """Which rows of the night's completeness its deliveries do not give."""
    kept = lake.read(COMPLETENESS, partitions={"night": [ending]})
    made = completeness_of(at, ending, lake, handed_over(ending, lake))
    rows = _differing(COMPLETENESS, kept, made)
    return [*_said(COMPLETENESS, rows, "what was owed and delivered gives")]


def facts_at(lake: AsOf) -> Facts:
    """All tables of facts, whole: many small files, and each figure looks at them three times."""
    return {fact.table.name: lake.read(fact.table).collect().lazy() for fact in ALL_FACTS}


def recomputed_inputs(
    report: Report, ending: date, lake: AsOf, facts: Facts
) -> tuple[Inputs, list[str]]:
    """Inputs with figures computed from facts, and which of them are not those that were kept."""
    kept = inputs_of(report, ending, lake)
    values = [figures_again(kind, ending, lake, facts).collect() for kind in report.periods]
    again = values[0].vstack(values[1]) if len(values) > 1 else values[0]
    rows = differing(
        INDICATOR_TABLE, kept.indicators.lazy(), again.lazy(), without=("sources",)
    ).collect()
    place = ("indicator", "period", "period_end", "region_code", "dimension", "member")
    said = [
        f"{'/'.join(str(row[name]) for name in place if row[name])}: {row['value']} "
        f"{'is kept' if row['side'] == 'kept' else 'comes out of the facts'}"
        for row in rows.head(_MOST).iter_rows(named=True)
    ]
    more = [f"{rows.height - _MOST} more figures differ"] if rows.height > _MOST else []
    return Inputs(again, kept.completeness, kept.rules, kept.found), said + more
