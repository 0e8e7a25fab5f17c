"""Drawn rows of accepted feeds and of facts: only the columns that a test is about are drawn."""

from collections.abc import Mapping
from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from tests.tables import table
from transforms.contracts import Table
from transforms.feeds import FEED_BY_NAME
from transforms.feeds.cells import instant

A_MONDAY = date(2026, 3, 2)

_NOT_DRAWN = {"business_date": A_MONDAY, "institution": "someone", "delivery": "a", "line": 1}


def accepted(feed: str, drawing: str | None = None) -> pl.LazyFrame:
    """Accepted rows of a feed; without a drawing, none."""
    return rows_of(FEED_BY_NAME[feed].accepted_table, drawing)


def rows_of(contract: Table, drawing: str | None = None) -> pl.LazyFrame:
    """Rows of any table; a column that is not drawn is null, or as in every delivery."""
    if drawing is None:
        return pl.LazyFrame(schema=contract.schema)
    drawn = _read(drawing, contract.schema)
    absent = [c for c in contract.schema if c not in drawn.collect_schema()]
    return drawn.with_columns(
        pl.lit(_NOT_DRAWN.get(c), dtype=contract.schema[c]).alias(c) for c in absent
    ).select(contract.schema.names())


def assert_drawn(result: pl.LazyFrame, drawing: str) -> None:
    """The drawn columns of the result are as drawn, row for row."""
    expected = _read(drawing, result.collect_schema())
    assert_frame_equal(result.select(expected.collect_schema().names()), expected)


def _read(drawing: str, schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    header = [name.strip() for name in drawing.strip().splitlines()[0].split("|")]
    drawn = table(drawing, dict.fromkeys(header, pl.String))
    return drawn.with_columns(_typed(pl.col(c), schema[c]) for c in header)


def _typed(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        return instant(cell)
    if dtype == pl.Boolean:
        return cell == "true"
    return cell.str.to_date() if dtype == pl.Date else cell.cast(dtype)
