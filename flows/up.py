"""The whole installation in the foreground: object store, Prefect server, worker, schedule.

All children die with it. A killed one leaves a note of its children, which the next start, or
`aqsha stop`, clears away first.
"""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console

from flows import orchestrator
from flows.kept import EndsAgainAndAgain, Kept
from infra.object_server import object_server, stop_if_left_behind
from infra.processes import birth
from infra.settings import Settings

POOL = "night"
USUAL_PORT = 4200
_GRACE = 15.0
_PREFECT = (sys.executable, "-m", "prefect")


class AlreadyUp(RuntimeError):
    """Another `aqsha up` runs in this home."""


class PartDied(RuntimeError):
    """A part of the installation did not come up, or ended by itself."""


class _Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    kept: Kept
    log: Path


def run_everything(console: Console, settings: Settings) -> None:
    """Start all parts, tell where they are, and wait until asked to stop, or one is dead."""
    settings.home.mkdir(parents=True, exist_ok=True)
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, _stop)
    with (
        _only_one(settings),
        suppress(_Stopped),
        object_server(settings) as endpoint,
        _door_from(USUAL_PORT) as door,
    ):
        parts: list[_Part] = []
        try:
            console.print(f"[green]✓[/] object store at {endpoint}")
            api = _start_prefect(console, settings, endpoint, parts, door)
            console.print(f"[green]✓[/] Prefect at [bold]{api.removesuffix('/api')}[/]")
            if not orchestrator.is_deployed(POOL):
                deploy(settings)
            worker = [*_PREFECT, "worker", "start", "--pool", POOL]
            _started(settings, parts, "prefect-worker", worker)
            console.print("[green]✓[/] schedule deployed, worker waits for the night")
            console.print("Ctrl-C stops everything.")
            _watch(console, settings, parts)
        finally:
            console.print("Stopping …")
            _stop_parts(parts)
            _note(settings, [])
            orchestrator.address_noted(settings).unlink(missing_ok=True)
    console.print("[green]✓[/] All stopped.")


def deploy(settings: Settings) -> None:
    """Make the deployments of `prefect.yaml`, and the work pool unless there is one of any type."""
    if not orchestrator.has_pool(POOL):
        _run(settings, "work-pool", ["work-pool", "create", POOL, "--type", "process"])
    file = str(orchestrator.deployments())
    _run(settings, "deploy", ["deploy", "--all", "--prefect-file", file])
    orchestrator.note_deployed()


def stop_everything(console: Console, settings: Settings) -> None:
    """Stop a running `aqsha up`, or what a killed one left behind."""
    holder = _holder(settings)
    if holder:
        os.kill(holder, signal.SIGTERM)
        _wait_for_end(holder)
    left = _clear_leftovers(settings) + stop_if_left_behind(settings)
    console.print(f"Stopped{f', {left} left-over processes ended' if left else ''}.")


def _start_prefect(
    console: Console, settings: Settings, endpoint: str, parts: list[_Part], door: socket.socket
) -> str:
    port = door.getsockname()[1]
    if port != USUAL_PORT:
        console.print(f"[yellow]![/] port {USUAL_PORT} is taken, Prefect listens on {port}")
    api = f"http://127.0.0.1:{port}/api"
    os.environ.update(
        orchestrator.environment(settings) | {"PREFECT_API_URL": api, "PREFECT_UI_API_URL": api}
    )
    command = orchestrator.server_command(door)
    server = _started(settings, parts, "prefect-server", command, door)
    orchestrator.until_it_answers(server.kept.process, f"{api}/health", server.log)
    orchestrator.keep_results(settings, endpoint)
    orchestrator.address_noted(settings).write_text(api, encoding="utf-8")
    return api


def _run(settings: Settings, name: str, command: list[str]) -> None:
    log = orchestrator.log_of(settings, name)
    with log.open("wb") as out:
        ended = subprocess.run(
            [*_PREFECT, *command],
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if ended.returncode:
        raise PartDied(f"prefect {command[0]} failed. {orchestrator.last_words(log)} See {log}.")


def _started(
    settings: Settings,
    parts: list[_Part],
    name: str,
    command: list[str],
    door: socket.socket | None = None,
) -> _Part:
    log = orchestrator.log_of(settings, name)
    log.unlink(missing_ok=True)

    def begin() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                command,
                env=os.environ | {"PREFECT__SERVER_FINAL": "1"},
                pass_fds=[door.fileno()] if door else [],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    part = _Part(name, Kept(begin), log)
    parts.append(part)
    _note(settings, parts)
    return part


def _watch(console: Console, settings: Settings, parts: list[_Part]) -> None:
    """A part that ends is begun again; what a dead worker ran ends too: no run has two masters."""
    while True:
        for part in parts:
            process = part.kept.process
            if process.poll() is not None:
                _signal_group(process.pid, signal.SIGKILL)
                _begin_again(part)
                _note(settings, parts)
                console.print(f"[yellow]![/] {part.name} ended by itself and was begun again")
        time.sleep(0.5)


def _begin_again(part: _Part) -> None:
    try:
        part.kept.look()
    except EndsAgainAndAgain as ended:
        raise PartDied(
            f"{part.name} ended again and again; the rest was stopped. {ended} "
            f"{orchestrator.last_words(part.log)} See {part.log}, then start again."
        ) from None


def _stop_parts(parts: list[_Part]) -> None:
    for part in reversed(parts):
        _signal_group(part.kept.process.pid, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    for part in parts:
        with suppress(subprocess.TimeoutExpired):
            part.kept.process.wait(max(0.1, deadline - time.monotonic()))
        _signal_group(part.kept.process.pid, signal.SIGKILL)


def _signal_group(pid: int, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, sign)


def _stop(_sign: int, _frame: FrameType | None) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    raise _Stopped


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Hold the home; the kernel lets go of it however we end, so a stale note cannot bar us."""
    with (settings.home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(
                f"The installation in {settings.home} is up already (process {_holder(settings)}). "
                f"Stop it there with Ctrl-C, or with `aqsha stop`."
            ) from None
        _clear_leftovers(settings)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _holder(settings: Settings) -> int | None:
    """Process id of the running `aqsha up`; null when none holds the home."""
    path = settings.home / "up.lock"
    if not path.exists():
        return None
    with path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


def _note(settings: Settings, parts: list[_Part]) -> None:
    note = {str(part.kept.process.pid): birth(part.kept.process.pid) for part in parts}
    (settings.home / "up.json").write_text(json.dumps(note), encoding="utf-8")


def _clear_leftovers(settings: Settings) -> int:
    """Kill children of a killed `aqsha up`; a pid that now belongs to another is left alone."""
    path = settings.home / "up.json"
    noted: Mapping[str, str | None] = (
        json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    )
    left = [int(pid) for pid, born in noted.items() if born and birth(int(pid)) == born]
    for pid in left:
        _signal_group(pid, signal.SIGKILL)
    for pid in left:
        _wait_for_end(pid)
    path.unlink(missing_ok=True)
    return len(left)


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + 2 * _GRACE
    while birth(pid) and time.monotonic() < deadline:
        time.sleep(0.2)


def _door_from(wanted: int) -> socket.socket:
    """The first port from there on that nobody has, and which is ours from now on."""
    for port in range(wanted, wanted + 50):
        with suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    raise PartDied(f"No free port from {wanted} to {wanted + 49} for the Prefect server.")
