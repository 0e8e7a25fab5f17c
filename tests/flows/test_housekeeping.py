"""Housekeeping: old results and what dead writers left go, and nothing else does."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from flows import housekeeping
from flows.housekeeping import Kept, orphans_removed, results_expired, versions_removed
from infra.lake import Lake
from infra.settings import DAYS_OF_RESULTS
from infra.signing import NotSigned
from tests.infra.test_lake_keeping import DAY, a_table, numbers, rows

LATER = datetime.now(UTC) + timedelta(days=1)
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
BYTES = "application/octet-stream"


@pytest.fixture
def at(connection, installation, monkeypatch):
    """The installation as housekeeping sees it."""
    parts = SimpleNamespace(connection=connection, settings=installation)
    monkeypatch.setattr(housekeeping, "installation", lambda: parts)
    return parts


@pytest.fixture
def bucket(at):
    """Its buckets, by name."""
    return at.connection.bucket


def test_results_go_once_they_are_old_and_a_dry_run_only_counts_them(bucket, installation, fresh):
    store = bucket(installation.results_bucket)
    store.put(fresh, b"result", BYTES)

    assert results_expired.fn(NEVER, False).found == 0
    assert results_expired.fn(LATER, True).found >= 1
    assert store.exists(fresh)
    assert results_expired.fn(LATER, False).found >= 1
    assert not store.exists(fresh)


def test_of_the_lake_only_files_go_that_no_version_names(bucket, installation, monkeypatch, fresh):
    store, orphan = bucket(installation.lake_bucket), f"{fresh}/part-of-a-dead-writer.parquet"
    store.put(f"{fresh}/_delta_log/{0:020}.json", b'{"add": {"path": "named.parquet"}}', BYTES)
    store.put(f"{fresh}/named.parquet", b"rows", BYTES)
    store.put(orphan, b"half", BYTES)
    monkeypatch.setattr(housekeeping.LakeKeeping, "tables", lambda _: [fresh])

    assert orphans_removed.fn(NEVER, False).found == 0
    assert orphans_removed.fn(LATER, True) == Kept("files that no version of a table names", 1, 4)
    assert store.exists(orphan)
    assert orphans_removed.fn(LATER, False).found == 1
    assert [key for key in store.keys(f"{fresh}/") if "_delta_log" not in key] == [
        f"{fresh}/named.parquet"
    ]


def test_versions_go_that_no_edition_names_and_no_computation_has_seen(
    at, connection, installation, monkeypatch, fresh
):
    lake, table = Lake(connection, installation.lake_bucket), a_table(f"kept.{fresh}")
    named, other, seen, by_any, _ = (
        lake.replace(table, rows(n), partitions={"business_date": [DAY]}) for n in range(5)
    )
    promised = [(table.name, named), ("kept.other", other)]
    at.shelf = SimpleNamespace(promised_versions=lambda: promised)
    at.changes = SimpleNamespace(seen_versions=lambda: [(table.name, seen), (None, by_any)])
    monkeypatch.setattr(housekeeping.LakeKeeping, "tables", lambda _: [f"kept/{fresh}"])

    assert versions_removed.fn(NEVER, False).found == 0
    assert versions_removed.fn(LATER, True).found == versions_removed.fn(LATER, False).found == 1
    assert versions_removed.fn(LATER, False).found == 0
    kept = [numbers(lake, table, version) for version in (named, seen, by_any)]
    assert kept == [[0], [2], [3]]


def test_nothing_goes_while_an_edition_is_not_what_was_signed(at):
    def unsigned():
        raise NotSigned("the manifest is another")
        yield

    at.shelf = SimpleNamespace(promised_versions=unsigned)
    at.changes = SimpleNamespace(seen_versions=list)

    with pytest.raises(NotSigned):
        versions_removed.fn(LATER, False)


def test_the_bucket_itself_keeps_results_no_longer_than_housekeeping_does(installation):
    asked = housekeeping.housekeeping.parameters.properties["results_days"]

    assert asked["default"] == DAYS_OF_RESULTS
    assert installation.expiring == {installation.results_bucket: {"": DAYS_OF_RESULTS}}
