"""A failed night in a running installation, mended by an operator in a real browser.

A register hands over so few orders that no report may go out. The operator reads why, the register
hands over the whole file, everything is restarted, and *Retry* brings the report out. Before that a
run hangs in Pending, as of a worker that died, and another is cancelled in the middle.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from infra.date_lock import date_lock
from tests.e2e.test_bad_night import ANSWERS, BANKS, ORDERS, SOURCE, Register
from tests.e2e.test_up import CHROMIUM, PATIENCE_S, QUIET, prefect_address, running

pytestmark = pytest.mark.e2e

DAY = date(2025, 8, 18)
WEEKS_BEFORE = [DAY - timedelta(weeks=n) for n in (4, 3, 2, 1)]
CANCELLED_DAY = DAY + timedelta(days=1)
CARDS = 24
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
GRACE_S = 60


class Prefect:
    """The API that the Prefect UI itself uses."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=f"{address}/api", timeout=30)

    def deployment(self, name: str) -> dict[str, Any]:
        return self._http.get(f"/deployments/name/{name}").raise_for_status().json()

    def start(self, deployment: str, parameters: dict[str, Any]) -> str:
        found = self.deployment(deployment)
        started = self._http.post(
            f"/deployments/{found['id']}/create_flow_run", json={"parameters": parameters}
        )
        return started.raise_for_status().json()["id"]

    def hang_in_pending(self, deployment: str, parameters: dict[str, Any]) -> str:
        """A run that a worker took and never began: it died right then."""
        found = self.deployment(deployment)
        options = {"collision_strategy": "ENQUEUE", "grace_period_seconds": GRACE_S}
        self._http.patch(
            f"/deployments/{found['id']}", json={"concurrency_options": options}
        ).raise_for_status()
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        body["state"]["state_details"] = {"scheduled_time": "2099-01-01T00:00:00Z"}
        run = self._http.post(f"/deployments/{found['id']}/create_flow_run", json=body).json()["id"]
        set_ = self._http.post(
            f"/flow_runs/{run}/set_state", json={"state": {"type": "PENDING"}, "force": False}
        )
        assert set_.json()["status"] == "ACCEPT", set_.text
        return run

    def run(self, run: str) -> dict[str, Any]:
        return self._http.get(f"/flow_runs/{run}").raise_for_status().json()

    def comes_to(self, run: str, states: set[str], after: int = 0) -> dict[str, Any]:
        """The run, once it is in one of these states, and has been begun more than `after` times."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = self.run(run)
            if found["state_type"] in states and found["run_count"] > after:
                return found
            time.sleep(0.5)
        pytest.fail(f"run {run} did not come to {states}: {found['state']}")

    def states_of(self, run: str) -> list[str]:
        """Names of all states that the run has been in."""
        history = self._http.get("/flow_run_states/", params={"flow_run_id": run}).json()
        return [state["name"] for state in history]

    def tasks(self, run: str) -> dict[str, str]:
        """The state of each task in the run's last attempt."""
        query = {"flow_runs": {"id": {"any_": [run]}}, "limit": 200}
        tasks = self._http.post("/task_runs/filter", json=query).json()
        last = max(task["flow_run_run_count"] for task in tasks)
        return {t["name"]: t["state_name"] for t in tasks if t["flow_run_run_count"] == last}


