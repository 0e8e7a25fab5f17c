"""The lake is kept in order, and every version of every table stays readable."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from infra.lake import Lake
from infra.lake_keeping import LakeKeeping
from transforms.contracts import Column, Table

DAY = date(2026, 3, 2)
LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def lake(connection, installation) -> Lake:
    return Lake(connection, installation.lake_bucket)


@pytest.fixture
def keeping(connection, installation) -> LakeKeeping:
    return LakeKeeping(connection, installation.lake_bucket)


def a_table(name: str, *, grows: bool = False) -> Table:
    columns = (Column("business_date", pl.Date(), "Day."), Column("n", pl.Int64(), "Number."))
    return Table(name=name, grain="a number", key=("n",), columns=columns, is_append_only=grows)


def rows(*numbers: int) -> pl.LazyFrame:
    schema = {"business_date": pl.Date, "n": pl.Int64}
    return pl.LazyFrame([(DAY, n) for n in numbers], schema=schema, orient="row")


def numbers(lake: Lake, table: Table, version: int | None = None) -> list[int]:
    return sorted(lake.read(table, version=version).collect()["n"])


def test_files_of_earlier_versions_are_no_orphans_but_those_of_a_dead_writer_are(
    lake, keeping, connection, installation, fresh
):
    table, partition = a_table(f"kept.{fresh}"), {"business_date": [DAY]}
    first = lake.replace(table, rows(1), partitions=partition)
    lake.replace(table, rows(2), partitions=partition)
    store = connection.bucket(installation.lake_bucket)
    dead = f"kept/{fresh}/business_date=2026-03-02/part-of-a-dead-writer.parquet"
    store.put(dead, b"half", "application/octet-stream")

    found = keeping.orphans(f"kept/{fresh}", before=LATER)
    freed = keeping.remove(found)

    assert [orphan.key for orphan in found] == [dead]
    assert freed == 4
    assert not store.exists(dead)
    assert numbers(lake, table, first) == [1]
    assert numbers(lake, table) == [2]


def test_what_a_writer_may_still_be_writing_is_left_alone(keeping, connection, installation, fresh):
    store = connection.bucket(installation.lake_bucket)
    store.put(f"kept/{fresh}/now.parquet", b"half", "application/octet-stream")

    assert keeping.orphans(f"kept/{fresh}", datetime.now(UTC) - timedelta(days=7)) == []


def test_small_files_are_put_together_and_no_row_and_no_version_is_lost(lake, keeping, fresh):
    table = a_table(f"kept.{fresh}", grows=True)
    versions = [lake.append(table, rows(n)) for n in range(4)]

    assert keeping.compact(f"kept/{fresh}", from_files=5) == 0
    assert keeping.compact(f"kept/{fresh}", from_files=4) == 4

    assert numbers(lake, table) == [0, 1, 2, 3]
    assert [numbers(lake, table, version) for version in versions] == [
        [0],
        [0, 1],
        [0, 1, 2],
        [0, 1, 2, 3],
    ]
    assert keeping.compact(f"kept/{fresh}", from_files=4) == 0


def test_tables_are_found_by_their_log(lake, keeping, fresh):
    lake.replace(a_table(f"kept.{fresh}"), rows(1), partitions={"business_date": [DAY]})

    assert f"kept/{fresh}" in keeping.tables()
