"""Metrics of how a column's values are spread: quantiles, bins, counts of each value."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import pandas as pd  # type: ignore[import-untyped]
import polars as pl
from great_expectations.expectations.metrics.column_aggregate_metrics.column_partition import (
    ColumnPartition,
    _get_column_partition_using_metrics,
)

from expectations.polars_engine.asks import Figures, Rows
from expectations.polars_engine.core_rules import between
from expectations.polars_engine.engine import PolarsExecutionEngine
from expectations.polars_engine.figures import COLUMN_KEYS, present_cells, register_column_figure
from expectations.polars_engine.map_rules import register

_Whole = Literal["nearest", "lower", "higher"]


def _quantiles(
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    present, _dtype = present_cells(execution_engine, metric_domain_kwargs)
    between_values = metric_value_kwargs.get("allow_relative_error") or "nearest"
    wanted: Sequence[float] = metric_value_kwargs["quantiles"]
    match between_values:
        case "nearest" | "lower" | "higher":
            found = tuple(_whole_quantile(present, q, between_values) for q in wanted)
        case "linear" | "midpoint":
            found = tuple(present.quantile(q, between_values) for q in wanted)
        case other:
            raise ValueError(f"Between two values, a quantile cannot be {other!r}.")
    return Figures(found, lambda *values: list(values))


# Polars rounds a half away from zero; numpy, which GX's pandas engine uses, to the even one.
def _whole_quantile(present: pl.Expr, quantile: float, rounding: _Whole) -> pl.Expr:
    position = (present.len().cast(pl.Float64) - 1) * quantile
    at = {
        "nearest": position.round(mode="half_to_even"),
        "lower": position.floor(),
        "higher": position.ceil(),
    }[rounding]
    nothing = present.len() == 0
    return pl.when(~nothing).then(
        present.sort().get(pl.when(nothing).then(None).otherwise(at).cast(pl.Int64))
    )


def _partition(metric_value_kwargs: dict[str, Any], metrics: dict[str, Any], **_: Any) -> Any:
    defaults = ColumnPartition.default_kwarg_values
    asked = {key: metric_value_kwargs.get(key) or defaults[key] for key in ("bins", "n_bins")}
    return _get_column_partition_using_metrics(**asked, _metrics=metrics)


def _histogram(
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    present, dtype = present_cells(execution_engine, metric_domain_kwargs)
    edges = list(metric_value_kwargs["bins"])
    last = len(edges) - 2
    counts = tuple(
        between(
            present,
            dtype,
            min_value=lowest,
            max_value=highest,
            strict_min=False,
            strict_max=at < last,
        ).sum()
        for at, (lowest, highest) in enumerate(pairwise(edges))
    )
    return Figures(counts, lambda *values: list(values))


def _between_count(
    execution_engine: PolarsExecutionEngine,
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Figures:
    present, dtype = present_cells(execution_engine, metric_domain_kwargs)
    keys = ("min_value", "max_value", "strict_min", "strict_max")
    bounds = {key: metric_value_kwargs.get(key) for key in keys}
    return Figures((between(present, dtype, **bounds).sum(),), lambda value: value)


def _value_counts(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
) -> Rows:
    present, _dtype = present_cells(execution_engine, metric_domain_kwargs)

    def series(found: pl.DataFrame) -> "pd.Series[int]":
        index = pd.Index(found["value"].to_list(), name="value")
        return pd.Series(found["count"].to_list(), index=index, name="count")

    return Rows(
        lambda rows: rows.select(value=present).group_by("value").agg(count=pl.len()).sort("value"),
        series,
    )


register_column_figure("column.quantile_values", _quantiles, ("quantiles", "allow_relative_error"))
register_column_figure("column.histogram", _histogram, ("bins",))
register_column_figure("column.value_counts", _value_counts, ("sort", "collate"))
register_column_figure(
    "column_values.between.count",
    _between_count,
    ("min_value", "max_value", "strict_min", "strict_max"),
)
register(
    "column.partition",
    partial(_partition),
    metric_class=ColumnPartition,
    domain_keys=COLUMN_KEYS,
    value_keys=("bins", "n_bins", "allow_relative_error"),
)
