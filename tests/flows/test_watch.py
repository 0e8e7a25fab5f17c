"""What `aqsha watch` finds wrong: each code of the runbook has a state of the stores that raises it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from prometheus_client import generate_latest

from flows import orchestrator, watching
from flows.metrics import families
from flows.watching import alarms_of
from infra import installation as built
from infra.date_lock import date_lock
from infra.installation import Installation, installation
from infra.ledger import DONE, Entry, fingerprint
from infra.settings import Settings
from transforms.deliveries import COMPLETENESS, deliveries_table
from transforms.feeds import FEED_BY_NAME

FEED = "card_arrest_orders"
EVE, NIGHT = date(2025, 8, 14), date(2025, 8, 15)  # Thursday, Friday
MORNING = datetime(2025, 8, 16, 2, 30, tzinfo=UTC)  # 07:30 in Almaty
CATALOGUE = f"""
[[source]]
feed = "{FEED}"
institutions = ["kpssu", "court"]
door = "folder"
format = "csv"
calendar = "working_days"
since = 2025-07-01
due = "01:00"
"""


@pytest.fixture(scope="module")
def chosen(tmp_path_factory) -> Settings:
    home = tmp_path_factory.mktemp("watched")
    (home / "sources.toml").write_text(CATALOGUE)
    return Settings(_env_file=None, home=home, sources=home / "sources.toml", full_share=1)


@pytest.fixture(scope="module")
def at(chosen) -> Iterator[Installation]:
    """An installation of its own, in which two nights were held and all is well."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(built, "settings", lambda: chosen)
        patched.delenv("PREFECT_API_URL", raising=False)
        installation.cache_clear()
        here = installation()
        for night in (EVE, NIGHT):
            hold(here, night)
            told(here, night)
        receive(here, {(who, day): "whole" for who in ("kpssu", "court") for day in (EVE, NIGHT)})
        yield here
        installation.cache_clear()


@pytest.fixture(autouse=True)
def untouched(at) -> Iterator[None]:
    """Each test leaves the receipts as they were."""
    table = deliveries_table(FEED_BY_NAME[FEED])
    before = at.lake.read(table).collect()
    yield
    at.lake.replace(table, before.lazy(), partitions={"business_date": [EVE, NIGHT]})


def hold(at, night, outcome=DONE, hour=0, reports=("daily", "year_to_date")) -> None:
    moment = MORNING + timedelta(hours=hour)
    entry = Entry(night, "night", "all", fingerprint(str(hour)), outcome, "nightly", moment)
    if outcome != DONE:
        at.ledger.record(replace(entry, details={"failed": ["Failed: facts.seizures"]}))
        return
    at.ledger.settle(entry)
    for report in reports:
        at.ledger.settle(replace(entry, step="publish", subject=report))


def told(at, night, state="in_time") -> None:
    row = {
        "night": night,
        "feed": FEED,
        "institution": "court",
        "business_date": night,
        "state_code": state,
        "rows_delivered": 40,
    }
    rows = pl.DataFrame([row], schema=COMPLETENESS.schema).lazy()
    at.lake.replace(COMPLETENESS, rows, partitions={"night": [night]})


def receive(at, states) -> None:
    table = deliveries_table(FEED_BY_NAME[FEED])
    rows = [
        {
            "business_date": day,
            "institution": who,
            "delivery": f"{who}{day}",
            "file_name": "a.csv",
            "address": "a",
            "bytes": 1,
            "arrived_at": MORNING,
            "state_code": state,
            "reason": None if state == "whole" else "Broken off. Ask for it again.",
        }
        for (who, day), state in states.items()
    ]
    frame = pl.DataFrame(rows, schema=table.schema).lazy()
    at.lake.replace(table, frame, partitions={"business_date": [EVE, NIGHT]})


def found(chosen, now=MORNING) -> list[tuple[str, str]]:
    return [(alarm.code, alarm.subject) for alarm in alarms_of(chosen, now)]


def test_when_all_is_well_nothing_is_said(chosen, at):
    assert found(chosen) == []


def test_a_file_is_overdue_from_its_hour_on_and_its_sender_is_named(chosen, at):
    receive(at, {(who, EVE): "whole" for who in ("kpssu", "court")} | {("kpssu", NIGHT): "whole"})
    due = datetime(2025, 8, 15, 20, tzinfo=UTC)

    [alarm] = alarms_of(chosen, due)

    assert (alarm.code, alarm.subject) == ("OPS-01", f"{FEED} {NIGHT}")
    assert alarm.says == f"Not there yet for {NIGHT}, due on 16.08.2025 at 01:00: court."
    assert found(chosen, due - timedelta(minutes=1)) == []


def test_a_file_that_cannot_be_used_is_told_with_its_reason(chosen, at):
    states = {(who, day): "whole" for who in ("kpssu", "court") for day in (EVE, NIGHT)}
    receive(at, states | {("court", NIGHT): "unreadable"})

    [alarm] = alarms_of(chosen, MORNING)

    assert (alarm.code, alarm.subject) == ("OPS-02", f"{FEED} {NIGHT} court")
    assert "Ask for it again" in alarm.says


