"""A PostgreSQL of the tests' own, where one is installed."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Where `initdb` and `postgres` lie; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    beside = [
        *map(Path, [found] if found else ()),
        *Path("/usr/lib/postgresql").glob("*/bin/initdb"),
    ]
    return max(beside).resolve().parent if beside else None


@contextmanager
def postgres() -> Iterator[str]:
    """Address of an empty database `prefect`, for libpq; the server ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="aqsha-postgres-"))
    # It will not run as root, for whom nobody stands in.
    nobody = pwd.getpwnam("nobody")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, **who)
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    data = str(folder / "data")
    made = [programs() / "initdb", "--auth=trust", "--username=prefect", "--no-sync", "-D", data]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
    command = [programs() / "postgres", "-D", data, "-p", str(port), "-k", str(folder), "-F"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **who)
    try:
        address = f"postgresql://prefect@127.0.0.1:{port}"
        while not _made(f"{address}/postgres", "prefect"):
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield f"{address}/prefect"
    finally:
        server.send_signal(signal.SIGINT)  # at once, whoever is connected
        server.wait(60)
        shutil.rmtree(folder)


def asked(address: str, question: str) -> str:
    """What the database answers."""
    command = ["psql", "--no-psqlrc", "-qtA", "-c", question, address]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _made(address: str, database: str) -> bool:
    command = ["psql", "--no-psqlrc", "-q", "-c", f"create database {database}", address]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
