"""Names of delivered files: which feed, institution and business date a name stands for."""

import re
from datetime import UTC, date, datetime

USUAL = "{feed}_{institution}_{yyyymmdd}*"

_DAYS = {
    "{yyyymmdd}": (r"(?P<day>\d{8})", "%Y%m%d"),
    "{yyyy-mm-dd}": (r"(?P<day>\d{4}-\d\d-\d\d)", "%Y-%m-%d"),
}
_ANY = r"[A-Za-z0-9._-]*"
_EXTENSION = re.compile(r"(?:\.[a-z0-9]{1,6}){1,2}$")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST = 150


class NamePattern:
    """How one source names its files, as its entry in the catalogue says.

    `{feed}` and `{institution}` stand for themselves, `{yyyymmdd}` or `{yyyy-mm-dd}` for the
    business date, `*` for letters, digits, dots, dashes and underlines.
    """

    def __init__(self, pattern: str, feed: str, institution: str) -> None:
        written = pattern.replace("{feed}", feed).replace("{institution}", institution)
        [self._form] = [form for mark, (_, form) in _DAYS.items() if mark in written]
        regex = re.escape(written).replace(r"\*", _ANY)
        for mark, (day, _) in _DAYS.items():
            regex = regex.replace(re.escape(mark), day)
        self._regex = re.compile(regex)

    def day(self, name: str) -> date | None:
        """The business date of a file of that name; null when it is not one of the source's."""
        match = self._regex.fullmatch(name) if len(name) <= _LONGEST else None
        if match is None:
            return None
        try:
            return datetime.strptime(match["day"], self._form).replace(tzinfo=UTC).date()
        except ValueError:
            return None


def is_pattern(pattern: str) -> bool:
    """It names the business date once, and no folder."""
    return sum(pattern.count(mark) for mark in _DAYS) == 1 and not set(pattern) & set("/\\\0")


def safe(name: str) -> str:
    """A name of ours that still shows where it came from: for paths, never to find a file by."""
    return _UNSAFE.sub("_", name)[-_LONGEST:].lstrip(".") or "_"


def extension(name: str) -> str:
    """`.csv.gz` of `bank_20250818.csv.gz`; empty where the end of the name is no extension."""
    found = _EXTENSION.search(name)
    return found[0] if found else ""
