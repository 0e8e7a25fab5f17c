"""Who approved, released or withdrew which edition, when and why: a chain that shows tampering.

`log/{number}.json` is written once and signed; each holds the SHA-256 of the one before, so that
a changed, exchanged or missing entry breaks the chain. Entries cut off at the end are missed by
`log/head.json`, which names the last one, and by the editions that they let out or took back.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from infra.object_store import AlreadyExists, Changed, NoSuchObject, ObjectStore
from infra.signing import Keyring, NotSigned, Signer

APPROVED, RELEASED, WITHDRAWN = "approved", "released", "withdrawn"
ABANDONED = "abandoned"

BEGINNING = "0" * 64
HEAD = "log/head.json"

_JSON = "application/json"
_READERS = 16


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act about one edition. `manifest` is the SHA-256 of the edition's manifest."""

    number: int
    at: str
    action: str
    edition: str
    manifest: str
    who: str
    why: str
    previous: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a log, and the SHA-256 of its bytes."""

    number: int
    sha256: str


class ReleaseLog:
    """The log of one installation."""

    def __init__(
        self, store: ObjectStore, signer: Callable[[], Signer], keyring: Callable[[], Keyring]
    ) -> None:
        self._store = store
        self._signer = signer
        self._keyring = keyring

    def append(self, action: str, edition: str, manifest: str, *, who: str, why: str) -> LogEntry:
        """Note an act; the same act noted as the very last one is not noted twice."""
        while True:
            head = self.head()
            last = self._entry(head.number) if head.number else None
            told = (action, edition, manifest, who, why)
            if last and told == (last.action, last.edition, last.manifest, last.who, last.why):
                return last
            at = datetime.now(UTC).isoformat(timespec="seconds")
            entry = LogEntry(head.number + 1, at, *told, previous=head.sha256)
            body = self._sealed(asdict(entry))
            with suppress(AlreadyExists):
                self._store.put_new(_key(entry.number), body, _JSON)
                self._move_head(Head(entry.number, _sha256(body)))
                return entry

    def head(self) -> Head:
        """The last entry; one that was written when its writer died before the head moved, too."""
        head = self._noted_head()
        while True:
            try:
                body = self._store.get(_key(head.number + 1))
            except NoSuchObject:
                return head
            head = Head(head.number + 1, _sha256(body))

    def entries(self) -> Iterator[LogEntry]:
        """All entries in order; those that cannot be read are left out, as `check` tells."""
        for body in self._bodies().values():
            with suppress(ValueError, KeyError, TypeError):
                yield _opened(body)

    def of(self, edition: str) -> list[LogEntry]:
        """What was done about one edition, first to last."""
        return [entry for entry in self.entries() if entry.edition == edition]

    def check(self, released: Mapping[str, str]) -> list[str]:
        """What is wrong with the chain, a sentence each; nothing when it is whole.

        Args:
            released: SHA-256 of the manifest of every edition that is out, by address.
        """
        bodies = self._bodies()
        problems: list[str] = []
        sums = {0: BEGINNING} | {number: _sha256(body) for number, body in bodies.items()}
        highest = max(bodies, default=0)
        problems += [
            f"entry {number} is missing" for number in range(1, highest) if number not in bodies
        ]
        for number, body in sorted(bodies.items()):
            problems += self._wrong_with(number, body, sums)
        head = self._signed_head(problems)
        if head.number > highest:
            problems.append(f"entries {highest + 1} to {head.number} are missing from the end")
        elif head.number in sums and sums[head.number] != head.sha256:
            problems.append(f"entry {head.number} is not the one that {HEAD} names")
        return [*dict.fromkeys(problems), *_unlogged(bodies.values(), released)]

    def _wrong_with(self, number: int, body: bytes, sums: Mapping[int, str]) -> Iterator[str]:
        try:
            entry, signature = _opened(body), _signature(body)
            self._keyring().verify(_canonical(asdict(entry)), signature)
        except NotSigned as why:
            yield f"entry {number}: {why}"
            return
        except (ValueError, KeyError, TypeError):
            yield f"entry {number} cannot be read"
            return
        if entry.number != number:
            yield f"entry {number} was written as entry {entry.number}"
        if number - 1 in sums and entry.previous != sums[number - 1]:
            yield f"entry {number} does not follow the entry {number - 1} that is there"

    def _bodies(self) -> dict[int, bytes]:
        keys = [key for key in self._store.keys("log/") if key != HEAD]
        with ThreadPoolExecutor(_READERS) as readers:
            return {
                _number(k): b for k, b in zip(keys, readers.map(self._store.get, keys), strict=True)
            }

    def _entry(self, number: int) -> LogEntry:
        return _opened(self._store.get(_key(number)))

    def _noted_head(self) -> Head:
        try:
            said = json.loads(self._store.get(HEAD))["entry"]
        except NoSuchObject:
            return Head(0, BEGINNING)
        return Head(said["number"], said["sha256"])

    def _signed_head(self, problems: list[str]) -> Head:
        try:
            body = self._store.get(HEAD)
            self._keyring().verify(_canonical(json.loads(body)["entry"]), _signature(body))
        except NoSuchObject:
            return Head(0, BEGINNING)
        except (NotSigned, ValueError, KeyError) as why:
            problems.append(f"log/head.json: {why}")
            return Head(0, BEGINNING)
        return self._noted_head()

    def _move_head(self, head: Head) -> None:
        """Never backwards; a rival that moved it further has won."""
        body = self._sealed(asdict(head))
        with suppress(AlreadyExists):
            self._store.put_new(HEAD, body, _JSON)
            return
        while True:
            found = self._store.get_with_etag(HEAD)
            if json.loads(found.body)["entry"]["number"] >= head.number:
                return
            with suppress(Changed):
                self._store.put_if_unchanged(HEAD, body, _JSON, etag=found.etag)
                return

    def _sealed(self, fields: Mapping[str, Any]) -> bytes:
        signature = json.loads(self._signer().sign(_canonical(fields)))
        return json.dumps(
            {"entry": fields, "signature": signature}, ensure_ascii=False, sort_keys=True
        ).encode()


def _unlogged(bodies: Iterable[bytes], released: Mapping[str, str]) -> Iterator[str]:
    """Editions that are out though no entry says so, and released ones that are gone."""
    told: dict[str, str] = {}
    abandoned = set[str]()
    for body in bodies:
        with suppress(ValueError, KeyError, TypeError):
            entry = _opened(body)
            if entry.action == RELEASED:
                told[entry.edition] = entry.manifest
            elif entry.action == ABANDONED:
                abandoned.add(entry.edition)
    for edition, manifest in released.items():
        if told.get(edition) != manifest:
            yield f"{edition} is out, but no entry says that this edition was released"
    for edition in sorted(told.keys() - released.keys() - abandoned):
        yield f"{edition} was released and is no longer there"


def _opened(body: bytes) -> LogEntry:
    return LogEntry(**json.loads(body)["entry"])


def _signature(body: bytes) -> bytes:
    return json.dumps(json.loads(body)["signature"]).encode()


def _canonical(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _key(number: int) -> str:
    return f"log/{number:08}.json"


def _number(key: str) -> int:
    return int(key.removeprefix("log/").removesuffix(".json"))
