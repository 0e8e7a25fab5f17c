"""The commands of the compose file, each a process here: they find each other and hold a night.

Only where hosts and folders are differs from containers, which cannot be had in a test.
"""

import json
import os
import re
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from infra import object_server
from infra.object_store import Connection, ObjectStore
from infra.settings import Settings
from tests.e2e.conftest import AQSHA
from tests.e2e.prefect_ui import ENDED, Prefect
from tests.e2e.test_bad_night import DAY, Register
from tests.e2e.test_faults import hand_over
from tests.postgres import asked, postgres, programs

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.rehearsal,
    pytest.mark.skipif(programs() is None, reason="no PostgreSQL is installed"),
]

KIT = Path(__file__).parents[2] / "infra" / "deploy"
SERVICES = yaml.safe_load((KIT / "compose.yaml").read_text(encoding="utf-8"))["services"]
SECRETS = {"AQSHA_S3_KEY_ID": "kpssu", "AQSHA_S3_SECRET": "a-secret-of-theirs"}
PATIENCE_S = 600
OFF = ("-s3.port.iceberg=0", "-s3.port.lance=0", "-ip=127.0.0.1")


@dataclass
class Composed:
    """The services of the file, on ports of this machine."""

    home: Register
    ports: Mapping[str, int]
    places: Mapping[str, str]

    def environment(self, service: str) -> dict[str, str]:
        """As the file tells it, and nothing of who runs the tests."""
        told = SERVICES[service].get("environment", {})
        own = {
            "PATH": f"{AQSHA.parent}:/usr/bin:/bin",
            "HOME": str(self.home.path),
            "AQSHA_SOURCES": str(self.home.path / "sources.toml"),
            "AQSHA_REGIONS": "none",
            "PREFECT_SERVER_API_PORT": str(self.ports["server"]),
            "PREFECT_WORKER_WEBSERVER_PORT": str(self.ports["worker"]),
        }
        return own | {name: self.here(value) for name, value in told.items()}

    def here(self, text: str) -> str:
        for there, here in self.places.items():
            text = text.replace(there, here)
        return re.sub(r"\$\{(\w+):\?\}", lambda name: SECRETS[name[1]], text)

    def started(self, service: str, *more: str, program: str = "") -> "subprocess.Popen[bytes]":
        words = [*shlex.split(self.here(SERVICES[service]["command"])), *more]
        with (self.home.path / f"{service}.log").open("wb") as log:
            return subprocess.Popen(
                [*([program] if program else []), *words],
                env=self.environment(service),
                cwd=self.home.path,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, service: str) -> str:
        return (self.home.path / f"{service}.log").read_text(encoding="utf-8", errors="replace")


@dataclass
class Story:
    """What came of the night that the composed services held."""

    bootstrapped: int
    night: dict[str, Any]
    runs: str
    latest: dict[str, Any]
    metrics: str
    alive: dict[str, bool]
    again: int


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Iterator[Story]:
    home = Register(tmp_path_factory.mktemp("compose"))
    hand_over(home)
    ports = object_server._free_ports() | {
        name: object_server._free_ports()["master"] for name in ("server", "worker", "metrics")
    }
    with postgres() as database, ExitStack() as until_the_end:
        places = {
            "prefect:${POSTGRES_PASSWORD:?}@database/prefect": database.split("//")[1],
            "http://s3:8333": f"http://127.0.0.1:{ports['s3']}",
            "http://server:4200": f"http://127.0.0.1:{ports['server']}",
            "0.0.0.0": "127.0.0.1",  # noqa: S104
            "9464": str(ports["metrics"]),
            "=/data": f"={home.path}/data",
            "/identities.json": f"{home.path}/identities.json",
            "/srv/home": str(home.path),
            "/srv/outside": str(home.settings.outside),
        }
        yield told(Composed(home, ports, places), database, until_the_end)


def told(composed: Composed, database: str, until_the_end: ExitStack) -> Story:
    parts: dict[str, subprocess.Popen[bytes]] = {}

    def begin(service: str, *more: str, program: str = "") -> None:
        parts[service] = until_the_end.enter_context(
            ending(composed.started(service, *more, program=program))
        )

    identify(composed)
    (composed.home.path / "data").mkdir()
    begin("s3", *weed_ports(composed.ports), program=str(object_server._weed()))
    store = reports(composed)
    becomes(lambda: answers(f"http://127.0.0.1:{composed.ports['s3']}/healthz"), composed, "s3")
    begin("server")
    api = f"http://127.0.0.1:{composed.ports['server']}"
    becomes(lambda: answers(f"{api}/api/ready"), composed, "server")
    bootstrapped = composed.started("bootstrap").wait(PATIENCE_S)
    for service in ("worker", "watch", "metrics"):
        begin(service)
    prefect = Prefect(api)
    run = prefect.start("nightly/nightly", {"business_date": str(DAY)})
    night = prefect.comes_to(run, ENDED)
    latest = json.loads(store.get(f"reports/daily/KZ/{DAY}/latest.json"))
    metrics = f"http://127.0.0.1:{composed.ports['metrics']}/metrics"
    becomes(lambda: answers(metrics), composed, "metrics")
    return Story(
        bootstrapped,
        night,
        asked(database, "select name || ' ' || state_type from flow_run"),
        latest,
        httpx.get(metrics, timeout=60).text,
        {service: part.poll() is None for service, part in parts.items()},
        composed.started("bootstrap").wait(PATIENCE_S),
    )


def identify(composed: Composed) -> None:
    """`aqsha bootstrap --identities`, as the head of the file says."""
    subprocess.run(
        [str(AQSHA), "bootstrap", "--identities", "identities.json"],
        env=os.environ | SECRETS,
        cwd=composed.home.path,
        check=True,
    )


def weed_ports(ports: Mapping[str, int]) -> list[str]:
    """Of a server that is alone in its container, they are the usual ones."""
    names = ("master", "volume", "filer", "s3", "admin")
    http = [f"-{name}.port={ports[name]}" for name in names]
    return [*http, *(f"-{name}.port.grpc={ports[name] + 10_000}" for name in names), *OFF]


def reports(composed: Composed) -> ObjectStore:
    endpoint = f"http://127.0.0.1:{composed.ports['s3']}"
    connection = Connection(endpoint, SECRETS["AQSHA_S3_KEY_ID"], SECRETS["AQSHA_S3_SECRET"])
    return connection.bucket(Settings(_env_file=None).reports_bucket)


def answers(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(url, timeout=30).status_code == 200
    return False


def becomes(so: Callable[[], bool], composed: Composed, service: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, composed.said(service)
        time.sleep(0.3)


@contextmanager
def ending(part: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    try:
        yield part
    finally:
        part.terminate()
        try:
            part.wait(30)
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()


def test_buckets_key_and_schedule_are_made_and_once_more_is_no_harm(story):
    assert (story.bootstrapped, story.again) == (0, 0)


def test_the_worker_holds_the_night_and_its_report_is_out(story):
    assert story.night["state_type"] == "COMPLETED", story.night["state"]
    assert story.latest["edition"] == f"reports/daily/KZ/{DAY}/r1"


def test_its_run_is_kept_in_postgresql(story):
    assert f"nightly-{DAY} COMPLETED" in story.runs


def test_metrics_are_served_and_somebody_watches(story):
    assert "aqsha_rows" in story.metrics
    assert story.alive == dict.fromkeys(("s3", "server", "worker", "watch", "metrics"), True)
