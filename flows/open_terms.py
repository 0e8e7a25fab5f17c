"""Terms that nobody has told an end of, kept up with their registers by the night's clock.

It is a look-up, never the truth: a night reads of each register the days that changed since, and
where the look-up is lost, of other code, or of a later night, all days.
"""

from datetime import date
from typing import Any

from flows.carried import Left, as_left, leave, on_changed_days
from infra.installation import Installation
from transforms.arrests.open_terms import OPEN_TERMS, REGISTERS, open_terms, open_terms_again


def open_terms_of(at: Installation, night: date) -> Any:
    """`OPEN_TERMS` of a night, at hand; kept for the nights after it. One step at a time may."""
    left, now = as_left(at, OPEN_TERMS, night), at.changes.now(REGISTERS)
    days, changed = on_changed_days(at, REGISTERS, left.of if left else {}, now)
    kept = at.lake.read(OPEN_TERMS, version=left.version) if left else open_terms({}, night)
    rows = open_terms_again(kept, changed, days, night).collect().lazy()
    leave(at, OPEN_TERMS, Left(night, at.lake.replace_all(OPEN_TERMS, rows), now))
    return rows
