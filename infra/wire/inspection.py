"""What any file is, offline: its format, how much it holds, and what in it cannot be read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from polars.exceptions import PolarsError

from infra.wire import csv_text, messages, parquet, tables, workbook
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.opened import is_workbook, require_bounded
from infra.wire.reading import is_scanned, plain, prepared
from infra.wire.records import Format
from infra.wire.terms import Plain, Terms
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.feeds.feed import Feed
from transforms.sentences import sentence

_SEPARATORS = ";,|\t"
_PROVENANCE = {
    "business_date": pl.lit(None, pl.Date()),
    "institution": pl.lit("", pl.String()),
    "delivery": pl.lit("", pl.String()),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What one file holds. `wire` is text, `rows` the same typed as the feed stages it.

    `needs` are wire columns that its standard cannot do without. `is_own_layout` is true for
    tables in the layout of a feed, which are made for its rules.
    """

    format: str
    version: str | None
    feed: Feed
    entries: int
    transactions: int
    needs: tuple[str, ...]
    is_own_layout: bool
    wire: pl.LazyFrame
    rows: pl.LazyFrame


class UnknownLayout(Unreadable):
    """A table that can be read, but whose columns are those of no feed."""

    def __init__(self, says: str, kind: str, rows: int) -> None:
        super().__init__(says)
        self.kind = kind
        self.rows = rows


@contextmanager
def contents(
    path: Path, *, feed: Feed | None = None, terms: Terms | None = None
) -> Iterator[Contents]:
    """Read a file of any format; of a format that fills several feeds, the first it has rows for.

    Args:
        path: a local file.
        feed: only as this feed.
        terms: only as these terms of the feed's catalogue entry say.

    Raises:
        Unreadable: damaged, or of no format that we know; names those that were tried.
        UnknownLayout: a table whose columns fit no feed.
    """
    with TemporaryDirectory(prefix="aqsha-") as folder:
        try:
            if terms is not None and feed is not None:
                yield _as_agreed(path, feed, terms, Path(folder))
            else:
                yield _as_found(path, feed, Path(folder))
        except (PolarsError, UnicodeDecodeError) as error:
            raise Unreadable(
                f"{path.name} is damaged: {str(error).splitlines()[0].split('`')[0]}. Ask the "
                f"sender for it again."
            ) from None


def _as_agreed(path: Path, feed: Feed, terms: Terms, folder: Path) -> Contents:
    if terms.format in tables.TABLE_FORMATS:
        return _table(path, feed, terms, folder)
    known = messages.format_of(terms.format, feed.name)
    return _message(path, known, str(known.version(Beginning.of(path))), folder / "rows")


def _as_found(path: Path, feed: Feed | None, folder: Path) -> Contents:
    beginning = Beginning.of(path)
    read = [
        _message(path, known, version, folder / f"{n}")
        for n, (known, version) in enumerate(messages.recognised(beginning))
        if feed is None or known.feed == feed.name
    ]
    if read:
        return next((one for one in read if one.transactions), read[0])
    terms = _terms_of_table(path, beginning)
    columns = _columns(path, beginning, terms, folder)
    for candidate in [feed] if feed else FEEDS:
        if _is_layout_of(candidate, columns, terms):
            return _table(path, candidate, terms, folder)
    raise _unknown_layout(path, columns, terms, folder)


def _message(path: Path, known: Format, version: str, at: Path) -> Contents:
    messages.to_parquet(known, path, at)
    feed = FEED_BY_NAME[known.feed]
    wire = pl.scan_parquet(at, row_index_name="row")
    entries, transactions = wire.select(pl.col("entry").max(), rows=pl.len()).collect().row(0)
    return Contents(
        known.name,
        version,
        feed,
        entries or 0,
        transactions,
        known.needs,
        is_own_layout=False,
        wire=wire,
        rows=_staged(wire, feed),
    )


