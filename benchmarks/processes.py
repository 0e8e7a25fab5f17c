"""Time and memory of a whole command, its children told apart."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_S = 0.2  # looking at all processes oftener takes a part of what is measured


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one command. Memory is resident, at its peak.

    What the kernel tells at the end (`ru_maxrss`) begins with what the measuring process itself
    had when it forked; the high-water mark of the new program does not.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    peak_with_children_mb: float
    exit_code: int


def measured(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Measured:
    """Run a command to its end; what it prints goes to `log`."""
    began = time.monotonic()
    peak = _Peak()
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT
        )
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, ended, peak))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        ended.set()
        watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        wall_s=time.monotonic() - began,
        cpu_s=usage.ru_utime + usage.ru_stime,
        peak_mb=peak.own_mb,
        peak_with_children_mb=max(peak.own_mb, peak.with_children_mb),
        exit_code=process.returncode,
    )


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has taken since it began."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def aqsha(*words: str) -> list[str]:
    """The command line of the installation that runs the benchmark."""
    return [str(Path(sys.executable).with_name("aqsha")), *words]


@dataclass(slots=True)
class _Peak:
    own_mb: float = 0.0
    with_children_mb: float = 0.0


def _watch(root: int, ended: threading.Event, peak: _Peak) -> None:
    while not ended.wait(_EVERY_S):
        peak.own_mb = max(peak.own_mb, _told_mb(root, "VmHWM"))
        resident = sum(_told_mb(pid, "VmRSS") for pid in _tree(root))
        peak.with_children_mb = max(peak.with_children_mb, resident)


def _tree(root: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _told_mb(pid: int, what: str) -> float:
    """What the kernel says of a process; zero of one that is gone."""
    try:
        told = Path(f"/proc/{pid}/status").read_text().split(f"{what}:", 1)[1]
    except (OSError, IndexError):
        return 0.0
    return int(told.split()[0]) / 1024