@dataclass
class Story:
    """What the operator saw, and what lay in the stores."""

    first: dict[str, Any] = field(default_factory=dict)
    first_tasks: dict[str, str] = field(default_factory=dict)
    read: str = ""
    mended: dict[str, Any] = field(default_factory=dict)
    mended_tasks: dict[str, str] = field(default_factory=dict)
    artifacts: str = ""
    report: str = ""
    states: list[str] = field(default_factory=list)
    waited: dict[str, str] = field(default_factory=dict)
    cancelled: dict[str, Any] = field(default_factory=dict)
    left_by_cancelled: dict[str, dict[str, int]] = field(default_factory=dict)
    editions: dict[str, dict[str, bytes]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    home, story = Register(tmp_path_factory.mktemp("retry")), Story()
    hand_over(home)
    with running(home), browser() as page:
        address = prefect_address(home)
        prefect = Prefect(address)
        hangs = prefect.hang_in_pending("nightly/nightly", {"business_date": str(DAY)})
        run = prefect.start("nightly/nightly", {"business_date": str(DAY)})
        story.first = prefect.comes_to(run, ENDED)
        story.first_tasks = prefect.tasks(run)
        story.waited = {"run": prefect.states_of(run), "hangs": prefect.run(hangs)["state_name"]}
        story.read = read_reason(page, address, run)
        cancel_another(home, page, prefect, address, story)

    home.order(DAY, CARDS)
    with running(home), browser() as page, home.opened() as at:
        address = prefect_address(home)
        press(page, f"{address}/runs/flow-run/{run}", "Retry")
        story.mended = Prefect(address).comes_to(run, ENDED, after=story.first["run_count"])
        story.mended_tasks = Prefect(address).tasks(run)
        story.artifacts, story.report = follow_to_the_report(page, address, run)
        story.editions["mended"] = at.editions()
    return story


def hand_over(home: Register) -> None:
    sources = {ORDERS: '"kpssu"', ANSWERS: ", ".join(f'"{bank}"' for bank in BANKS)}
    entries = (SOURCE.format(feed=feed, institutions=who) for feed, who in sources.items())
    (home.path / "sources.toml").write_text("".join(entries))
    for day in (*WEEKS_BEFORE, DAY):
        home.order(day, 2 if day == DAY else CARDS)
        for bank in BANKS:
            home.answer(bank, day, CARDS)


@contextmanager
def browser() -> Iterator[Page]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = chromium.new_page(viewport={"width": 1400, "height": 1600})
        page.set_default_timeout(120_000)
        yield page
        chromium.close()


def read_reason(page: Page, address: str, run: str) -> str:
    """What the operator reads of a red run: its artifact that says what failed."""
    page.goto(f"{address}/runs/flow-run/{run}")
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("what-failed").first.click()
    page.get_by_text("Mend the cause").first.wait_for()
    return " ".join(page.inner_text("body").split())


def press(page: Page, address: str, button: str) -> None:
    """Press a button of a run, and the same once more in the question whether to."""
    page.goto(address)
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Close").first.wait_for()
    page.get_by_role("button", name=button).last.click()


def cancel_another(
    home: Register, page: Page, prefect: Prefect, address: str, story: Story
) -> None:
    """A night that waits in the middle, for the files of a feed, is cancelled there."""
    home.order(CANCELLED_DAY, CARDS)
    with home.opened() as at:
        ledger = at.connection.bucket(at.settings.ledger_bucket)
        before, out = at.commits(), at.editions()
        with date_lock(ledger, f"feed.{ORDERS}", "somebody else", 10):
            run = prefect.start("nightly/nightly", {"business_date": str(CANCELLED_DAY)})
            prefect.comes_to(run, {"RUNNING"})
            press(page, f"{address}/runs/flow-run/{run}", "Cancel")
            story.cancelled = prefect.comes_to(run, ENDED)
        story.left_by_cancelled = {"before": before, "after": at.commits()}
        story.editions |= {"before cancelled": out, "after cancelled": at.editions()}


def follow_to_the_report(page: Page, address: str, run: str) -> tuple[str, str]:
    """The artifacts of the run, and the page to which the edition's link leads."""
    page.goto(f"{address}/runs/flow-run/{run}")
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text("edition-daily").first.wait_for()
    listed = page.inner_text("body")
    page.get_by_text("edition-daily").first.click()
    link = page.locator("a[href*='reports/daily/KZ']").first
    link.wait_for()
    page.goto(link.get_attribute("href") or "")
    return listed, " ".join(page.inner_text("body").split())


def test_a_run_that_hangs_in_pending_does_not_bar_the_night_that_follows(story):
    assert story.waited["hangs"] == "Pending"
    assert "AwaitingConcurrencySlot" in story.waited["run"]
    assert story.first["run_count"] == 1


def test_the_operator_reads_which_step_failed_why_and_what_to_do(story):
    assert story.first["state_type"] == "FAILED"
    assert "card_arrest_orders has 6 rows for 2025-08-18, where 72 are usual" in story.read
    assert "Ask the institutions for what is missing" in story.read


def test_what_does_not_depend_on_it_was_done(story):
    assert story.first_tasks[f"volumes daily {DAY}"] == "Failed"
    assert story.first_tasks[f"facts.card_arrests {DAY}"] == "Completed"
    assert f"publish daily {DAY}" not in {
        name for name, state in story.first_tasks.items() if state == "Completed"
    }


def test_retry_after_a_restart_of_everything_does_what_rests_on_the_mended_file_and_no_more(story):
    done = {name for name, state in story.mended_tasks.items() if state == "Completed"}
    taken = {name for name, state in story.mended_tasks.items() if state == "Cached"}

    assert story.mended["state_type"] == "COMPLETED"
    assert {f"screen {ORDERS} {DAY}", f"facts.card_arrests {DAY}", f"publish daily {DAY}"} <= done
    assert {f"screen {ANSWERS} {DAY}", f"facts.seizures {DAY}"} <= taken


def test_then_the_report_is_out_and_linked_from_the_run(story):
    assert f"reports/daily/KZ/{DAY}/latest.json" in story.editions["mended"]
    assert "taken-in" in story.artifacts
    assert "figures-daily" in story.artifacts
    assert "Ежедневная сводка" in story.report


def test_a_cancelled_night_leaves_no_trace_in_tables_or_reports(story):
    assert story.cancelled["state_type"] == "CANCELLED"
    accepted = {
        when: {table: n for table, n in commits.items() if table.startswith(("accepted", "facts"))}
        for when, commits in story.left_by_cancelled.items()
    }
    assert accepted["after"] == accepted["before"]
    assert story.editions["after cancelled"] == story.editions["before cancelled"]
