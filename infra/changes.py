"""Which partitions of the lake have changed since something was last computed from them.

A night costs what the night brings: a fact is computed again only where the rows under it moved.
The state is a pointer, not truth: when it is lost, everything is computed once more.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from infra.lake import Lake
from infra.object_store import NoSuchObject, ObjectStore
from transforms.contracts import Table


@dataclass(frozen=True, slots=True)
class Seen:
    """A table as it was when something was computed from it.

    One that is not divided by business date is one partition, under the earliest date there is.
    """

    version: int | None
    partitions: Mapping[date, str]
    table: str | None = None
    """Its name, so that this version stays readable until the computation has seen a later one."""

    def changed_since(self, earlier: "Seen") -> list[date]:
        """Business dates whose files differ between the two, oldest first."""
        dates = self.partitions.keys() | earlier.partitions.keys()
        return sorted(d for d in dates if self.partitions.get(d) != earlier.partitions.get(d))


_STATE = "state/"
NEVER = Seen(version=None, partitions={})


class Changes:
    """Remembers, for each computation, the tables as it saw them."""

    def __init__(self, lake: Lake, store: ObjectStore) -> None:
        self._lake = lake
        self._store = store

    def now(self, tables: Mapping[str, Table]) -> dict[str, Seen]:
        """The tables as they are, by the name that the computation gives them."""
        return {name: self._seen(table) for name, table in tables.items()}

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
                seen.get("table"),
            )
            for name, seen in state.items()
        }

    def rows(self, table: Table, before: Seen, now: Seen) -> pl.LazyFrame | None:
        """Rows of the partitions that changed, as they are and as they were; null for none."""
        both = self.versions(table, before, now)
        return None if both is None else pl.concat(both)

    def versions(
        self, table: Table, before: Seen, now: Seen
    ) -> tuple[pl.LazyFrame, pl.LazyFrame] | None:
        """Rows of the partitions that changed, as they were and as they are; null for none."""
        dates = now.changed_since(before)
        if not dates:
            return None
        partitions = {"business_date": dates} if _is_divided(table) else {}
        were = (
            self._lake.read(table, partitions=partitions, version=before.version)
            if before.partitions.keys() & {*dates}  # else an earlier version need not be opened
            else pl.LazyFrame(schema=table.schema)
        )
        return were, self._lake.read(table, partitions=partitions, version=now.version)

    def _seen(self, table: Table) -> Seen:
        version = self._lake.version(table)
        if _is_divided(table):
            return Seen(version, self._lake.partition_digests(table), table.name)
        whole = {} if version is None else {date.min: str(version)}
        return Seen(version, whole, table.name)

    def seen_versions(self) -> Iterator[tuple[str | None, int]]:
        """Each table and version that a computation will compare with; null for any table."""
        for key in self._store.keys(_STATE):
            if key.count("/") == 1 and key.endswith(".json"):
                for seen in self.before(key.removeprefix(_STATE).removesuffix(".json")).values():
                    if seen.version is not None:
                        yield seen.table, seen.version

    def remember(self, computation: str, seen: Mapping[str, Seen]) -> None:
        """Write down what the computation saw. Call it after its result is stored."""
        state = {
            name: {
                "version": table.version,
                "table": table.table,
                "partitions": {d.isoformat(): h for d, h in sorted(table.partitions.items())},
            }
            for name, table in seen.items()
        }
        body = json.dumps(state, sort_keys=True).encode()
        self._store.put(_key(computation), body, "application/json")


def _is_divided(table: Table) -> bool:
    """By business date. A table that is not changes whole."""
    return "business_date" in table.partitioned_by


def _key(computation: str) -> str:
    return f"{_STATE}{computation}.json"