def _table(path: Path, feed: Feed, terms: Terms, folder: Path) -> Contents:
    at, read_as = path, terms
    if not is_scanned(terms):
        done = prepared([path], feed, terms, folder)[path]
        if isinstance(done, Unreadable):
            raise done
        at, read_as = done, plain(terms)
    require_bounded(at)
    tables.require_columns(at, path.name, feed, read_as)
    above = 2 if terms.format in ("csv", "xlsx") else 1
    word = "row" if terms.format in ("parquet", "xlsx") else "line"
    wire = tables.scan([str(at)], feed, read_as, {}).with_columns(
        place=sentence("{} {}", pl.lit(word), pl.col("row") + above)
    )
    rows = wire.select(pl.len()).collect().item()
    return Contents(
        terms.format,
        terms.encoding if terms.format == "csv" else None,
        feed,
        rows,
        rows,
        needs=(),
        is_own_layout=True,
        wire=wire,
        rows=_staged(wire, feed),
    )


def _staged(wire: pl.LazyFrame, feed: Feed) -> pl.LazyFrame:
    return feed.staged(wire.with_columns(line=pl.col("row").cast(pl.Int64) + 1, **_PROVENANCE))


def _terms_of_table(path: Path, beginning: Beginning) -> Plain:
    if beginning.head.startswith(b"PAR1"):
        return Plain("parquet")
    if is_workbook(path):
        return Plain("xlsx")
    if beginning.text.lstrip("\ufeff \r\n").startswith(("{", "[")):
        return Plain("jsonl")
    line = _first_line(beginning)
    separator = max(_SEPARATORS, key=line.count)
    if b"\0" not in beginning.head and separator in line:
        return Plain("csv", separator, encoding=beginning.encoding)
    tried = (*dict.fromkeys(known.name for known in messages.FORMATS), *tables.TABLE_FORMATS)
    raise Unreadable(
        f"{path.name} is of no format that we read. Tried: {', '.join(tried)}. Ask the sender "
        f"what it is."
    )


def _columns(path: Path, beginning: Beginning, terms: Plain, folder: Path) -> list[str]:
    if terms.format == "csv":
        names = _first_line(beginning).split(terms.separator)
        return [name.strip().strip('"') for name in names]
    if terms.format == "jsonl":
        return _keys(path, beginning)
    if terms.format == "xlsx":
        workbook.to_parquet(path, folder / "sheet")
        return parquet.header(folder / "sheet")
    return parquet.header(path)


def _keys(path: Path, beginning: Beginning) -> list[str]:
    try:
        found = json.loads(_first_line(beginning))
    except ValueError:
        found = None
    if isinstance(found, dict):
        return list(found)
    raise Unreadable(
        f"{path.name} looks like JSON, but is neither JSON Lines nor a message that we know. "
        f"Ask the sender what it is."
    )


def _is_layout_of(feed: Feed, columns: list[str], terms: Plain) -> bool:
    if terms.format != "jsonl":
        earlier = set(feed.wire_columns) - feed.later_columns
        is_once_each = len(columns) == len(set(columns))
        return is_once_each and earlier <= set(columns) <= set(feed.wire_columns)
    needed = {f.wire for f in feed.fields if f.in_tables and not f.column.nullable}
    # Where every cell may be missing, a few words in common with others tell nothing.
    return (needed or set(feed.wire_columns)) <= set(columns) <= set(feed.wire_columns)


def _unknown_layout(path: Path, columns: list[str], terms: Plain, folder: Path) -> UnknownLayout:
    nearest = max(FEEDS, key=lambda feed: len(set(columns) & set(feed.wire_columns)))
    is_near = any(name in nearest.wire_columns for name in columns)
    differs = tables.difference(columns, nearest.wire_columns)
    near = f"Nearest is {nearest.name}: {differs}. " if is_near else ""
    return UnknownLayout(
        f"{path.name} is {terms.format}, but its columns are those of no feed. {near}Name its "
        f"columns in the catalogue of sources, or ask the sender for the agreed layout.",
        terms.format,
        _rows(path, terms, folder),
    )


def _rows(path: Path, terms: Plain, folder: Path) -> int:
    if terms.format == "csv":
        csv_text.in_utf_8(path, terms.encoding, folder / "text")
        found = pl.scan_csv(folder / "text", separator=terms.separator, infer_schema=False)
    elif terms.format == "jsonl":
        found = pl.scan_ndjson(path)
    else:
        found = pl.scan_parquet(folder / "sheet" if terms.format == "xlsx" else path)
    return int(found.select(pl.len()).collect().item())


def _first_line(beginning: Beginning) -> str:
    return beginning.text.lstrip("\ufeff\r\n").split("\n", 1)[0].rstrip("\r")
