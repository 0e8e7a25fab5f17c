"""The first bytes of a file, by which its format is told."""

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infra.wire.opened import opened

_READ = 64 * 1024
_START_TAG = re.compile(r"<(?:([A-Za-z_][\w.\-]*):)?([A-Za-z_][\w.\-]*)((?:\s[^<>]*)?)/?>")
_XMLNS = re.compile(r"""\sxmlns(?::([\w.\-]+))?\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True)
class Beginning:
    """Name and first 64 KiB of a file, decompressed."""

    name: str
    head: bytes

    @classmethod
    def of(cls, path: Path) -> "Beginning":
        """Raises `Unreadable` when the file is a damaged or dangerous archive."""
        with opened(path) as file:
            return cls(path.name, file.read(_READ))

    @cached_property
    def encoding(self) -> str:
        """What its byte order mark says, else UTF-8 where it can be that, else cp1251."""
        for mark, encoding in _MARKS.items():
            if self.head.startswith(mark):
                return encoding
        try:
            codecs.getincrementaldecoder("utf-8")().decode(self.head)
        except UnicodeDecodeError:
            return "cp1251"
        return "utf-8"

    @cached_property
    def text(self) -> str:
        """The head as text in that encoding."""
        return self.head.decode(self.encoding, errors="ignore")

    @cached_property
    def elements(self) -> tuple[tuple[str, str], ...]:
        """Namespace ("" without one) and local name of each start tag, in order; () if not XML.

        Read with a regular expression, since the head may end anywhere; good enough to tell
        formats apart, not to read them.
        """
        if not self.text.lstrip("\ufeff \t\r\n").startswith("<"):
            return ()
        spaces: dict[str, str] = {}
        found = []
        for prefix, name, attributes in _START_TAG.findall(self.text):
            for bound, uri in _XMLNS.findall(attributes):
                spaces.setdefault(bound, uri)
            found.append((spaces.get(prefix, ""), name))
        return tuple(found)


_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
