"""The deployment kit names commands, settings and pools that there are."""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from uuid import uuid4

import pytest
import typer
import yaml
from prefect.client.schemas.objects import FlowRun
from prefect_kubernetes.worker import KubernetesWorkerJobConfiguration

from flows import keeping, orchestrator, up
from flows.cli import app
from flows.orchestrator import RESULTS_BLOCK
from flows.up import POOL
from infra.settings import PREFIX, Settings

KIT = Path(__file__).parents[2] / "infra" / "deploy"
COMMANDS = typer.main.get_command(app).commands
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
COMPOSE = yaml.safe_load((KIT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = sorted((KIT / "systemd").glob("*.service"))


def stands(command: str) -> None:
    """Each `aqsha …` of a line is a command with these options; a worker serves our pool."""
    for part in command.split("&&"):
        words = shlex.split(part.replace('"', ""))
        words = words[words.index("sh") + 2 :] if "sh" in words else words
        assert Path(words[0]).name == "aqsha"
        if words[1] == "prefect":
            assert words[2:4] in (["server", "start"], ["worker", "start"])
            assert words[2] == "server" or words[words.index("--pool") + 1] == POOL
        else:
            known = {option for p in COMMANDS[words[1]].params for option in p.opts}
            assert {word for word in words if word.startswith("--")} <= known


def test_compose_names_commands_settings_and_services_that_there_are():
    ours = {k: s for k, s in COMPOSE["services"].items() if s.get("image") == "aqsha-izi"}
    assert {"server", "bootstrap", "worker", "watch", "metrics"} == ours.keys()
    for service in ours.values():
        stands(service["command"])
        assert {name for name in service["environment"] if name.startswith(PREFIX)} <= SETTINGS
        assert service.get("depends_on", {}).keys() <= COMPOSE["services"].keys()
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", ()):
            assert volume.startswith("./") or volume.split(":")[0] in COMPOSE["volumes"]


def test_prefects_own_command_keeps_results_where_a_retry_on_another_machine_finds_them(
    tmp_path, monkeypatch
):
    done = []
    monkeypatch.setattr(os, "environ", {"AQSHA_HOME": str(tmp_path)})
    monkeypatch.setattr(os, "execv", lambda _, words: done.append((words, dict(os.environ))))

    keeping.prefect(["worker", "start"])

    [(words, told)] = done
    assert words[1:] == ["-m", "prefect", "worker", "start"]
    assert told["PREFECT_RESULTS_DEFAULT_STORAGE_BLOCK"] == f"s3-bucket/{RESULTS_BLOCK}"
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert told["PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"].endswith("filesystem")


def test_no_secret_is_written_in_the_kit():
    found = re.findall(r"(?:SECRET|PASSWORD): +\"?(.)", (KIT / "compose.yaml").read_text())
    assert set(found) == {"$"}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_that_there_is(unit):
    stands(read(unit)["Service"]["ExecStart"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    here = str(Path(sys.executable).parents[2])
    for unit in (KIT / "systemd").iterdir():
        text = unit.read_text().replace("/srv/aqsha", here).replace("User=aqsha", "User=root")
        (tmp_path / unit.name).write_text(text)

    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (said.returncode, said.stderr) == (0, "")


def test_a_timer_has_its_service_and_a_service_is_started_by_something():
    timers = {path.stem for path in (KIT / "systemd").glob("*.timer")}
    started = {p.stem for p in SERVICES if "Install" in read(p)}
    assert timers == {"aqsha-watch", "aqsha-backup"}
    assert timers | started == {path.stem for path in SERVICES}


def test_prefects_kubernetes_worker_makes_our_job_of_the_template():
    given = json.loads((KIT / "work-pool.json").read_text(encoding="utf-8"))
    values = {"memory": "16Gi", "env": {"AQSHA_DASK": "tcp://dask:8786"}}
    job = asyncio.run(
        KubernetesWorkerJobConfiguration.from_template_and_values(given, values, client=object())
    )
    job.prepare_for_flow_run(FlowRun(flow_id=uuid4(), name="nightly-2025-08-18"))
    [container] = job.job_manifest["spec"]["template"]["spec"]["containers"]
    told = {one["name"]: one["value"] for one in container["env"]}

    assert container["args"] == ["prefect", "flow-run", "execute"]
    assert container["resources"]["limits"] == {"memory": "16Gi"}
    assert told["AQSHA_DASK"] == "tcp://dask:8786"
    assert told["AQSHA_SECRETS"] == container["volumeMounts"][0]["mountPath"]
    assert {name for name in told if name.startswith(PREFIX)} <= SETTINGS


@pytest.mark.parametrize("there", [True, False])
def test_deploying_leaves_a_work_pool_of_another_type_as_it_is(there, monkeypatch):
    done = []
    monkeypatch.setattr(orchestrator, "has_pool", lambda name: there and name == POOL)
    monkeypatch.setattr(orchestrator, "note_deployed", lambda: None)
    monkeypatch.setattr(up, "_run", lambda *given: done.append(given[-1][0]))

    up.deploy(Settings(_env_file=None))

    assert done == (["deploy"] if there else ["work-pool", "deploy"])


def read(path: Path) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text(encoding="utf-8"))
    return unit
