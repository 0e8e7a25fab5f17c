"""Housekeeping: old results and what dead writers left go, and nothing else does."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from flows import housekeeping
from flows.housekeeping import Kept, orphans_removed, results_expired
from infra.settings import DAYS_OF_RESULTS

LATER = datetime.now(UTC) + timedelta(days=1)
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
BYTES = "application/octet-stream"


@pytest.fixture
def bucket(connection, installation, monkeypatch):
    """A bucket of the installation, with one object in it that housekeeping may remove."""
    at = SimpleNamespace(connection=connection, settings=installation)
    monkeypatch.setattr(housekeeping, "installation", lambda: at)
    return connection.bucket


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


def test_the_bucket_itself_keeps_results_no_longer_than_housekeeping_does(installation):
    asked = housekeeping.housekeeping.parameters.properties["results_days"]

    assert asked["default"] == DAYS_OF_RESULTS
    assert installation.expiring == {installation.results_bucket: {"": DAYS_OF_RESULTS}}
