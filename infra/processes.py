"""Whether a process that noted itself down somewhere still lives."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Identity:
    """One process, told apart from every other that ever had its number.

    `machine` names the machine, its boot and the space of process numbers (a container has its
    own); it is empty where that cannot be told.
    """

    machine: str
    pid: int
    born: str

    @classmethod
    def own(cls) -> Self:
        pid = os.getpid()
        return cls(_machine(), pid, birth(pid) or "")

    @property
    def has_died(self) -> bool:
        """True only where it is certain: the process was of this machine, and is no more."""
        return bool(self.machine) and self.machine == _machine() and birth(self.pid) != self.born


def birth(pid: int) -> str | None:
    """When a process began and as what, in its machine's own words; null when it is dead."""
    if Path("/proc/self/stat").exists():
        try:
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return None
        name, _, rest = status.partition("(")[2].rpartition(") ")
        state, threads, ticks = (rest.split()[n] for n in (0, 17, 19))
        # A killed process is a zombie while its other threads still hold its ports and files.
        ended = state in "ZX" and int(threads) <= 1
        return None if ended else f"{_boot()}/{ticks}/{name}"
    said = subprocess.run(
        ["ps", "-o", "state=,lstart=,comm=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    return None if not said or said[0].startswith("Z") else " ".join(said[1:])


def _machine() -> str:
    numbers = Path("/proc/self/ns/pid")
    return f"{_boot()}/{numbers.readlink()}" if numbers.is_symlink() else ""


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
