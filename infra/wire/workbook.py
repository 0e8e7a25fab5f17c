"""XLSX: the first sheet as a table, its cells as they would be written in a CSV."""

import zipfile
from pathlib import Path

import fastexcel
import polars as pl

from infra.wire.errors import Unreadable
from infra.wire.opened import is_workbook

_MOST_UNPACKED = 1 << 30
_MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"


def to_parquet(path: Path, target: Path) -> None:
    """Write the rows of the first sheet as text.

    Raises:
        Unreadable: no XLSX, damaged, locked by a password, or too big to be one of a register.
    """
    if not is_workbook(path):
        raise Unreadable(f"{path.name} is not an XLSX workbook. Ask the sender for it again.")
    _require_bounded(path)
    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string")
        rows = sheet.to_polars()
    except (fastexcel.FastExcelError, ValueError) as error:
        raise Unreadable(
            f"{path.name} cannot be read as XLSX: {str(error).splitlines()[0]}. Nothing of it was "
            f"taken. Ask the sender for it again."
        ) from None
    rows.with_columns(pl.all().str.replace(_MIDNIGHT, "$1")).write_parquet(target)


def _require_bounded(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > _MOST_UNPACKED:
        raise Unreadable(
            f"{path.name} unpacks to {unpacked} bytes, more than a workbook of a register has. "
            f"Nothing of it was taken. Ask the sender for a CSV or Parquet file."
        )
