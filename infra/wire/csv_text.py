"""Delimited text with a header row, plain or compressed (.gz, .zst), UTF-8."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from infra.wire.counting import rows_by_file
from infra.wire.errors import Unreadable
from transforms.feeds.feed import Feed

_LONGEST_HEADER = 64 * 1024


def counted_rows(paths: Sequence[Path], feed: Feed, separator: str) -> dict[str, int]:
    """Parse files through once; the rows of each that has any, after its header was found right."""
    for path in paths:
        _require_header(path, feed, separator)
    cells = pl.scan_csv(
        list(paths), separator=separator, schema=_schema(feed), include_file_paths="url"
    )
    return rows_by_file(cells)


def rows(
    urls: Sequence[str], feed: Feed, separator: str, storage_options: Mapping[str, str]
) -> pl.LazyFrame:
    """Text columns of the feed, with `url` and `row` counted through all files from 0."""
    return pl.scan_csv(
        list(urls),
        separator=separator,
        schema=_schema(feed),
        row_index_name="row",
        include_file_paths="url",
        storage_options=dict(storage_options),
    )


def _schema(feed: Feed) -> pl.Schema:
    return pl.Schema(dict.fromkeys(feed.wire_columns, pl.String()))


def _require_header(path: Path, feed: Feed, separator: str) -> None:
    found = _header(path, separator)
    wanted = list(feed.wire_columns)
    if found != wanted:
        missing = [name for name in wanted if name not in found]
        further = [name for name in found if name not in wanted]
        raise Unreadable(
            f"{path.name} has not the columns of {feed.name}: "
            f"missing {', '.join(missing) or 'none'}; unknown {', '.join(further) or 'none'}; "
            f"expected, in this order and separated by “{separator}”: {', '.join(wanted)}. "
            f"Ask the sender for the file in the agreed layout."
        )


def _header(path: Path, separator: str) -> list[str]:
    if path.suffix != ".csv":
        return pl.scan_csv(path, separator=separator, infer_schema=False).collect_schema().names()
    with path.open("rb") as file:  # a hundred times quicker, and there are thousands of small files
        line = file.readline(_LONGEST_HEADER).decode("utf-8-sig").rstrip("\r\n")
    return [name.strip().strip('"') for name in line.split(separator)]
