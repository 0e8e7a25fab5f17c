"""The deployment kit names commands, settings and pools that there are."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import pytest
import typer
import yaml

from flows.cli import app
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
        name = Path(words[0]).name
        if name == "aqsha":
            known = {option for p in COMMANDS[words[1]].params for option in p.opts}
            assert {word for word in words if word.startswith("--")} <= known
        else:
            assert name == "prefect" and words[1] in {"server", "worker"}
            assert words[1] == "server" or words[words.index("--pool") + 1] == "night"


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


def test_no_secret_is_written_in_the_kit():
    found = re.findall(r"(?:SECRET|PASSWORD): +\"?(.)", (KIT / "compose.yaml").read_text())
    assert set(found) == {"$"}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_that_there_is(unit):
    stands(read(unit)["Service"]["ExecStart"])


def test_a_timer_has_its_service_and_a_service_is_started_by_something():
    timers = {path.stem for path in (KIT / "systemd").glob("*.timer")}
    started = {p.stem for p in SERVICES if "Install" in read(p)}
    assert timers == {"aqsha-watch", "aqsha-backup"}
    assert timers | started == {path.stem for path in SERVICES}


def test_the_job_of_kubernetes_uses_the_variables_that_it_declares():
    text = (KIT / "work-pool.yaml").read_text(encoding="utf-8")
    template = yaml.safe_load(text)
    used = set(re.findall(r"{{ (\w+) }}", text))
    assert used == template["variables"]["properties"].keys()
    container = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"][
        "containers"
    ][0]
    assert {variable["name"] for variable in container["env"]} <= SETTINGS


def read(path: Path) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(path.read_text(encoding="utf-8"))
    return unit
