"""The row rules of Great Expectations' core expectations."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from expectations.polars_engine.literals import comparable, literal, members
from expectations.polars_engine.map_rules import map_condition, unique_rule


@map_condition("column_values.nonnull", judges_nulls=True)
def _is_present(column: pl.Expr) -> pl.Expr:
    return column.is_not_null()


@map_condition("column_values.null", judges_nulls=True)
def _is_missing(column: pl.Expr) -> pl.Expr:
    return column.is_null()


@map_condition("column_values.in_set", value_keys=("value_set",), with_dtype=True)
def _is_in(column: pl.Expr, *, value_set: Iterable[Any] | None, dtype: pl.DataType) -> pl.Expr:
    if value_set is None:
        return pl.lit(True)
    return comparable(column, dtype).is_in(members(value_set, dtype))


@map_condition("column_values.not_in_set", value_keys=("value_set",), with_dtype=True)
def _is_not_in(column: pl.Expr, *, value_set: Iterable[Any] | None, dtype: pl.DataType) -> pl.Expr:
    if value_set is None:
        return pl.lit(True)
    return ~comparable(column, dtype).is_in(members(value_set, dtype))


@map_condition("column_values.match_regex", value_keys=("regex",))
def _matches(column: pl.Expr, *, regex: str) -> pl.Expr:
    return column.cast(pl.String).str.contains(regex)


@map_condition("column_values.not_match_regex", value_keys=("regex",))
def _does_not_match(column: pl.Expr, *, regex: str) -> pl.Expr:
    return ~column.cast(pl.String).str.contains(regex)


@map_condition(
    "column_values.between",
    value_keys=("min_value", "max_value", "strict_min", "strict_max"),
    with_dtype=True,
)
def _is_between(column: pl.Expr, *, dtype: pl.DataType, **bounds: Any) -> pl.Expr:
    return _between(column, dtype, **bounds)


@map_condition(
    "column_values.value_length.between",
    value_keys=("min_value", "max_value", "strict_min", "strict_max"),
)
def _has_length_between(column: pl.Expr, **bounds: Any) -> pl.Expr:
    return _between(column.cast(pl.String).str.len_chars(), pl.UInt32(), **bounds)


@map_condition("column_values.value_length.equals", value_keys=("value",))
def _has_length(column: pl.Expr, *, value: float) -> pl.Expr:
    return column.cast(pl.String).str.len_chars() == literal(float(value), pl.UInt32())


@map_condition(
    "column_pair_values.a_greater_than_b", domain="column_pair", value_keys=("or_equal",)
)
def _is_greater(a: pl.Expr, b: pl.Expr, *, or_equal: bool | None) -> pl.Expr:
    return a >= b if or_equal else a > b


@map_condition("column_pair_values.equal", domain="column_pair")
def _is_equal(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return a == b


unique_rule("column_values.unique", domain="column")
unique_rule("compound_columns.unique", domain="multicolumn")


def _between(
    column: pl.Expr,
    dtype: pl.DataType,
    *,
    min_value: Any,
    max_value: Any,
    strict_min: bool | None,
    strict_max: bool | None,
) -> pl.Expr:
    if min_value is None and max_value is None:
        raise ValueError("A range needs a lowest or a highest value.")
    is_inside = pl.lit(True)
    if min_value is not None:
        lowest = literal(min_value, dtype)
        is_inside &= column > lowest if strict_min else column >= lowest
    if max_value is not None:
        highest = literal(max_value, dtype)
        is_inside &= column < highest if strict_max else column <= highest
    return is_inside
