"""Which day a night is for, decided here and nowhere else."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from infra.settings import settings

_NOON = 12


def business_date_of(scheduled: datetime) -> date:
    """The day that a run scheduled for this moment takes in: before noon, the day before.

    It is the moment that the run was meant for that counts, not the one at which it started: a
    night that runs late after an outage still takes in its own day.
    """
    here = scheduled.astimezone(ZoneInfo(settings().timezone))
    return here.date() - timedelta(days=1) if here.hour < _NOON else here.date()


def chosen_or_scheduled(given: date | str | None) -> date:
    """The date that somebody asked for, else the one that the schedule of this run meant."""
    if given is None:
        from prefect import runtime  # noqa: PLC0415 - commands that need no Prefect load none

        return business_date_of(runtime.flow_run.scheduled_start_time or datetime.now(UTC))
    return date.fromisoformat(given) if isinstance(given, str) else given
