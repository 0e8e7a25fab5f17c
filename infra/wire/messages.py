"""Every message format there is, and how a file of one becomes a table of text."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import polars as pl
from pyarrow.parquet import ParquetWriter

from infra.wire import nbk_rates
from infra.wire.banks import auth001, auth002, camt, mt940, one_c, pacs008
from infra.wire.beginning import Beginning
from infra.wire.crypto import binance, bybit, ivms101, ofac, tagpacks
from infra.wire.customs import asycuda, esadout, eu_h1, wco_dec
from infra.wire.errors import Unreadable
from infra.wire.records import Format, Record
from infra.wire.tables import TABLE_FORMATS
from transforms.feeds import FEED_BY_NAME

FORMATS: tuple[Format, ...] = (
    *camt.FORMATS,
    *pacs008.FORMATS,
    *auth001.FORMATS,
    *auth002.FORMATS,
    *mt940.FORMATS,
    *one_c.FORMATS,
    *nbk_rates.FORMATS,
    *asycuda.FORMATS,
    *esadout.FORMATS,
    *wco_dec.FORMATS,
    *eu_h1.FORMATS,
    *binance.FORMATS,
    *bybit.FORMATS,
    *ivms101.FORMATS,
    *tagpacks.FORMATS,
    *ofac.FORMATS,
)

_ROWS_AT_ONCE = 16_384


def formats_of(feed: str) -> tuple[str, ...]:
    """Names of all formats that a feed is read from."""
    return (*TABLE_FORMATS, *(known.name for known in FORMATS if known.feed == feed))


def format_of(name: str, feed: str) -> Format:
    """The format of that name as that feed reads it.

    Raises:
        LookupError: there is none; names those that there are for the feed.
    """
    for known in FORMATS:
        if (known.name, known.feed) == (name, feed):
            return known
    raise LookupError(f"{feed} is not read from {name}. It is from: {', '.join(formats_of(feed))}.")


def recognised(beginning: Beginning) -> list[tuple[Format, str]]:
    """Formats that the file is of, with its version; one for each feed that it may fill."""
    found = [(known, known.version(beginning)) for known in FORMATS]
    return [(known, version) for known, version in found if version is not None]


def to_parquet(known: Format, path: Path, target: Path) -> int:
    """Write all records of a file as text, with `entry` and `place`; how many there are.

    Memory stays flat however big the file is.

    Raises:
        Unreadable: another format, or damaged; what was written is not whole then.
    """
    beginning = Beginning.of(path)
    if known.version(beginning) is None:
        looks = sorted(
            {
                other.name if other.name != known.name else f"{other.name} for {other.feed}"
                for other, _ in recognised(beginning)
            }
        )
        raise Unreadable(
            f"{path.name} is not {known.name}, which the catalogue of sources says it is"
            f"{f'; it looks like {chr(44).join(looks)}' if looks else ''}. Nothing of it was "
            f"taken. Correct the catalogue, or ask the sender for the agreed format."
        )
    columns = ("entry", "place", *FEED_BY_NAME[known.feed].message_columns)
    schema = pl.Schema(dict.fromkeys(columns, pl.String())) | {"entry": pl.Int64()}
    found = known.batches(path) if known.batches else _batches(known.records(path), columns)
    rows = 0
    written = pl.DataFrame(schema=schema).to_arrow().schema
    # Read once and thrown away: dictionaries would cost more than the bytes that they spare.
    with ParquetWriter(target, written, use_dictionary=False) as writer:
        for batch in found:
            writer.write_table(batch.match_to_schema(schema).to_arrow())
            rows += batch.height
    return rows


def _batches(records: Iterator[Record], columns: tuple[str, ...]) -> Iterator[pl.DataFrame]:
    while batch := list(islice(records, _ROWS_AT_ONCE)):
        cells = [record.cells for record in batch]
        yield pl.DataFrame(
            {
                "entry": pl.Series([record.entry for record in batch], dtype=pl.Int64),
                "place": pl.Series([record.place for record in batch], dtype=pl.String),
                **{
                    name: pl.Series([row.get(name) for row in cells], dtype=pl.String)
                    for name in columns[2:]
                },
            }
        )
