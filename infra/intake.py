"""From an institution's door into our keeping: immutable copies, and a receipt for each file."""

import hashlib
import shutil
from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from infra.catalogue import Catalogue, Control, Source
from infra.control import SUFFIXES, Unclear, disagreement, stated
from infra.doors.credentials import NoSuchSecret
from infra.doors.door import Door, DoorFailed, Offered
from infra.doors.names import extension
from infra.doors.opening import Doorkeeper
from infra.lake import Lake
from infra.object_store import AlreadyExists, ObjectStore
from infra.wire import Unreadable, counted_rows, summed
from transforms.deliveries import (
    CONTROL_MISMATCH,
    DUPLICATE,
    UNREADABLE,
    WHOLE,
    deliveries_table,
)
from transforms.feeds.feed import Feed

Tell = Callable[[int, int], None]

_AT_ONCE = 4
_CHUNK = 1 << 20
_AGAIN = "Nothing of it was taken. Ask the sender to send both files again."


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was found of one file; a row of `deliveries_table`."""

    business_date: date
    institution: str
    delivery: str
    file_name: str
    address: str
    bytes: int
    arrived_at: datetime
    state_code: str
    reason: str | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What one visit to the doors of a feed brought."""

    files: int
    unusable: int
    bytes: int


class DoorsFailed(OSError):
    """Some doors of a feed did not open; what came through the others was taken."""

    def __init__(self, taken: Taken, failures: Iterable[str]) -> None:
        said = " ".join(failures)
        super().__init__(f"{taken.files} files were taken, but not all doors opened. {said}")
        self.taken = taken


@dataclass(frozen=True, slots=True)
class _Brought:
    """A file in our hands, with what its control file states, if it needs one."""

    file: Offered
    terms: Source
    path: Path
    control: bytes | None


class Intake:
    """Fetches the files of a feed. Visiting twice takes nothing twice."""

    def __init__(
        self,
        lake: Lake,
        deliveries: ObjectStore,
        catalogue: Catalogue,
        doorkeeper: Doorkeeper,
    ) -> None:
        self._lake = lake
        self._deliveries = deliveries
        self._catalogue = catalogue
        self._doorkeeper = doorkeeper

    def take(self, feed: Feed, until: date, tell: Tell = lambda *_: None) -> Taken:
        """Copy every file not yet taken, for business dates up to `until`, and write receipts.

        A file that cannot be used is kept all the same, with the reason on its receipt.

        Raises:
            DoorsFailed: some institution's door did not open; the others' files were taken.
        """
        table = deliveries_table(feed)
        known = self._lake.read(table).collect()
        failures: list[str] = []
        brought = [
            one
            for terms in self._catalogue.of(feed.name)
            for institution in terms.institutions
            for one in self._through(terms, institution, until, known, failures)
        ]
        taken = Taken(0, 0, 0)
        if brought:
            receipts = _duplicates_marked(self._received(feed, brought, tell), known)
            self._keep(feed, receipts, known)
            taken = Taken(
                files=len(receipts),
                unusable=sum(r.state_code in (UNREADABLE, CONTROL_MISMATCH) for r in receipts),
                bytes=sum(r.bytes for r in receipts),
            )
            self._clear(brought)
        if failures:
            raise DoorsFailed(taken, failures)
        return taken

    def _through(
        self,
        terms: Source,
        institution: str,
        until: date,
        known: pl.DataFrame,
        failures: list[str],
    ) -> list[_Brought]:
        theirs = known.filter(pl.col("institution") == institution)
        settled = theirs.filter(pl.col("state_code") != CONTROL_MISMATCH)  # its control may follow
        seen = set(settled.select("file_name", "bytes", "arrived_at").iter_rows())
        found: list[_Brought] = []
        try:
            with self._doorkeeper.door(terms, institution, _absent(terms, until, theirs)) as door:
                for file in door.offered(until):
                    if not _is_control(file.name, terms.control, seen, file):
                        found.append(self._brought(door, file, terms))
        except (DoorFailed, NoSuchSecret) as error:
            failures.append(str(error))
        return found

    def _brought(self, door: Door, file: Offered, terms: Source) -> _Brought:
        path = door.bring(file, self._doorkeeper.incoming)
        size = path.stat().st_size
        suffix = SUFFIXES.get(terms.control)
        control = door.companion(file.name + suffix) if suffix else None
        return _Brought(replace(file, bytes=size), terms, path, control)

    def _received(self, feed: Feed, brought: Iterable[_Brought], tell: Tell) -> list[Receipt]:
        by_terms: dict[Source, list[_Brought]] = {}
        for one in brought:
            by_terms.setdefault(one.terms, []).append(one)
        found = {
            path: rows
            for terms, files in by_terms.items()
            for path, rows in counted_rows([one.path for one in files], feed, terms).items()
        }
        waiting = [one for files in by_terms.values() for one in files]
        receipts = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for receipt in pool.map(lambda one: self._receive(feed, one, found[one.path]), waiting):
                receipts.append(receipt)
                tell(len(receipts), len(waiting))
        return receipts

    def _receive(self, feed: Feed, one: _Brought, found: int | Unreadable) -> Receipt:
        file, digest = one.file, _sha256(one.path)
        address = (
            f"deliveries/{file.feed}/{file.institution}/{file.business_date}/"
            f"{digest}{extension(file.name)}"
        )
        with suppress(AlreadyExists):  # the same content may have been handed over before
            self._deliveries.put_new_file(address, one.path, "application/octet-stream")
        state, reason, rows = _judged(feed, one, digest, found)
        return Receipt(
            file.business_date,
            file.institution,
            digest,
            file.name,
            address,
            file.bytes,
            file.arrived_at,
            state,
            reason,
            rows,
        )

    def _keep(self, feed: Feed, receipts: Iterable[Receipt], known: pl.DataFrame) -> None:
        table = deliveries_table(feed)
        told = pl.DataFrame(receipts, schema=table.schema, orient="row")
        # A file that its control file contradicts is looked at every night, mostly to no end.
        fresh = told.join(known, on=told.columns, how="anti", nulls_equal=True)
        if fresh.is_empty():
            return
        dates = fresh["business_date"].unique().sort().to_list()
        kept = known.filter(pl.col("business_date").is_in(dates)).join(
            fresh, on=["institution", "file_name", "arrived_at", "delivery"], how="anti"
        )
        rows = pl.concat([kept, fresh])
        self._lake.replace(
            table,
            rows.sort(
                "business_date", "institution", "arrived_at", "file_name", maintain_order=True
            ).lazy(),
            partitions={"business_date": dates},
        )

    def _clear(self, brought: Iterable[_Brought]) -> None:
        for one in brought:
            if self._doorkeeper.incoming in one.path.parents:
                shutil.rmtree(one.path.parent, ignore_errors=True)


