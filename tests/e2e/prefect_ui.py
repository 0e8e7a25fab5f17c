"""A running installation as its operator meets it: `aqsha up`, Prefect's API, and Chromium."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import AQSHA, Home

TO_COME_UP_S = 900
TO_END_S = 900  # other tests take the processor
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def running(home: Home) -> Iterator[subprocess.Popen[str]]:
    """`aqsha up`, once it has said that it is ready."""
    log = home.path / "up.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(AQSHA), "up"], env=home.environment, stdout=out, stderr=out, text=True
        )
    try:
        deadline = time.monotonic() + TO_COME_UP_S
        while "Ctrl-C stops everything" not in (said := log.read_text()):
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.3)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def children(home: Home) -> list[int]:
    """Process numbers of its parts, as it notes them."""
    return [int(pid) for pid in json.loads((home.path / "up.json").read_text())]


def lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


class Prefect:
    """The API that the Prefect UI itself uses."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.Client(base_url=f"{self.address}/api", timeout=60)

    @classmethod
    def of(cls, home: Home) -> Self:
        """That of a running `aqsha up`."""
        said = (home.path / "up.log").read_text().splitlines()
        return cls(next(line for line in said if "Prefect at" in line).split()[-1])

    def deployments(self) -> dict[str, dict[str, Any]]:
        found = self._http.post("/deployments/filter", json={}).json()
        return {deployment["name"]: deployment for deployment in found}

    def ask(self, deployment: str, parameters: dict[str, Any]) -> httpx.Response:
        """The server's answer to whoever wants a run."""
        found = self._http.get(f"/deployments/name/{deployment}").raise_for_status().json()
        return self._http.post(
            f"/deployments/{found['id']}/create_flow_run", json={"parameters": parameters}
        )

    def start(self, deployment: str, parameters: dict[str, Any]) -> str:
        return self.ask(deployment, parameters).raise_for_status().json()["id"]

    def hang_in_pending(self, deployment: str, parameters: dict[str, Any], grace_s: int) -> str:
        """A run that a worker took and never began: it died right then."""
        found = self._http.get(f"/deployments/name/{deployment}").raise_for_status().json()
        options = {"collision_strategy": "ENQUEUE", "grace_period_seconds": grace_s}
        self._http.patch(
            f"/deployments/{found['id']}", json={"concurrency_options": options}
        ).raise_for_status()
        later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00:00:00Z"}}
        body = {"parameters": parameters, "state": later}
        run = self._http.post(f"/deployments/{found['id']}/create_flow_run", json=body).json()["id"]
        asked = {"state": {"type": "PENDING"}, "force": False}
        said = self._http.post(f"/flow_runs/{run}/set_state", json=asked).json()
        assert said["status"] == "ACCEPT", said
        return run

    def run(self, run: str) -> dict[str, Any]:
        return self._http.get(f"/flow_runs/{run}").raise_for_status().json()

    def comes_to(self, run: str, states: set[str], after: int = 0) -> dict[str, Any]:
        """The run, once it is in one of these states, and has been begun more than `after` times."""
        deadline = time.monotonic() + TO_END_S
        while time.monotonic() < deadline:
            found = self.run(run)
            if found["state_type"] in states and found["run_count"] > after:
                return found
            time.sleep(0.5)
        pytest.fail(f"run {run} did not come to {states}: {found['state']}")

    def tasks(self, run: str) -> dict[str, str]:
        """The state of each task in the run's last attempt."""
        query = {"flow_runs": {"id": {"any_": [run]}}, "limit": 200}
        tasks = self._http.post("/task_runs/filter", json=query).json()
        last = max(task["flow_run_run_count"] for task in tasks)
        return {t["name"]: t["state_name"] for t in tasks if t["flow_run_run_count"] == last}


class Operator:
    """Somebody before the Prefect UI, in a real browser."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address
        page.set_default_timeout(120_000)

    def sees_deployments(self) -> str:
        self.page.goto(f"{self._address}/deployments")
        self.page.get_by_text("nightly").first.wait_for()
        return self._text()

    def reads_why(self, run: str) -> str:
        """Of a red run: its artifact that says what failed."""
        self._artifact(run, "what-failed")
        self.page.get_by_text("Mend the cause").first.wait_for()
        return self._text()

    def presses(self, run: str, button: str, confirmed_by: str) -> None:
        """A button of a run, and the one with which the question whether to is answered."""
        self.page.goto(f"{self._address}/runs/flow-run/{run}")
        self.page.get_by_role("button", name=button, exact=True).click()
        modal = self.page.locator(".p-modal")
        modal.get_by_role("button", name=confirmed_by, exact=True).click()

    def follows_to_the_report(self, run: str, key: str) -> tuple[str, str]:
        """The artifacts of the run, and the page to which one of them leads."""
        listed = self._artifact(run, key)
        link = self.page.locator("a[href*='reports/']").first
        link.wait_for()
        self.page.goto(link.get_attribute("href") or "")
        return listed, self._text()

    def _artifact(self, run: str, key: str) -> str:
        self.page.goto(f"{self._address}/runs/flow-run/{run}")
        self.page.get_by_text("Artifacts", exact=True).click()
        self.page.get_by_text(key).first.wait_for()
        listed = self._text()
        self.page.get_by_text(key).first.click()
        return listed

    def _text(self) -> str:
        return " ".join(self.page.inner_text("body").split())


@contextmanager
def operator(address: str) -> Iterator[Operator]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield Operator(browser.new_page(viewport={"width": 1400, "height": 1600}), address)
        browser.close()
