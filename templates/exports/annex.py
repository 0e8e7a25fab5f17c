"""The annex of an edition as one file: tables of the rows behind its figures, as stored."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl

from templates.exports.sheets import csv
from transforms.contracts import Table

NAME = "annex.zip"
SALT = "salt.txt"
COLUMNS = "columns.csv"
_OWNER_ONLY = 0o600
_FAST = 1  # a year has 100 MB of rows, and each night makes them anew


def annex_zip(tables: Mapping[str, tuple[Table, pl.DataFrame]], salt: str) -> bytes:
    """A ZIP with a CSV for each table that has rows, and what their columns mean.

    `salt` goes in as a file: the sum of the annex stands in a manifest that every reader has, and
    without it a short annex could be guessed from its sum. Equal rows give equal bytes.
    """
    filled = {name: told for name, told in tables.items() if told[1].height}
    files = {f"{name}.csv": csv(rows) for name, (_, rows) in filled.items()}
    files |= {COLUMNS: _columns(filled), SALT: f"{salt}\n".encode()}
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED, compresslevel=_FAST) as packed:
        for name in sorted(files):
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = _OWNER_ONLY << 16
            packed.writestr(entry, files[name], compresslevel=_FAST)
    return body.getvalue()


def opened(annex: bytes) -> dict[str, bytes]:
    """The files of an annex by name."""
    with ZipFile(BytesIO(annex)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _columns(tables: Mapping[str, tuple[Table, pl.DataFrame]]) -> bytes:
    rows = [
        (name, column.name, column.unit or "", column.description)
        for name, (table, _) in sorted(tables.items())
        for column in table.columns
    ]
    schema = ("table", "column", "unit", "meaning")
    return pl.DataFrame(rows, schema=schema, orient="row").write_csv().encode()
