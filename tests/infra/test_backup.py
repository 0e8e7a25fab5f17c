"""A rehearsed restore: from a living store into an empty one, and never over what is there."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from infra.backup import BackupError, back_up, bring_back
from infra.lake import Lake
from infra.object_server import make_buckets
from infra.object_store import Connection, _client
from infra.settings import Settings
from tests.postgres import asked, postgres, programs
from transforms.contracts import Column, Table

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
TABLE = Table("kept", "one number", ("n",), (Column("n", pl.Int64(), "A number."),), ())


@pytest.fixture
def both(tmp_path, endpoint, fresh, monkeypatch):
    """Two installations side by side on one server, both without PostgreSQL."""
    monkeypatch.delenv("PREFECT_API_DATABASE_CONNECTION_URL", raising=False)
    made = []
    for name in ("here", "there"):
        chosen = Settings(
            _env_file=None, home=tmp_path / name, bucket_prefix=f"{fresh[:8]}-{name}-"
        )
        make_buckets(chosen, endpoint)
        made.append(chosen)
    return made


def runs(home):
    (home / "prefect").mkdir(parents=True, exist_ok=True)
    return closing(sqlite3.connect(home / "prefect" / "prefect.db"))


def test_what_was_copied_is_there_again_with_its_versions(both, connection, tmp_path):
    here, there = both
    lake = Lake(connection, here.lake_bucket)
    for n in (1, 2):
        lake.replace(TABLE, pl.LazyFrame({"n": [n]}), partitions={})
    connection.bucket(here.ledger_bucket).put("ledger/a", b"1", "text/plain")
    connection.bucket(here.ledger_bucket).put("ledger/a/b", b"2", "text/plain")
    page = {"note": "edition 1"}
    connection.bucket(here.reports_bucket).put_new("reports/ru", b"<p>", "text/html", page)
    with runs(here.home) as database, database:
        database.execute("create table flow_run as select 'nightly' as name")

    copy = back_up(here, connection, tmp_path / "copies", NOW)
    bring_back(there, connection, copy)
    bring_back(there, connection, without_database(copy))  # broken off and begun again

    restored = Lake(connection, there.lake_bucket)
    assert restored.read(TABLE).collect()["n"].to_list() == [2]
    assert restored.read(TABLE, version=1).collect()["n"].to_list() == [1]
    assert connection.bucket(there.ledger_bucket).get("ledger/a/b") == b"2"
    was, now = (
        connection.bucket(at.reports_bucket).get_file("reports/ru", tmp_path / "page")
        for at in both
    )
    assert now == was
    assert (now.media_type, now.metadata["note"]) == ("text/html", "edition 1")
    with runs(there.home) as database:
        assert database.execute("select name from flow_run").fetchall() == [("nightly",)]
    with pytest.raises(BackupError, match="left as it is"):
        bring_back(there, connection, copy)


def test_nothing_is_copied_twice_and_each_copy_keeps_what_was(both, connection, tmp_path):
    here, there = both
    ledger = connection.bucket(here.ledger_bucket)
    ledger.put("last", b"old", "text/plain")
    ledger.put("same", b"same", "text/plain")
    first = back_up(here, connection, tmp_path, NOW)
    ledger.put("last", b"new", "text/plain")
    back_up(here, connection, tmp_path, NOW + timedelta(days=1))

    copies = [p for p in (tmp_path / "objects").iterdir() if not p.name.endswith(".beside.json")]
    assert len(copies) == 3
    bring_back(there, connection, first)
    assert connection.bucket(there.ledger_bucket).get("last") == b"old"


def test_another_object_in_its_place_is_left_and_told(both, connection, tmp_path):
    here, there = both
    connection.bucket(here.ledger_bucket).put("last", b"ours", "text/plain")
    connection.bucket(there.ledger_bucket).put("last", b"theirs", "text/plain")

    with pytest.raises(BackupError, match="last in"):
        bring_back(there, connection, back_up(here, connection, tmp_path, NOW))
    assert connection.bucket(there.ledger_bucket).get("last") == b"theirs"


def without_database(copy):
    told = json.loads(copy.read_text()) | {"database": None}
    other = copy.with_suffix(".objects.json")
    other.write_text(json.dumps(told))
    return other


def test_an_edition_that_was_brought_back_is_as_locked_as_it_was(tmp_path, endpoint, fresh):
    home = {"home": tmp_path, "retention_days": 30, "bucket_prefix": f"{fresh[:8]}-kept-"}
    kept = Settings(_env_file=None, **home)
    make_buckets(kept, endpoint)
    connection = Connection.of(kept, endpoint)
    lost = Settings(_env_file=None, **home | {"bucket_prefix": f"{fresh[:8]}-lost-"})
    make_buckets(lost, endpoint)
    connection.bucket(kept.reports_bucket).put_new("reports/ru", b"<p>", "text/html")

    bring_back(lost, connection, back_up(kept, connection, tmp_path / "copies", NOW))

    s3 = _client(connection)
    found = s3.head_object(Bucket=lost.reports_bucket, Key="reports/ru")
    assert found["ObjectLockMode"] == "COMPLIANCE"


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL is installed")
def test_a_database_in_postgresql_is_brought_back_into_an_empty_one(
    both, connection, tmp_path, monkeypatch
):
    with postgres() as here, postgres() as there:
        asked(here, "create table flow_run as select 'nightly' as name")
        monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", asyncpg(here))
        copy = back_up(both[0], connection, tmp_path, NOW)
        monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", asyncpg(there))
        bring_back(both[1], connection, copy)

        assert asked(there, "select name from flow_run") == "nightly"


def asyncpg(address):
    return address.replace("postgresql", "postgresql+asyncpg", 1)
