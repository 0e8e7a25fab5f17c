"""Tables of one state that a night carries on: only rows that something touched are made anew.

What a table was made of, and as of which night, is remembered beside it. Where that is lost, the
code is another, the night an earlier one, or the table not as it was left, all of it is made once
more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flows.compute import Computed
from flows.progress import tell
from infra.changes import NEVER, Seen
from infra.code_version import code_version
from infra.installation import Installation
from transforms.arrests.touched import Renewed, in_place_of
from transforms.contracts import Table
from transforms.verification import differing

AS_OF = "as of"


class Left(NamedTuple):
    """A table as it was left: as of which night, which version, made of what."""

    was: date
    version: int | None
    of: Mapping[str, Seen]


def as_left(at: Installation, table: Table, night: date) -> Left | None:
    """How the table lies there that a night is to carry on; None where it has to be made anew."""
    before = at.changes.before(table.name)
    as_of = before.pop(AS_OF, NEVER)
    was = next(iter(as_of.partitions), None)
    if as_of.version is None or as_of.version != at.lake.version(table):
        return None
    if was is None or as_of.partitions != {was: code_version()} or was > night:
        return None
    return Left(was, as_of.version, before)


def leave(at: Installation, table: Table, left: Left) -> None:
    """Remember it, after its rows are stored, so that `as_left` of a later night finds it."""
    as_of = Seen(left.version, {left.was: code_version()}, table.name)
    at.changes.remember(table.name, {**left.of, AS_OF: as_of})


def on_changed_days(
    at: Installation, of: Mapping[str, Table], before: Mapping[str, Seen], now: Mapping[str, Seen]
) -> tuple[dict[str, list[date]], dict[str, Any]]:
    """Days of each table that changed since, and its rows of these days as they are now."""
    differ = {name: now[name].changed_since(before.get(name, NEVER)) for name in of}
    days = {name: found for name, found in differ.items() if found}
    rows = {
        name: at.lake.read(of[name], partitions={"business_date": found}, version=now[name].version)
        for name, found in days.items()
    }
    return days, rows


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
    left, now = as_left(at, table, night), at.changes.now(of)
    if left is None:
        return Carried(table, of, night, None, {}, now)
    both = {n: at.changes.versions(one, left.of.get(n, NEVER), now[n]) for n, one in of.items()}
    differ = {n: differing(of[n], *rows).collect() for n, rows in both.items() if rows is not None}
    changed = {name: rows.drop("side").lazy() for name, rows in differ.items() if rows.height}
    return Carried(table, of, night, left.was, changed, now)


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
    leave(at, to.table, Left(to.night, version, to.now))
    tell(to.table.name, "computed", f"as of {to.night}, {days} days")
    return Computed(to.table.name, days, version)
