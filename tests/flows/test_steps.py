"""What steps have in common: of two runs one at a time takes what belongs to all dates."""

import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

from flows import steps
from flows.steps import alone
from infra.date_lock import DateLocked, date_lock


@pytest.fixture
def store(connection, installation, monkeypatch):
    """The ledger's bucket, and a run under way."""
    store = connection.bucket(installation.ledger_bucket)
    at = SimpleNamespace(ledger_store=store, settings=installation)
    run = SimpleNamespace(name="nightly-2025-08-18", id="1b9d6bcd-0000")
    monkeypatch.setattr(steps, "installation", lambda: at)
    monkeypatch.setattr(steps, "runtime", SimpleNamespace(flow_run=run))
    return store


def test_of_two_runs_one_at_a_time_takes_the_step(store, fresh):
    at_work, most = 0, 0

    @alone(f"{fresh}.{{feed}}")
    def step(feed: str) -> str:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.1)
        at_work -= 1
        return feed

    runs = [threading.Thread(target=step, args=("seizures",)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert most == 1


def test_it_waits_for_its_own_subject_only_and_says_who_holds_it(store, fresh, monkeypatch):
    monkeypatch.setattr(steps, "_PATIENCE", timedelta())
    step = alone(f"{fresh}.{{feed}}")(lambda feed: feed)

    with date_lock(store, f"{fresh}.seizures", "another night", 1):
        assert step("prices") == "prices"
        with pytest.raises(
            DateLocked, match=r"locked by another night until .* nightly-2025-08-18"
        ):
            step("seizures")
    assert step(feed="seizures") == "seizures"
