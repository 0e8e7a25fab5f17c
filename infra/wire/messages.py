"""Every message format there is, and how a file of one becomes a table of text."""

from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.records import Format, Record
from transforms.feeds import FEED_BY_NAME

FORMATS: tuple[Format, ...] = ()

_ROWS_AT_ONCE = 16_384


def format_of(name: str, feed: str) -> Format:
    """The format of that name as that feed reads it.

    Raises:
        LookupError: there is none; names those that there are for the feed.
    """
    for known in FORMATS:
        if (known.name, known.feed) == (name, feed):
            return known
    others = [known.name for known in FORMATS if known.feed == feed]
    raise LookupError(
        f"{feed} is not read from {name}. It is from: {', '.join(others) or 'tables only'}."
    )


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
        looks = sorted({other.name for other, _ in recognised(beginning)})
        raise Unreadable(
            f"{path.name} is not {known.name}, which the catalogue of sources says it is"
            f"{f'; it looks like {chr(44).join(looks)}' if looks else ''}. Nothing of it was "
            f"taken. Correct the catalogue, or ask the sender for the agreed format."
        )
    columns = FEED_BY_NAME[known.feed].message_columns
    schema = pa.schema(
        [("entry", pa.int64()), ("place", pa.string()), *((c, pa.string()) for c in columns)]
    )
    rows = 0
    with ParquetWriter(target, schema, compression="lz4") as writer:
        records = known.records(path)
        while batch := list(islice(records, _ROWS_AT_ONCE)):
            writer.write_table(_table(batch, columns, schema))
            rows += len(batch)
    return rows


def _table(batch: list[Record], columns: tuple[str, ...], schema: pa.Schema) -> pa.Table:
    cells = [record.cells for record in batch]
    return pa.Table.from_arrays(
        [
            pa.array([record.entry for record in batch], pa.int64()),
            pa.array([record.place for record in batch], pa.string()),
            *(pa.array([row.get(name) for row in cells], pa.string()) for name in columns),
        ],
        schema=schema,
    )
