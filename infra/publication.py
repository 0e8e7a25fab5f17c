"""Editions in the object store: create-only files, a manifest last, then `latest` moves.

`{report}/{area}/{period_end}/r{revision}/…`. A crash at any moment leaves readers with the former
complete edition: files without a manifest are no edition, and `latest.json` names only editions
that have one.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from infra.object_store import AlreadyExists, Changed, ObjectStore

MANIFEST = "manifest.json"
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as published."""

    address: str
    revision: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Which edition: one report, one area, one period, told by its last day."""

    report: str
    area: str
    period_end: date

    @property
    def address(self) -> str:
        return f"reports/{self.report}/{self.area}/{self.period_end}"


class Publisher:
    """Puts editions out. An edition is never overwritten: a correction is the next revision."""

    def __init__(self, reports: ObjectStore) -> None:
        self._reports = reports

    def publish(
        self,
        place: Place,
        render: Callable[[int], Mapping[str, bytes]],
        provenance: Mapping[str, object],
    ) -> Edition:
        """Publish what `render(revision)` gives, unless the latest revision is equal to it.

        Args:
            place: report, area and period.
            render: files by name for a revision number, which stands in their text.
            provenance: what the manifest says beside the sums: table versions, deliveries, code.
        """
        latest = self._latest_revision(place)
        if latest:
            files = render(latest)
            if self._sums(place, latest) == sums(files):
                self._point_at(place, latest)
                return Edition(_address(place, latest), latest, is_new=False)
        revision = latest + 1
        files = render(revision)
        while not self._put_files(place, revision, files):
            revision += 1
            files = render(revision)
        self._put_manifest(place, revision, files, provenance)
        self._point_at(place, revision)
        return Edition(_address(place, revision), revision, is_new=True)

    def files(self, edition: str) -> dict[str, bytes]:
        """All files of a published edition by name, its manifest included."""
        prefix = f"{edition}/"
        return {
            key.removeprefix(prefix): self._reports.get(key) for key in self._reports.keys(prefix)
        }

    def _put_files(self, place: Place, revision: int, files: Mapping[str, bytes]) -> bool:
        """Put the files of a revision; false when a broken-off one holds other bytes there."""
        for name, body in files.items():
            key = f"{_address(place, revision)}/{name}"
            try:
                self._reports.put_new(key, body, _media_type(name))
            except AlreadyExists:
                if self._reports.get(key) != body:
                    return False
        return True

    def _put_manifest(
        self,
        place: Place,
        revision: int,
        files: Mapping[str, bytes],
        provenance: Mapping[str, object],
    ) -> None:
        manifest = {
            "report": place.report,
            "area": place.area,
            "period_end": place.period_end.isoformat(),
            "revision": revision,
            "files": sums(files),
            **provenance,
        }
        body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        self._reports.put_new(f"{_address(place, revision)}/{MANIFEST}", body, "application/json")

    def _point_at(self, place: Place, revision: int) -> None:
        """Move `latest.json`, never backwards; a rival that moved it further has won."""
        key = f"{place.address}/latest.json"
        pointer = {"revision": revision, "edition": _address(place, revision)}
        body = json.dumps(pointer, sort_keys=True).encode()
        with suppress(AlreadyExists):
            self._reports.put_new(key, body, "application/json")
            return
        current = self._reports.get_with_etag(key)
        if json.loads(current.body)["revision"] < revision:
            with suppress(Changed):
                self._reports.put_if_unchanged(key, body, "application/json", etag=current.etag)

    def _latest_revision(self, place: Place) -> int:
        """The highest revision that has its manifest; 0 when there is none."""
        found = (
            re.search(rf"/r(\d+)/{MANIFEST}$", key)
            for key in self._reports.keys(f"{place.address}/")
        )
        return max((int(match[1]) for match in found if match), default=0)

    def _sums(self, place: Place, revision: int) -> dict[str, str]:
        manifest = json.loads(self._reports.get(f"{_address(place, revision)}/{MANIFEST}"))
        return dict(manifest["files"])


def sums(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}


def _address(place: Place, revision: int) -> str:
    return f"{place.address}/r{revision}"


def _media_type(name: str) -> str:
    return _MEDIA_TYPES[name[name.rindex(".") :]]
