"""Files as institutions hand them over: rows cut by institution and day, named, and put away."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from infra.catalogue import Control, Source
from infra.synthetic.days import all_days
from infra.synthetic.dice import day_number, number
from infra.synthetic.scenario import LAST_DAY, OPENING_ARCHIVE
from infra.synthetic.told import EVENT_ON, INSTITUTION, WHY_BAD, Told
from transforms.feeds import FEED_BY_NAME

_COMPRESSED = frozenset({"card_transactions", "crypto_transfers", "fiat_transfers", "p2p_orders"})
_SUFFIXES = {"csv": "csv", "jsonl": "jsonl", "nbk_rates_xml": "xml"}
_ALMATY_AHEAD = timedelta(hours=5)
_BUSINESS_DATE = "_business_date"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A planted row that has to be set aside: where it stands and what is wrong with it."""

    feed: str
    institution: str
    business_date: date
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One file of one institution; `content` is its bytes or the spool file that holds them."""

    feed: str
    institution: str
    business_date: date
    content: bytes | Path
    rows: int
    suffix: str
    has_control: bool
    handed_over_at: datetime
    remark: str = ""
    rows_declared: int | None = None
    bytes_sent: int | None = None
    bad_rows: tuple[BadRow, ...] = ()

    @property
    def name(self) -> str:
        return (
            f"{self.feed}_{self.institution}_{self.business_date:%Y%m%d}{self.remark}{self.suffix}"
        )

    @property
    def place(self) -> str:
        """Where it lies below the folder door."""
        return f"{self.institution}/{self.feed}/{self.name}"


def due_files(
    seed: int, told: Told, sources: tuple[Source, ...], since: date, until: date
) -> Iterator[Outgoing]:
    """Every file of a feed for the business dates `since` to `until`, also those with no row.

    What happened on a day without a delivery stands in the next file; what happened before the
    source's first day stands in its archives.
    """
    for source in sources:
        days = _business_dates(source)
        rows = _dated(told.rows, source, days).filter(
            pl.col(_BUSINESS_DATE).is_between(since, until)
        )
        bodies = dict(_bodies(told.feed, rows, source))
        for day in days:
            if not since <= day <= until:
                continue
            for institution in source.institutions:
                body, lines, bad = bodies.get((institution, day), (b"", 0, ()))
                if lines == 0 and day < source.since:
                    continue
                yield outgoing(
                    seed,
                    source,
                    institution,
                    day,
                    content=_content(told.feed, source, body),
                    rows=lines,
                    bad_rows=bad,
                )


def outgoing(
    seed: int,
    source: Source,
    institution: str,
    day: date,
    *,
    content: bytes | Path,
    rows: int,
    bad_rows: tuple[BadRow, ...] = (),
) -> Outgoing:
    """A file handed over in good time, in the night after its business date."""
    return Outgoing(
        feed=source.feed,
        institution=institution,
        business_date=day,
        content=content,
        rows=rows,
        suffix="." + _SUFFIXES[source.format] + (".gz" if source.feed in _COMPRESSED else ""),
        has_control=source.control is not Control.NONE,
        handed_over_at=_in_time(seed, source, institution, day),
        bad_rows=bad_rows,
    )


def at_almaty(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of an hour in Almaty."""
    return datetime.combine(day, time(hour, minute), tzinfo=UTC) - _ALMATY_AHEAD


def _in_time(seed: int, source: Source, institution: str, day: date) -> datetime:
    seconds = number(seed, "handed over", source.feed, institution, day) % 10_000
    return source.due_at(day) - timedelta(seconds=300 + seconds)


def archives(source: Source) -> list[date]:
    """Business dates of its archives: the year before in one, then a month each to its start.

    The days of the month in which the daily files begin are in the archive of the last of them.
    """
    last = source.since - timedelta(days=1)
    months = [
        d
        for d in all_days(OPENING_ARCHIVE + timedelta(days=1), last)
        if d == last or (d + timedelta(days=1)).day == 1
    ]
    return [OPENING_ARCHIVE, *months]


def _business_dates(source: Source) -> list[date]:
    return [
        *archives(source),
        *(d for d in all_days(source.since, LAST_DAY) if source.expects(d)),
    ]


