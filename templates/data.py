"""The numbers of a report as data, equal to those that it shows: JSON, CSV, Parquet."""

import json
from dataclasses import asdict
from io import BytesIO

import polars as pl

from templates.model import Datum, Edition
from transforms.contracts import Column, Table
from transforms.feeds.cells import QUANTITY

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


TOLD = Table(
    name="told",
    grain="one number that a sentence of the report tells of a figure",
    key=("key",),
    columns=(
        Column("key", pl.String(), "Identifier of the number, the same in every format."),
        Column("figure", pl.String(), "Key of the figure that the sentence tells of."),
        Column("measure_code", pl.String(), "What it is of the figure; see the list of measures."),
        Column("of", pl.String(), "Number of the act or unit that it is of; else empty."),
        Column("value", QUANTITY, "The number, exact, in the unit that the row names."),
        Column("unit", pl.String(), "Base unit, or the unit that was counted."),
        Column("table", pl.String(), "Stored table that it is read from; see provenance.json."),
    ),
)


def figures_json(edition: Edition) -> bytes:
    """Every number that the report shows, in base units, with its definition; `revisions`: those
    that were out before and are others now, with the earlier number and the cause; `told`: those
    that sentences tell of figures.

    The same for each language of an edition.
    """
    headlines = [h.figure.key for h in edition.headlines if h.figure]
    document = {
        "report": edition.report_id,
        "headlines": headlines,
        "figures": [asdict(datum) for datum in edition.data],
        "revisions": [asdict(row.datum) for row in edition.revisions.rows],
        "told": [asdict(datum) for datum in edition.told],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def figures_csv(edition: Edition) -> bytes:
    """`FIGURES` as text: comma, UTF-8, one row of headings."""
    return _figures(edition).write_csv().encode()


def figures_parquet(edition: Edition) -> bytes:
    """`FIGURES` as Parquet."""
    return _parquet(_figures(edition))


def told_csv(edition: Edition) -> bytes:
    """`TOLD` as text, each number as it is: 2.5, not 2.500."""
    exact = pl.Series("value", [datum.value for datum in edition.told], pl.String())
    return _told(edition).with_columns(exact).write_csv().encode()


def told_parquet(edition: Edition) -> bytes:
    """`TOLD` as Parquet."""
    return _parquet(_told(edition))


def _told(edition: Edition) -> pl.DataFrame:
    as_text = dict.fromkeys(TOLD.schema, pl.String())
    rows = [tuple(getattr(datum, name) for name in TOLD.schema) for datum in edition.told]
    return (
        pl.LazyFrame(rows, schema=as_text, orient="row")
        .with_columns(pl.col("value").cast(QUANTITY))
        .pipe(TOLD.require)
        .collect()
    )


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
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
