"""What the Polars engine does beside what GX's pandas engine says: readings, types, frames."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.row_conditions import Column
from great_expectations.validator.validator import Validator
from polars.io.plugins import register_io_source

from expectations.polars_engine import PolarsExecutionEngine
from tests.expectations.polars_engine.cases import DRAWN, cases


@pytest.fixture
def readings(monkeypatch):
    counted = []

    def collect_all(*args, **kwargs):
        counted.append(1)
        return original(*args, **kwargs)

    original = pl.collect_all
    monkeypatch.setattr(pl, "collect_all", collect_all)
    return counted


def validated(frame, *expectations_, result_format="BASIC", unique_partitions=1):
    """The verdicts without a context, which any thread may ask for."""
    engine = PolarsExecutionEngine(unique_partitions=unique_partitions)
    engine.load_batch_data("rows", frame)
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    return validator.graph_validate(
        [each.configuration for each in expectations_],
        runtime_configuration={"result_format": result_format},
    )


def raised(verdict):
    told = verdict.exception_info
    return any(
        each.get("raised_exception") for each in (told, *told.values()) if isinstance(each, dict)
    )


def test_values_are_compared_in_the_type_of_the_column_where_pandas_rounds_them():
    exact = pl.LazyFrame(
        {"big": [2**53, 2**53 + 1], "price": [Decimal("3.03"), Decimal("3.04")]},
        schema={"big": pl.Int64, "price": pl.Decimal(10, 2)},
    )

    big, price, listed = validated(
        exact,
        gxe.ExpectColumnValuesToBeBetween(column="big", max_value=2**53),
        gxe.ExpectColumnValuesToBeBetween(column="price", min_value=3.03, strict_min=True),
        gxe.ExpectColumnValuesToBeInSet(column="price", value_set=[3.03, 3.041]),
    )

    assert big.result["partial_unexpected_list"] == [2**53 + 1]
    assert price.result["partial_unexpected_list"] == [Decimal("3.03")]
    assert listed.result["partial_unexpected_list"] == [Decimal("3.04")]


def test_a_row_condition_leaves_out_rows_whose_compared_cell_is_missing():
    rows = pl.LazyFrame({"kind": ["a", None, "b"], "amount": [-1, -1, -1]})
    is_negative = {"column": "amount", "min_value": 0}

    other, none_of = validated(
        rows,
        gxe.ExpectColumnValuesToBeBetween(**is_negative, row_condition=Column("kind") != "a"),
        gxe.ExpectColumnValuesToBeBetween(
            **is_negative, row_condition=Column("kind").is_not_in(["a"])
        ),
    )

    assert (other.result["unexpected_count"], none_of.result["unexpected_count"]) == (1, 1)


def test_instants_are_compared_with_bounds_with_and_without_an_offset():
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    rows = pl.LazyFrame({"at": [at]}, schema={"at": pl.Datetime("us", "UTC")})

    aware, naive, day, listed = validated(
        rows,
        gxe.ExpectColumnValuesToBeBetween(
            column="at", min_value=datetime.fromisoformat("2026-11-01T17:00:01+05:00")
        ),
        gxe.ExpectColumnValuesToBeBetween(column="at", max_value=datetime(2026, 11, 1, 12)),  # noqa: DTZ001
        gxe.ExpectColumnValuesToBeBetween(column="at", min_value=date(2026, 11, 1)),
        gxe.ExpectColumnValuesToBeInSet(column="at", value_set=["2026-11-01T12:00:00+00:00"]),
    )

    assert (aware.success, naive.success, day.success, listed.success) == (False, True, True, True)


def test_categories_are_compared_as_text():
    rows = pl.LazyFrame({"kind": ["a", "b", None]}, schema={"kind": pl.Enum(["a", "b"])})

    (among,) = validated(rows, gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["a"]))

    assert among.result["partial_unexpected_list"] == ["b"]


def test_one_reading_answers_a_whole_suite_that_passes(readings):
    passing = [
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["id", "code"]),
        gxe.ExpectColumnValuesToNotBeNull(column="id"),
        gxe.ExpectColumnValuesToMatchRegex(column="code", regex="^[a-z]+$"),
        gxe.ExpectColumnSumToBeBetween(column="id", min_value=1),
        gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["a", "b"]),
        gxe.ExpectTableRowCountToBeBetween(min_value=2),
    ]

    outcomes = validated(
        pl.LazyFrame({"id": [1, 2], "code": ["a", "b"]}), *passing, result_format="COMPLETE"
    )

    assert [each.success for each in outcomes] == [True] * len(passing)
    assert len(readings) == 1


def test_a_second_reading_lists_what_breaks_the_failing_rules(readings):
    failing = [
        gxe.ExpectColumnValuesToNotBeNull(column="code"),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0),
        gxe.ExpectColumnValuesToBeInSet(column="id", value_set=[1]),
    ]

    outcomes = validated(DRAWN, *failing, result_format="COMPLETE")

    assert [each.success for each in outcomes] == [False] * 3
    assert len(readings) == 2


def test_repeated_keys_are_confirmed_in_a_reading_of_their_own(readings):
    twice = gxe.ExpectColumnValuesToBeUnique(column="id")

    (outcome,) = validated(DRAWN, twice, result_format="BOOLEAN_ONLY")

    assert outcome.success is False
    assert len(readings) == 2


def test_keys_that_only_share_a_hash_do_not_count_as_repeated(monkeypatch):
    monkeypatch.setattr(pl.Expr, "hash", lambda key: key.is_null().cast(pl.UInt64))
    rows = pl.LazyFrame({"id": [1, 2, 2, 3], "code": ["a", "b", "c", "d"]})

    twice, once = validated(
        rows,
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectColumnValuesToBeUnique(column="code"),
    )

    assert twice.result["partial_unexpected_list"] == [2, 2]
    assert once.success is True


def test_a_rule_that_the_rows_cannot_answer_fails_alone(readings):
    rows = pl.LazyFrame({"code": ["a"], "amount": [1]})

    outcomes = validated(
        rows,
        gxe.ExpectColumnValuesToMatchRegex(column="code", regex="("),
        gxe.ExpectColumnValuesToBeBetween(column="code", min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="absent"),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=1),
    )

    succeeded = {each.expectation_config.kwargs["column"]: each.success for each in outcomes}
    assert succeeded == {"code": False, "absent": False, "amount": True}
    assert len(readings) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_row_condition_written_as_text_is_refused():
    (outcome,) = validated(
        DRAWN,
        gxe.ExpectColumnValuesToNotBeNull(
            column="code", row_condition="amount > 1", condition_parser="pandas"
        ),
    )

    assert "written as text" in str(outcome.exception_info)


def test_a_sum_of_whole_numbers_does_not_wrap_round():
    rows = pl.LazyFrame({"amount": [2**62, 2**62, 2**62]})

    (outcome,) = validated(rows, gxe.ExpectColumnSumToBeBetween(column="amount", min_value=0))

    assert outcome.result["observed_value"] == 3 * 2**62


def test_no_rows_break_no_row_rule():
    row_rules = [
        case.expectation
        for case in cases()
        if case.frame == "drawn" and getattr(case.expectation, "map_metric", None)
    ]

    outcomes = validated(DRAWN.clear(), *row_rules)

    asked = [each for each in outcomes if not raised(each)]
    assert len(asked) > 100
    assert {each.success for each in asked} == {True}


def test_lists_of_broken_rows_have_a_limit():
    rows = pl.LazyFrame({"code": ["x"] * 20_000})
    rule = gxe.ExpectColumnValuesToBeNull(column="code")

    (outcome,) = validated(rows, rule, result_format="COMPLETE")

    assert outcome.result["unexpected_count"] == 20_000
    assert len(outcome.result["unexpected_list"]) == 200
    assert len(outcome.result["unexpected_index_list"]) == 10_000


def test_an_engine_is_asked_in_threads_at_once():
    verdicts_by_size = {}

    def validate(size):
        rows = pl.LazyFrame({"id": [*range(size), 0]})
        (outcome,) = validated(rows, gxe.ExpectColumnValuesToBeUnique(column="id"))
        verdicts_by_size[size] = outcome.result["element_count"], outcome.result["unexpected_count"]

    threads = [threading.Thread(target=validate, args=(size,)) for size in range(10, 26)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdicts_by_size == {size: (size + 1, 2) for size in range(10, 26)}


@pytest.mark.parametrize("partitions", [1, 2, 3, 7])
def test_repeated_keys_are_the_same_in_any_number_of_partitions(partitions, readings):
    rows = pl.LazyFrame(
        {"id": [*range(1_000), 5, 6, None, None], "half": [*range(502)] * 2, "none": None}
    )

    outcomes = validated(
        rows,
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["id", "half"]),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["half", "none"], ignore_row_if="never"),
        result_format="BOOLEAN_ONLY",
        unique_partitions=partitions,
    )

    assert [each.success for each in outcomes] == [False, True, False]
    assert len(readings) == partitions + 1


def test_order_and_distance_take_one_reading_more(readings):
    rows = pl.LazyFrame({"id": [1, 2, 3, 4]})

    outcomes = validated(
        rows,
        gxe.ExpectColumnValuesToBeIncreasing(column="id", strictly=True),
        gxe.ExpectColumnValueZScoresToBeLessThan(column="id", threshold=3, double_sided=True),
        gxe.ExpectColumnValuesToNotBeOutliers(column="id", method="iqr", multiplier=1.5),
        gxe.ExpectColumnQuantileValuesToBeBetween(
            column="id", quantile_ranges={"quantiles": [0.5], "value_ranges": [[2, 3]]}
        ),
    )

    assert [each.success for each in outcomes] == [True] * 4
    assert len(readings) == 2


def test_durations_are_listed_as_text():
    rows = pl.LazyFrame({"took": [timedelta(hours=1), timedelta(hours=1), None]})

    twice, absent, longest = validated(
        rows,
        gxe.ExpectColumnValuesToBeUnique(column="took"),
        gxe.ExpectColumnValuesToBeNull(column="took"),
        gxe.ExpectColumnMaxToBeBetween(column="took"),
        result_format="COMPLETE",
    )

    assert twice.to_json_dict()["result"]["unexpected_list"] == ["PT1H", "PT1H"]
    assert absent.to_json_dict()["result"]["unexpected_count"] == 2
    assert longest.to_json_dict()["result"]["observed_value"] == "PT1H"


def test_another_table_is_refused_rather_than_taken_for_this_one():
    (outcome,) = validated(
        DRAWN, gxe.ExpectTableRowCountToEqualOtherTable(other_table_name="other")
    )

    assert raised(outcome)


def _python_source():
    def batches(with_columns, predicate, n_rows, batch_size):
        for part in (pl.DataFrame({"id": [1, 2]}), pl.DataFrame({"id": [3, 3]})):
            yield part if predicate is None else part.filter(predicate)

    return register_io_source(batches, schema={"id": pl.Int64})


IDS = pl.DataFrame({"id": [1, 2, 3, 3]})
SOURCES = {
    "a frame": lambda _: IDS,
    "a frame made lazy": lambda _: IDS.lazy(),
    "a CSV scan": lambda folder: (IDS.write_csv(folder / "ids"), pl.scan_csv(folder / "ids"))[1],
    "an NDJSON scan": lambda folder: (
        IDS.write_ndjson(folder / "ids"),
        pl.scan_ndjson(folder / "ids"),
    )[1],
    "a Parquet scan": lambda folder: (
        IDS.write_parquet(folder / "ids"),
        pl.scan_parquet(folder / "ids"),
    )[1],
    "a source in Python": lambda _: _python_source(),
    "a join": lambda _: IDS.lazy().join(IDS.lazy().unique(), on="id"),
    "a grouping": lambda _: IDS.with_row_index().lazy().group_by("index").agg(pl.col("id").max()),
    "a concatenation": lambda _: pl.concat([IDS.lazy().head(2), IDS.lazy().tail(2)]),
    "a mapped frame": lambda _: IDS.lazy().map_batches(lambda frame: frame),
    "a sorted frame": lambda _: IDS.lazy().sort("id", descending=True),
}


@pytest.mark.parametrize("source", SOURCES)
def test_any_lazy_frame_can_be_validated(source, tmp_path):
    rows = SOURCES[source](tmp_path)

    twice, high = validated(
        rows,
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectColumnValuesToBeBetween(column="id", max_value=2),
        result_format="COMPLETE",
    )

    assert twice.result["unexpected_list"] == [3, 3]
    assert high.result["unexpected_count"] == 2
