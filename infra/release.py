"""Release and withdrawal: what a second person, or the end of an embargo, does to an edition."""

import json

from infra.editions import (
    MANIFEST,
    SIGNATURE,
    WITHDRAWN,
    NoSuchEdition,
    Place,
    Shelf,
    is_there,
    media_type,
    place_of,
    sha256,
    to_json,
)
from infra.object_store import AlreadyExists
from infra.publication import Edition, approve, embargo_of, is_under_embargo
from infra.release_log import RELEASED, ReleaseLog
from infra.signing import NotSigned


class MayNotRelease(PermissionError):
    """Who made an edition does not release it."""


class Releases:
    """Puts out what waits, and takes back what is out; every act is in the release log first."""

    def __init__(self, shelf: Shelf, log: ReleaseLog) -> None:
        self._shelf = shelf
        self._log = log

    def release(self, edition: str, *, who: str, why: str) -> Edition:
        """Approve an edition that waits, and put it out unless its embargo still lasts.

        Raises:
            NoSuchEdition: none waits there.
            MayNotRelease: `who` is who made it.
            NotSigned: it is not what was signed when it was made.
        """
        place, revision = place_of(edition)
        address = place.edition(revision)
        state = {one.revision: one.state for one in self._shelf.standings(place)}.get(revision)
        if state not in (None, "pending"):
            raise NoSuchEdition(f"{address} is {state}, so it was not released. Nothing changed.")
        manifest = self._shelf.manifest(address, waiting=True)
        if _same_person(str(manifest["release"]["made_by"]), who):
            raise MayNotRelease(
                f"{address} was made by {who}, so somebody else releases it. Nothing was changed."
            )
        approve(self._shelf, self._log, address, who=who, why=why)
        return self._open(place, revision)

    def open_due(self, place: Place | None = None) -> list[Edition]:
        """Put out what is approved and whose embargo is over; gives what came out now."""
        prefix = f"{place.address}/" if place else "reports/"
        found = []
        for key in list(self._shelf.waiting.keys(prefix)):
            if key.endswith("/approved.json"):
                where, revision = place_of(key)
                states = {one.revision: one.state for one in self._shelf.standings(where)}
                opened = self._open(where, revision) if states[revision] == "pending" else None
                found += [opened] if opened and not opened.is_pending else []
        return found

    def withdraw(self, edition: str, *, who: str, why: str) -> Edition:
        """Take an edition out of `latest`; it stays where it is, marked as withdrawn.

        Raises:
            NoSuchEdition: there is none, or it is withdrawn already.
        """
        place, revision = place_of(edition)
        address = place.edition(revision)
        state = {one.revision: one.state for one in self._shelf.standings(place)}.get(revision)
        if state in (None, WITHDRAWN):
            raise NoSuchEdition(f"{address} is {state or 'not there'}. Nothing was changed.")
        digest = sha256(self._shelf.manifest_bytes(address, waiting=state == "pending"))
        entry = self._log.append(WITHDRAWN, address, digest, who=who, why=why)
        mark = {"edition": address, "why": why, "at": entry.at, "log": entry.number}
        key = f"{place.address}/{WITHDRAWN}/r{revision}.json"
        if not is_there(self._shelf.reports, key, to_json(mark)):
            raise NoSuchEdition(f"{address} is withdrawn already. Nothing was changed.")
        self._shelf.point(place)
        return Edition(address, revision, is_new=False, is_pending=state == "pending")

    def _open(self, place: Place, revision: int) -> Edition:
        """Copy an approved edition to where readers look, its manifest last."""
        address, waiting = place.edition(revision), self._shelf.waiting
        manifest = self._shelf.manifest(address, waiting=True)
        if is_under_embargo(embargo_of(manifest["release"])):
            return Edition(address, revision, is_new=False, is_pending=True)
        for name, expected in manifest["files"].items():
            file = waiting.get(f"{address}/{name}")
            if sha256(file) != expected:
                raise NotSigned(f"{address}/{name} is not what was signed; nothing was released.")
            self._put(f"{address}/{name}", file)
        self._put(f"{address}/{SIGNATURE}", waiting.get(f"{address}/{SIGNATURE}"))
        approval = json.loads(waiting.get(f"{address}/approved.json"))
        body = self._shelf.manifest_bytes(address, waiting=True)
        said = {"who": approval["who"], "why": approval["why"]}
        self._log.append(RELEASED, address, sha256(body), **said)
        self._put(f"{address}/{MANIFEST}", body)
        self._shelf.point(place)
        return Edition(address, revision, is_new=True)

    def _put(self, key: str, body: bytes) -> None:
        try:
            self._shelf.reports.put_new(key, body, media_type(key))
        except AlreadyExists:
            if self._shelf.reports.get(key) != body:
                raise


def _same_person(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