def _dated(rows: pl.DataFrame, source: Source, days: list[date]) -> pl.DataFrame:
    rows = rows.filter(pl.col(INSTITUTION).is_in(source.institutions))
    numbers = np.array([day_number(day) for day in days])
    places = np.searchsorted(numbers, rows[EVENT_ON].cast(pl.Int32).to_numpy())
    is_due = places < len(days)
    return rows.with_columns(
        pl.Series(_BUSINESS_DATE, numbers[places.clip(max=len(days) - 1)])
        .cast(pl.Int32)
        .cast(pl.Date)
    ).filter(pl.Series(is_due))


def _bodies(
    feed: str, rows: pl.DataFrame, source: Source
) -> Iterator[tuple[tuple[str, date], tuple[bytes, int, tuple[BadRow, ...]]]]:
    rows = rows.sort(INSTITUTION, _BUSINESS_DATE, maintain_order=True)
    lines = _text(feed, rows, source).splitlines(keepends=True)
    bad = _bad_rows(feed, rows)
    first = 0
    for institution, day, count in (
        rows.group_by(INSTITUTION, _BUSINESS_DATE, maintain_order=True).len().iter_rows()
    ):
        yield (
            (institution, day),
            (b"".join(lines[first : first + count]), count, bad.get((institution, day), ())),
        )
        first += count


def _text(feed: str, rows: pl.DataFrame, source: Source) -> bytes:
    cells = rows.select(FEED_BY_NAME[feed].wire_columns)
    if source.format == "jsonl":
        return cells.write_ndjson().encode()
    return cells.write_csv(include_header=False, separator=source.separator).encode()


def _bad_rows(feed: str, rows: pl.DataFrame) -> dict[tuple[str, date], tuple[BadRow, ...]]:
    if WHY_BAD not in rows.columns:
        return {}
    found: dict[tuple[str, date], tuple[BadRow, ...]] = {}
    lines = rows.select(
        INSTITUTION,
        _BUSINESS_DATE,
        WHY_BAD,
        line=pl.int_range(1, pl.len() + 1).over(INSTITUTION, _BUSINESS_DATE),
    ).drop_nulls(WHY_BAD)
    for institution, day, reason, line in lines.iter_rows():
        key = (institution, day)
        found[key] = (*found.get(key, ()), BadRow(feed, institution, day, line, reason))
    return found


def header(feed: str, source: Source) -> bytes:
    """The header row of a CSV file; nothing for other formats."""
    if source.format != "csv":
        return b""
    return source.separator.join(FEED_BY_NAME[feed].wire_columns).encode() + b"\n"


def _content(feed: str, source: Source, body: bytes) -> bytes:
    text = header(feed, source) + body
    if feed not in _COMPRESSED:
        return text
    squeeze = compressor()
    return squeeze.compress(text) + squeeze.flush()


def compressor() -> "zlib._Compress":
    """A gzip stream without name and time, so that the same rows give the same bytes."""
    return zlib.compressobj(1, zlib.DEFLATED, 31)


def put(outside: Path, file: Outgoing) -> bool:
    """Hand a file over with its control file; false where it already lies there whole."""
    target = outside / file.place
    length = size(file.content) if file.bytes_sent is None else file.bytes_sent
    try:
        if target.stat().st_size == length:
            return False
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
    instant = file.handed_over_at.timestamp()
    if file.has_control:
        _write(target.with_name(f"{target.name}.control.json"), _control(file), instant)
    if isinstance(file.content, bytes):
        _write(target, file.content[:length], instant)
    else:
        shutil.copyfile(file.content, target)
        os.truncate(target, length)
        os.utime(target, (instant, instant))
    return True


def _write(target: Path, content: bytes, instant: float) -> None:
    with target.open("wb", buffering=0) as stream:
        stream.write(content)
        os.utime(stream.fileno(), (instant, instant))


def _control(file: Outgoing) -> bytes:
    words = {
        "feed": file.feed,
        "institution": file.institution,
        "business_date": file.business_date.isoformat(),
        "file": file.name,
        "rows": file.rows if file.rows_declared is None else file.rows_declared,
        "sha256": _digest(file.content),
    }
    return json.dumps(words, ensure_ascii=False).encode() + b"\n"


def _digest(content: bytes | Path) -> str:
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size
