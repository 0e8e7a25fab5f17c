"""The folder door: an institution puts files under `{root}/{institution}/{feed}/`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

CONTROL = ".control.json"

_REST = re.compile(r"^(\d{8})(?:_[A-Za-z0-9]+)?((?:\.[a-z0-9]{1,6}){1,2})$")


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that waits behind a door."""

    feed: str
    institution: str
    business_date: date
    path: Path
    bytes: int
    arrived_at: datetime

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def extension(self) -> str:
        return "".join(self.path.suffixes[-2:])


def offered(root: Path, feed: str, institution: str, *, until: date) -> Iterator[Offered]:
    """Files of one feed and institution for business dates up to `until`, oldest first.

    A name that does not follow `{feed}_{institution}_{YYYYMMDD}[_mark].{ext}` is not a
    delivery; it is left where it lies.
    """
    folder = root / institution / feed
    if not folder.is_dir():
        return
    found = []
    for path in folder.iterdir():
        prefix = f"{feed}_{institution}_"
        if path.name.endswith(CONTROL) or not path.name.startswith(prefix):
            continue
        day = _day(path.name.removeprefix(prefix))
        if day is None or day > until:
            continue
        status = path.stat()
        arrived_at = datetime.fromtimestamp(int(status.st_mtime), tz=UTC)
        found.append(Offered(feed, institution, day, path, status.st_size, arrived_at))
    yield from sorted(found, key=lambda file: (file.arrived_at, file.name))


def _day(rest: str) -> date | None:
    match = _REST.match(rest)
    if not match:
        return None
    try:
        return datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
