"""One door into all formats: how many rows a file has, and the rows of many files at once.

Tables in UTF-8 are scanned where they lie, big packed ones from a copy near by. Everything else
(messages, XLSX, CSV in another encoding) is first prepared: written as a table of text into a
folder of the caller's.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from polars.exceptions import PolarsError

from infra.doors.names import safe
from infra.wire import csv_text, messages, tables, workbook
from infra.wire.counting import rows_by_file
from infra.wire.errors import Unreadable
from infra.wire.opened import require_bounded
from infra.wire.terms import Plain, Terms
from transforms.feeds.feed import Feed
from transforms.feeds.summary import sums

_WORTH_A_PROCESS = 32 << 20
_AT_ONCE = 2
_FEW = 32  # files that are scanned each by itself, which is quicker for big ones
_PACKED = (".gz", ".zst")
_MANY_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class File:
    """A delivered file to read: where it lies, and what its rows are to carry."""

    url: str
    institution: str
    business_date: date
    delivery: str
    rows: int
    name: str = "file"


def counted_rows(paths: Sequence[Path], feed: Feed, terms: Terms) -> dict[Path, int | Unreadable]:
    """Read local files through once and count the rows of each, or say why it cannot be read.

    Files that need no preparing are read together; only when that fails, one by one, to tell
    which of them it is.
    """
    with TemporaryDirectory(prefix="aqsha-") as folder:
        if is_scanned(terms):
            return _counted(paths, {path: path for path in paths}, feed, terms)
        ready = prepared(paths, feed, terms, Path(folder))
        lie = {path: at for path, at in ready.items() if isinstance(at, Path)}
        wrong = {path: at for path, at in ready.items() if isinstance(at, Unreadable)}
        return _counted(list(lie), lie, feed, plain(terms)) | wrong


def _counted(
    paths: Sequence[Path], lie: Mapping[Path, Path], feed: Feed, terms: Terms
) -> dict[Path, int | Unreadable]:
    try:
        return dict(_rows_of_readable(paths, lie, feed, terms))
    except (Unreadable, PolarsError, OSError, UnicodeDecodeError):
        return {path: _rows_or_reason(path, lie, feed, terms) for path in paths}


def _rows_or_reason(
    path: Path, lie: Mapping[Path, Path], feed: Feed, terms: Terms
) -> int | Unreadable:
    try:
        return _rows_of_readable([path], lie, feed, terms)[path]
    except Unreadable as error:
        return error
    except (PolarsError, OSError, UnicodeDecodeError) as error:
        return Unreadable(
            f"{path.name} cannot be read as {terms.format}: {_first_words(error)}. "
            f"Nothing of it was taken. Ask {feed.name}'s sender for the file again."
        )


def _rows_of_readable(
    paths: Sequence[Path], lie: Mapping[Path, Path], feed: Feed, terms: Terms
) -> dict[Path, int]:
    if not paths:
        return {}
    for path in paths:
        require_bounded(lie[path], is_text=terms.format in ("csv", "jsonl"))
        tables.require_columns(lie[path], path.name, feed, terms)
    found = rows_by_file(tables.scan([str(lie[path]) for path in paths], feed, terms, {}))
    return {path: found.get(str(lie[path]), 0) for path in paths}


def wire_rows(
    files: Sequence[File],
    feed: Feed,
    terms: Terms,
    *,
    storage_options: Mapping[str, str],
    bring: Callable[[str, Path], object],
    folder: Path,
) -> pl.LazyFrame:
    """All rows of files that share the same terms, as text, each with its provenance.

    Args:
        files: found whole when they were taken.
        feed: names the columns.
        terms: say how the files are written.
        storage_options: how Polars reaches the URLs.
        bring: copies what lies behind a URL to a path, for what Polars cannot scan there, or not
            in little memory.
        folder: where that is put; the rows are read from there when they are collected.

    Raises:
        Unreadable: a file that was readable when it was taken no longer is.
    """
    lie = {file.url: file.url for file in files}
    if is_scanned(terms):
        lie |= _near(files, bring, folder)
    else:
        lie = _brought(files, feed, terms, bring, folder)
        terms, storage_options = plain(terms), {}
    if len(files) <= _FEW:
        return pl.concat(
            tables.scan([lie[file.url]], feed, terms, storage_options).select(
                pl.exclude("url", "row"),
                business_date=pl.lit(file.business_date),
                institution=pl.lit(file.institution),
                delivery=pl.lit(file.delivery),
                line=pl.col("row").cast(pl.Int64) + 1,
            )
            for file in files
        )
    places = _places(files, lie)
    rows = tables.scan(places["url"].to_list(), feed, terms, storage_options)
    return (
        rows.join(places.lazy(), on="url", how="left", validate="m:1", maintain_order="left")
        .with_columns(line=pl.col("row").cast(pl.Int64) - pl.col("rows_before") + 1)
        .drop("row", "rows_before", "url")
    )


def _near(
    files: Sequence[File], bring: Callable[[str, Path], object], folder: Path
) -> dict[str, str]:
    """Copies of packed files with many rows: from afar Polars unpacks a file whole in memory."""
    near = {
        file.url: folder / f"{n}{Path(file.url).suffix}"
        for n, file in enumerate(files)
        if file.rows > _MANY_ROWS and file.url.endswith(_PACKED)
    }
    for url, path in near.items():
        bring(url, path)
    return {url: str(path) for url, path in near.items()}


def _brought(
    files: Sequence[File],
    feed: Feed,
    terms: Terms,
    bring: Callable[[str, Path], object],
    folder: Path,
) -> dict[str, str]:
    raw = {file.url: folder / str(n) / safe(file.name) for n, file in enumerate(files)}
    for url, path in raw.items():
        path.parent.mkdir()
        bring(url, path)
    ready = prepared(list(raw.values()), feed, terms, folder)
    lie = {}
    for url, path in raw.items():
        at = ready[path]
        if isinstance(at, Unreadable):
            raise at
        path.unlink()
        lie[url] = str(at)
    return lie


def summed(path: Path, feed: Feed, terms: Terms) -> dict[str, Decimal]:
    """Sums of a readable local file by currency or asset, as a control file states them."""
    with TemporaryDirectory(prefix="aqsha-") as folder:
        file = File(str(path), "", date.min, "", 0, path.name)
        wire = wire_rows(
            [file],
            feed,
            terms,
            storage_options={},
            bring=lambda url, to: to.symlink_to(Path(url).absolute()),
            folder=Path(folder),
        )
        found = sums(feed.staged(wire), feed).collect(engine="streaming")
    return dict(found.iter_rows())


def is_scanned(terms: Terms) -> bool:
    """Polars reads the files as they are."""
    return terms.format in ("jsonl", "parquet") or (
        terms.format == "csv" and terms.encoding == "utf-8"
    )


def plain(terms: Terms) -> Plain:
    """Terms of the tables that `prepared` writes."""
    if terms.format == "csv":
        return Plain("csv", terms.separator, terms.columns, terms.decimal_comma)
    if terms.format == "xlsx":
        return Plain("parquet", ",", terms.columns, terms.decimal_comma)
    return Plain(tables.PREPARED)


def prepared(
    paths: Sequence[Path], feed: Feed, terms: Terms, folder: Path
) -> dict[Path, Path | Unreadable]:
    """Each file as a table of text in `folder`, or why it cannot be one.

    Big files are prepared in processes side by side, since readers of messages are Python.
    """
    targets = [folder / f"{n}.table" for n in range(len(paths))]
    one = partial(_prepared, feed.name, Plain.of(terms))
    size = sum(path.stat().st_size for path in paths)
    if len(paths) > 1 and size > _WORTH_A_PROCESS:
        with ProcessPoolExecutor(_AT_ONCE, mp_context=get_context("spawn")) as pool:
            done = list(pool.map(one, paths, targets))
    else:
        done = list(map(one, paths, targets))
    return {
        path: target if said is None else Unreadable(said)
        for path, target, said in zip(paths, targets, done, strict=True)
    }


def _prepared(feed: str, terms: Plain, path: Path, target: Path) -> str | None:
    """Write one file as a table; what is wrong with it otherwise."""
    try:
        if terms.format == "csv":
            csv_text.in_utf_8(path, terms.encoding, target)
        elif terms.format == "xlsx":
            workbook.to_parquet(path, target)
        else:
            messages.to_parquet(messages.format_of(terms.format, feed), path, target)
    except Unreadable as error:
        return str(error)
    return None


def _places(files: Sequence[File], lie: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "url": [lie[f.url] for f in files],
            "institution": [f.institution for f in files],
            "business_date": [f.business_date for f in files],
            "delivery": [f.delivery for f in files],
            "rows_before": [sum(f.rows for f in files[:n]) for n in range(len(files))],
        },
        schema_overrides={"rows_before": pl.Int64},
    )


def _first_words(error: Exception) -> str:
    """What the library says, without the piece of data that it may quote."""
    said = str(error).splitlines()[0]
    return said.split("`")[0].strip(" :.") or type(error).__name__
