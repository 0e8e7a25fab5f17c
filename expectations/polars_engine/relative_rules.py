"""Row rules that hold a cell against the column's other cells: order, and distance from the middle.

What is usual in a column must be known before a cell can be called unusual: rules of distance
take one reading before that of the other rules.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite
from typing import Any

import polars as pl

from expectations.polars_engine.asks import Figures
from expectations.polars_engine.conditions import cell
from expectations.polars_engine.engine import PolarsExecutionEngine
from expectations.polars_engine.map_rules import considered_rows, outcome_of, register_rule

_Keeps = Callable[..., pl.Expr]


def _in_order(
    steps: Sequence[_Keeps],
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    batch = execution_engine.batch(metric_domain_kwargs)
    mask = considered_rows(metric_domain_kwargs, batch)
    column = cell(metric_domain_kwargs["column"], batch.schema)
    before = pl.when(mask).then(column).forward_fill().shift(1)
    loosely, strictly = steps
    step = strictly if metric_value_kwargs.get("strictly") else loosely
    return outcome_of(mask, step(column, before).fill_null(value=True))


def _within_spread(
    measures: Callable[[pl.Expr, dict[str, Any]], tuple[pl.Expr, ...]],
    keeps: _Keeps,
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    batch = execution_engine.batch(metric_domain_kwargs)
    name = metric_domain_kwargs["column"]
    if not batch.schema.get(name, pl.Null()).is_numeric():
        raise TypeError(f"{name} holds no numbers: distance from the usual cannot be told.")
    mask = considered_rows(metric_domain_kwargs, batch)
    column = cell(name, batch.schema).cast(pl.Float64)
    return Figures(
        measures(column.filter(mask), metric_value_kwargs),
        lambda *measured: outcome_of(mask, keeps(column, *measured, **metric_value_kwargs)),
    )


def _mean_and_deviation(present: pl.Expr, _values: dict[str, Any]) -> tuple[pl.Expr, ...]:
    return present.mean(), present.std()


def _is_under_threshold(
    column: pl.Expr,
    mean: float | None,
    deviation: float | None,
    *,
    threshold: float,
    double_sided: bool,
    **_: Any,
) -> pl.Expr:
    if mean is None or not deviation or not isfinite(deviation):
        return pl.lit(True)
    score = (column - mean) / deviation
    return score.abs() < abs(threshold) if double_sided else score < threshold


def _references(present: pl.Expr, values: dict[str, Any]) -> tuple[pl.Expr, ...]:
    match values.get("method") or "iqr":
        case "iqr":
            return present.quantile(0.25, "linear"), present.quantile(0.75, "linear")
        case "std":
            return _mean_and_deviation(present, values)
        case other:
            raise ValueError(f"Outliers are told by iqr or std, not by {other}.")


def _is_no_outlier(
    column: pl.Expr,
    first: float | None,
    second: float | None,
    *,
    method: str | None,
    multiplier: float,
    **_: Any,
) -> pl.Expr:
    if first is None or second is None or not (isfinite(first) and isfinite(second)):
        return pl.lit(True)
    if method == "std":
        reach = multiplier * second
        return (column - first).abs() < reach if reach > 0 else column == first
    reach = multiplier * (second - first)
    return (column >= first - reach) & (column <= second + reach)


for _metric, _steps in {
    "column_values.increasing": (pl.Expr.ge, pl.Expr.gt),
    "column_values.decreasing": (pl.Expr.le, pl.Expr.lt),
}.items():
    register_rule(_metric, "column", ("strictly",), partial(_in_order, _steps))
register_rule(
    "column_values.z_score.under_threshold",
    "column",
    ("threshold", "double_sided"),
    partial(_within_spread, _mean_and_deviation, _is_under_threshold),
)
register_rule(
    "column_values.not_outliers",
    "column",
    ("method", "multiplier"),
    partial(_within_spread, _references, _is_no_outlier),
)
