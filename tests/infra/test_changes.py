"""Which partitions have changed is told from the lake's files, and survives the process."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from infra.changes import NEVER, Changes
from infra.lake import Lake
from transforms.contracts import Column, Table

FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


@pytest.fixture
def lake(connection, installation) -> Lake:
    return Lake(connection, installation.lake_bucket)


@pytest.fixture
def held(fresh) -> Table:
    columns = (
        Column("business_date", pl.Date(), "Day."),
        Column("held_tiyn", pl.Int64(), "Held.", unit="tiyn"),
    )
    return Table(f"facts.held_{fresh}", "one day", ("business_date",), columns)


def put(lake: Lake, table: Table, day: date, *amounts: int) -> None:
    rows = pl.LazyFrame(
        {"business_date": [day] * len(amounts), "held_tiyn": amounts}, schema=table.schema
    )
    lake.replace(table, rows, partitions={"business_date": [day]})


def test_only_the_replaced_partition_has_changed(lake, held, store, fresh):
    changes = Changes(lake, store)
    put(lake, held, FIRST, 1)
    put(lake, held, SECOND, 2)
    before = changes.now({"held": held})
    changes.remember(fresh, before)

    put(lake, held, SECOND, 3)
    now = changes.now({"held": held})

    remembered = Changes(lake, store).before(fresh)
    assert remembered == before
    assert (held.name, before["held"].version) in Changes(lake, store).seen_versions()
    assert now["held"].changed_since(remembered["held"]) == [SECOND]
    assert now["held"].changed_since(NEVER) == [FIRST, SECOND]


def test_changed_rows_are_given_as_they_are_and_as_they_were(lake, held, store):
    changes = Changes(lake, store)
    put(lake, held, FIRST, 1)
    before = changes.now({"held": held})["held"]
    put(lake, held, FIRST, 5, 6)

    rows = changes.rows(held, before, changes.now({"held": held})["held"])

    assert sorted(rows.collect()["held_tiyn"]) == [1, 5, 6]


def test_a_cleared_partition_has_changed_too(lake, held, store):
    changes = Changes(lake, store)
    put(lake, held, FIRST, 1)
    before = changes.now({"held": held})["held"]

    put(lake, held, FIRST)

    assert changes.now({"held": held})["held"].changed_since(before) == [FIRST]


def test_nothing_is_remembered_of_what_was_never_computed(lake, store, fresh):
    assert Changes(lake, store).before(fresh) == {}


def test_a_table_that_is_not_divided_changes_whole(lake, held, store):
    whole = replace(held, partitioned_by=())
    changes = Changes(lake, store)
    rows = pl.LazyFrame({"business_date": [FIRST], "held_tiyn": [1]}, schema=whole.schema)
    lake.replace(whole, rows, partitions={})
    before = changes.now({"held": whole})["held"]
    lake.replace(whole, rows.with_columns(held_tiyn=pl.lit(2, pl.Int64)), partitions={})
    now = changes.now({"held": whole})["held"]

    were, are = changes.versions(whole, before, now)

    assert were.collect()["held_tiyn"].to_list() == [1]
    assert are.collect()["held_tiyn"].to_list() == [2]
    assert changes.versions(whole, now, now) is None
