"""Statements of ISO 20022: camt.052 (intraday report), camt.053 (statement), camt.054 (notice).

Every version, with or without a namespace, alone or in an envelope. An answer of a bank to an
authority (auth.002) that wraps a camt.052 is its own format, with the same records.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from infra.wire.banks import camt_entry, camt_statement
from infra.wire.banks.camt_kept import Kept
from infra.wire.banks.camt_lxml import Entry
from infra.wire.banks.camt_stream import entries
from infra.wire.errors import Unreadable
from infra.wire.iso20022 import message_version
from infra.wire.records import Format, Record

COLUMNS = (*camt_statement.CELLS, *camt_entry.CELLS, "IS_RECONCILED")
"""Wire columns of the feed, in the order of `batches`."""


def records(path: Path) -> Iterator[Record]:
    """Payments of all statements of a file, in order; see `camt_entry`.

    IS_RECONCILED is known at the end of a statement that declares totals: its records are kept
    aside till then, on the disk if they are many.

    Raises:
        Unreadable: the file cannot be read on; of the statement that broke off it is not known
            whether its totals are right.
    """
    for batch in batches(path):
        yield from _records(batch)


def batches(path: Path) -> Iterator[pl.DataFrame]:
    """The same as `records` gives, in frames of text with `entry` and `place` before the cells."""
    with TemporaryDirectory(prefix="aqsha-camt-") as folder:
        yield from _batches(entries(path), Path(folder))


def _records(batch: pl.DataFrame) -> Iterator[Record]:
    for entry, place, *cells in batch.iter_rows():
        yield Record(entry, place, dict(zip(COLUMNS, cells, strict=True)))


def _batches(found: Iterator[Entry], folder: Path) -> Iterator[pl.DataFrame]:
    kept = Kept(folder, COLUMNS)
    broken = None
    try:
        for entry in found:
            yield from kept.add(entry)
    except Unreadable as error:
        broken = error
    yield from kept.ended(is_whole=broken is None)
    yield from kept.rest()
    if broken is not None:
        raise broken


def _format(name: str, root: str, says: str) -> Format:
    return Format(
        name=name,
        feed="account_movements",
        says=says,
        version=partial(message_version, root=root, name=name),
        records=records,
        needs=("ACCOUNT", "DIRECTION", "AMOUNT", "CURRENCY"),
        batches=batches,
    )


FORMATS: tuple[Format, ...] = (
    _format("camt.052", "BkToCstmrAcctRpt", "ISO 20022 report on an account within the day"),
    _format("camt.053", "BkToCstmrStmt", "ISO 20022 account statement"),
    _format("camt.054", "BkToCstmrDbtCdtNtfctn", "ISO 20022 notice of debits and credits"),
)
