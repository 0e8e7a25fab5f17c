"""Rules that judge each row: one expression counts the rows that break it and picks them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_, or_
from typing import Any, Literal

import great_expectations.expectations.metrics  # noqa: F401  # GX's own keys must come first
import polars as pl
from great_expectations.core.metric_function_types import MetricFunctionTypes
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import (
    _registered_metrics,
    get_metric_kwargs,
    register_metric,
)
from great_expectations.validator.metric_configuration import MetricConfiguration

from expectations.polars_engine.asks import Figures, Rows
from expectations.polars_engine.conditions import (
    cell,
    cell_type,
    considered,
    is_missing,
    judged_columns,
)
from expectations.polars_engine.engine import PolarsBatchData, PolarsExecutionEngine
from expectations.polars_engine.lists import broken_rows, broken_rows_by_index, broken_values
from expectations.polars_engine.literals import is_category
from expectations.polars_engine.uniqueness import repeats

Domain = Literal["column", "column_pair", "multicolumn"]
Condition = Callable[..., pl.Expr]

_TABLE_KEYS = ("batch_id", "table", "row_condition", "condition_parser")
_DOMAIN_KEYS: dict[Domain, tuple[str, ...]] = {
    "column": (*_TABLE_KEYS, "column"),
    "column_pair": (*_TABLE_KEYS, "column_A", "column_B", "ignore_row_if"),
    "multicolumn": (*_TABLE_KEYS, "column_list", "ignore_row_if"),
}
_ALL_MISSING = ("both_values_are_missing", "all_values_are_missing")
_ANY_MISSING = ("either_value_is_missing", "any_value_is_missing")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the rows kept a rule.

    `breaks` is true for each row that breaks it, and never null: it counts, and it quarantines.
    """

    breaks: pl.Expr
    considered_rows: int
    broken_rows: int


class RowRuleMetric(MetricProvider):
    """Every metric of a rule is made of the rule's outcome."""

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: ExpectationConfiguration | None = None,  # noqa: ARG003
        execution_engine: ExecutionEngine[Any] | None = None,  # noqa: ARG003
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG003
    ) -> dict[str, MetricConfiguration]:
        rule, _, suffix = metric.metric_name.rpartition(".")
        if suffix == "condition":
            return {}
        values = {k: v for k, v in metric.metric_value_kwargs.items() if k != "result_format"}
        outcome = MetricConfiguration(f"{rule}.condition", metric.metric_domain_kwargs, values)
        return {"outcome": outcome}


def map_condition(
    metric: str,
    *,
    domain: Domain = "column",
    value_keys: tuple[str, ...] = (),
    judges_nulls: bool = False,
    with_dtypes: bool = False,
) -> Callable[[Condition], Condition]:
    """Registers an expression as a row rule, under the name in an expectation's `map_metric`.

    The decorated function gets the judged columns and, by name, `value_keys`; with `with_dtypes`
    also `dtypes`, the columns' types. It answers true where a row keeps the rule; null counts as
    broken. Missing cells are not considered unless `judges_nulls`. NaN comes as null, a category
    as text.
    """

    def register(condition: Condition) -> Condition:
        def outcome(
            execution_engine: PolarsExecutionEngine,
            metric_domain_kwargs: dict[str, Any],
            metric_value_kwargs: dict[str, Any],
            **_: Any,
        ) -> Figures:
            batch = execution_engine.batch(metric_domain_kwargs)
            names = judged_columns(metric_domain_kwargs)
            values = {key: metric_value_kwargs.get(key) for key in value_keys}
            if with_dtypes:
                values["dtypes"] = [cell_type(name, batch.schema) for name in names]
            columns = [cell(name, batch.schema) for name in names]
            if domain != "column":
                columns = [
                    _in_utc(each, batch, name) for each, name in zip(columns, names, strict=True)
                ]
            mask = considered_rows(metric_domain_kwargs, batch, judges_nulls=judges_nulls)
            return outcome_of(mask, condition(*columns, **values))

        register_rule(metric, domain, value_keys, outcome)
        return condition

    return register


def unique_rule(metric: str, *, domain: Domain) -> None:
    """Registers the rule that no two considered rows have the same key."""

    def outcome(
        execution_engine: PolarsExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: Any
    ) -> Rows:
        batch = execution_engine.batch(metric_domain_kwargs)
        mask = considered_rows(metric_domain_kwargs, batch)
        cells = [_key_cell(name, batch) for name in judged_columns(metric_domain_kwargs)]
        partitions = execution_engine.unique_partitions
        return repeats(cells, mask, Outcome, partitions=partitions)

    register_rule(metric, domain, (), outcome)


