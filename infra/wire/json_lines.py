"""JSON Lines: one flat object a line, plain or compressed (.gz, .zst), UTF-8."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from infra.wire.counting import rows_by_file
from transforms.feeds.feed import Feed


def counted_rows(paths: Sequence[Path], feed: Feed) -> dict[str, int]:
    """Parse files through once; the rows of each that has any."""
    return rows_by_file(pl.scan_ndjson(list(paths), schema=_schema(feed), include_file_paths="url"))


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
