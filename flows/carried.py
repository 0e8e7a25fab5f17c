"""Tables of one state that a night carries on: only rows that something touched are made anew.

What a table was made of, and as of which night, is remembered beside it. Where that is lost, the
code is another, the night an earlier one, or the table not as it was left, all of it is made once
more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flows.compute import Computed
from flows.progress import tell
from infra.changes import NEVER, Seen
from infra.code_version import code_version
from infra.installation import Installation
from transforms.arrests.touched import Renewed, in_place_of
from transforms.contracts import Table
from transforms.verification import differing

AS_OF = "as of"


@dataclass(frozen=True, slots=True)
class Carried:
    """A table, the night that it is carried on to, and what has changed since it was made.

    `was` is the night as of which it was made; None where all of it has to be made anew.
    """

    table: Table
    of: Mapping[str, Table]
    night: date
    was: date | None
    changed: Mapping[str, Any]
    now: Mapping[str, Seen]

    @property
    def is_settled(self) -> bool:
        """Nothing has changed since it was made as of this very night."""
        return self.was == self.night and not self.changed

    def registers(self, at: Installation) -> dict[str, Any]:
        """What it is made of, as it was when the changes were looked for."""
        return {
            name: at.lake.read(table, until=self.night, version=self.now[name].version)
            for name, table in self.of.items()
        }


def carried(at: Installation, table: Table, of: Mapping[str, Table], night: date) -> Carried:
    """What a table needs that is made of these, to be as of a night."""
    before, now = at.changes.before(table.name), at.changes.now(of)
    as_of = before.get(AS_OF, NEVER)
    is_as_left = as_of.version is not None and as_of.version == at.lake.version(table)
    was = next(iter(as_of.partitions), None)
    if not is_as_left or as_of.partitions != {was: code_version()} or was is None or was > night:
        return Carried(table, of, night, None, {}, now)
    both = {n: at.changes.versions(one, before.get(n, NEVER), now[n]) for n, one in of.items()}
    differ = {n: differing(of[n], *rows).collect() for n, rows in both.items() if rows is not None}
    changed = {name: rows.drop("side").lazy() for name, rows in differ.items() if rows.height}
    return Carried(table, of, night, was, changed, now)


def made_whole(at: Installation, to: Carried, rows: Any) -> Computed:
    """Put all rows of the table in place of those that lie there."""
    rows = rows.collect().lazy()
    return _kept(at, to, at.lake.replace_all(to.table, rows), len(_days_of(rows)))


def carried_on(at: Installation, to: Carried, renewed: Renewed) -> Computed:
    """Put what was touched as it is now in place of what lies there, on days where they differ."""
    before, now = (rows.collect().lazy() for rows in renewed)
    days = _days_of(differing(to.table, before, now))
    version = at.lake.version(to.table)
    if days:
        partitions = {"business_date": days}
        there = at.lake.read(to.table, partitions=partitions)
        rows = in_place_of(to.table, there, Renewed(before, now), days)
        version = at.lake.replace(to.table, rows, partitions=partitions)
    return _kept(at, to, version, len(days))


def _days_of(rows: Any) -> list[date]:
    return sorted(rows.select("business_date").unique().collect()["business_date"])


def _kept(at: Installation, to: Carried, version: int | None, days: int) -> Computed:
    as_of = Seen(version, {to.night: code_version()}, to.table.name)
    at.changes.remember(to.table.name, {**to.now, AS_OF: as_of})
    tell(to.table.name, "computed", f"as of {to.night}, {days} days")
    return Computed(to.table.name, days, version)
