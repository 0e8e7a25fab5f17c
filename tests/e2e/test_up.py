"""`aqsha up`: everything in one foreground process, seen in a real browser, stopped without rest."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import yaml
from playwright.sync_api import sync_playwright

from flows import orchestrator
from flows.up import USUAL_PORT
from tests.e2e.conftest import AQSHA, Home

pytestmark = pytest.mark.e2e

PATIENCE_S = 240
CHROMIUM = shutil.which("chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    return Home(tmp_path_factory.mktemp("up"))


@contextmanager
def running(home: Home) -> Iterator[subprocess.Popen[str]]:
    """`aqsha up`, once it has said that it is ready."""
    log = home.path / "up.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(AQSHA), "up"], env=home.environment, stdout=out, stderr=out, text=True
        )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "Ctrl-C stops everything" not in (said := log.read_text()):
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.3)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def prefect_address(home: Home) -> str:
    line = next(x for x in (home.path / "up.log").read_text().splitlines() if "Prefect at" in x)
    return line.split()[-1]


def children(home: Home) -> list[int]:
    return [int(pid) for pid in json.loads((home.path / "up.json").read_text())]


def lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


@contextmanager
def somebody_on(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # taken already: as good
            other.bind(("127.0.0.1", port))
            other.listen()
        yield


@pytest.fixture(scope="module")
def seen(home):
    """What is true while it runs on a busy port, and after Ctrl-C; then after kill -9."""
    with somebody_on(USUAL_PORT), running(home) as process:
        address = prefect_address(home)
        deployments = httpx.post(f"{address}/api/deployments/filter", json={}).json()
        refused = _started(address, "catch-up/take-in-seizures", {"feed": "gold"})
        watched = home.run("watch", "--json")
        parts = children(home)
        second = home.run("up")
        page = _deployments_page(address)
    return {
        "said": (home.path / "up.log").read_text(),
        "address": address,
        "deployments": {d["name"]: d for d in deployments},
        "refused": refused,
        "watched": watched,
        "parts": parts,
        "second": second,
        "page": page,
        "exit_code": process.returncode,
    }


def _started(address: str, deployment: str, parameters: dict[str, str]) -> httpx.Response:
    found = httpx.get(f"{address}/api/deployments/name/{deployment}").json()
    to = f"{address}/api/deployments/{found['id']}/create_flow_run"
    return httpx.post(to, json={"parameters": parameters})


def _deployments_page(address: str) -> str:
    """The text of the deployments page, as Chromium shows it to an operator."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page()
        page.goto(f"{address}/deployments")
        page.get_by_text("nightly").first.wait_for(timeout=60_000)
        text = page.inner_text("body")
        browser.close()
    return text


def test_a_busy_port_is_told_and_another_taken(seen):
    assert f"port {USUAL_PORT} is taken" in seen["said"]
    assert not seen["address"].endswith(f":{USUAL_PORT}")


def test_the_night_is_deployed_on_its_schedule(seen):
    schedule = seen["deployments"]["nightly"]["schedules"][0]

    assert schedule["schedule"]["timezone"] == "Asia/Almaty"
    assert (schedule["slug"], schedule["active"]) == ("every-night", True)


def test_all_that_prefect_yaml_names_is_deployed_with_its_limits_and_schedules(seen):
    file = yaml.safe_load(orchestrator.deployments().read_text(encoding="utf-8"))

    assert seen["deployments"].keys() == {d["name"] for d in file["deployments"]}
    for wanted in file["deployments"]:
        found = seen["deployments"][wanted["name"]]
        assert found["concurrency_options"]["collision_strategy"] == "ENQUEUE"
        assert found["concurrency_options"]["grace_period_seconds"] == 600
        assert {s["slug"]: s["active"] for s in found["schedules"]} == {
            s["slug"]: s["active"] for s in wanted["schedules"]
        }
        assert {s["schedule"]["timezone"] for s in found["schedules"]} <= {"Asia/Almaty"}


def test_the_server_refuses_a_feed_that_does_not_exist(seen):
    assert seen["refused"].status_code == 409
    assert "'gold' is not one of" in seen["refused"].text


def test_whoever_watches_finds_that_prefect_answers(seen):
    codes = [alarm["code"] for alarm in json.loads(seen["watched"].stdout)["alarms"]]

    assert "OPS-11" not in codes
    assert "OPS-10" not in codes


def test_an_operator_sees_the_deployments_in_the_browser(seen):
    assert "nightly" in seen["page"]
    assert "report" in seen["page"]


def test_a_second_one_in_the_same_home_is_refused_in_a_sentence(seen):
    assert seen["second"].returncode == 1
    assert "is up already" in " ".join(seen["second"].stderr.split())


def test_ctrl_c_stops_all_and_is_no_failure(seen):
    assert seen["exit_code"] == 0
    assert "All stopped." in seen["said"]
    assert len(seen["parts"]) == 2
    assert not any(lives(pid) for pid in seen["parts"])


def test_what_a_killed_one_left_behind_is_cleared_away(home, seen):
    with running(home) as process:
        parts = children(home)
        store = json.loads((home.path / "object-store" / "server.json").read_text())["pid"]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert all(lives(pid) for pid in [*parts, store])

    stopped = home.run("stop")

    assert stopped.returncode == 0
    assert not any(lives(pid) for pid in [*parts, store])
