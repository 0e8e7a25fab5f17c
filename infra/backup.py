"""A copy of the buckets and of Prefect's database in a folder, and the way back.

Each object is copied once, with what stands beside its bytes in a file of its own; a list of what
belonged together, written last, makes a copy. Buckets
are listed before those whose objects they rely on, and a table's log sorts before its files, so
that a copy taken while the night runs names nothing that it lacks.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.object_store import AlreadyExists, Connection, ObjectStore
from infra.settings import Settings

_DATABASE = "PREFECT_API_DATABASE_CONNECTION_URL"


class BackupError(RuntimeError):
    """A copy could not be made or brought back."""


def back_up(settings: Settings, connection: Connection, folder: Path, now: datetime) -> Path:
    """Copy what is not there yet; gives the list of this copy.

    Raises:
        StoreFailed: the store did not answer; what was copied is used by the next attempt.
    """
    (folder / "objects").mkdir(parents=True, exist_ok=True)
    listed = [*_listed(settings, connection)]
    for one in listed:
        copy = folder / "objects" / one["copy"]
        if not copy.exists():
            part = copy.with_suffix(".part")
            bucket = f"{settings.bucket_prefix}{one['bucket']}"
            beside = connection.bucket(bucket).get_file(one["key"], part)
            _beside(copy).write_text(json.dumps(asdict(beside)), encoding="utf-8")
            part.replace(copy)
    name = f"{now:%Y%m%dT%H%M%SZ}"
    told = {"objects": listed, "database": _dumped(settings, folder / f"{name}.prefect")}
    (folder / f"{name}.part").write_text(json.dumps(told), encoding="utf-8")
    return (folder / f"{name}.part").rename(folder / f"{name}.json")


def bring_back(settings: Settings, connection: Connection, copy: Path) -> int:
    """Put the objects of a copy into buckets that lack them; gives how many.

    What is there already is never replaced, so that a restore that broke off can be run again.

    Raises:
        BackupError: another object lies under a key of the copy, or a database stands there.
    """
    told = json.loads(copy.read_text(encoding="utf-8"))
    names = {one["bucket"] for one in told["objects"]}
    buckets = {name: _bucket(settings, connection, name) for name in names}
    for one in told["objects"]:
        path = copy.parent / "objects" / one["copy"]
        bucket = buckets[one["bucket"]]
        beside = json.loads(_beside(path).read_text(encoding="utf-8"))
        try:
            bucket.put_new_file(one["key"], path, beside["media_type"], beside["metadata"])
        except AlreadyExists:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if bucket.sha256(one["key"]) != digest:
                raise BackupError(
                    f"{one['key']} in {bucket.bucket} is not that of the copy; it was left as it "
                    f"is. Bring the copy back into empty buckets."
                ) from None
    if told["database"]:
        _brought_back(settings, copy.parent / told["database"])
    return len(told["objects"])


def _bucket(settings: Settings, connection: Connection, name: str) -> ObjectStore:
    """One to bring objects back into; editions cannot be deleted there from then on."""
    full = f"{settings.bucket_prefix}{name}"
    is_kept = full == settings.reports_bucket
    return connection.bucket(full, kept_days=settings.retention_days if is_kept else 0)


def _beside(copy: Path) -> Path:
    return copy.with_suffix(".beside.json")


def _listed(settings: Settings, connection: Connection) -> Iterator[dict[str, Any]]:
    for bucket in (
        settings.ledger_bucket,
        settings.reports_bucket,
        settings.annex_bucket,
        settings.waiting_bucket,
        settings.lake_bucket,
        settings.deliveries_bucket,
    ):
        name = bucket.removeprefix(settings.bucket_prefix)
        for found in connection.bucket(bucket).listed():
            version = f"{name}/{found.key}/{found.etag}"
            copy = hashlib.sha256(version.encode()).hexdigest()
            yield {"bucket": name, "key": found.key, "bytes": found.bytes, "copy": copy}


def _dumped(settings: Settings, to: Path) -> str | None:
    """Prefect's database: by pg_dump where it is PostgreSQL, by SQLite's own copy where not."""
    if url := _postgres():
        subprocess.run(["pg_dump", "--format=custom", f"--file={to}", url], check=True)
        return to.name
    kept = settings.home / "prefect" / "prefect.db"
    if not kept.exists():
        return None
    with closing(sqlite3.connect(kept)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to.name


def _brought_back(settings: Settings, dump: Path) -> None:
    if url := _postgres():
        command = ["pg_restore", "--single-transaction", "--no-owner", f"--dbname={url}", str(dump)]
        subprocess.run(command, check=True)
        return
    kept = settings.home / "prefect" / "prefect.db"
    if kept.exists():
        raise BackupError(f"{kept} is there already and was left as it is. Move it away first.")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(kept)) as target:
        source.backup(target)


def _postgres() -> str | None:
    """The address as pg_dump reads it: without the driver that SQLAlchemy names in it."""
    url = os.environ.get(_DATABASE, "")
    return url.replace("+asyncpg", "", 1) if url.startswith("postgresql") else None
