"""Parquet of any writer: typed columns become the text that our feeds read, exactly."""

from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from infra.wire.errors import Unreadable

_ISO = "%Y-%m-%dT%H:%M:%S%.f"


def header(path: Path) -> list[str]:
    """Names of the columns.

    Raises:
        Unreadable: no Parquet, or a column cannot be text exactly (a binary fraction, a list).
    """
    try:
        schema = pl.scan_parquet(path).collect_schema()
    except PolarsError:
        raise Unreadable(
            f"{path.name} is not a whole Parquet file. Nothing of it was taken. Ask the sender "
            f"for it again."
        ) from None
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


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        return cell.dt.strftime(_ISO + "%:z" if dtype.time_zone else _ISO)
    if isinstance(dtype, pl.Binary):
        return cell.cast(pl.String(), strict=False)
    return cell.cast(pl.String())
