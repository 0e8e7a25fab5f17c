"""Where editions are: their addresses, what each says of itself, and what became of each.

`reports/{report}/{area}/{period_end}/r{revision}/…` in the bucket that readers see; one that
waits for its release lies at the same address in a bucket that they do not, and an annex with
names in a third one, for analysts alone. A revision without its signed manifest is no edition.
`withdrawn/r{revision}.json` beside it takes it back.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from infra.object_store import AlreadyExists, Changed, Found, NoSuchObject, ObjectStore
from infra.signing import Keyring, NotSigned

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
ANNEX = "annex.zip"
WITHDRAWN = "withdrawn"

_JSON = "application/json"
_MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".enc": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".json": _JSON,
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".pem": "application/x-pem-file",
    ".sig": _JSON,
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_ADDRESS = re.compile(
    r"(?:.*/)?(?P<report>[a-z_]+)/(?P<area>\w+)/(?P<end>\d{4}-\d{2}-\d{2})"
    r"/r(?P<revision>[1-9]\d*)(?:/.*)?"
)


class NoSuchEdition(LookupError):
    """There is no such edition, or it is not in the state that was asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which edition: one report, one area, one period, told by its last day."""

    report: str
    area: str
    period_end: date

    @property
    def address(self) -> str:
        return f"reports/{self.report}/{self.area}/{self.period_end}"

    def edition(self, revision: int) -> str:
        return f"{self.address}/r{revision}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a revision. `state` is current, superseded, withdrawn or pending."""

    revision: int
    state: str
    why: str = ""


def place_of(edition: str) -> tuple[Place, int]:
    """Report, area, period and revision of `daily/KZ/2025-08-18/r1`, or of an URL of it.

    Raises:
        NoSuchEdition: it is no address of an edition.
    """
    found = _ADDRESS.fullmatch(edition.partition("?")[0])
    if found is None:
        raise NoSuchEdition(
            f"{edition} is no address of an edition. Give one such as daily/KZ/2025-08-18/r1."
        )
    place = Place(found["report"], found["area"], date.fromisoformat(found["end"]))
    return place, int(found["revision"])


