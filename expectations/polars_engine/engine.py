"""The execution engine: Great Expectations' metrics, answered by Polars in one reading."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import great_expectations.exceptions as gx_exceptions
import polars as pl
from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.registry import get_metric_provider
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    NullityCondition,
    OrCondition,
)
from great_expectations.validator.metric_configuration import (
    MetricConfiguration,
    MetricConfigurationID,
)
from polars.exceptions import PolarsError

from expectations.polars_engine.asks import Ask, Failed, answers
from expectations.polars_engine.conditions import considered, filter_clause

_REFUSALS = (PolarsError, gx_exceptions.GreatExpectationsError, ValueError, TypeError, KeyError)


class PolarsBatchData(BatchData):
    """One batch: a lazy frame and its schema."""

    def __init__(self, execution_engine: "PolarsExecutionEngine", frame: pl.LazyFrame) -> None:
        super().__init__(execution_engine=execution_engine)
        self.frame = frame
        self.schema = frame.collect_schema()


class PolarsExecutionEngine(ExecutionEngine[pl.Expr]):
    """Answers metrics over lazy frames.

    GX resolves metrics level by level. Here a provider returns either a value or an ask
    (`asks.Ask`), and all asks of a level share one `collect_all`: one reading when every
    expectation passes, one more for the values that break the failing ones.

    An engine is not shared between threads: each validation has its own.

    Args:
        unique_partitions: in how many readings repeated keys are looked for. Each holds 8 bytes
            for every row of its share, so that more of them take less memory and more time.
    """

    def __init__(self, *args: Any, unique_partitions: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unique_partitions = unique_partitions
        self._metric_cache: dict[MetricConfigurationID, Any] = {}
        self._refused: dict[MetricConfigurationID, Exception] = {}

    def get_batch_data_and_markers(
        self, batch_spec: RuntimeDataBatchSpec
    ) -> tuple[PolarsBatchData, BatchMarkers]:
        frame = batch_spec.batch_data
        batch_spec.batch_data = "PolarsLazyFrame"  # the specification is serialised
        loaded_at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        return (
            PolarsBatchData(self, frame.lazy()),
            BatchMarkers({"ge_load_time": loaded_at}),
        )

    def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
        """Makes a frame, or a batch's data, the active batch."""
        # A data frame asset gives every frame the same batch id: nothing known may outlive it.
        self._metric_cache.clear()
        self._refused.clear()
        if isinstance(batch_data, pl.LazyFrame | pl.DataFrame):
            batch_data = PolarsBatchData(self, batch_data.lazy())
        super().load_batch_data(batch_id=batch_id, batch_data=batch_data)

    def batch(self, domain_kwargs: dict[str, Any]) -> PolarsBatchData:
        """The batch that a metric's domain names, else the active one.

        Raises:
            GreatExpectationsError: no such batch is loaded, or the domain names another table.
        """
        if domain_kwargs.get("table"):
            raise gx_exceptions.GreatExpectationsError(
                f"A batch is one frame: it has no table {domain_kwargs['table']!r} beside it."
            )
        batch_id = domain_kwargs.get("batch_id") or self.batch_manager.active_batch_data_id
        batch = self.batch_manager.batch_data_cache.get(batch_id)
        if not isinstance(batch, PolarsBatchData):
            raise gx_exceptions.GreatExpectationsError(f"No batch {batch_id} is loaded.")
        return batch

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: dict[MetricConfigurationID, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[MetricConfigurationID, Any]:
        """The values of these metrics.

        Raises:
            MetricResolutionError: for the first metric that cannot be computed. The others are
                kept, so that GX's next attempt reads nothing again.
        """
        wanted = {metric.id: metric for metric in metrics_to_resolve}
        known = {**self._metric_cache, **(metrics or {})}
        new = {
            metric_id: self._provided(metric, known, runtime_configuration)
            for metric_id, metric in wanted.items()
            if metric_id not in known and metric_id not in self._refused
        }
        self._keep(self._answered(new, wanted))
        for metric_id, metric in wanted.items():
            if error := self._refused.get(metric_id):
                raise gx_exceptions.MetricResolutionError(
                    message=str(error), failed_metrics=(metric,)
                ) from error
        return {i: self._metric_cache[i] if i in self._metric_cache else known[i] for i in wanted}

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> pl.LazyFrame:
        batch = self.batch(domain_kwargs)
        return batch.frame.filter(considered(domain_kwargs.get("row_condition"), batch.schema))

    def get_compute_domain(
        self,
        domain_kwargs: dict[str, Any],
        domain_type: Any,
        accessor_keys: Iterable[str] | None = None,
    ) -> tuple[pl.LazyFrame, dict[str, Any], dict[str, Any]]:
        split = self._partition_domain_kwargs(domain_kwargs, domain_type, accessor_keys)
        return self.get_domain_records(domain_kwargs), split.compute, split.accessor

    def _provided(
        self,
        metric: MetricConfiguration,
        known: dict[MetricConfigurationID, Any],
        runtime_configuration: dict[str, Any] | None,
    ) -> Any:
        try:
            provider_class, provider = get_metric_provider(metric.metric_name, self)
            return provider(
                cls=provider_class,
                execution_engine=self,
                metric_domain_kwargs=metric.metric_domain_kwargs,
                metric_value_kwargs=metric.metric_value_kwargs,
                metrics=self._get_computed_metric_evaluation_dependencies_by_metric_name(
                    metric_to_resolve=metric, metrics=known
                ),
                runtime_configuration=runtime_configuration,
            )
        except _REFUSALS as error:
            return Failed(error)

    def _answered(
        self,
        new: dict[MetricConfigurationID, Any],
        wanted: dict[MetricConfigurationID, MetricConfiguration],
    ) -> dict[MetricConfigurationID, Any]:
        answered = dict(new)
        asks = {i: value for i, value in new.items() if isinstance(value, Ask)}
        batches = {i: self.batch(wanted[i].metric_domain_kwargs) for i in asks}
        for batch in {id(b): b for b in batches.values()}.values():
            mine = {i: ask for i, ask in asks.items() if batches[i] is batch}
            answered |= answers(batch.frame, batch.schema, mine)
        return answered

    def _keep(self, answered: dict[MetricConfigurationID, Any]) -> None:
        for metric_id, value in answered.items():
            if isinstance(value, Failed):
                self._refused[metric_id] = value.error
            else:
                self._metric_cache[metric_id] = value

    # GX's hooks for row conditions: it hands over one condition, without saying of which batch.
    def _comparison_condition_to_filter_clause(self, condition: ComparisonCondition) -> pl.Expr:
        return filter_clause(condition, self.batch({}).schema)

    def _nullity_condition_to_filter_clause(self, condition: NullityCondition) -> pl.Expr:
        return filter_clause(condition, self.batch({}).schema)

    def _and_condition_to_filter_clause(self, condition: AndCondition) -> pl.Expr:
        return filter_clause(condition, self.batch({}).schema)

    def _or_condition_to_filter_clause(self, condition: OrCondition) -> pl.Expr:
        return filter_clause(condition, self.batch({}).schema)
