"""Values written in an expectation, as values that a column of a given type can be held against.

Great Expectations turns bounds into floats, dates and datetimes; a column of whole numbers,
exact decimals or instants is compared in its own type, never through a float.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl


def literal(value: Any, dtype: pl.DataType) -> pl.Expr:
    """`value` as an expression to compare a column of `dtype` with."""
    value = _in_kind(value, dtype)
    if isinstance(dtype, pl.Datetime) and isinstance(value, datetime):
        return _instant(value, dtype)
    return pl.lit(value)


def members(values: Iterable[Any], dtype: pl.DataType) -> pl.Expr:
    """`values` as the set for `is_in` on a column of `dtype`.

    A value that no cell of that type can equal is left out: it matches nothing.
    """
    kept = [value for value in (_in_kind(v, dtype) for v in values) if _can_equal(value, dtype)]
    if isinstance(dtype, pl.Datetime):
        instants = [_instant(value, dtype) for value in kept]
        return pl.concat_list(instants) if instants else pl.lit([], dtype=pl.List(dtype))
    return pl.lit(pl.Series(kept, dtype=dtype)).implode()


def is_category(dtype: pl.DataType) -> bool:
    """The column holds one of a list of texts, and is compared as text."""
    return isinstance(dtype, pl.Categorical | pl.Enum)


def equal_in_kind(value: Any, found: pl.Series, dtype: pl.DataType) -> bool:
    """Whether `found`, cells of `dtype`, holds the value."""
    return bool(pl.select(pl.lit(found).is_in(members([value], dtype)).any()).item())


def _in_kind(value: Any, dtype: pl.DataType) -> Any:
    if isinstance(value, str):
        return _read_date(value, dtype)
    if isinstance(value, date) and not isinstance(value, datetime):
        is_instant = isinstance(dtype, pl.Datetime)
        return datetime.combine(value, time.min) if is_instant else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if dtype.is_decimal():
            return Decimal(repr(value))
        return int(value) if dtype.is_integer() and float(value).is_integer() else value
    return value


def _read_date(value: str, dtype: pl.DataType) -> str | date:
    if isinstance(dtype, pl.Datetime):
        return datetime.fromisoformat(value)
    return datetime.fromisoformat(value).date() if isinstance(dtype, pl.Date) else value


def _instant(value: datetime, dtype: pl.Datetime) -> pl.Expr:
    if value.tzinfo is None and dtype.time_zone is not None:
        value = value.replace(tzinfo=ZoneInfo(dtype.time_zone))
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    instant = pl.lit(value, dtype=pl.Datetime(dtype.time_unit))
    if dtype.time_zone is None:
        return instant
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(dtype.time_zone)


def _can_equal(value: Any, dtype: pl.DataType) -> bool:
    kinds = (int, float) if dtype.is_float() else dtype.to_python()
    is_of_kind = isinstance(value, kinds) and isinstance(value, bool) == (dtype == pl.Boolean)
    if is_of_kind and dtype.is_integer():
        return _is_within(value, dtype)
    if is_of_kind and isinstance(dtype, pl.Decimal):
        return bool(value == round(value, dtype.scale))
    return is_of_kind and not (dtype == pl.Date and isinstance(value, datetime))


def _is_within(value: int, dtype: pl.DataType) -> bool:
    lowest, highest = pl.select(low=dtype.min(), high=dtype.max()).row(0)
    return bool(lowest <= value <= highest)
