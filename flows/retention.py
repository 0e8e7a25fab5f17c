"""Rows about persons go when their time is over; what a case or a list names is held back.

They go from the tables now, and from the disk with the versions that had them
(flows/housekeeping.py says after how long). An operator is told counts and days, never whom.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import task

from flows.progress import tell
from flows.steps import AGAINST_THE_OUTSIDE, done
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.droppers.alerts import ALERTS
from transforms.retention import Retention, persons_held, retentions, rows_held
from transforms.trail.trails import HOLDINGS

STEP = "personal_data_removed"
_NAMES = {
    CARD_ARRESTS: ("card_token", "holder_iin"),
    ACCOUNT_ARRESTS: ("account_iban", "holder_iin"),
    ALERTS: ("account_iban",),
    HOLDINGS: ("node_id",),
}


@dataclass(frozen=True, slots=True)
class Removed:
    """What went of one table: rows of days before one, and how many of these were held back."""

    table: str
    before: date
    days: int
    rows: int
    held_back: int
    source: str


@task(name="remove personal data", task_run_name="remove personal data", **AGAINST_THE_OUTSIDE)
def personal_data_removed(today: date, dry_run: bool) -> list[Removed]:
    """By each rule in force: rows whose time is over go, but for those held back.

    Args:
        today: the day whose rules count.
        dry_run: only count.
    """
    at = installation()
    held = persons_held(_naming(at)).collect().lazy()
    found = [_removed(at, rule, held, today, dry_run) for rule in retentions(today)]
    return [one for one in found if one.days]


def _naming(at: Installation) -> list[Any]:
    """Rows of cases and lists, only the columns that say who; of trails, as the last night left."""
    nights = [*at.lake.partition_digests(HOLDINGS)]
    last = {HOLDINGS: {"night": nights[-1:]}} if nights else {}
    return [
        at.lake.read(table, partitions=last.get(table)).select(names)
        for table, names in _NAMES.items()
    ]


def _removed(at: Installation, rule: Retention, held: Any, today: date, dry_run: bool) -> Removed:
    table, before = rule.table, rule.whole_from(today)
    day = next(name for name in table.partitioned_by if name in {"night", "business_date"})
    days = [on for on in at.lake.partition_digests(table) if on < before]
    touched, rows, kept_rows = [], 0, 0
    for on in days:
        there = at.lake.read(table, partitions={day: [on]})
        count = there.select(day).collect().height
        kept = rows_held(table, there, held).collect(engine="streaming")
        if count == kept.height:
            continue
        touched.append(on)
        rows, kept_rows = rows + count - kept.height, kept_rows + kept.height
        if not dry_run:
            at.lake.replace(table, kept.lazy(), partitions={day: [on]})
    if touched and not dry_run:
        counts = {"before": str(before), "days": len(touched), "rows": rows, "held_back": kept_rows}
        at.ledger.record(done(today, STEP, table.name, fingerprint(counts), **counts))
    tell(table.name, "expired", f"{rows} rows of {len(touched)} days")
    return Removed(table.name, before, len(touched), rows, kept_rows, rule.source)
