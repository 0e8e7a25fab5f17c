"""`aqsha up`, a failed night in it, mended by an operator in a real browser; stopped without rest.

A register hands over so few orders that no report may go out. The operator reads why, the register
hands over the whole file, everything is restarted, and *Retry* brings the report out. Meanwhile a
run hangs in Pending, as of a worker that died, and another night is cancelled in the middle.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from subprocess import CompletedProcess
from typing import Any

import httpx
import pytest
import yaml

from flows import orchestrator
from flows.up import USUAL_PORT
from infra.date_lock import date_lock
from tests.e2e.prefect_ui import ENDED, Operator, Prefect, children, lives, operator, running
from tests.e2e.test_bad_night import ANSWERS, BANKS, ORDERS, SOURCE, Register
from tests.postgres import asked, postgres, programs

pytestmark = pytest.mark.e2e

DAY = date(2025, 8, 18)
WEEKS_BEFORE = [DAY - timedelta(weeks=n) for n in (4, 3, 2, 1)]
CANCELLED_DAY = DAY + timedelta(days=1)
CARDS = 24
NIGHT, REPORT = "nightly/nightly", "publish/report-daily"
LEAST_GRACE_S = 60
KEPT = "select name || ' ' || state_type from flow_run order by name"


@dataclass(frozen=True)
class Installed(Register):
    """An installation whose Prefect keeps its runs in PostgreSQL, where there is one."""

    database: str | None = None

    @property
    def environment(self) -> dict[str, str]:
        url = (self.database or "").replace("postgresql", "postgresql+asyncpg")
        return super().environment | ({"PREFECT_API_DATABASE_CONNECTION_URL": url} if url else {})


@dataclass
class Story:
    """What was true and seen while it ran on a busy port, after a restart, and at the end."""

    said: str = ""
    address: str = ""
    deployments: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[httpx.Response] = field(default_factory=list)
    watched: CompletedProcess[str] | None = None
    second: CompletedProcess[str] | None = None
    page: str = ""
    parts: list[int] = field(default_factory=list)
    exit_code: int | None = None

    failed: dict[str, Any] = field(default_factory=dict)
    failed_tasks: dict[str, str] = field(default_factory=dict)
    read: str = ""
    cancelled: dict[str, Any] = field(default_factory=dict)
    commits: dict[str, dict[str, int]] = field(default_factory=dict)
    editions: dict[str, dict[str, bytes]] = field(default_factory=dict)

    mended: dict[str, Any] = field(default_factory=dict)
    mended_tasks: dict[str, str] = field(default_factory=dict)
    artifacts: str = ""
    report: str = ""
    hangs: dict[str, Any] = field(default_factory=dict)
    again: dict[str, Any] = field(default_factory=dict)
    deployed_when: dict[str, dict[str, str]] = field(default_factory=dict)
    left: dict[str, list[bool]] = field(default_factory=dict)
    stopped: CompletedProcess[str] | None = None
    kept: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    with postgres() if programs() else nullcontext() as database:
        story = told(Installed(tmp_path_factory.mktemp("up"), database=database))
        story.kept = asked(database, KEPT).splitlines() if database else []
    return story


def told(home: Installed) -> Story:
    story = Story()
    hand_over(home)
    with somebody_on(USUAL_PORT), running(home) as process:
        prefect = Prefect.of(home)
        with operator(prefect.address) as person:
            look_around(home, prefect, person, story)
            kill_worker(home, story)
            hangs = prefect.hang_in_pending(REPORT, {"ending": str(DAY)}, LEAST_GRACE_S)
            run = prefect.start(NIGHT, {"business_date": str(DAY)})
            story.failed = prefect.comes_to(run, ENDED)
            story.failed_tasks = prefect.tasks(run)
            story.read = person.reads_why(run)
            cancel_another(home, prefect, person, story)
    story.said, story.exit_code = (home.path / "up.log").read_text(), process.returncode

    home.order(DAY, CARDS)
    with running(home) as process:
        mend(home, run, hangs, story)
        kill(home, process, story)
    return story


def hand_over(home: Register) -> None:
    sources = {ORDERS: '"kpssu"', ANSWERS: ", ".join(f'"{bank}"' for bank in BANKS)}
    entries = (SOURCE.format(feed=feed, institutions=who) for feed, who in sources.items())
    (home.path / "sources.toml").write_text("".join(entries))
    for day in (*WEEKS_BEFORE, DAY):
        home.order(day, 2 if day == DAY else CARDS)
        for bank in BANKS:
            home.answer(bank, day, CARDS)


def look_around(home: Register, prefect: Prefect, person: Operator, story: Story) -> None:
    story.address, story.deployments = prefect.address, prefect.deployments()
    story.refused = [
        prefect.ask("catch-up/take-in-seizures", {"feed": "gold"}),
        prefect.ask(NIGHT, {"business_date": "yesterday"}),
    ]
    story.watched = home.run("watch", "--json")
    story.parts = children(home)
    story.second = home.run("up")
    story.page = person.sees_deployments()
    story.deployed_when["first"] = deployed_when(prefect)


def kill_worker(home: Register, story: Story) -> None:
    """The night that follows is taken by the one that is begun instead."""
    os.kill(story.parts[-1], signal.SIGKILL)
    deadline = time.monotonic() + 60
    while "prefect-worker ended by itself" not in (home.path / "up.log").read_text():
        assert time.monotonic() < deadline, "nobody began it again"
        time.sleep(0.1)
    story.parts = children(home)


def deployed_when(prefect: Prefect) -> dict[str, str]:
    """But of that one which the story has changed."""
    found = prefect.deployments()
    return {name: of["updated"] for name, of in found.items() if not REPORT.endswith(f"/{name}")}


def cancel_another(home: Register, prefect: Prefect, person: Operator, story: Story) -> None:
    """A night that waits in the middle, for the files of a feed, is cancelled there."""
    home.order(CANCELLED_DAY, CARDS)
    with home.opened() as at:
        ledger = at.connection.bucket(at.settings.ledger_bucket)
        story.commits["before"], story.editions["before"] = at.commits(), at.editions()
        with date_lock(ledger, f"feed.{ORDERS}", "somebody else", 10):
            run = prefect.start(NIGHT, {"business_date": str(CANCELLED_DAY)})
            prefect.comes_to(run, {"RUNNING"})
            person.presses(run, "Cancel", "Confirm")
            story.cancelled = prefect.comes_to(run, ENDED)
        story.commits["after"], story.editions["after"] = at.commits(), at.editions()


def mend(home: Register, run: str, hangs: str, story: Story) -> None:
    """The operator presses Retry after a restart, and asks for the same report once more."""
    prefect = Prefect.of(home)
    with home.opened() as at:
        with operator(prefect.address) as person:
            person.presses(run, "Retry", "Retry")
            story.mended = prefect.comes_to(run, ENDED, after=story.failed["run_count"])
            story.mended_tasks = prefect.tasks(run)
            story.artifacts, story.report = person.follows_to_the_report(run, "edition-daily")
        story.editions["mended"] = at.editions()
        story.again = prefect.comes_to(prefect.start(REPORT, {"ending": str(DAY)}), ENDED)
        story.editions["again"] = at.editions()
    story.hangs = prefect.run(hangs)
    story.deployed_when["restarted"] = deployed_when(prefect)


def kill(home: Register, process: Any, story: Story) -> None:
    store = json.loads((home.path / "object-store" / "server.json").read_text())["pid"]
    parts = [*children(home), store]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    story.left["killed"] = [lives(pid) for pid in parts]
    story.stopped = home.run("stop")
    story.left["stopped"] = [lives(pid) for pid in parts]


@contextmanager
def somebody_on(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # taken already: as good
            other.bind(("127.0.0.1", port))
            other.listen()
        yield


def test_a_busy_port_is_told_and_another_taken(story):
    assert f"port {USUAL_PORT} is taken" in story.said
    assert not story.address.endswith(f":{USUAL_PORT}")


def test_the_night_is_deployed_on_its_schedule(story):
    schedule = story.deployments["nightly"]["schedules"][0]

    assert schedule["schedule"]["timezone"] == "Asia/Almaty"
    assert (schedule["slug"], schedule["active"]) == ("every-night", True)


def test_all_that_prefect_yaml_names_is_deployed_with_its_limits_and_schedules(story):
    file = yaml.safe_load(orchestrator.deployments().read_text(encoding="utf-8"))

    assert story.deployments.keys() == {d["name"] for d in file["deployments"]}
    for wanted in file["deployments"]:
        found = story.deployments[wanted["name"]]
        assert found["concurrency_options"]["collision_strategy"] == "ENQUEUE"
        assert found["concurrency_options"]["grace_period_seconds"] == 600
        assert {s["slug"]: s["active"] for s in found["schedules"]} == {
            s["slug"]: s["active"] for s in wanted["schedules"]
        }
        assert {s["schedule"]["timezone"] for s in found["schedules"]} <= {"Asia/Almaty"}


def test_what_has_not_changed_is_not_deployed_again(story):
    assert story.deployed_when["restarted"] == story.deployed_when["first"]


def test_the_server_refuses_a_feed_that_does_not_exist_and_a_day_that_is_none(story):
    feed, day = story.refused

    assert (feed.status_code, day.status_code) == (409, 409)
    assert "'gold' is not one of" in feed.text
    assert "yesterday" in day.text


def test_whoever_watches_finds_that_prefect_answers(story):
    codes = [alarm["code"] for alarm in json.loads(story.watched.stdout)["alarms"]]

    assert "OPS-11" not in codes
    assert "OPS-10" not in codes


def test_an_operator_sees_the_deployments_in_the_browser(story):
    assert "nightly" in story.page
    assert "report" in story.page


def test_a_second_one_in_the_same_home_is_refused_in_a_sentence(story):
    assert story.second.returncode == 1
    assert "is up already" in " ".join(story.second.stderr.split())


def test_the_operator_reads_which_step_failed_why_and_what_to_do(story):
    assert story.failed["state_type"] == "FAILED"
    assert "card_arrest_orders has 6 rows for 2025-08-18, where 72 are usual" in story.read
    assert "Ask the institutions for what is missing" in story.read


def test_what_does_not_depend_on_it_was_done(story):
    assert story.failed_tasks[f"volumes daily {DAY}"] == "Failed"
    assert story.failed_tasks[f"facts.card_arrests {DAY}"] == "Completed"
    assert story.failed_tasks.get(f"publish daily {DAY}") != "Completed"


def test_retry_after_a_restart_of_everything_does_what_rests_on_the_mended_file_and_no_more(story):
    done = {name for name, state in story.mended_tasks.items() if state == "Completed"}
    taken = {name for name, state in story.mended_tasks.items() if state == "Cached"}

    assert story.mended["state_type"] == "COMPLETED"
    assert {f"screen {ORDERS} {DAY}", f"facts.card_arrests {DAY}", f"publish daily {DAY}"} <= done
    assert {f"stage {ANSWERS} {DAY}", f"screen {ANSWERS} {DAY}"} <= taken


def test_then_the_report_is_out_and_linked_from_the_run(story):
    assert f"reports/daily/KZ/{DAY}/latest.json" in story.editions["mended"]
    assert "taken-in" in story.artifacts
    assert "validation" in story.artifacts
    assert "figures-daily" in story.artifacts
    assert "Ежедневная сводка" in story.report


def test_a_run_that_hangs_in_pending_does_not_bar_those_that_follow(story):
    assert story.hangs["state_name"] == "Pending"
    assert story.again["state_type"] == "COMPLETED"


def test_another_run_of_the_same_date_gives_the_same_edition(story):
    assert story.editions["again"] == story.editions["mended"]


def test_a_cancelled_night_leaves_no_trace_in_tables_or_reports(story):
    def counting(when: str) -> dict[str, int]:
        return {t: n for t, n in story.commits[when].items() if not t.startswith("lineage")}

    assert story.cancelled["state_type"] == "CANCELLED"
    assert counting("after") == counting("before")
    assert story.editions["after"] == story.editions["before"]


def test_ctrl_c_stops_all_and_is_no_failure(story):
    assert story.exit_code == 0
    assert "All stopped." in story.said
    assert len(story.parts) == 2
    assert not any(lives(pid) for pid in story.parts)


def test_what_a_killed_one_left_behind_is_cleared_away(story):
    assert all(story.left["killed"])
    assert story.stopped.returncode == 0
    assert not any(story.left["stopped"])


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL is installed")
def test_all_runs_were_kept_in_postgresql(story):
    assert f"nightly-{DAY} COMPLETED" in story.kept
    assert f"nightly-{CANCELLED_DAY} CANCELLED" in story.kept
    assert f"publish-daily-{DAY} COMPLETED" in story.kept