def _absent(terms: Source, until: date, known: pl.DataFrame) -> list[date]:
    """Days for which a delivery is owed and nothing whole is here."""
    here = set(known.filter(pl.col("state_code") == WHOLE)["business_date"])
    days = [terms.since + timedelta(days=n) for n in range((until - terms.since).days + 1)]
    return [day for day in days if terms.expects(day) and day not in here]


def _is_control(
    name: str, control: Control, seen: Container[tuple[object, ...]], file: Offered
) -> bool:
    """Nothing to bring: a control file, or a file that was taken before."""
    suffix = SUFFIXES.get(control)
    is_companion = suffix is not None and name.endswith(suffix)
    return is_companion or (file.name, file.bytes, file.arrived_at) in seen


def _judged(
    feed: Feed, one: _Brought, digest: str, found: int | Unreadable
) -> tuple[str, str | None, int | None]:
    """State, reason and row count of a file: readable, and as its control file says?"""
    if isinstance(found, Unreadable):
        return UNREADABLE, str(found).replace(one.path.name, one.file.name), None
    differs = _control_disagreement(feed, one, digest, found)
    return (CONTROL_MISMATCH, f"{differs} {_AGAIN}", found) if differs else (WHOLE, None, found)


def _control_disagreement(feed: Feed, one: _Brought, digest: str, rows: int) -> str | None:
    """How a file differs from its control file, as a sentence; null when they agree."""
    suffix = SUFFIXES.get(one.terms.control)
    if suffix is None:
        return None
    name = one.file.name
    if one.control is None:
        return f"{name} came without its control file {name}{suffix}."
    try:
        said = stated(one.terms.control, one.control)
    except Unclear:
        return f"{name}{suffix} does not state what a control file ({one.terms.control}) has to."
    sums: Mapping[str, Decimal] = summed(one.path, feed, one.terms) if said.sums else {}
    return disagreement(name, said, rows=rows, sha256=digest, sums=sums)


def _duplicates_marked(receipts: list[Receipt], known: pl.DataFrame) -> list[Receipt]:
    """A whole file whose content came before for the same institution and date counts no more."""
    place = ("institution", "business_date", "delivery")
    usable = known.filter(pl.col("state_code") == WHOLE)
    before = set(usable.select(place).iter_rows())
    marked = []
    for receipt in sorted(receipts, key=lambda r: (r.arrived_at, r.file_name)):
        here = (receipt.institution, receipt.business_date, receipt.delivery)
        if receipt.state_code == WHOLE and here in before:
            said = "The same content was handed over before."
            marked.append(replace(receipt, state_code=DUPLICATE, reason=said))
        else:
            marked.append(receipt)
            before.add(here)
    return marked


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
