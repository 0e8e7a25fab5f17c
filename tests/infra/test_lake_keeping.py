"""The lake is kept in order, and every version that somebody was promised stays readable."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from infra.lake import Lake
from infra.lake_keeping import LakeKeeping
from transforms.contracts import Column, Table

DAY = date(2026, 3, 2)
EARLIER = datetime(2000, 1, 1, tzinfo=UTC)
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


def test_what_a_killed_step_kept_for_its_workers_goes(keeping, connection, installation, fresh):
    store, kept = connection.bucket(installation.lake_bucket), f"scratch/{fresh}/0.parquet"
    store.put(kept, b"half", "application/octet-stream")

    assert kept not in [found.key for found in keeping.scratch(before=EARLIER)]
    found = [each for each in keeping.scratch(before=LATER) if each.key == kept]
    assert keeping.remove(found) == 4
    assert not store.exists(kept)


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


def test_of_superseded_versions_those_promised_stay_and_the_others_go(lake, keeping, fresh):
    table, partition = a_table(f"kept.{fresh}"), {"business_date": [DAY]}
    versions = [lake.replace(table, rows(n), partitions=partition) for n in range(5)]
    promised = [versions[0], versions[2]]

    assert keeping.superseded(f"kept/{fresh}", promised, before=EARLIER) == []
    gone = keeping.superseded(f"kept/{fresh}", promised, before=LATER)
    keeping.remove(gone)

    assert len(gone) == 2
    assert [numbers(lake, table, v) for v in (*promised, versions[-1])] == [[0], [2], [4]]
    assert numbers(lake, table) == [4]
    for version in (versions[1], versions[3]):
        with pytest.raises(Exception, match=r"(?i)not found"):
            numbers(lake, table, version)
    assert keeping.superseded(f"kept/{fresh}", promised, before=LATER) == []
    assert lake.replace(table, rows(9), partitions=partition) > versions[-1]


def test_a_file_stays_that_a_promised_version_shares_with_others(lake, keeping, fresh):
    table, eve = a_table(f"kept.{fresh}"), DAY - timedelta(days=1)
    both = pl.concat([rows(1), rows(2).with_columns(business_date=pl.lit(eve))])
    lake.replace(table, both, partitions={"business_date": [eve, DAY]})
    named = lake.replace(table, rows(3), partitions={"business_date": [DAY]})
    lake.replace(table, rows(4), partitions={"business_date": [DAY]})
    of_eve = rows(5).with_columns(business_date=pl.lit(eve))
    lake.replace(table, of_eve, partitions={"business_date": [eve]})

    keeping.remove(keeping.superseded(f"kept/{fresh}", [named], before=LATER))

    assert numbers(lake, table, named) == [2, 3]
    assert numbers(lake, table) == [4, 5]


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


def test_a_partition_that_is_replaced_whole_keeps_its_files(lake, keeping, fresh):
    """What rests on it knows it by them."""
    table = a_table(f"kept.{fresh}")
    lake.replace(table, rows(1), partitions={"business_date": [DAY]})

    assert keeping.compact(f"kept/{fresh}", from_files=1) == 0


def test_tables_are_found_by_their_log(lake, keeping, fresh):
    lake.replace(a_table(f"kept.{fresh}"), rows(1), partitions={"business_date": [DAY]})

    assert f"kept/{fresh}" in keeping.tables()
