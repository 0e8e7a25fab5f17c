"""From an institution's door into our keeping: immutable copies, and a receipt for each file."""

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from infra.catalogue import Catalogue, Source
from infra.doors.folder import CONTROL, Offered, offered
from infra.lake import Lake
from infra.object_store import AlreadyExists, ObjectStore
from infra.wire import Unreadable, counted_rows
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


class Intake:
    """Fetches the files of a feed. Visiting twice takes nothing twice."""

    def __init__(
        self, lake: Lake, deliveries: ObjectStore, catalogue: Catalogue, outside: Path
    ) -> None:
        self._lake = lake
        self._deliveries = deliveries
        self._catalogue = catalogue
        self._outside = outside

    def take(self, feed: Feed, until: date, tell: Tell = lambda *_: None) -> Taken:
        """Copy every file not yet taken, for business dates up to `until`, and write receipts.

        A file that cannot be used is kept all the same, with the reason on its receipt.
        """
        table = deliveries_table(feed)
        known = self._lake.read(table).collect()
        settled = known.filter(pl.col("state_code") != CONTROL_MISMATCH)  # its control may follow
        seen = set(settled.select("institution", "file_name", "bytes", "arrived_at").iter_rows())
        fresh = {
            terms: files
            for terms in self._catalogue.of(feed.name)
            if (files := self._unseen(feed, terms, until, seen))
        }
        if not fresh:
            return Taken(0, 0, 0)
        receipts = _duplicates_marked(self._received(feed, fresh, tell), known)
        self._keep(feed, receipts, known)
        return Taken(
            files=len(receipts),
            unusable=sum(r.state_code in (UNREADABLE, CONTROL_MISMATCH) for r in receipts),
            bytes=sum(r.bytes for r in receipts),
        )

    def _unseen(
        self, feed: Feed, terms: Source, until: date, seen: Container[tuple[object, ...]]
    ) -> list[Offered]:
        return [
            file
            for institution in terms.institutions
            for file in offered(self._outside, feed.name, institution, until=until)
            if (institution, file.name, file.bytes, file.arrived_at) not in seen
        ]

    def _received(
        self, feed: Feed, fresh: Mapping[Source, list[Offered]], tell: Tell
    ) -> list[Receipt]:
        found = {
            path: rows
            for terms, files in fresh.items()
            for path, rows in counted_rows([file.path for file in files], feed, terms).items()
        }
        waiting = [
            (file, terms, found[file.path]) for terms, files in fresh.items() for file in files
        ]
        receipts = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for receipt in pool.map(self._receive, *zip(*waiting, strict=True)):
                receipts.append(receipt)
                tell(len(receipts), len(waiting))
        return receipts

    def _receive(self, file: Offered, terms: Source, found: int | Unreadable) -> Receipt:
        digest = _sha256(file.path)
        address = (
            f"deliveries/{file.feed}/{file.institution}/{file.business_date}/"
            f"{digest}{file.extension}"
        )
        with suppress(AlreadyExists):  # the same content may have been handed over before
            self._deliveries.put_new_file(address, file.path, "application/octet-stream")
        state, reason, rows = _judged(file, terms, digest, found)
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
        fresh = pl.DataFrame(receipts, schema=table.schema, orient="row")
        dates = fresh["business_date"].unique().sort().to_list()
        kept = known.filter(pl.col("business_date").is_in(dates)).join(
            fresh, on=["institution", "file_name", "arrived_at"], how="anti"
        )
        rows = pl.concat([kept, fresh])
        self._lake.replace(
            table,
            rows.sort("business_date", "institution", "arrived_at", "file_name").lazy(),
            partitions={"business_date": dates},
        )


def _judged(
    file: Offered, terms: Source, digest: str, found: int | Unreadable
) -> tuple[str, str | None, int | None]:
    """State, reason and row count of a file: readable, and as its control file says?"""
    if isinstance(found, Unreadable):
        return UNREADABLE, str(found), None
    disagreement = _control_disagreement(file, found, digest) if terms.control else None
    return (CONTROL_MISMATCH, disagreement, found) if disagreement else (WHOLE, None, found)


def _control_disagreement(file: Offered, rows: int, digest: str) -> str | None:
    """How a file differs from its control file, as a sentence; null when they agree."""
    path = file.path.with_name(file.name + CONTROL)
    again = "Nothing of it was taken. Ask the sender to send both files again."
    try:
        control = json.loads(path.read_text(encoding="utf-8"))
        declared_rows, declared_digest = int(control["rows"]), str(control["sha256"])
    except FileNotFoundError:
        return f"{file.name} came without its control file {path.name}. {again}"
    except (ValueError, KeyError, TypeError):
        return f"{path.name} does not state rows and sha256. {again}"
    if declared_rows != rows:
        return f"{file.name} has {rows} rows, its control file says {declared_rows}. {again}"
    if declared_digest != digest:
        return f"{file.name} is not the file that its control file describes (SHA-256). {again}"
    return None


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
