"""One at a time: the lock of a business date, or of tables that all dates share, with an expiry.

A night that died on this machine is seen to be dead, and its lock is free at once; of one on
another machine only the expiry tells.

The lock is an object. Taking, taking over, renewing and giving back are each one conditional
PUT, so of two rivals one wins. It is given back as an expired lock, not deleted: SeaweedFS
compares and deletes in two steps, and a rival's lock could go with ours. Machines that share a
store need clocks that agree to well within the expiry.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self
from uuid import uuid4

from infra.object_store import (
    AlreadyExists,
    Changed,
    Found,
    NoSuchObject,
    ObjectStore,
    StoreFailed,
)
from infra.processes import Identity

_JSON = "application/json"
_LOOK_AGAIN_S = 0.5
_HELD_HERE: set[str] = set()
"""Tokens that this process holds: one that the store did not let it give back is none of them."""


class DateLocked(RuntimeError):
    """Somebody else works on that business date, or on those tables."""


class DateLockLost(RuntimeError):
    """The lock ran out while we held it, so another may work on that date."""


@dataclass(frozen=True, slots=True)
class _Claim:
    owner: str
    token: str
    taken_at: str
    until: str
    process: Identity
    is_given_back: bool = False

    @property
    def is_void(self) -> bool:
        """It ran out, or its holder is known to be dead, or is us and has let go of it."""
        has_run_out = datetime.fromisoformat(self.until) <= datetime.now(UTC)
        let_go = self.process == Identity.own() and self.token not in _HELD_HERE
        return has_run_out or self.process.has_died or let_go

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def of_json(cls, text: bytes) -> Self:
        fields = json.loads(text)
        return cls(**fields | {"process": Identity(**fields["process"])})


class DateLock:
    """A lock that we hold, renewed in the background."""

    def __init__(self, store: ObjectStore, subject: date | str, owner: str, minutes: float) -> None:
        self._store = store
        self._subject = subject
        self._key = f"locks/{subject}.json"
        self._lifetime = timedelta(minutes=minutes)
        now = datetime.now(UTC)
        self._until = now + self._lifetime
        self._claim = _Claim(
            owner, uuid4().hex, now.isoformat(), self._until.isoformat(), Identity.own()
        )
        _HELD_HERE.add(self._claim.token)
        try:
            self._etag = self._take()
        except BaseException:
            _HELD_HERE.discard(self._claim.token)
            raise
        self._end = threading.Event()
        self._renewal = threading.Thread(target=self._renew, name=self._key, daemon=True)
        self._renewal.start()

    def check(self) -> None:
        """Call before what must not happen twice.

        Raises:
            DateLockLost: the lock could not be renewed in time.
        """
        if datetime.now(UTC) >= self._until:
            raise DateLockLost(
                f"The lock of {self._subject} ran out before {self._claim.owner} could renew "
                f"it, and this run stopped there. See in the ledger who works on that date now."
            )

    def release(self) -> None:
        """Give the lock back, unless it is no longer ours."""
        self._end.set()
        self._renewal.join()
        _HELD_HERE.discard(self._claim.token)
        # A store that does not answer is no harm: we know that it is free, for others it runs out.
        with suppress(Changed, NoSuchObject, StoreFailed):
            self._claim = replace(self._claim, is_given_back=True)
            self._hold(datetime.now(UTC))

    def _take(self) -> str:
        try:
            return self._store.put_new(self._key, self._claim.to_json(), _JSON)
        except AlreadyExists:
            return self._take_over(self._store.get_with_etag(self._key))

    def _take_over(self, found: Found) -> str:
        holder = _Claim.of_json(found.body)
        if not holder.is_void:
            raise DateLocked(
                f"{self._subject} is locked by {holder.owner} until {holder.until}, so "
                f"{self._claim.owner} did nothing. Wait for it to end; if it died, run again "
                f"after that time."
            )
        try:
            body = self._claim.to_json()
            return self._store.put_if_unchanged(self._key, body, _JSON, etag=found.etag)
        except Changed:
            return self._take_over(self._store.get_with_etag(self._key))

    def _renew(self) -> None:
        pause = self._lifetime.total_seconds() / 3
        while not self._end.wait(pause):
            try:
                self._hold(datetime.now(UTC) + self._lifetime)
            except (Changed, NoSuchObject):
                self._until = datetime.now(UTC)
                return
            except StoreFailed:
                continue

    def _hold(self, until: datetime) -> None:
        """Write a new end; if the etag is not the last we know, only where it is still our lock."""
        claim = replace(self._claim, until=until.isoformat())
        try:
            self._put(claim, self._etag)
        except Changed:
            found = self._store.get_with_etag(self._key)
            if _Claim.of_json(found.body).token != claim.token:
                raise
            self._put(claim, found.etag)
        self._until = until

    def _put(self, claim: _Claim, etag: str) -> None:
        self._etag = self._store.put_if_unchanged(self._key, claim.to_json(), _JSON, etag=etag)


@contextmanager
def date_lock(
    store: ObjectStore,
    subject: date | str,
    owner: str,
    minutes: float,
    patience: timedelta = timedelta(),
) -> Iterator[DateLock]:
    """Hold a business date, or what all dates share, for the length of the block.

    Args:
        store: where the locks lie; the same for all who might work on it.
        subject: the date to lock, or a word for tables.
        owner: who works on it, as a rival will read it: the run's name and machine.
        minutes: how long the lock outlives a holder that died; renewed every third of it.
        patience: how long to wait for another to let go of it.

    Raises:
        DateLocked: another holds it; says who, until when, and what to do.
    """
    lock = _waited_for(store, subject, owner, minutes, time.monotonic() + patience.total_seconds())
    try:
        yield lock
    finally:
        lock.release()


def _waited_for(
    store: ObjectStore, subject: date | str, owner: str, minutes: float, until: float
) -> DateLock:
    while True:
        try:
            return DateLock(store, subject, owner, minutes)
        except DateLocked:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK_AGAIN_S)


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that was not given back: its holder works, or died with it."""

    subject: str
    owner: str
    taken_at: datetime
    until: datetime
    is_void: bool


def held_locks(store: ObjectStore) -> list[Held]:
    """All locks that were not given back, by subject."""
    held = []
    for key in store.keys("locks/"):
        claim = _Claim.of_json(store.get(key))
        if not claim.is_given_back:
            subject = key.removeprefix("locks/").removesuffix(".json")
            since, until = map(datetime.fromisoformat, (claim.taken_at, claim.until))
            held.append(Held(subject, claim.owner, since, until, claim.is_void))
    return held
