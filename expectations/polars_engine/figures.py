"""Metrics of a whole table or column: counts, extremes, sums, distinct values."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import polars as pl
from great_expectations.expectations.metrics.metric_provider import MetricProvider

from expectations.polars_engine.asks import Figures, Rows
from expectations.polars_engine.column_types import ColumnType
from expectations.polars_engine.conditions import cell, cell_type, considered, is_missing
from expectations.polars_engine.engine import PolarsExecutionEngine
from expectations.polars_engine.literals import equal_in_kind, members
from expectations.polars_engine.map_rules import register

MOST_DISTINCT = 20  # as GX lists distinct values

_TABLE_KEYS = ("batch_id", "table", "row_condition", "condition_parser")
COLUMN_KEYS = (*_TABLE_KEYS, "column")


class TableMetric(MetricProvider):
    """A metric of the whole table, which depends on no other."""


class ColumnMetric(MetricProvider):
    """A metric of one column over its present cells, which depends on no other."""


def present_cells(
    engine: PolarsExecutionEngine, domain: dict[str, Any]
) -> tuple[pl.Expr, pl.DataType]:
    """The cells of a column that are not missing, in the rows considered, and their type."""
    schema = engine.batch(domain).schema
    name = domain["column"]
    mask = considered(domain.get("row_condition"), schema) & ~is_missing(name, schema)
    return cell(name, schema).filter(mask), cell_type(name, schema)


def _column_figure(
    figure: Callable[[pl.Expr], pl.Expr],
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    present, dtype = present_cells(execution_engine, metric_domain_kwargs)
    # An Int64 sum past 2**63 wraps round without a word.
    wide = present.cast(pl.Int128) if figure is pl.Expr.sum and dtype.is_integer() else present
    return Figures((figure(wide),), _writable)


# GX cannot write a duration as JSON.
def _writable(value: Any) -> Any:
    if isinstance(value, timedelta):
        return pl.Series([value]).dt.to_string().item()
    return value


def _listed(found: pl.DataFrame) -> list[Any]:
    return [_writable(value) for value in found.to_series()]


def _row_count(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> Figures:
    schema = execution_engine.batch(metric_domain_kwargs).schema
    condition = metric_domain_kwargs.get("row_condition")
    rows = pl.len() if condition is None else considered(condition, schema).sum()
    return Figures((rows,), lambda value: value)


def _columns(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> list[str]:
    return execution_engine.batch(metric_domain_kwargs).schema.names()


def _column_count(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> int:
    return len(execution_engine.batch(metric_domain_kwargs).schema)


def _column_types(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> list[dict[str, Any]]:
    schema = execution_engine.batch(metric_domain_kwargs).schema
    return [{"name": name, "type": ColumnType(dtype)} for name, dtype in schema.items()]


def _distinct_values(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> Rows:
    present, _dtype = present_cells(execution_engine, metric_domain_kwargs)
    return Rows(lambda rows: rows.select(present.unique()), lambda found: set(_listed(found)))


def _strangers(
    engine: PolarsExecutionEngine, domain: dict[str, Any], values: dict[str, Any]
) -> pl.Expr:
    present, dtype = present_cells(engine, domain)
    known = members(values.get("value_set") or (), dtype)
    return present.filter(~present.is_in(known)).unique()


def _distinct_values_not_in_set(
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Rows:
    strangers = _strangers(execution_engine, metric_domain_kwargs, metric_value_kwargs)
    limit = metric_value_kwargs.get("limit")
    return Rows(
        lambda rows: rows.select(strangers.sort()).head(limit or MOST_DISTINCT),
        _listed,
    )


def _distinct_values_not_in_set_count(
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    strangers = _strangers(execution_engine, metric_domain_kwargs, metric_value_kwargs)
    return Figures((strangers.len(),), lambda value: value)


def _not_null_share(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> Figures:
    present, _dtype = present_cells(execution_engine, metric_domain_kwargs)
    rows = _row_count(execution_engine, metric_domain_kwargs).expressions
    return Figures((present.len(), *rows), _share)


def _unique_share(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> Figures:
    present, _dtype = present_cells(execution_engine, metric_domain_kwargs)
    return Figures((present.n_unique(), present.len()), _share)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0


def _most_common(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> Rows:
    present, _dtype = present_cells(execution_engine, metric_domain_kwargs)
    return Rows(lambda rows: rows.select(present.mode().sort()), _listed)


def _missing_from_column(
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Rows:
    present, dtype = present_cells(execution_engine, metric_domain_kwargs)
    wanted = list(metric_value_kwargs.get("value_set") or ())
    found_of_wanted = present.filter(present.is_in(members(wanted, dtype))).unique()

    def missing(found: pl.DataFrame) -> list[Any]:
        there = found.to_series()
        return [value for value in wanted if not equal_in_kind(value, there, dtype)]

    return Rows(lambda rows: rows.select(found_of_wanted), missing)


def _first_missing_from_column(metric_value_kwargs: dict[str, Any], **kwargs: Any) -> Rows:
    all_of_them = _missing_from_column(metric_value_kwargs=metric_value_kwargs, **kwargs)
    limit = metric_value_kwargs.get("limit") or MOST_DISTINCT
    return Rows(all_of_them.plan, lambda found: all_of_them.answer(found)[:limit])


def _count_missing_from_column(**kwargs: Any) -> Rows:
    all_of_them = _missing_from_column(**kwargs)
    return Rows(all_of_them.plan, lambda found: len(all_of_them.answer(found)))


def _register_table_figures(**providers: Callable[..., Any]) -> None:
    for name, provider in providers.items():
        register(f"table.{name}", provider, metric_class=TableMetric, domain_keys=_TABLE_KEYS)


def register_column_figure(
    name: str, provider: Callable[..., Any], value_keys: tuple[str, ...] = ()
) -> None:
    register(
        name,
        provider,
        metric_class=ColumnMetric,
        domain_keys=COLUMN_KEYS,
        value_keys=value_keys,
    )


_register_table_figures(
    row_count=_row_count,
    columns=_columns,
    column_count=_column_count,
    column_types=_column_types,
)
for _figure, _expression in {
    "column.max": pl.Expr.max,
    "column.min": pl.Expr.min,
    "column.mean": pl.Expr.mean,
    "column.median": pl.Expr.median,
    "column_values.nonnull.count": pl.Expr.len,
    "column.standard_deviation": pl.Expr.std,
    "column.sum": pl.Expr.sum,
    "column.non_null_count": pl.Expr.len,
    "column.distinct_values.count": pl.Expr.n_unique,
}.items():
    register_column_figure(_figure, partial(_column_figure, _expression))
register_column_figure("column.non_null_proportion", _not_null_share)
register_column_figure("column.unique_proportion", _unique_share)
register_column_figure("column.most_common_value", _most_common)
register_column_figure("column.distinct_values", _distinct_values)
register_column_figure(
    "column.distinct_values.missing_from_column",
    _first_missing_from_column,
    ("value_set", "limit"),
)
register_column_figure(
    "column.distinct_values.missing_from_column.count",
    _count_missing_from_column,
    ("value_set",),
)
register_column_figure(
    "column.distinct_values.not_in_set", _distinct_values_not_in_set, ("value_set", "limit")
)
register_column_figure(
    "column.distinct_values.not_in_set.count", _distinct_values_not_in_set_count, ("value_set",)
)
