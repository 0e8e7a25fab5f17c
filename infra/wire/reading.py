"""One door into all formats: how many rows a file has, and the rows of many files at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from infra.catalogue import Source
from infra.wire import csv_text, json_lines, nbk_rates
from infra.wire.errors import Unreadable
from transforms.feeds.feed import Feed

__all__ = ["File", "Unreadable", "counted_rows", "wire_rows"]


@dataclass(frozen=True, slots=True)
class File:
    """A delivered file to read: where it lies, and what its rows are to carry."""

    url: str
    institution: str
    business_date: date
    delivery: str
    rows: int


def counted_rows(paths: Sequence[Path], feed: Feed, terms: Source) -> dict[Path, int | Unreadable]:
    """Read files through once and count the rows of each, or say why it cannot be read.

    They are read together; only when that fails, one by one, to tell which of them it is.
    """
    try:
        found = _rows_of_readable(paths, feed, terms)
    except (Unreadable, PolarsError, OSError, UnicodeDecodeError):
        return {path: _rows_or_reason(path, feed, terms) for path in paths}
    return {path: found.get(str(path), 0) for path in paths}


def _rows_or_reason(path: Path, feed: Feed, terms: Source) -> int | Unreadable:
    try:
        return _rows_of_readable([path], feed, terms).get(str(path), 0)
    except Unreadable as error:
        return error
    except (PolarsError, OSError, UnicodeDecodeError) as error:
        return Unreadable(
            f"{path.name} cannot be read as {terms.format}: {_first_words(error)}. "
            f"Nothing of it was taken. Ask {terms.feed}'s sender for the file again."
        )


def _rows_of_readable(paths: Sequence[Path], feed: Feed, terms: Source) -> dict[str, int]:
    if terms.format == "csv":
        return csv_text.counted_rows(paths, feed, terms.separator)
    if terms.format == "jsonl":
        return json_lines.counted_rows(paths, feed)
    return {str(path): nbk_rates.items(path.read_bytes(), path.name).height for path in paths}


def wire_rows(
    files: Sequence[File],
    feed: Feed,
    terms: Source,
    *,
    storage_options: Mapping[str, str],
    get: Callable[[str], bytes],
) -> pl.LazyFrame:
    """All rows of files that share one format, as text, each with its provenance.

    Files are read in one scan. The line within a file is found from the row counts that were
    taken when the files came in.

    Args:
        files: what to read; all of one feed, under the same terms.
        feed: names the columns.
        terms: names the format.
        storage_options: how Polars reaches the URLs.
        get: the bytes behind a URL, for formats that Polars does not scan.
    """
    places = _places(files)
    if terms.format == "csv":
        rows = csv_text.rows(places["url"].to_list(), feed, terms.separator, storage_options)
    elif terms.format == "jsonl":
        rows = json_lines.rows(places["url"].to_list(), feed, storage_options)
    else:
        rows = nbk_rates.rows({file.url: get(file.url) for file in files})
    return (
        rows.join(places.lazy(), on="url", how="left", validate="m:1", maintain_order="left")
        .with_columns(line=pl.col("row").cast(pl.Int64) - pl.col("rows_before") + 1)
        .select(*feed.wire_columns, "business_date", "institution", "delivery", "line")
    )


def _places(files: Sequence[File]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "url": [f.url for f in files],
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
