"""Parquet of any writer: typed columns become the text that our feeds read, exactly."""

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError
from pyarrow import ArrowException
from pyarrow.parquet import read_metadata

from infra.wire.errors import Unreadable
from infra.wire.opened import MOST_EXPANSION, UNSUSPICIOUS

_ISO = "%Y-%m-%dT%H:%M:%S%.f"


def header(path: Path) -> list[str]:
    """Names of the columns.

    Raises:
        Unreadable: no Parquet, or a bomb, or a column cannot be text exactly (a binary fraction,
            a list).
    """
    _require_bounded(path)
    try:
        schema = pl.scan_parquet(path).collect_schema()
    except PolarsError:
        raise _broken(path) from None
    inexact = [name for name, dtype in schema.items() if dtype.is_float() or dtype.is_nested()]
    if inexact:
        raise Unreadable(
            f"{path.name} has columns of a type that holds no exact amount or no single value: "
            f"{', '.join(inexact)}. Ask the sender for decimals or text."
        )
    return schema.names()


def scan(url: str, storage_options: dict[str, str]) -> pl.LazyFrame:
    """All cells as text, with `url`."""
    rows = pl.scan_parquet(url, storage_options=storage_options)
    schema = rows.collect_schema()
    return rows.select(
        **{name: _as_text(name, dtype) for name, dtype in schema.items()}, url=pl.lit(url)
    )


def _require_bounded(path: Path) -> None:
    """What its own table of contents promises: pages unpacked, and a byte at least for each cell.

    Many equal cells take no place in a file, and all of it in memory.
    """
    try:
        told = read_metadata(path)
    except (ArrowException, OSError):
        raise _broken(path) from None
    unpacked = sum(told.row_group(n).total_byte_size for n in range(told.num_row_groups))
    most = max(UNSUSPICIOUS, path.stat().st_size * MOST_EXPANSION)
    if max(unpacked, told.num_rows * told.num_columns) > most:
        raise Unreadable(
            f"{path.name} has {told.num_rows} rows, more than {MOST_EXPANSION} times its size when "
            f"unpacked, and was not read on. Nothing of it was taken. Ask the sender what it is."
        )


def _broken(path: Path) -> Unreadable:
    return Unreadable(
        f"{path.name} is not a whole Parquet file. Nothing of it was taken. Ask the sender "
        f"for it again."
    )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        return cell.dt.strftime(_ISO + "%:z" if dtype.time_zone else _ISO)
    if isinstance(dtype, pl.Binary):
        return cell.cast(pl.String(), strict=False)
    return cell.cast(pl.String())
