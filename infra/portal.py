"""What the portal lists: every edition that readers may see, by area and year.

`portal/{area}.{year}.json` is brought up to date from the manifests and marks themselves, so that
nothing is listed that is not out; it can be lost and is made again by the next edition.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC
from typing import Any

from infra.editions import MANIFEST, Place, Shelf, to_json
from infra.object_store import AlreadyExists, Changed, NoSuchObject

_SHELF = re.compile(r"portal/(?P<area>\w+)\.(?P<year>\d{4})\.json")
_HTML = "text/html; charset=utf-8"
_PROVISIONAL = "provisional"


class Portal:
    """The lists of one installation, and the pages made from them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def bring(self, place: Place) -> list[dict[str, Any]]:
        """Bring up to date what is listed of a place; gives all of its area and year."""
        key = _key(place.area, place.period_end.year)
        while True:
            etag, known = self._known(key)
            told = self._told(place, known.get(place.address, {}))
            now = {**known, place.address: told} if told["revisions"] else known
            if now == known:
                return list(known.values())
            with suppress(AlreadyExists, Changed):
                body = to_json(now)
                if etag is None:
                    self._shelf.reports.put_new(key, body, "application/json")
                else:
                    self._shelf.reports.put_if_unchanged(key, body, "application/json", etag=etag)
                return list(now.values())

    def shelves(self) -> dict[str, list[int]]:
        """Years that there are editions of, by area."""
        found: dict[str, list[int]] = {}
        for key in self._shelf.reports.keys("portal/"):
            if match := _SHELF.fullmatch(key):
                found.setdefault(match["area"], []).append(int(match["year"]))
        return found

    def listed(self, area: str, year: int) -> list[dict[str, Any]]:
        """What is listed of an area and year."""
        return list(self._known(_key(area, year))[1].values())

    def put(self, pages: Mapping[str, bytes]) -> None:
        """Replace pages, which lie beside the editions that they link."""
        for name, body in pages.items():
            kind = "application/atom+xml; charset=utf-8" if name.endswith(".atom") else _HTML
            self._shelf.reports.put(name, body, kind)

    def _known(self, key: str) -> tuple[str | None, dict[str, Any]]:
        try:
            found = self._shelf.reports.get_with_etag(key)
        except NoSuchObject:
            return None, {}
        return found.etag, json.loads(found.body)

    def _told(self, place: Place, known: Mapping[str, Any]) -> dict[str, Any]:
        standings = [s for s in self._shelf.standings(place) if s.state != "pending"]
        before = {r["revision"]: r for r in known.get("revisions", [])}
        out = {*self._shelf.revisions(place)}
        return {
            "report": place.report,
            "area": place.area,
            "period_end": place.period_end.isoformat(),
            "revisions": [
                {
                    **(before.get(s.revision) or self._of_revision(place, s.revision)),
                    "state": s.state,
                    "why": s.why,
                }
                for s in standings
                if s.revision in out
            ],
        }

    def _of_revision(self, place: Place, revision: int) -> dict[str, Any]:
        address = place.edition(revision)
        manifest = json.loads(self._shelf.manifest_bytes(address))
        (found,) = self._shelf.reports.listed(f"{address}/{MANIFEST}")
        return {
            "revision": revision,
            "files": sorted(n for n in manifest["files"] if not n.startswith("provenance.")),
            "is_provisional": self._is_provisional(place, address),
            "released_at": found.changed_at.astimezone(UTC).isoformat(timespec="seconds"),
        }

    def _is_provisional(self, place: Place, address: str) -> bool:
        try:
            figures = json.loads(self._shelf.reports.get(f"{address}/figures.json"))["figures"]
        except NoSuchObject:
            return False
        end = place.period_end.isoformat()
        return any(f["status_code"] == _PROVISIONAL and f["period_end"] == end for f in figures)


def _key(area: str, year: int) -> str:
    return f"portal/{area}.{year}.json"
