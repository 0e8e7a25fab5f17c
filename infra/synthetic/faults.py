"""Deliveries planted to go wrong: late, broken off, sent twice, corrected, miscounted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from infra.synthetic.outbox import Outgoing, at_almaty, size
from infra.synthetic.scenario import STORY_DAY


@dataclass(frozen=True, slots=True)
class Fault:
    """One delivery that goes wrong, in which way, and what has to become of it."""

    feed: str
    institution: str
    business_date: date
    kind: str
    outcome: str
    handed_over: Callable[[Outgoing], tuple[Outgoing, ...]]


def as_handed_over(file: Outgoing) -> tuple[Outgoing, ...]:
    """What really arrives where one file was due: itself, unless a fault is planted on it."""
    key = (file.feed, file.institution, file.business_date)
    for fault in FAULTS:
        if key == (fault.feed, fault.institution, fault.business_date):
            return fault.handed_over(file)
    return (file,)


def _three_days_late(file: Outgoing) -> tuple[Outgoing, ...]:
    return (replace(file, handed_over_at=file.handed_over_at + timedelta(days=3)),)


def _next_evening(file: Outgoing) -> tuple[Outgoing, ...]:
    later = at_almaty(file.business_date + timedelta(days=1), 21, 40)
    return (replace(file, handed_over_at=later),)


def _broken_off(file: Outgoing) -> tuple[Outgoing, ...]:
    resent = at_almaty(file.business_date + timedelta(days=1), 10, 25)
    return (
        replace(file, bytes_sent=size(file.content) * 3 // 5),
        replace(file, remark="_r2", handed_over_at=resent),
    )


def _sent_twice(file: Outgoing) -> tuple[Outgoing, ...]:
    again = file.handed_over_at + timedelta(minutes=4)
    return (file, replace(file, remark="_copy", handed_over_at=again))


def _corrected(file: Outgoing) -> tuple[Outgoing, ...]:
    """The second file differs in the weight or value of one act."""
    assert isinstance(file.content, bytes)  # noqa: S101 - register files are held in memory
    lines = file.content.splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if b";drug;cannabis;" in line)
    cells = lines[place].split(b";")
    kilograms = cells[8]
    cells[8] = b"1" + kilograms
    lines[place] = b";".join(cells)
    corrected_at = at_almaty(file.business_date + timedelta(days=1), 16, 5)
    return (
        file,
        replace(file, content=b"".join(lines), remark="_r2", handed_over_at=corrected_at),
    )


def _miscounted(file: Outgoing) -> tuple[Outgoing, ...]:
    return (replace(file, rows_declared=file.rows + 1),)


FAULTS = (
    Fault(
        "card_arrest_confirmations",
        "KSNVKZKA",
        date(2025, 8, 12),
        "late",
        "three days late; taken in when it comes",
        _three_days_late,
    ),
    Fault(
        "card_transactions",
        "EURIKZKA",
        STORY_DAY,
        "missing",
        "not there by the night after the story's day; comes the next evening",
        _next_evening,
    ),
    Fault(
        "card_transactions",
        "KCJBKZKX",
        date(2025, 8, 17),
        "broken_off",
        "the first file ends in its middle and is refused; sent again whole as _r2",
        _broken_off,
    ),
    Fault(
        "card_arrest_confirmations",
        "IRTYKZKA",
        date(2025, 8, 14),
        "sent_twice",
        "the same bytes under a second name, _copy; counted once",
        _sent_twice,
    ),
    Fault(
        "seizures",
        "mvd",
        date(2025, 8, 14),
        "corrected",
        "sent again as _r2 with one weight changed; the second stands",
        _corrected,
    ),
    Fault(
        "p2p_orders",
        "EXCH02",
        date(2025, 8, 16),
        "miscounted",
        "the control file counts one row more than the file has; stays refused",
        _miscounted,
    ),
)
