"""The row rules of Great Expectations' core expectations that an expression can judge."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_
from typing import Any, Literal

import polars as pl

from expectations.polars_engine.literals import literal, members
from expectations.polars_engine.map_rules import map_condition, unique_rule
from expectations.polars_engine.patterns import matches

_BOUNDS = ("min_value", "max_value", "strict_min", "strict_max")

unique_rule("column_values.unique", domain="column")
unique_rule("compound_columns.unique", domain="multicolumn")


@map_condition("column_values.nonnull", judges_nulls=True)
def _is_present(column: pl.Expr) -> pl.Expr:
    return column.is_not_null()


@map_condition("column_values.null", judges_nulls=True)
def _is_missing(column: pl.Expr) -> pl.Expr:
    return column.is_null()


@map_condition("column_values.in_set", value_keys=("value_set",), with_dtypes=True)
def _is_in(
    column: pl.Expr, *, value_set: Iterable[Any] | None, dtypes: Sequence[pl.DataType]
) -> pl.Expr:
    if value_set is None:
        return pl.lit(True)
    return column.is_in(members(value_set, dtypes[0]))


@map_condition("column_values.not_in_set", value_keys=("value_set",), with_dtypes=True)
def _is_not_in(
    column: pl.Expr, *, value_set: Iterable[Any] | None, dtypes: Sequence[pl.DataType]
) -> pl.Expr:
    if value_set is None:
        return pl.lit(True)
    return ~column.is_in(members(value_set, dtypes[0]))


@map_condition("column_values.match_regex", value_keys=("regex",))
def _matches(column: pl.Expr, *, regex: str) -> pl.Expr:
    return matches(column, regex)


@map_condition("column_values.not_match_regex", value_keys=("regex",))
def _does_not_match(column: pl.Expr, *, regex: str) -> pl.Expr:
    return ~matches(column, regex)


@map_condition("column_values.match_regex_list", value_keys=("regex_list", "match_on"))
def _matches_of(
    column: pl.Expr, *, regex_list: Sequence[str], match_on: Literal["any", "all"] | None
) -> pl.Expr:
    each = [matches(column, regex) for regex in regex_list]
    return pl.all_horizontal(each) if match_on == "all" else pl.any_horizontal(each)


@map_condition("column_values.not_match_regex_list", value_keys=("regex_list",))
def _matches_none_of(column: pl.Expr, *, regex_list: Sequence[str]) -> pl.Expr:
    return ~pl.any_horizontal(matches(column, regex) for regex in regex_list)


@map_condition("column_values.between", value_keys=_BOUNDS, with_dtypes=True)
def _is_between(column: pl.Expr, *, dtypes: Sequence[pl.DataType], **bounds: Any) -> pl.Expr:
    return between(column, dtypes[0], **bounds)


@map_condition("column_values.value_length.between", value_keys=_BOUNDS)
def _has_length_between(column: pl.Expr, **bounds: Any) -> pl.Expr:
    return between(column.cast(pl.String).str.len_chars(), pl.UInt32(), **bounds)


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


@map_condition(
    "column_pair_values.in_set",
    domain="column_pair",
    value_keys=("value_pairs_set",),
    with_dtypes=True,
)
def _is_pair_in(
    a: pl.Expr,
    b: pl.Expr,
    *,
    value_pairs_set: Iterable[Sequence[Any]] | None,
    dtypes: Sequence[pl.DataType],
) -> pl.Expr:
    if value_pairs_set is None:
        return pl.lit(True)
    return pl.any_horizontal(
        pl.lit(False),
        *(
            _is_value(a, first, dtypes[0]) & _is_value(b, second, dtypes[1])
            for first, second in value_pairs_set
        ),
    )


@map_condition(
    "multicolumn_sum.equal", domain="multicolumn", value_keys=("sum_total",), with_dtypes=True
)
def _adds_up(*columns: pl.Expr, sum_total: float, dtypes: Sequence[pl.DataType]) -> pl.Expr:
    if all(dtype.is_integer() for dtype in dtypes):
        columns = tuple(column.cast(pl.Int128) for column in columns)
        return pl.sum_horizontal(*columns, ignore_nulls=False) == literal(sum_total, pl.Int128())
    decimal = next((dtype for dtype in dtypes if dtype.is_decimal()), dtypes[0])
    return pl.sum_horizontal(*columns, ignore_nulls=False) == literal(sum_total, decimal)


@map_condition("multicolumn_values.equal", domain="multicolumn")
def _are_equal(first: pl.Expr, *others: pl.Expr) -> pl.Expr:
    return reduce(and_, (first.eq_missing(other) for other in others), pl.lit(True))


@map_condition("select_column_values.unique.within_record", domain="multicolumn")
def _are_different(*columns: pl.Expr) -> pl.Expr:
    pairs = [(a, b) for at, a in enumerate(columns) for b in columns[at + 1 :]]
    return reduce(and_, (a.ne_missing(b) for a, b in pairs), pl.lit(True))


def between(
    column: pl.Expr,
    dtype: pl.DataType,
    *,
    min_value: Any,
    max_value: Any,
    strict_min: bool | None,
    strict_max: bool | None,
) -> pl.Expr:
    """True where a value of `dtype` lies within the bounds.

    Raises:
        ValueError: there is neither bound, or the lowest is above the highest.
    """
    if min_value is None and max_value is None:
        raise ValueError("A range needs a lowest or a highest value.")
    if min_value is not None and max_value is not None and min_value > max_value:
        raise ValueError(f"A range from {min_value} to {max_value} holds nothing.")
    is_inside = pl.lit(True)
    if min_value is not None:
        lowest = literal(min_value, dtype)
        is_inside &= column > lowest if strict_min else column >= lowest
    if max_value is not None:
        highest = literal(max_value, dtype)
        is_inside &= column < highest if strict_max else column <= highest
    return is_inside


def _is_value(column: pl.Expr, value: Any, dtype: pl.DataType) -> pl.Expr:
    if value is None:
        return column.is_null()
    return column.is_in(members([value], dtype)).fill_null(value=False)
