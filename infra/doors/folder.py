"""The folder door: an institution puts files under `{root}/{institution}/{feed}/`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.doors.door import Offered
from infra.doors.names import NamePattern


class FolderDoor:
    """Files that lie on a disk of ours, and need no bringing."""

    def __init__(self, folder: Path, feed: str, institution: str, names: NamePattern) -> None:
        self._folder = folder
        self._feed = feed
        self._institution = institution
        self._names = names

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def offered(self, until: date) -> Iterator[Offered]:
        """As `Door` says. A name that does not follow the pattern is left where it lies."""
        if not self._folder.is_dir():
            return
        found = []
        for path in self._folder.iterdir():
            day = self._names.day(path.name)
            if day is None or day > until or not path.is_file():
                continue
            status = path.stat()
            arrived_at = datetime.fromtimestamp(int(status.st_mtime), tz=UTC)
            found.append(
                Offered(
                    self._feed,
                    self._institution,
                    day,
                    path.name,
                    str(path),
                    status.st_size,
                    arrived_at,
                )
            )
        yield from sorted(found, key=lambda file: (file.arrived_at, file.name))

    def bring(self, file: Offered, folder: Path) -> Path:  # noqa: ARG002 - it is here already
        """Where the file lies."""
        return self._folder / file.name

    def companion(self, name: str) -> bytes | None:
        """As `Door` says."""
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None
