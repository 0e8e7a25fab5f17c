"""The numbers of a report as data, equal to those that it shows."""

import json
from dataclasses import asdict
from io import BytesIO

import polars as pl

from templates.model import Edition
from transforms.indicators import INDICATOR_TABLE


def figures_json(edition: Edition) -> bytes:
    """Every number that the report shows, in base units, with its definition.

    The same for each language of an edition.
    """
    headlines = [h.figure.key for h in edition.headlines if h.figure]
    document = {
        "report": edition.report_id,
        "headlines": headlines,
        "figures": [asdict(datum) for datum in edition.data],
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode() + b"\n"


def figures_parquet(indicators: pl.DataFrame) -> bytes:
    """The rows of `INDICATOR_TABLE` that the report was made from, in order of its key.

    Versions of tables are left out: they belong to the manifest of the publication.
    """
    buffer = BytesIO()
    (
        indicators.select(INDICATOR_TABLE.schema.names())
        .with_columns(pl.col("sources").list.eval(pl.element().str.split("@").list.first()))
        .sort(INDICATOR_TABLE.key)
        .write_parquet(buffer, compression="zstd", statistics=False)
    )
    return buffer.getvalue()
