"""Customs declarations: which of the rows that told of them say what was imported."""

from collections.abc import Sequence

import polars as pl

from transforms.feeds.feed import PROVENANCE
from transforms.redelivery import latest
from transforms.regions import COUNTRY

DECLARATION = "declaration_no"
ITEM = (DECLARATION, "item_no")

_VERSIONS, _DAYS = 10**9, 10**7  # more than there can be of either
_NO_CONTENT = (*(column.name for column in PROVENANCE), *ITEM)


def is_import_here() -> pl.Expr:
    """Imported, through customs of Kazakhstan; rows of tables, which tell neither, are."""
    is_import = pl.col("movement_code").fill_null("import") == "import"
    return is_import & (pl.col("lodged_country_code").fill_null(COUNTRY) == COUNTRY)


def is_cancellation() -> pl.Expr:
    """The row says that its declaration does not hold; it tells no goods."""
    return (pl.col("action_code") == "cancellation").fill_null(value=False)


def current_declarations(import_declarations: pl.LazyFrame) -> pl.LazyFrame:
    """Items imported, each as its declaration last told it.

    A cancelled declaration is out, whenever the cancellation came. An amendment, and the release
    of the goods, stand for the whole declaration: what they no longer name is out. A partial
    amendment changes only the items and cells that it tells. Among them the highest version
    counts, then the last business date; the declaration itself comes before all of them, even
    when it is delivered later or again. Rows of tables, which have no action, and originals are
    taken item by item from the last business date. Exports, transit and what was lodged with
    other countries are out, judged by what was told last.

    Args:
        import_declarations: accepted rows, the whole feed.

    Returns:
        Rows of the same columns, one an item, in order of declaration and item.
    """
    columns = import_declarations.collect_schema().names()
    messages = import_declarations.filter(pl.col("action_code").is_not_null())
    in_tables = import_declarations.join(messages, on=DECLARATION, how="anti")
    in_messages = import_declarations.join(messages, on=DECLARATION, how="semi")
    items = [in_tables.pipe(latest, ITEM), in_messages.pipe(_as_last_told)]
    return pl.concat([frame.select(columns) for frame in items]).filter(is_import_here()).sort(ITEM)


def _as_last_told(rows: pl.LazyFrame) -> pl.LazyFrame:
    content = [c for c in rows.collect_schema().names() if c not in _NO_CONTENT]
    told = (
        rows.pipe(_without_cancelled)
        .filter(pl.col("item_no").is_not_null())
        .pipe(_numbered)
        .pipe(_since, (DECLARATION,), _is_whole() & pl.col("_is_later"))
        .pipe(_since, ITEM, _is_whole())
    )
    whole = told.filter(_is_whole()).pipe(_first_by_content, content)
    changes = told.filter(~_is_whole())
    unchanged = whole.join(changes, on=ITEM, how="anti")
    amended = _amended(whole, changes, content).select(unchanged.collect_schema().names())
    return pl.concat([unchanged, amended])


def _is_whole() -> pl.Expr:
    return ~pl.col("is_partial").fill_null(value=False)


def _without_cancelled(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.join(rows.filter(is_cancellation()), on=DECLARATION, how="anti")


def _numbered(rows: pl.LazyFrame) -> pl.LazyFrame:
    """With `_told`, which counts up with each statement: later ones, by version, then by day."""
    is_later = pl.col("action_code").is_in(["amendment", "release"]).fill_null(value=False)
    version = pl.col("version_no").clip(0, _VERSIONS - 2).add(1).fill_null(0)
    day = pl.col("business_date").dt.epoch("d").cast(pl.Int64)
    rank = (is_later.cast(pl.Int64) * _VERSIONS + version) * _DAYS + day
    return rows.with_columns(_is_later=is_later, _told=rank)


def _since(rows: pl.LazyFrame, of: Sequence[str], starts: pl.Expr) -> pl.LazyFrame:
    """Rows that were told since the last that `starts` is true for, each `of` by itself."""
    last = rows.filter(starts).group_by(of).agg(_last=pl.col("_told").max())
    return (
        rows.join(last, on=of, how="left", validate="m:1")
        .filter(pl.col("_last").is_null() | (pl.col("_told") >= pl.col("_last")))
        .drop("_last")
    )


def _first_by_content(rows: pl.LazyFrame, content: Sequence[str]) -> pl.LazyFrame:
    """One row an item; rows of one statement are told apart by content, never by delivery."""
    return rows.sort([*ITEM, *content], nulls_last=True).unique(
        subset=ITEM, keep="first", maintain_order=True
    )


def _amended(whole: pl.LazyFrame, changes: pl.LazyFrame, content: Sequence[str]) -> pl.LazyFrame:
    """Items with the cells that partial amendments tell in place of theirs."""
    return (
        pl.concat([whole.join(changes, on=ITEM, how="semi"), changes])
        .sort([*ITEM, "_told", _is_whole().not_(), *content], nulls_last=True)
        .group_by(ITEM, maintain_order=True)
        .agg(pl.all().drop_nulls().last())
    )
