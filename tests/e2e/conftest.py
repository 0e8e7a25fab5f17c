"""Whole installations, driven through the command line as a person or a script would."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import unquote

import polars as pl
import psutil
import pytest

from flows import housekeeping
from flows.orchestrator import serving
from infra.changes import Changes
from infra.editions import Shelf
from infra.lake import Lake
from infra.object_server import object_server
from infra.object_store import Connection, ObjectStore
from infra.settings import Settings
from infra.signing import keyring
from transforms.contracts import Table

AQSHA = Path(sys.executable).with_name("aqsha")
Deed = Callable[["Home", int], None]
"""What is done to an installation and to the process that just spoke."""


@dataclass(frozen=True, slots=True)
class Home:
    """One installation in a folder of its own, with a Prefect server of its own where named."""

    path: Path
    prefect: str | None = None
    regions: str = "none"
    dask: str = ""
    shard_rows: str = ""

    @property
    def settings(self) -> Settings:
        return Settings(_env_file=None, home=self.path)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("AQSHA_", "PREFECT_"))}
        own = {"AQSHA_HOME": str(self.path), "AQSHA_REGIONS": self.regions, "COLUMNS": "200"}
        own |= {"AQSHA_DASK": self.dask, "AQSHA_SHARD_ROWS": self.shard_rows}
        return kept | own | ({"PREFECT_API_URL": self.prefect} if self.prefect else {})

    def run(self, *words: str, at_most_s: int = 600) -> subprocess.CompletedProcess[str]:
        """Run `aqsha` to its end."""
        return subprocess.run(
            [str(AQSHA), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=at_most_s,
            check=False,
        )

    def run_until(self, said: str, *words: str) -> None:
        """Run `aqsha`, and kill it and its children the moment it says something."""
        _, done = self.run_and({said: _kill}, *words)
        assert done, f"never said {said!r}"

    def run_and(self, deeds: Mapping[str, Deed], *words: str) -> tuple[int, list[Deed]]:
        """Run `aqsha` to its end, and do something to it the moment it says something.

        Returns:
            Its exit code, negative for the signal that ended it, and what was done to it.
        """
        process = subprocess.Popen(
            [str(AQSHA), *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        waiting, done = dict(deeds), []
        with process.stderr:
            for line in process.stderr:
                for said in [said for said in waiting if said in line]:
                    done.append(waiting.pop(said))
                    done[-1](self, process.pid)
        return process.wait(), done

    def run_losing_a_worker(self, *words: str) -> int:
        """Run `aqsha` to its end, and kill one of its workers once a feed has been accepted."""
        with (
            self.opened() as at,
            subprocess.Popen([str(AQSHA), *words], env=self.environment) as process,
        ):
            while not at.has_accepted():
                assert process.poll() is None, "ended before a feed was accepted"
                time.sleep(0.5)
            _workers_of(process.pid)[0].kill()
            return process.wait(timeout=600)

    @contextmanager
    def up(self) -> Iterator[Self]:
        """Object store and Prefect server stay, so that no command starts its own."""
        with object_server(self.settings), serving(self.settings) as api:
            yield replace(self, prefect=api)

    @contextmanager
    def opened(self) -> Iterator["Opened"]:
        with object_server(self.settings) as endpoint:
            yield Opened(self.settings, Connection.of(self.settings, endpoint))


def _kill(_: Home, pid: int) -> None:
    os.killpg(pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Changed:
    """Objects that a test has changed, as they were."""

    before: list[tuple[ObjectStore, str, bytes]]

    def put_back(self) -> None:
        for store, key, body in self.before:
            store.put(key, body, "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation whose object store runs."""

    settings: Settings
    connection: Connection

    @property
    def reports(self) -> ObjectStore:
        return self.connection.bucket(self.settings.reports_bucket)

    def rows(self, table: Table) -> pl.DataFrame:
        """All rows of a table, in one order."""
        rows = Lake(self.connection, self.settings.lake_bucket).read(table).collect()
        return rows.sort([c for c, t in rows.schema.items() if t != pl.List(pl.String)])

    def remove_versions(self) -> housekeeping.Kept:
        """What housekeeping does some weeks later."""
        of, store = self.settings, self.connection.bucket
        buckets = map(store, (of.reports_bucket, of.waiting_bucket, of.annex_bucket))
        parts = SimpleNamespace(
            connection=self.connection,
            settings=of,
            shelf=Shelf(*buckets, partial(keyring, of.secrets)),
            changes=Changes(Lake(self.connection, of.lake_bucket), store(of.ledger_bucket)),
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(housekeeping, "installation", lambda: parts)
            return housekeeping.versions_removed.fn(datetime.now(UTC) + timedelta(days=1), False)

    def version(self, table: Table) -> int | None:
        return Lake(self.connection, self.settings.lake_bucket).version(table)

    def has_accepted(self) -> bool:
        return any(True for _ in self._lake_bucket.keys("accepted/"))

    def commits(self) -> dict[str, int]:
        """How many commits each table of the lake has had, by its path."""
        logged = (key.split("/_delta_log/") for key in self._lake_bucket.keys(""))
        return dict(
            Counter(path for path, *entry in logged if entry and entry[0].endswith(".json"))
        )

    @property
    def _lake_bucket(self) -> ObjectStore:
        return self.connection.bucket(self.settings.lake_bucket)

    def change_one_byte_each(self, page: str, feed: str, *tables: Table) -> "Changed":
        """Another byte in a page, in a data file of each table, and in a file of a feed."""
        lake = Lake(self.connection, self.settings.lake_bucket)
        deliveries = self.connection.bucket(self.settings.deliveries_bucket)
        found = [(self.reports, page)]
        for table in tables:
            path = unquote(lake.data_files(table, lake.version(table))[-1])
            found.append((self._lake_bucket, f"{table.name.replace('.', '/')}/{path}"))
        files = [k for k in deliveries.keys(f"deliveries/{feed}/") if "receipt" not in k]
        found.append((deliveries, files[-1]))
        before = [(store, key, store.get(key)) for store, key in found]
        for store, key, body in before:
            at = len(body) // 2
            other = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
            store.put(key, other, "application/octet-stream")
        return Changed(before)

    def editions(self) -> dict[str, bytes]:
        """Every published object by key."""
        return {key: self.reports.get(key) for key in self.reports.keys("reports/")}


def _workers_of(pid: int) -> list[psutil.Process]:
    """The processes of Dask that take its steps."""
    children = psutil.Process(pid).children(recursive=True)
    return [c for c in children if any("spawn_main" in word for word in c.cmdline())]


def sums_of(editions: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file but those that name versions of tables, which disturbances raise."""
    names_versions = re.compile(r"/(manifest|provenance)\.")
    return {k: sha256(b).hexdigest() for k, b in editions.items() if not names_versions.search(k)}


def answer(ended: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What a command said with `--json`."""
    return json.loads(ended.stdout)
