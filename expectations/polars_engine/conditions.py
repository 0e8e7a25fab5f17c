"""Row conditions and missing cells: which rows a rule considers.

A comparison with a null cell is never true, `!=` and `is_not_in` included, as in SQL; GX's pandas
engine keeps such rows. NaN counts as missing, as in pandas.
"""

from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    Condition,
    NullityCondition,
    Operator,
    OrCondition,
    deserialize_row_condition,
)

from expectations.polars_engine.literals import is_category, literal, members


class UnsupportedRowCondition(ValueError):
    """A row condition in a language that this engine does not read."""

    def __init__(self) -> None:
        super().__init__(
            "A row condition is written as text, which only pandas and Spark read. Nothing was "
            "evaluated. Write it with great_expectations' Column, as in Column('amount') > 0."
        )


def cell(column: str, schema: pl.Schema) -> pl.Expr:
    """One column, with NaN as null, and categories as text."""
    dtype = schema.get(column, pl.Null())
    if is_category(dtype):
        return pl.col(column).cast(pl.String)
    return pl.col(column).fill_nan(None) if dtype.is_float() else pl.col(column)


def cell_type(column: str, schema: pl.Schema) -> pl.DataType:
    """The type of `cell`; Null for a column that the schema lacks."""
    dtype = schema.get(column, pl.Null())
    return pl.String() if is_category(dtype) else dtype


def is_missing(column: str, schema: pl.Schema) -> pl.Expr:
    """True where the cell is null or NaN; never null."""
    is_float = schema.get(column, pl.Null()).is_float()
    return (pl.col(column).fill_nan(None) if is_float else pl.col(column)).is_null()


def judged_columns(domain_kwargs: dict[str, Any]) -> list[str]:
    """The columns that a rule judges: one, a pair, or several."""
    if "column" in domain_kwargs:
        return [domain_kwargs["column"]]
    if "column_A" in domain_kwargs:
        return [domain_kwargs["column_A"], domain_kwargs["column_B"]]
    return list(domain_kwargs["column_list"])


def considered(row_condition: Any, schema: pl.Schema) -> pl.Expr:
    """True for the rows that a row condition leaves; never null. Without one: every row."""
    condition = deserialize_row_condition(row_condition)
    if condition is None:
        return pl.lit(True)
    return filter_clause(condition, schema).fill_null(value=False)


def filter_clause(condition: Condition | str | None, schema: pl.Schema) -> pl.Expr:
    """A row condition as an expression; null where a compared cell is null.

    Raises:
        UnsupportedRowCondition: it is written as text.
    """
    match condition:
        case ComparisonCondition():
            return _comparison(condition, schema)
        case NullityCondition():
            missing = is_missing(condition.column.name, schema)
            return missing if condition.is_null else ~missing
        case AndCondition():
            return reduce(and_, (filter_clause(part, schema) for part in condition.conditions))
        case OrCondition():
            return reduce(or_, (filter_clause(part, schema) for part in condition.conditions))
    raise UnsupportedRowCondition


def _comparison(condition: ComparisonCondition, schema: pl.Schema) -> pl.Expr:
    name = condition.column.name
    column, dtype = cell(name, schema), cell_type(name, schema)
    match Operator(condition.operator):
        case Operator.IN:
            return column.is_in(members(condition.parameter, dtype))
        case Operator.NOT_IN:
            return ~column.is_in(members(condition.parameter, dtype))
    bound = literal(condition.parameter, dtype)
    compare = {
        Operator.EQUAL: pl.Expr.eq,
        Operator.NOT_EQUAL: pl.Expr.ne,
        Operator.LESS_THAN: pl.Expr.lt,
        Operator.LESS_THAN_OR_EQUAL: pl.Expr.le,
        Operator.GREATER_THAN: pl.Expr.gt,
        Operator.GREATER_THAN_OR_EQUAL: pl.Expr.ge,
    }
    return compare[Operator(condition.operator)](column, bound)
