"""Which day a night is for, decided here and nowhere else."""

from datetime import date, datetime, timedelta
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
