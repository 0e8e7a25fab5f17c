"""What the rules found, kept for good: pages and their numbers in the bucket of the reports.

`checks/{night}/{run}/{feed}.html` and `.json` are written once. Where a Retry of the same run
finds other rows, its pages stand beside the first as `{feed}-2`. `checks/{night}/latest.html`
points at the last run that judged something, and nothing else moves.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any

from infra.object_store import AlreadyExists, ObjectStore

Told = Sequence[tuple[str, Mapping[str, Any]]]

_NUMBERED = re.compile(r"(?P<feed>\w+?)(?:-(?P<number>\d+))?\.json")


class CheckPages:
    """Pages of what runs judged; putting the same twice leaves the same objects."""

    def __init__(self, reports: ObjectStore) -> None:
        self._reports = reports

    def put(self, night: date, run: str, feed: str, page: bytes, told: Mapping[str, Any]) -> str:
        """Keep a feed's page and the numbers that it shows; gives the page's address."""
        numbers = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
        # The numbers first: the overview lists them, and links the page beside them.
        files = [(".json", numbers, "application/json"), (".html", page, _HTML)]
        return self._put_new(f"{_folder(night, run)}/{feed}", files)

    def told(self, night: date, run: str) -> Told:
        """File name of each feed's page, and its numbers, in order of feed; the last ones put."""
        folder = f"{_folder(night, run)}/"
        last: dict[str, tuple[int, str]] = {}
        for key in self._reports.keys(folder):
            if found := _NUMBERED.fullmatch(key.removeprefix(folder)):
                number = int(found["number"] or 1)
                last[found["feed"]] = max(last.get(found["feed"], (0, "")), (number, key))
        return [
            (key.removeprefix(folder).replace(".json", ".html"), json.loads(self._reports.get(key)))
            for _, (_, key) in sorted(last.items())
        ]

    def close(self, night: date, run: str, overview: Callable[[str], bytes]) -> str:
        """Keep the overview of a run and point at it; gives the address of the pointer.

        Args:
            overview: the page, given the folder of the feeds' pages as seen from it.
        """
        self._put_new(f"{_folder(night, run)}/index", [(".html", overview(""), _HTML)])
        pointer = latest(night)
        self._reports.put(pointer, overview(f"{run}/"), _HTML)
        return pointer

    def files(self, night: date) -> dict[str, bytes]:
        """The overview of the night and the pages of the run that it shows, by address."""
        pointer = latest(night)
        if not self._reports.exists(pointer):
            return {}
        page = self._reports.get(pointer)
        beside = sorted(set(re.findall(r'href="([\w-]+/)[\w-]+\.html"', page.decode())))
        keys = [k for run in beside for k in self._reports.keys(f"checks/{night}/{run}")]
        pages = {key: self._reports.get(key) for key in keys if key.endswith(".html")}
        return {pointer: page, **pages}

    def _put_new(self, stem: str, files: Sequence[tuple[str, bytes, str]]) -> str:
        for number in count(1):
            numbered = stem if number == 1 else f"{stem}-{number}"
            if all(self._is_there(f"{numbered}{end}", body, kind) for end, body, kind in files):
                break
        return f"{numbered}.html"

    def _is_there(self, key: str, body: bytes, media_type: str) -> bool:
        try:
            self._reports.put_new(key, body, media_type)
        except AlreadyExists:
            return self._reports.get(key) == body
        return True


_HTML = "text/html; charset=utf-8"


def latest(night: date) -> str:
    """Where the last checks of a night are shown, whichever run made them."""
    return f"checks/{night}/latest.html"


def _folder(night: date, run: str) -> str:
    return f"checks/{night}/{run}"
