"""What the rules found, kept for good: pages and their numbers in the bucket of the reports.

`checks/{night}/{run}/{feed}.html` and `.json` are written once. Where a Retry of the same run
finds other rows, its pages stand beside the first as `{feed}-2`. `checks/{date}/latest.html` is
what reports link, so its address says nothing of a run: it shows the last page of every feed that
judged rows of that date, in the date's own night or, for what came late, in a later one.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from posixpath import dirname, normpath
from typing import Any

from infra.object_store import AlreadyExists, Changed, ObjectStore

Told = Sequence[tuple[str, Mapping[str, Any]]]
"""Address of each feed's page, seen from the page that links it, and the numbers on it."""
Overview = Callable[[date, Told], bytes]
"""The page that links these, for a date."""

_NUMBERED = re.compile(r"(?P<feed>\w+?)(?:-(?P<number>\d+))?\.json")


class CheckPages:
    """Pages of what runs judged; putting the same twice leaves the same objects."""

    def __init__(self, reports: ObjectStore) -> None:
        self._reports = reports

    def put(self, night: date, run: str, feed: str, page: bytes, told: Mapping[str, Any]) -> str:
        """Keep a feed's page and the numbers that it shows; gives the page's address."""
        # The numbers first: the overview lists them, and links the page beside them.
        files = [(".json", _json(told), "application/json"), (".html", page, _HTML)]
        return self._put_new(f"{run_folder(night, run)}/{feed}", files)

    def put_contract(self, feed: str, stamp: str, pages: Mapping[str, bytes]) -> str:
        """Keep what was asked of a feed's senders, in each language; gives the pages' folder.

        One folder for each version: a page of checks links that which was in force.
        """
        folder = f"contracts/{feed}/{stamp}"
        for name, page in pages.items():
            self._reports.put(f"{folder}/{name}", page, _HTML)
        return folder

    def put_evaluation(self, rule_version: str, night: date, pages: Mapping[str, bytes]) -> str:
        """Keep how well rules did on a simulated night, in each language; gives the folder."""
        folder = evaluation_folder(rule_version, night)
        for name, page in pages.items():
            self._reports.put(f"{folder}/{name}", page, _HTML)
        return folder

    def told(self, night: date, run: str) -> Told:
        """File name of each feed's page, and its numbers, in order of feed; the last ones put."""
        folder = f"{run_folder(night, run)}/"
        last: dict[str, tuple[int, str]] = {}
        for key in self._reports.keys(folder):
            if found := _NUMBERED.fullmatch(key.removeprefix(folder)):
                number = int(found["number"] or 1)
                last[found["feed"]] = max(last.get(found["feed"], (0, "")), (number, key))
        return [
            (key.removeprefix(folder).replace(".json", ".html"), json.loads(self._reports.get(key)))
            for _, (_, key) in sorted(last.items())
        ]

    def close(self, night: date, run: str, overview: Overview) -> str:
        """Keep the overview of a run, and bring up to date what its dates show.

        Dates whose night has not been held are left alone, but for this night: the first one of
        an installation brings the rows of a whole year.

        Returns:
            The address of what the night now shows, which is there even if nothing was judged.
        """
        told = self.told(night, run)
        if told:
            self._put_new(
                f"{run_folder(night, run)}/index", [(".html", overview(night, told), _HTML)]
            )
        judged = {date.fromisoformat(day) for _, numbers in told for day in numbers["dates"]}
        held = [day for day in sorted(judged - {night}) if self._reports.exists(_known(day))]
        for day in (*held, night):
            new = {
                numbers["feed"]: {**numbers, "page": f"../{night}/{run}/{page}"}
                for page, numbers in told
                if day == night or day.isoformat() in numbers["dates"]
            }
            self._show(day, new, overview)
        return latest(night)

    def files(self, night: date) -> dict[str, bytes]:
        """What the night shows and every page that it leads to, by address."""
        if not self._reports.exists(_known(night)):
            return {}
        known = json.loads(self._reports.get(_known(night)))
        found = [latest(night)]
        contracts = set[str]()
        for told in known.values():
            page = normpath(f"checks/{night}/{told['page']}")
            found += [page, f"{dirname(page)}/index.html"]
            if contract := told.get("contract"):
                contracts.add(normpath(f"{dirname(page)}/{dirname(contract)}"))
        for folder in sorted(contracts):
            found += self._reports.keys(f"{folder}/")
        return {key: self._reports.get(key) for key in dict.fromkeys(found)}

    def _show(self, day: date, new: Mapping[str, Any], overview: Overview) -> None:
        """Add to what a date shows; of two that do so at once, the later one shows both."""
        settled = False
        while not settled:
            try:
                etag, known = self._noted(day, new)
            except (AlreadyExists, Changed):
                continue
            told = [(numbers["page"], numbers) for _, numbers in sorted(known.items())]
            self._reports.put(latest(day), overview(day, told), _HTML)
            settled = self._reports.get_with_etag(_known(day)).etag == etag

    def _noted(self, day: date, new: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        key, kind = _known(day), "application/json"
        if not self._reports.exists(key):
            return self._reports.put_new(key, _json(new), kind), new
        found = self._reports.get_with_etag(key)
        known = json.loads(found.body) | new
        return self._reports.put_if_unchanged(key, _json(known), kind, etag=found.etag), known

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


def evaluation_folder(rule_version: str, night: date) -> str:
    """Where the pages of an evaluation are."""
    return f"checks/evaluation/{rule_version}/{night}"


def latest(day: date) -> str:
    """Where the last judgement of a date's rows is shown, whichever runs made it."""
    return f"checks/{day}/latest.html"


def _known(day: date) -> str:
    return f"checks/{day}/latest.json"


def run_folder(night: date, run: str) -> str:
    """Where the pages of a run lie."""
    return f"checks/{night}/{run}"


def _json(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
