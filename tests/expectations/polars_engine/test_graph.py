"""The metrics that Great Expectations asks for have a provider: an update of GX fails here first."""

import great_expectations.expectations as gxe
import great_expectations.expectations.core as gx_core
import pytest
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import parse_result_format
from great_expectations.expectations.registry import _registered_expectations, _registered_metrics
from great_expectations.util import camel_to_snake
from great_expectations.validator.validation_graph import ValidationGraph
from great_expectations.validator.validator import Validator

from expectations.polars_engine import REFUSED, PolarsExecutionEngine
from tests.expectations.polars_engine.cases import FRAMES, cases

KINDS = [
    kind
    for kind in vars(gx_core).values()
    if isinstance(kind, type) and issubclass(kind, Expectation)
]
CORE = {camel_to_snake(kind.__name__) for kind in KINDS}
UNREGISTERED = CORE - set(_registered_expectations)
REFUSED_CASES = (
    gxe.ExpectColumnValuesToMatchLikePattern(column="code", like_pattern="%"),
    gxe.ExpectColumnValuesToMatchLikePatternList(column="code", like_pattern_list=["%"]),
    gxe.ExpectColumnValuesToNotMatchLikePattern(column="code", like_pattern="x"),
    gxe.ExpectColumnValuesToNotMatchLikePatternList(column="code", like_pattern_list=["x"]),
    gxe.UnexpectedRowsExpectation(unexpected_rows_query="SELECT * FROM {batch} WHERE false"),
    gxe.ExpectQueryResultsToMatchComparison(
        base_query="SELECT 1", comparison_data_source_name="x", comparison_query="SELECT 1"
    ),
    gxe.ExpectTableRowCountToEqualOtherTable(other_table_name="other"),
    gxe.ExpectColumnValuesToBeOfType(column="code", type_="str"),
    gxe.ExpectColumnValuesToBeInTypeList(column="code", type_list=["str"]),
)


def engine_with(frame):
    engine = PolarsExecutionEngine()
    engine.load_batch_data("rows", frame.with_row_index("by"))
    return engine


def metrics_asked(expectation, engine, result_format):
    """The names of all metrics in the graph of one expectation."""
    runtime = {"result_format": parse_result_format(result_format)}
    dependencies = expectation.get_validation_dependencies(engine, runtime)
    graph = ValidationGraph(execution_engine=engine)
    for metric in dependencies.get_metric_configurations():
        graph.build_metric_dependency_graph(metric, runtime)
    nodes = {node for edge in graph.edges for node in (edge.left, edge.right) if node}
    return {node.metric_name for node in nodes}


def provider_names(metric):
    return set(_registered_metrics[metric]["providers"])


@pytest.mark.parametrize("frame", FRAMES)
def test_each_metric_that_is_asked_for_has_a_provider_of_this_engine(frame):
    engine = engine_with(FRAMES[frame])

    asked = {
        (case.id, metric)
        for case in cases()
        if case.frame == frame
        for metric in metrics_asked(case.expectation, engine, "COMPLETE")
    }

    assert asked
    assert {
        (case, metric)
        for case, metric in asked
        if "PolarsExecutionEngine" not in provider_names(metric)
    } == set()


def test_each_core_expectation_asks_for_metrics_with_a_provider_or_is_refused():
    unanswered = {
        kind
        for kind, asked in declared_metrics().items()
        if any("PolarsExecutionEngine" not in provider_names(each) for each in asked)
    }

    assert unanswered <= set(REFUSED)


def test_each_refusal_is_of_a_core_expectation_and_has_its_reason():
    assert set(REFUSED) <= CORE
    assert all(reason.endswith(".") for reason in REFUSED.values())
    assert {case.expectation_type for case in REFUSED_CASES} == set(REFUSED) - UNREGISTERED


@pytest.mark.parametrize("expectation", REFUSED_CASES, ids=lambda each: each.expectation_type)
def test_a_refused_expectation_raises_and_never_passes(expectation):
    validator = Validator(execution_engine=engine_with(FRAMES["drawn"]))
    validator.metrics_calculator.show_progress_bars = False

    (verdict,) = validator.graph_validate([expectation.configuration])

    assert verdict.success is False
    told = verdict.exception_info
    assert any(
        each.get("raised_exception") for each in (told, *told.values()) if isinstance(each, dict)
    )


def declared_metrics():
    """Of each core expectation, the metrics that its class names."""
    return {
        kind.expectation_type: {
            *getattr(kind, "metric_dependencies", ()),
            *([f"{kind.map_metric}.condition"] if getattr(kind, "map_metric", None) else ()),
        }
        for kind in KINDS
    }
