"""Files that are tables: CSV, JSON Lines, Parquet. Many are scanned together, as text.

A file has the columns of its feed, in the feed's names or in those that the source's terms give
them. Without such terms a file has all columns and no other, but those that came into the layout
later; with terms, columns that they do not name are not read, and a column that may be null may be
absent.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from infra.wire import csv_text, json_lines, parquet
from infra.wire.errors import Unreadable
from infra.wire.terms import Terms
from transforms.feeds.feed import Feed

TABLE_FORMATS = ("csv", "jsonl", "parquet", "xlsx")
PREPARED = "prepared"

_BLANKS = r"[\s\u00a0\u202f']"


def require_columns(path: Path, name: str, feed: Feed, terms: Terms) -> None:
    """Check the columns of the local file before its rows are read; `name` is what it came under.

    Raises:
        Unreadable: columns are missing, or unknown where no terms name them.
    """
    if terms.format == PREPARED:
        return
    if terms.format == "jsonl":
        json_lines.require_exact_numbers(path)
        return
    if terms.format == "csv":
        found = csv_text.header(path, terms.separator)
    else:
        found = parquet.header(path)
    wanted = [terms.columns.get(name, name) for name in feed.wire_columns]
    may_lack = _optional(feed, terms)
    missing = [column for column in wanted if column not in {*found, *may_lack}]
    further = [] if terms.columns else [column for column in found if column not in wanted]
    in_order = [column for column in wanted if column in found or column not in may_lack]
    is_ordered = terms.format != "csv" or bool(terms.columns) or list(found) == in_order
    if missing or further or not is_ordered:
        raise Unreadable(
            f"{name} has not the columns of {feed.name}: {difference(found, wanted, may_lack)}; "
            f"expected, {_form(terms)}: {', '.join(wanted)}. "
            f"Ask the sender for the file in the agreed layout."
        )


def difference(found: Sequence[str], wanted: Sequence[str], may_lack: Container[str] = ()) -> str:
    """How the columns found differ, in words.

    Where not one is known the first row may hold data instead of names, so it is not shown.
    """
    missing = [column for column in wanted if column not in found and column not in may_lack]
    named = [column for column in found if column]
    further = [column for column in named if column not in wanted]
    if named and len(further) == len(named):
        return f"missing {', '.join(missing)}; of its {len(found)} columns none is known"
    return f"missing {', '.join(missing) or 'none'}; unknown {', '.join(further) or 'none'}"


def scan(
    urls: Sequence[str],
    feed: Feed,
    terms: Terms,
    storage_options: Mapping[str, str],
) -> pl.LazyFrame:
    """Text columns of the feed, with `url` and `row` counted through all files from 0.

    Of messages that were prepared: all that they say, and `place`.
    """
    if terms.format == PREPARED:
        return pl.scan_parquet(list(urls), include_file_paths="url", row_index_name="row")
    return _numbered(_rows(urls, feed, terms, dict(storage_options))).pipe(_plain, feed, terms)


def _rows(
    urls: Sequence[str], feed: Feed, terms: Terms, storage_options: dict[str, str]
) -> Iterable[pl.LazyFrame]:
    if terms.format == "jsonl":
        names = [terms.columns.get(name, name) for name in feed.wire_columns]
        rows = json_lines.scan(urls, names, storage_options)
        return [rows.rename({theirs: ours for ours, theirs in terms.columns.items()})]
    if terms.format == "csv" and not terms.columns:
        return [csv_text.scan(urls, feed.wire_columns, terms.separator, storage_options)]
    if terms.format == "csv":
        found = [csv_text.scan([url], None, terms.separator, storage_options) for url in urls]
    else:
        found = [parquet.scan(url, storage_options) for url in urls]
    return [_in_our_names(rows, feed, terms) for rows in found]


def _in_our_names(rows: pl.LazyFrame, feed: Feed, terms: Terms) -> pl.LazyFrame:
    given = rows.collect_schema()
    theirs = {name: terms.columns.get(name, name) for name in feed.wire_columns}
    return rows.select(
        "url",
        **{
            ours: pl.col(name) if name in given else pl.lit(None, pl.String())
            for ours, name in theirs.items()
        },
    )


def _numbered(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    return pl.concat(parts).with_row_index("row")


def _plain(rows: pl.LazyFrame, feed: Feed, terms: Terms) -> pl.LazyFrame:
    """Numbers with a decimal point, whatever the source writes."""
    if not terms.decimal_comma:
        return rows
    numbers = [f.wire for f in feed.fields if f.in_tables and f.column.dtype.is_numeric()]
    return rows.with_columns(
        pl.col(numbers).str.replace_all(_BLANKS, "").str.replace(",", ".", literal=True)
    )


def _optional(feed: Feed, terms: Terms) -> set[str]:
    if not terms.columns:
        return set(feed.later_columns)
    return {
        terms.columns.get(field.wire, field.wire) for field in feed.fields if field.column.nullable
    }


def _form(terms: Terms) -> str:
    if terms.format == "csv":
        return f"in this order and separated by “{terms.separator}”"
    return "by name"
