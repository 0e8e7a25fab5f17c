"""Facts and figures computed once more from the versions that an edition names."""

from datetime import date

from flows.compute import figures_again
from flows.provenance import inputs_of
from infra.lake import AsOf
from templates.render import Inputs
from templates.reports import Report
from transforms.facts import FACTS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_TABLE
from transforms.verification import differing

_MOST = 20


def differing_facts(lake: AsOf) -> tuple[int, list[str]]:
    """How many tables of facts were made again from accepted rows, and which rows differ.

    Facts that a step of its own makes are held by their seals alone.
    """
    found = []
    for fact in FACTS:
        if lake.versions[fact.table.name] is None:
            continue
        accepted = {feed: lake.read(FEED_BY_NAME[feed].accepted_table) for feed in fact.feeds}
        decided = {name: lake.read(table) for name, table in fact.decisions.items()}
        made = fact.rows(**accepted, **decided)
        rows = differing(fact.table, lake.read(fact.table), made).collect()
        if rows.height:
            days = sorted({str(day) for day in rows["business_date"]})
            found.append(
                f"{fact.table.name}: {rows.height} rows differ from what its feeds give, "
                f"for {', '.join(days[:_MOST])}"
            )
    return len(FACTS), found


def recomputed_inputs(report: Report, ending: date, lake: AsOf) -> tuple[Inputs, list[str]]:
    """Inputs with figures computed from facts, and which of them are not those that were kept."""
    kept = inputs_of(report, ending, lake)
    values = [figures_again(kind, ending, lake).collect() for kind in report.periods]
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