class Shelf:
    """The editions of one installation, those that wait included."""

    def __init__(
        self,
        reports: ObjectStore,
        waiting: ObjectStore,
        annexes: ObjectStore,
        keyring: Callable[[], Keyring],
    ) -> None:
        self.reports = reports
        self.waiting = waiting
        self.annexes = annexes
        self.keyring = keyring

    def revisions(self, place: Place, *, waiting: bool = False) -> list[int]:
        """Those that have their manifest."""
        store = self.waiting if waiting else self.reports
        found = (re.search(rf"/r(\d+)/{MANIFEST}$", key) for key in store.keys(f"{place.address}/"))
        return [int(match[1]) for match in found if match]

    def standings(self, place: Place) -> list[Standing]:
        """Every revision of a period and what became of it, in order."""
        out, waiting = self.revisions(place), self.revisions(place, waiting=True)
        gone = {r: str(mark["why"]) for r, mark in self.withdrawn(place).items()}
        current = max((r for r in out if r not in gone), default=0)

        def state(revision: int) -> str:
            if revision in gone:
                return WITHDRAWN
            if revision not in out:
                return "pending"
            return "current" if revision == current else "superseded"

        return [Standing(r, state(r), gone.get(r, "")) for r in sorted({*out, *waiting})]

    def withdrawn(self, place: Place) -> dict[int, dict[str, Any]]:
        """The mark of each withdrawn revision: why, when, and which entry of the log says so."""
        prefix = f"{place.address}/{WITHDRAWN}/r"
        keys = {
            int(key.removeprefix(prefix).removesuffix(".json")): key
            for key in self.reports.keys(prefix)
        }
        return {revision: json.loads(self.reports.get(key)) for revision, key in keys.items()}

    def point(self, place: Place) -> None:
        """Let `latest.json` name the last edition that is out and not withdrawn.

        What is true is looked up after the pointer was read, so of rivals the later one wins.
        """
        key = f"{place.address}/latest.json"
        while True:
            found = self._found(key)
            body = to_json(_pointer(place, self.standings(place)))
            if found and found.body == body:
                return
            with suppress(AlreadyExists, Changed):
                if found is None:
                    self.reports.put_new(key, body, _JSON)
                else:
                    self.reports.put_if_unchanged(key, body, _JSON, etag=found.etag)
                return

    def manifest(self, edition: str, *, waiting: bool = False) -> dict[str, Any]:
        """What an edition says of itself, after checking who signed it.

        Raises:
            NoSuchEdition: it is not out, or does not wait.
            NotSigned: the signature is missing, of an unknown key, or of other bytes.
        """
        body = self.manifest_bytes(edition, waiting=waiting)
        store = self.waiting if waiting else self.reports
        try:
            signature = store.get(f"{edition}/{SIGNATURE}")
        except NoSuchObject:
            raise NotSigned(f"{edition}: its signature is missing. Do not use it.") from None
        try:
            self.keyring().verify(body, signature)
        except NotSigned as why:
            raise NotSigned(f"{edition}: {why}. Do not use it; ask who runs the store.") from None
        told: dict[str, Any] = json.loads(body)
        return told

    def manifest_bytes(self, edition: str, *, waiting: bool = False) -> bytes:
        """The manifest as it lies there.

        Raises:
            NoSuchEdition: it is not there.
        """
        try:
            return (self.waiting if waiting else self.reports).get(f"{edition}/{MANIFEST}")
        except NoSuchObject:
            where = "waiting to be released" if waiting else "out"
            raise NoSuchEdition(f"No edition {edition} is {where}. Nothing was changed.") from None

    def files(self, edition: str) -> dict[str, bytes]:
        """All files of an edition by name, its manifest included; one that waits, too."""
        prefix = f"{edition}/"
        is_out = self.reports.exists(f"{prefix}{MANIFEST}")
        store = self.reports if is_out else self.waiting
        return {key.removeprefix(prefix): store.get(key) for key in store.keys(prefix)}

    def annex(self, edition: str) -> bytes:
        """The annex with names of an edition, as it was when its manifest was signed.

        Raises:
            NoSuchEdition: there is no such edition, or it has no annex.
            NotSigned: it is not the one that the signed manifest names.
            StoreRefused: whoever asks is no analyst.
        """
        is_out = self.reports.exists(f"{edition}/{MANIFEST}")
        named = self.manifest(edition, waiting=not is_out).get("annex")
        if named is None:
            raise NoSuchEdition(f"{edition} has no annex. Nothing was read.")
        try:
            body = self.annexes.get(f"{edition}/{ANNEX}")
        except NoSuchObject:
            raise NoSuchEdition(f"The annex of {edition} is gone. Nothing was read.") from None
        if sha256(body) != named["sha256"]:
            raise NotSigned(
                f"The annex of {edition} is not the one that was signed. Do not use it."
            )
        return body

    def publish_key(self, key_id: str, public_pem: bytes) -> None:
        """Let outside readers have the public key; here only keys of our own folder count."""
        key = f"keys/{key_id}.pem"
        if not self.reports.exists(key):
            is_there(self.reports, key, public_pem)

    def released(self) -> dict[str, str]:
        """SHA-256 of the manifest of every edition that is out, by address."""
        keys = [key for key in self.reports.keys("reports/") if key.endswith(f"/{MANIFEST}")]
        return {key.removesuffix(f"/{MANIFEST}"): sha256(self.reports.get(key)) for key in keys}

    def promised_versions(self) -> Iterator[tuple[str, int]]:
        """Each table and version that an edition names, whether it is out, withdrawn or waits.

        Raises:
            NotSigned: a manifest is not what was signed, so that it may name too little.
        """
        for store, waits in ((self.reports, False), (self.waiting, True)):
            for key in store.keys("reports/"):
                if key.endswith(f"/{MANIFEST}"):
                    told = self.manifest(key.removesuffix(f"/{MANIFEST}"), waiting=waits)
                    for table, seal in told["tables"].items():
                        if seal["version"] is not None:
                            yield table, int(seal["version"])

    def _found(self, key: str) -> Found | None:
        try:
            return self.reports.get_with_etag(key)
        except NoSuchObject:
            return None


def is_there(store: ObjectStore, key: str, body: bytes) -> bool:
    """Write an object for good; false when it is there with other bytes."""
    try:
        store.put_new(key, body, media_type(key))
    except AlreadyExists:
        return store.get(key) == body
    return True


def sums(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {name: sha256(files[name]) for name in sorted(files)}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def to_json(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True).encode()


def media_type(name: str) -> str:
    """What a browser is told of a file of that name."""
    return _MEDIA_TYPES[name[name.rindex(".") :]]


def _pointer(place: Place, standings: Iterable[Standing]) -> dict[str, object]:
    by_state: dict[str, list[int]] = {}
    for one in standings:
        by_state.setdefault(one.state, []).append(one.revision)
    current = max(by_state.get("current", ()), default=None)
    return {
        "revision": current,
        "edition": current and place.edition(current),
        "superseded": by_state.get("superseded", []),
        "withdrawn": by_state.get(WITHDRAWN, []),
    }
