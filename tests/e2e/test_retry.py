"""A failed night in a running installation: what failed is told, Retry does that and no more."""

import time
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Home
from tests.e2e.test_up import prefect_address, running

pytestmark = pytest.mark.e2e

DAY = "2025-07-28"
BROKEN = "facts/seizures/_delta_log/00000000000000000000.json"
PATIENCE_S = 240
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class Prefect:
    """The API that the Prefect UI itself uses."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=f"{address}/api", timeout=30)

    def start(self, deployment: str, parameters: dict[str, Any]) -> str:
        found = self._http.get(f"/deployments/name/nightly/{deployment}").json()
        started = self._http.post(
            f"/deployments/{found['id']}/create_flow_run", json={"parameters": parameters}
        )
        return started.raise_for_status().json()["id"]

    def retry(self, run: str) -> None:
        """What the Retry button of the UI does."""
        state = {"type": "SCHEDULED", "name": "AwaitingRetry"}
        self._http.post(
            f"/flow_runs/{run}/set_state", json={"state": state, "force": True}
        ).raise_for_status()

    def ended(self, run: str, after: int = 0) -> dict[str, Any]:
        """The run, once it has ended for the `after`-th time and once more."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = self._http.get(f"/flow_runs/{run}").json()
            if found["state_type"] in ENDED and found["run_count"] > after:
                return found
            time.sleep(0.5)
        pytest.fail(f"run {run} did not end: {found['state']}")

    def task_states(self, run: str) -> dict[str, str]:
        """The state of each task in the run's last attempt."""
        query = {"flow_runs": {"id": {"any_": [run]}}, "limit": 200}
        tasks = self._http.post("/task_runs/filter", json=query).json()
        last = max(task["flow_run_run_count"] for task in tasks)
        return {t["name"]: t["state_name"] for t in tasks if t["flow_run_run_count"] == last}


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A night whose table of seizures cannot be opened, mended, and retried."""
    home = Home(tmp_path_factory.mktemp("retry"))
    assert home.run("simulate", "--date", DAY).returncode == 0
    with running(home), home.opened() as at:
        lake = at.connection.bucket(at.settings.lake_bucket)
        lake.put(BROKEN, b"no Delta log", "text/plain")
        prefect = Prefect(prefect_address(home))
        run = prefect.start("nightly", {"business_date": DAY})
        failed = prefect.ended(run)
        first = prefect.task_states(run)
        lake.delete(BROKEN)
        prefect.retry(run)
        mended = prefect.ended(run, after=failed["run_count"])
        return failed, first, mended, prefect.task_states(run), at.editions()


def test_the_run_says_which_step_failed_and_what_to_do(night):
    failed, first, *_ = night

    assert failed["state_type"] == "FAILED"
    assert "Mend the cause" in failed["state"]["message"]
    assert first[f"facts.seizures {DAY}"] == "Failed"


def test_what_does_not_depend_on_it_was_done(night):
    _, first, *_ = night

    assert first[f"facts.card_arrests {DAY}"] == "Completed"
    assert Counter(first.values())["Completed"] > 40


def test_retry_takes_what_is_finished_and_does_the_rest(night):
    *_, mended, states, editions = night

    assert mended["state_type"] == "COMPLETED"
    assert states[f"fetch card_transactions {DAY}"] == "Cached"
    assert states[f"facts.card_arrests {DAY}"] == "Cached"
    assert states[f"facts.seizures {DAY}"] == "Completed"
    assert f"reports/daily/KZ/{DAY}/latest.json" in editions
