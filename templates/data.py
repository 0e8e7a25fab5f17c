"""The numbers of a report as data, equal to those that it shows: JSON, CSV, Parquet."""

import json
from dataclasses import asdict
from io import BytesIO

import polars as pl

from templates.model import Datum, Edition
from transforms.contracts import Column, Table

FIGURES = Table(
    name="figures",
    grain="one number that the report shows",
    key=("key",),
    columns=(
        Column("key", pl.String(), "Identifier of the figure, the same in every format."),
        Column("indicator", pl.String(), "Which figure: id of the catalogue."),
        Column("region_code", pl.String(), "KZ for the country, KATO of 2 digits, or unknown."),
        Column("dimension", pl.String(), "What it is divided by; empty for the total."),
        Column("member", pl.String(), "Code in that dimension, or unknown; empty for the total."),
        Column("period", pl.String(), "Kind of period: day, week, month and so on."),
        Column("period_start", pl.Date(), "First day of the period."),
        Column("period_end", pl.Date(), "Last day of the period."),
        Column("value", pl.Int64(), "The number, in the unit that the row names."),
        Column("unit", pl.String(), "Base unit: cards, tiyn, usd_cent, gram and so on."),
        Column("status_code", pl.String(), "provisional or final."),
    ),
)


def figures_json(edition: Edition) -> bytes:
    """Every number that the report shows, in base units, with its definition, and `revisions`:
    those that were out before and are others now, with the earlier number and the cause.

    The same for each language of an edition.
    """
    headlines = [h.figure.key for h in edition.headlines if h.figure]
    document = {
        "report": edition.report_id,
        "headlines": headlines,
        "figures": [asdict(datum) for datum in edition.data],
        "revisions": [asdict(row.datum) for row in edition.revisions.rows],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def figures_csv(edition: Edition) -> bytes:
    """`FIGURES` as text: comma, UTF-8, one row of headings."""
    return _figures(edition).write_csv().encode()


def figures_parquet(edition: Edition) -> bytes:
    """`FIGURES` as Parquet."""
    buffer = BytesIO()
    _figures(edition).write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _figures(edition: Edition) -> pl.DataFrame:
    rows = [_row(datum) for datum in edition.data]
    days = [name for name, kind in FIGURES.schema.items() if kind == pl.Date]
    as_text = dict(FIGURES.schema) | dict.fromkeys(days, pl.String())
    frame = pl.LazyFrame(rows, schema=as_text, orient="row").with_columns(
        pl.col(days).str.to_date("%Y-%m-%d")
    )
    return frame.pipe(FIGURES.require).collect()


def _row(datum: Datum) -> tuple[object, ...]:
    return tuple(getattr(datum, name) for name in FIGURES.schema)
