"""`aqsha verify` makes every table of facts again: one row more, or another, is told of each."""

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from flows.provenance import TABLES
from flows.recomputed import (
    differing_completeness,
    differing_facts,
    differing_found,
    facts_at,
)
from templates.reports import DAILY
from transforms.contracts import Table
from transforms.deliveries import COMPLETENESS
from transforms.facts import ALL_FACTS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import ANOMALIES, INDICATORS, LARGEST
from transforms.seizures.largest import LARGEST_SEIZURES
from transforms.seizures.units import COUNTED_DRUGS

NIGHT = date(2025, 8, 18)
ORDERS = FEED_BY_NAME["card_arrest_orders"].accepted_table


class Drawn:
    """Tables at versions, as `AsOf` reads them; those that are not given have no rows."""

    def __init__(self, rows: dict[str, pl.DataFrame], never: tuple[str, ...] = ()) -> None:
        self._rows = rows
        self.versions = {t.name: None if t.name in never else 1 for t in TABLES}

    def read(self, table: Table, *, partitions=None, **_: object) -> pl.LazyFrame:
        rows = self._rows.get(table.name, pl.DataFrame(schema=table.schema))
        for column, values in (partitions or {}).items():
            rows = rows.filter(pl.col(column).is_in(values))
        return rows.lazy()


def row(table: Table, **cells: object) -> dict[str, pl.DataFrame]:
    """One row; cells that are not given are null."""
    told = {c: [cells.get(c)] for c in table.schema.names()}
    return {table.name: pl.DataFrame(told, schema=table.schema)}


def test_facts_that_are_what_their_sources_give_differ_in_nothing():
    assert differing_facts(Drawn({}), NIGHT) == (len(ALL_FACTS), [])


@pytest.mark.parametrize("fact", ALL_FACTS, ids=lambda fact: fact.table.name)
def test_a_row_that_no_source_gives_is_told_in_every_table(fact):
    planted = row(fact.table, business_date=NIGHT)

    _, said = differing_facts(Drawn(planted), NIGHT)

    assert [line for line in said if line.startswith(f"{fact.table.name}: 1 rows differ")]


def test_every_figure_counts_a_table_that_is_made_again():
    assert {i.fact.table.name for i in INDICATORS if i.fact} <= {f.table.name for f in ALL_FACTS}


def test_a_table_that_was_never_written_is_not_compared():
    count, said = differing_facts(Drawn({}, never=("arrests.measures",)), NIGHT)

    assert (count, said) == (len(ALL_FACTS) - 1, [])


def test_a_later_night_that_made_a_table_is_the_night_that_it_is_made_again_for():
    """An order of a month later, or a night held since, moves the day as of which lives are told."""
    later = date(2025, 9, 18)
    held = {COMPLETENESS.name: pl.DataFrame({"night": [later]})}
    of_orders = {ORDERS.name: pl.DataFrame({"business_date": [later]})}

    for known in (held, of_orders):
        nights = {*_nights(known)}
        assert later in nights


def _nights(known: dict[str, pl.DataFrame]) -> list[date]:
    from flows.recomputed import _nights as nights  # noqa: PLC0415

    return list(nights(Drawn(known), NIGHT))


@pytest.mark.parametrize("table", [ANOMALIES, LARGEST, LARGEST_SEIZURES, COUNTED_DRUGS])
def test_a_row_beside_the_figures_that_no_fact_gives_is_told(table):
    nothing, planted = Drawn({}), row(table, business_date=NIGHT, period="day")

    facts = facts_at(nothing)

    assert differing_found(DAILY, NIGHT, nothing, facts) == (4, [])
    _, [said] = differing_found(DAILY, NIGHT, Drawn(planted), facts)
    assert said.startswith(f"{table.name}: 1 rows differ from what the facts")


def test_completeness_that_deliveries_do_not_give_is_told():
    catalogue = SimpleNamespace(owed=lambda *_: [])
    at = SimpleNamespace(
        catalogue=catalogue, settings=SimpleNamespace(short_delivery_share=0.5, volume_ceiling=3)
    )
    planted = row(COMPLETENESS, night=NIGHT, business_date=NIGHT, feed="seizures")

    assert differing_completeness(at, NIGHT, Drawn({})) == []
    [said] = differing_completeness(at, NIGHT, Drawn(planted))
    assert said.startswith("completeness: 1 rows differ from what was owed and delivered")
