"""JSON Lines: one flat object a line, plain or compressed (.gz, .zst), UTF-8."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from transforms.feeds.feed import Feed


def counted_rows(path: Path, feed: Feed) -> int:
    """Parse the whole file once and count its lines."""
    counts = (
        pl.scan_ndjson(path, schema=_schema(feed))
        .select(pl.len(), pl.all().null_count().name.prefix("nulls_in_"))
        .collect(engine="streaming")
    )
    return int(counts["len"].item())


def rows(urls: Sequence[str], feed: Feed, storage_options: Mapping[str, str]) -> pl.LazyFrame:
    """Text columns of the feed, with `url` and `row` counted through all files from 0."""
    return pl.scan_ndjson(
        list(urls),
        schema=_schema(feed),
        row_index_name="row",
        include_file_paths="url",
        storage_options=dict(storage_options),
    )


def _schema(feed: Feed) -> pl.Schema:
    return pl.Schema(dict.fromkeys(feed.wire_columns, pl.String()))
