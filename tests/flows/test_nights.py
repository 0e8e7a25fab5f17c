"""When a night's report is due, and that a night which was held is not held again by its schedule."""

import logging
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from flows import nightly
from flows.business_date import business_date_of
from flows.nights import last_night_due
from infra.settings import Settings

ALMATY_TO_UTC = 5


@pytest.mark.parametrize(
    ("almaty", "due"),
    [
        ((2025, 8, 19, 1, 30), date(2025, 8, 17)),
        ((2025, 8, 19, 6, 59), date(2025, 8, 17)),
        ((2025, 8, 19, 7, 0), date(2025, 8, 18)),
        ((2025, 8, 19, 23, 59), date(2025, 8, 18)),
    ],
)
def test_the_report_on_a_day_is_due_at_seven_of_the_next(almaty, due):
    year, month, day, hour, minute = almaty
    moment = datetime(year, month, day, tzinfo=UTC).replace(minute=minute)
    moment = moment.fromtimestamp(moment.timestamp() + (hour - ALMATY_TO_UTC) * 3600, UTC)

    assert last_night_due(Settings(_env_file=None), moment) == due


def test_a_run_that_starts_late_still_takes_in_the_day_it_was_meant_for():
    assert business_date_of(datetime(2025, 8, 18, 20, 30, tzinfo=UTC)) == date(2025, 8, 18)


def test_a_run_of_the_schedule_does_nothing_where_its_night_was_held(monkeypatch):
    """After an outage all that were missed start at once, the ones in vain too."""
    asked = []
    held = SimpleNamespace(run="nightly-2025-08-18")
    ledger = SimpleNamespace(last=lambda *of: asked.append(of) or held)
    monkeypatch.setattr(nightly, "installation", lambda: SimpleNamespace(ledger=ledger))
    monkeypatch.setattr(nightly, "chosen_or_scheduled", lambda _: date(2025, 8, 18))
    monkeypatch.setattr(nightly, "get_run_logger", logging.getLogger)

    night = nightly.nightly.fn(None)

    assert asked == [(date(2025, 8, 18), "night", "all")]
    assert (night.accepted, night.published, night.is_incomplete) == ((), (), False)
