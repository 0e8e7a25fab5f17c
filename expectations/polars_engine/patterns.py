"""Rules about what a text says: patterns, JSON, dates. What no expression can judge is asked of
Python once for each distinct value."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import polars as pl
from dateutil import parser as dateutil_parser  # type: ignore[import-untyped]
from polars.exceptions import ComputeError

from expectations.polars_engine.map_rules import map_condition


def matches(column: pl.Expr, pattern: str) -> pl.Expr:
    """True where the text of a cell has the pattern somewhere in it.

    Patterns are Rust's, which run in one pass. One that looks around or back, which those
    cannot, is Python's.
    """
    text = column.cast(pl.String)
    try:
        pl.Series([""]).str.contains(pattern)
    except ComputeError as refused:
        try:
            search = re.compile(pattern).search
        except re.error:
            raise refused from None
        return judged_by_python(text, lambda value: search(value) is not None)
    return text.str.contains(pattern)


def judged_by_python(column: pl.Expr, is_right: Callable[[Any], bool]) -> pl.Expr:
    """The verdict of `is_right`, asked once for each distinct present value of a batch of rows."""

    def verdicts(cells: pl.Series) -> pl.Series:
        distinct = cells.drop_nulls().unique()
        verdict = pl.Series([is_right(value) for value in distinct], dtype=pl.Boolean)
        return cells.is_in(distinct.filter(verdict).implode())

    return column.map_batches(verdicts, return_dtype=pl.Boolean, is_elementwise=True)


@map_condition("column_values.json_parseable")
def _is_json(column: pl.Expr) -> pl.Expr:
    def parses(value: Any) -> bool:
        try:
            json.loads(value)
        except (ValueError, TypeError, RecursionError):
            return False
        return True

    return judged_by_python(column, parses)


@map_condition("column_values.match_json_schema", value_keys=("json_schema",))
def _follows_json_schema(column: pl.Expr, *, json_schema: dict[str, Any]) -> pl.Expr:
    kind = jsonschema.validators.validator_for(json_schema)
    try:
        kind.check_schema(json_schema)
    except jsonschema.SchemaError as error:
        raise ValueError(f"The JSON schema is itself wrong: {error.message}.") from error
    validator = kind(json_schema)

    def follows(value: Any) -> bool:
        try:
            return bool(validator.is_valid(json.loads(value)))
        except (ValueError, TypeError, RecursionError):
            return False

    return judged_by_python(column, follows)


@map_condition("column_values.dateutil_parseable", with_dtypes=True)
def _is_some_date(column: pl.Expr, *, dtypes: list[pl.DataType]) -> pl.Expr:
    _require_text(dtypes[0])

    def parses(value: str) -> bool:
        try:
            dateutil_parser.parse(value)
        except (ValueError, OverflowError):
            return False
        return True

    return judged_by_python(column, parses)


@map_condition(
    "column_values.match_strftime_format", value_keys=("strftime_format",), with_dtypes=True
)
def _is_date_as(column: pl.Expr, *, strftime_format: str, dtypes: list[pl.DataType]) -> pl.Expr:
    _require_text(dtypes[0])

    def parses(value: str) -> bool:
        try:
            datetime.strptime(value, strftime_format)  # noqa: DTZ007  # only whether it parses
        except ValueError:
            return False
        return True

    return judged_by_python(column, parses)


def _require_text(dtype: pl.DataType) -> None:
    if dtype != pl.String:
        raise TypeError(f"Only text can be read as a date; the column is {dtype}.")
