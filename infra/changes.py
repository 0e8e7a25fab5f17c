"""Which partitions of the lake have changed since something was last computed from them.

A night costs what the night brings: a fact is computed again only where the rows under it moved.
The state is a pointer, not truth: when it is lost, everything is computed once more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from infra.lake import Lake
from infra.object_store import NoSuchObject, ObjectStore
from transforms.contracts import Table


@dataclass(frozen=True, slots=True)
class Seen:
    """A table as it was when something was computed from it."""

    version: int | None
    partitions: Mapping[date, str]

    def changed_since(self, earlier: "Seen") -> list[date]:
        """Business dates whose files differ between the two, oldest first."""
        dates = self.partitions.keys() | earlier.partitions.keys()
        return sorted(d for d in dates if self.partitions.get(d) != earlier.partitions.get(d))


NEVER = Seen(version=None, partitions={})


class Changes:
    """Remembers, for each computation, the tables as it saw them."""

    def __init__(self, lake: Lake, store: ObjectStore) -> None:
        self._lake = lake
        self._store = store

    def now(self, tables: Mapping[str, Table]) -> dict[str, Seen]:
        """The tables as they are, by the name that the computation gives them."""
        return {
            name: Seen(self._lake.version(table), self._lake.partition_digests(table))
            for name, table in tables.items()
        }

    def before(self, computation: str) -> dict[str, Seen]:
        """The tables as they were when the computation last ended well."""
        try:
            state = json.loads(self._store.get(_key(computation)))
        except NoSuchObject:
            return {}
        return {
            name: Seen(
                seen["version"],
                {date.fromisoformat(day): digest for day, digest in seen["partitions"].items()},
            )
            for name, seen in state.items()
        }

    def rows(self, table: Table, before: Seen, now: Seen) -> pl.LazyFrame | None:
        """Rows of the partitions that changed, as they are and as they were; null for none."""
        dates = now.changed_since(before)
        if not dates:
            return None
        partitions = {"business_date": dates}
        frames = [self._lake.read(table, partitions=partitions)]
        if before.version is not None:
            frames.append(self._lake.read(table, partitions=partitions, version=before.version))
        return pl.concat(frames)

    def remember(self, computation: str, seen: Mapping[str, Seen]) -> None:
        """Write down what the computation saw. Call it after its result is stored."""
        state = {
            name: {
                "version": table.version,
                "partitions": {d.isoformat(): h for d, h in sorted(table.partitions.items())},
            }
            for name, table in seen.items()
        }
        body = json.dumps(state, sort_keys=True).encode()
        self._store.put(_key(computation), body, "application/json")


def _key(computation: str) -> str:
    return f"state/{computation}.json"