def test_so_is_one_whose_rows_were_set_aside_whole(chosen, at):
    told(at, NIGHT, "rejected")
    try:
        assert found(chosen) == [("OPS-02", f"{FEED} {NIGHT} court")]
    finally:
        told(at, NIGHT)


def test_a_night_is_missed_from_the_hour_that_its_report_is_due(chosen, at):
    saturday = NIGHT + timedelta(days=1)
    morning_after = MORNING + timedelta(days=1)

    assert found(chosen, morning_after) == [("OPS-03", str(saturday))]
    assert found(chosen, morning_after - timedelta(minutes=31)) == []


def test_a_failed_night_is_told_until_it_has_been_held(chosen, at):
    hold(at, NIGHT, "failed", hour=1)
    [alarm] = alarms_of(chosen, MORNING)
    hold(at, NIGHT, hour=2)

    assert (alarm.code, alarm.subject) == ("OPS-04", str(NIGHT))
    assert "facts.seizures" in alarm.says
    assert found(chosen) == []


def test_a_report_that_did_not_come_out_of_a_night_is_late(chosen, at):
    at.ledger_store.delete(f"last/{NIGHT}/publish/daily")
    try:
        assert found(chosen) == [("OPS-05", f"daily {NIGHT}")]
    finally:
        hold(at, NIGHT, hour=3)


def test_a_run_that_is_at_it_for_hours_is_stuck_and_a_dead_one_is_known_to_be_dead(chosen, at):
    moment = datetime.now(UTC)
    with date_lock(at.ledger_store, NIGHT, "quick-falcon", 5):
        locks = {
            later: [
                code for code, subject in found(chosen, moment + later) if subject == str(NIGHT)
            ]
            for later in (timedelta(hours=2), timedelta(hours=4))
        }
        claim = json.loads(at.ledger_store.get(f"locks/{NIGHT}.json"))
    dead = claim | {"until": "2025-08-16T02:00:00+00:00"}
    at.ledger_store.put("locks/facts.seizures.json", json.dumps(dead).encode(), "application/json")

    with_dead = [alarm for alarm in alarms_of(chosen, MORNING) if alarm.code == "OPS-07"]
    at.ledger_store.delete("locks/facts.seizures.json")

    assert locks == {timedelta(hours=2): [], timedelta(hours=4): ["OPS-06"]}
    assert [alarm.subject for alarm in with_dead] == ["facts.seizures"]
    assert "quick-falcon" in with_dead[0].says


def test_a_full_disk_and_a_full_store_are_told(chosen, at, monkeypatch):
    full = chosen.model_copy(update={"full_share": 1e-9, "store_gb": 1e-6})
    monkeypatch.setattr(watching, "installation", lambda: replace(at, settings=full))

    assert [code for code, _ in found(full)] == ["OPS-08", "OPS-09"]


def test_a_store_that_is_gone_is_told_and_so_is_everything_that_needs_none(chosen, at, monkeypatch):
    elsewhere = chosen.model_copy(update={"s3_endpoint": "http://127.0.0.1:9", "full_share": 1e-9})
    monkeypatch.setattr(built, "settings", lambda: elsewhere)
    monkeypatch.setattr(watching, "installation", installation.__wrapped__)

    alarms = alarms_of(elsewhere, MORNING)

    assert [alarm.code for alarm in alarms] == ["OPS-08", "OPS-10"]
    assert "Check AQSHA_S3_ENDPOINT" in alarms[1].says


def test_a_dead_prefect_is_told_and_the_rest_is_watched_all_the_same(chosen, at):
    noted = orchestrator.address_noted(chosen)
    noted.write_text("http://127.0.0.1:9/api")
    try:
        monday = MORNING + timedelta(days=3)
        codes = {code for code, _ in found(chosen, monday)}
    finally:
        noted.unlink()

    assert codes == {"OPS-01", "OPS-03", "OPS-11"}


@pytest.mark.parametrize("module", ["flows.cli", "flows.watching", "flows.status"])
def test_what_needs_no_prefect_loads_none(module):
    loaded = f"import sys, {module}; print([m for m in sys.modules if m == 'prefect'])"

    ended = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )

    assert ended.stdout.strip() == "[]"


def test_metrics_tell_what_the_ledger_and_the_last_night_tell(at):
    """Two nights whose daily report came out after 07:00: late, as the ledger's hours say."""
    lines = generate_latest(Told([*families(at, MORNING)])).decode().splitlines()

    assert "aqsha_nights_missed 0.0" in lines
    assert "aqsha_lag_seconds 27000.0" in lines
    assert f'aqsha_rows{{feed="{FEED}",outcome="delivered"}} 40.0' in lines
    assert f'aqsha_deliveries{{feed="{FEED}",state="in_time"}} 1.0' in lines
    assert 'aqsha_editions{state="not_out"} 0.0' in lines
    assert 'aqsha_editions{state="late"} 4.0' in lines


class Told:
    """A registry that holds just these."""

    def __init__(self, found) -> None:
        self._found = found

    def collect(self):
        return self._found
