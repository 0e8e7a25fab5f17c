"""Where arrests were told of, kept up with the registers by the night that carries lives on.

It is a look-up, never the truth: whoever asks gets it as the registers are. Days of which it is
not known yet are read from these; where it is lost, or of another code, all of it is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.carried import AS_OF, on_changed_days
from infra.changes import NEVER, Seen
from infra.code_version import code_version
from infra.installation import Installation
from transforms.arrests.parameters import Numbers
from transforms.arrests.told import REGISTERS, TOLD, told, told_again, told_in


def told_of(
    at: Installation, seen: Mapping[str, Seen], numbers: Numbers, *, is_kept: bool = False
) -> Any:
    """`TOLD` of all registers, of those that were seen as they were then, at hand.

    Args:
        at: the installation.
        seen: some of the registers.
        numbers: of the law and of the method.
        is_kept: it is written down too; one step at a time may.
    """
    before, version = _before(at)
    others = {name: table for name, table in REGISTERS.items() if name not in seen}
    now = {**seen, **at.changes.now(others)}
    days, changed = on_changed_days(at, REGISTERS, before, now)
    kept = told({}, numbers) if version is None else at.lake.read(TOLD, version=version)
    rows = told_again(kept, changed, days, numbers).collect().lazy()
    if is_kept and days:
        if version is None:
            version = at.lake.replace_all(TOLD, rows)
        else:
            months = sorted({day.replace(day=1) for found in days.values() for day in found})
            of_months = {"month_on": months}
            version = at.lake.replace(TOLD, told_in(rows, months), partitions=of_months)
        as_of = Seen(version, {date.min: code_version()}, TOLD.name)
        at.changes.remember(TOLD.name, {**{name: now[name] for name in REGISTERS}, AS_OF: as_of})
    return rows


def _before(at: Installation) -> tuple[Mapping[str, Seen], int | None]:
    """The registers as it was last made of them, and its version; nothing of another code."""
    before = at.changes.before(TOLD.name)
    as_of = before.pop(AS_OF, NEVER)
    is_of_code = as_of.partitions == {date.min: code_version()}
    return (before, as_of.version) if is_of_code else ({}, None)