def rule_outcome(
    engine: PolarsExecutionEngine, configuration: ExpectationConfiguration, metric: str
) -> Outcome:
    """The outcome of a map expectation that `engine` has validated; reads no rows again."""
    name = f"{metric}.condition"
    keys = get_metric_kwargs(name, configuration=configuration)
    known = MetricConfiguration(name, keys["metric_domain_kwargs"], keys["metric_value_kwargs"])
    return engine.resolve_metrics([known])[known.id]


def register(
    name: str,
    provider: Callable[..., Any],
    *,
    metric_class: type[MetricProvider],
    domain_keys: tuple[str, ...],
    value_keys: tuple[str, ...] = (),
) -> None:
    """Registers a provider for the Polars engine, under the keys that GX knows the metric by."""
    known = _registered_metrics.get(name, {})
    register_metric(
        metric_name=name,
        metric_domain_keys=known.get("metric_domain_keys", domain_keys),
        metric_value_keys=known.get("metric_value_keys", value_keys),
        execution_engine=PolarsExecutionEngine,
        metric_class=metric_class,
        metric_provider=partial(provider),  # GX sets an attribute on it
        metric_fn_type=MetricFunctionTypes.VALUE,
    )


def register_rule(
    metric: str, domain: Domain, value_keys: tuple[str, ...], outcome: Callable[..., Any]
) -> None:
    """Registers all metrics of a row rule; `outcome` provides its `Outcome`, or asks for it."""
    with_format = (*value_keys, "result_format")
    for suffix, provider, keys in (
        ("condition", outcome, value_keys),
        ("unexpected_count", _unexpected_count, value_keys),
        ("filtered_row_count", _filtered_row_count, with_format),
        ("unexpected_values", broken_values, with_format),
        ("unexpected_rows", broken_rows, with_format),
        ("unexpected_index_list", broken_rows_by_index, with_format),
        ("unexpected_index_query", _unexpected_index_query, with_format),
    ):
        register(
            f"{metric}.{suffix}",
            provider,
            metric_class=RowRuleMetric,
            domain_keys=_DOMAIN_KEYS[domain],
            value_keys=keys,
        )


def outcome_of(considered: pl.Expr, keeps: pl.Expr) -> Figures:
    """Asks for the outcome: `considered` is never null, null in `keeps` counts as broken."""
    breaks = considered & ~keeps.fill_null(value=False)
    return Figures((_count(considered), _count(breaks)), partial(Outcome, breaks))


# A flag that names no column is one value for all rows.
def _count(flag: pl.Expr) -> pl.Expr:
    return flag.sum() if flag.meta.root_names() else pl.when(flag).then(pl.len()).otherwise(0)


def _unexpected_count(metrics: dict[str, Any], **_: Any) -> int:
    return metrics["outcome"].broken_rows


def _filtered_row_count(metrics: dict[str, Any], **_: Any) -> int:
    return metrics["outcome"].considered_rows


def _unexpected_index_query(
    metrics: dict[str, Any], metric_value_kwargs: dict[str, Any], **_: Any
) -> str | None:
    if metric_value_kwargs["result_format"].get("return_unexpected_index_query") is False:
        return None
    return f"rows.filter({metrics['outcome'].breaks})"


# Instants of two zones are the same instants, which Polars does not compare.
def _in_utc(column: pl.Expr, batch: PolarsBatchData, name: str) -> pl.Expr:
    dtype = batch.schema.get(name, pl.Null())
    is_zoned = isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
    return column.dt.convert_time_zone("UTC") if is_zoned else column


def _key_cell(name: str, batch: PolarsBatchData) -> pl.Expr:
    return pl.col(name) if is_category(batch.schema[name]) else cell(name, batch.schema)


def considered_rows(
    domain_kwargs: dict[str, Any], batch: PolarsBatchData, *, judges_nulls: bool = False
) -> pl.Expr:
    """True for the rows that a rule looks at: its row condition and missing cells; never null."""
    names: Sequence[str] = judged_columns(domain_kwargs)
    missing = [is_missing(name, batch.schema) for name in names]
    chosen = considered(domain_kwargs.get("row_condition"), batch.schema)
    ignored = domain_kwargs.get("ignore_row_if")
    if "column" in domain_kwargs:
        return chosen if judges_nulls else chosen & ~missing[0]
    if ignored in _ALL_MISSING:
        return chosen & ~reduce(and_, missing)
    if ignored in _ANY_MISSING:
        return chosen & ~reduce(or_, missing)
    return chosen
