"""Delimited text with a header row, plain or compressed (.gz, .zst), UTF-8."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from infra.wire.errors import Unreadable
from transforms.feeds.feed import Feed


def counted_rows(path: Path, feed: Feed, separator: str) -> int:
    """Parse the whole file once; its rows, after its header was found right."""
    _require_header(path, feed, separator)
    counts = (
        pl.scan_csv(path, separator=separator, schema=_schema(feed))
        .select(pl.len(), pl.all().null_count().name.prefix("nulls_in_"))
        .collect(engine="streaming")
    )
    return int(counts["len"].item())


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
    found = [name.strip().strip('"') for name in _first_line(path).split(separator)]
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


def _first_line(path: Path) -> str:
    """The header as one piece of text, whatever the compression."""
    line = pl.scan_csv(
        path, separator="\x01", quote_char=None, has_header=False, infer_schema=False, n_rows=1
    ).collect()
    return str(line.item())
