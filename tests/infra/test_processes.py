"""A process that noted itself down is dead when all of it is, and not before."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.processes import birth

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="threads of a zombie are told by Linux only"
)

# The first thread leaves, as it may when a process is killed; the other stays for as long as
# standard input is open.
_LEADER_LEAVES = """
import ctypes, sys, threading
threading.Thread(target=sys.stdin.read).start()
print("ready", flush=True)
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_zombie_whose_threads_still_hold_its_ports_and_files_is_not_dead():
    command = [sys.executable, "-c", _LEADER_LEAVES]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        until(lambda: state(process.pid) == "Z")

        assert birth(process.pid) is not None

        process.stdin.close()
        until(lambda: birth(process.pid) is None)


def state(pid: int) -> str:
    status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return status.rpartition(") ")[2].split()[0]


def until(seen) -> None:
    deadline = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < deadline, "it did not come to that in 30 s"
        time.sleep(0.01)
