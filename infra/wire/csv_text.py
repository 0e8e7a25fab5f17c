"""Delimited text with a header row, plain or compressed (.gz, .zst), UTF-8."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from infra.wire.errors import Unreadable
from transforms.feeds.feed import Feed

# Below this a file is parsed in one piece, which for thousands of small files is twice as fast.
_SMALL = 16 << 20


def counted_rows(path: Path, feed: Feed, separator: str) -> int:
    """Parse the whole file once; its rows, after its header was found right."""
    cells = pl.scan_csv(path, separator=separator, infer_schema=False)
    _require_header(path, feed, separator, cells.collect_schema().names())
    counts = cells.select(pl.len(), pl.all().null_count().name.prefix("nulls_in_"))
    is_small = path.stat().st_size < _SMALL
    return int(counts.collect(engine="in-memory" if is_small else "streaming")["len"].item())


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


def _require_header(path: Path, feed: Feed, separator: str, found: list[str]) -> None:
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
