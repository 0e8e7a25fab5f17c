"""What every door has in common: what waits behind it, and how it is brought here whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

PART = ".part"


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that waits behind a door.

    `at` is the door's own word for where it lies, and never becomes a path of ours. `mark`
    changes when the content does, as far as the door can tell (an ETag, a time of change).
    """

    feed: str
    institution: str
    business_date: date
    name: str
    at: str
    bytes: int
    arrived_at: datetime
    mark: str = ""


class Door(Protocol):
    """One way in, opened for one institution. It is a context manager; leaving it hangs up."""

    def offered(self, until: date) -> Iterator[Offered]:
        """Files for business dates up to `until`, oldest first."""

    def bring(self, file: Offered, folder: Path) -> Path:
        """A whole local copy; a transfer that broke off before is resumed where that is safe.

        Raises:
            DoorFailed: it did not come whole; what came of it is kept for the next attempt.
        """

    def companion(self, name: str) -> bytes | None:
        """A small file that lies beside the others, such as a control file; null when absent."""


class DoorFailed(OSError):
    """An institution's door did not open, or a file did not come whole; waiting may help."""

    def __init__(self, institution: str, door: str, says: str, to_do: str) -> None:
        super().__init__(f"{institution} ({door}): {says} {to_do}")
        self.institution = institution
