"""What is done: one object per step, subject and inputs, written once.

The ledger is the truth about the past; Prefect's states and cached results are pointers.
Entries hold counts, versions, digests and codes, and never personal data: they are kept for
good, and everybody who operates the pipeline reads them.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Self

from infra.object_store import AlreadyExists, NoSuchObject, ObjectStore

DONE = "done"

_JSON = "application/json"
_WORD = re.compile(r"[\w.-]+")
_SUBJECT = re.compile(r"[\w.-]+(/[\w.-]+)*")
_READERS = 16


class EntryError(ValueError):
    """An entry that could not be found again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step, done or failed, on one subject with these very inputs.

    `subject` may have parts: `card_transactions/first_bank`. `details` is small JSON: counts,
    table versions, digests. `run` names the run that an operator can look up.
    """

    business_date: date
    step: str
    subject: str
    fingerprint: str
    outcome: str
    run: str
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    seconds: float | None = None
    """How long the step took; null where nobody measured."""

    def __post_init__(self) -> None:
        for name in ("step", "fingerprint", "outcome"):
            if not _WORD.fullmatch(getattr(self, name)):
                raise EntryError(_unfit(name, getattr(self, name)))
        if not _SUBJECT.fullmatch(self.subject):
            raise EntryError(_unfit("subject", self.subject))
        if self.at.utcoffset() is None:
            raise EntryError(f"at is {self.at} without a time zone; nothing was noted. Give UTC.")

    @property
    def key(self) -> str:
        """Done entries have one key for all attempts; others keep each attempt."""
        place = _place(self.business_date, self.step, self.subject, self.fingerprint)
        if self.outcome == DONE:
            return f"{place}.json"
        return f"{place}.{self.outcome}.{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.json"

    def to_json(self) -> bytes:
        fields = asdict(self) | {
            "business_date": self.business_date.isoformat(),
            "at": self.at.astimezone(UTC).isoformat(),
        }
        return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def of_json(cls, text: bytes) -> Self:
        fields = json.loads(text)
        return cls(
            **fields
            | {
                "business_date": date.fromisoformat(fields["business_date"]),
                "at": datetime.fromisoformat(fields["at"]),
            }
        )


class Ledger:
    """All entries of one installation."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def find(self, business_date: date, step: str, subject: str, fingerprint: str) -> Entry | None:
        """That this was done with these inputs; null when it was not, or only failed."""
        try:
            key = f"{_place(business_date, step, subject, fingerprint)}.json"
            return Entry.of_json(self._store.get(key))
        except NoSuchObject:
            return None

    def is_last(self, business_date: date, step: str, subject: str, fingerprint: str) -> bool:
        """That what the step last left behind was made from these inputs.

        Not the same as `find`: when newer code was tried and taken back, the older entry still
        stands in the ledger, but what lies in the lake is the newer code's.
        """
        try:
            return self._store.get(_last(business_date, step, subject)).decode() == fingerprint
        except NoSuchObject:
            return False

    def last(self, business_date: date, step: str, subject: str) -> Entry | None:
        """The entry of what the step last left behind; null when it never came to an end."""
        try:
            fingerprint = self._store.get(_last(business_date, step, subject)).decode()
        except NoSuchObject:
            return None
        return self.find(business_date, step, subject, fingerprint)

    def settle(self, entry: Entry) -> Entry:
        """`record` an entry whose result has just replaced the one before."""
        self._store.put(
            _last(entry.business_date, entry.step, entry.subject),
            entry.fingerprint.encode(),
            "text/plain",
        )
        return self.record(entry)

    def record(self, entry: Entry) -> Entry:
        """Note an entry; gives the one that counts, which is the first to say that it is done."""
        with suppress(AlreadyExists):
            self._store.put_new(entry.key, entry.to_json(), _JSON)
            return entry
        return Entry.of_json(self._store.get(entry.key))

    def entries(
        self, business_date: date, step: str | None = None, subject: str | None = None
    ) -> list[Entry]:
        """Everything noted for a date, or of one step for it, failures too, by time."""
        parts = (part for part in (str(business_date), step, subject) if part)
        keys = self._store.keys(f"ledger/{'/'.join(parts)}/")
        with ThreadPoolExecutor(_READERS) as readers:
            found = [Entry.of_json(text) for text in readers.map(self._store.get, keys)]
        return sorted(found, key=lambda entry: (entry.at, entry.key))


def fingerprint(*parts: str | Mapping[str, Any]) -> str:
    """Short digest of what a step depends on: inputs, rules, configuration, code version.

    The order of a mapping's keys does not matter; the order of the parts does.
    """
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _place(business_date: date, step: str, subject: str, digest: str) -> str:
    return f"ledger/{business_date}/{step}/{subject}/{digest}"


def _last(business_date: date, step: str, subject: str) -> str:
    return f"last/{business_date}/{step}/{subject}"


def _unfit(name: str, found: str) -> str:
    return (
        f"{name} is {found!r}, nothing was noted. "
        f"Use letters, digits, dots, hyphens and underscores, and slashes in a subject only."
    )
