"""The Polars engine says what Great Expectations' own pandas engine says, but in one reading."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.row_conditions import Column
from great_expectations.validator.validator import Validator

import expectations.polars_engine  # noqa: F401  # registers add_polars
from expectations.polars_engine import PolarsExecutionEngine
from tests.tables import table

ROWS = table(
    """
    id | code | amount | share | from_on    | to_on      | flag
    ----------------------------------------------------------------
    1  | ab   | 10     | 0.5   | 2026-01-01 | 2026-01-02 | true
    2  | cd   | -      | 1.5   | 2026-01-02 | 2026-01-02 | false
    3  | -    | 30     | -     | 2026-01-03 | 2026-01-02 | true
    3  | ab   | 40     | 2.0   | -          | 2026-01-02 | -
    5  | Efg  | 50     | 2.0   | 2026-01-05 | -          | true
    -  | ab   | 10     | NaN   | -          | -          | false
    7  | х    | -60    | -1.0  | 2026-01-07 | 2026-01-07 | true
    """,
    {
        "id": pl.Int64,
        "amount": pl.Int64,
        "share": pl.Float64,
        "from_on": pl.Date,
        "to_on": pl.Date,
        "flag": pl.Boolean,
    },
)
PAIR = {"column_A": "to_on", "column_B": "from_on"}
KEY = ["code", "amount"]
SUPPORTED = (
    gxe.ExpectColumnValuesToNotBeNull(column="code"),
    gxe.ExpectColumnValuesToNotBeNull(column="share"),
    gxe.ExpectColumnValuesToNotBeNull(column="code", mostly=0.8),
    gxe.ExpectColumnValuesToNotBeNull(column="id", row_condition=Column("amount") > 10),
    gxe.ExpectColumnValuesToBeNull(column="code"),
    gxe.ExpectColumnValuesToBeNull(column="code", row_condition=Column("id") == 3),
    gxe.ExpectColumnValuesToBeInSet(column="code", value_set=["ab", "cd"]),
    gxe.ExpectColumnValuesToBeInSet(column="amount", value_set=[10, 30.0, 40]),
    gxe.ExpectColumnValuesToBeInSet(column="share", value_set=[0.5, 2]),
    gxe.ExpectColumnValuesToBeInSet(column="code", value_set=["ab"], mostly=0.5),
    gxe.ExpectColumnValuesToBeInSet(column="code", value_set=[1, 2]),
    gxe.ExpectColumnValuesToNotBeInSet(column="code", value_set=["ab"]),
    gxe.ExpectColumnValuesToNotBeInSet(column="amount", value_set=[99]),
    gxe.ExpectColumnValuesToMatchRegex(column="code", regex="^[a-z]{2}$"),
    gxe.ExpectColumnValuesToMatchRegex(
        column="code", regex="^a", row_condition=(Column("id") > 1) & (Column("amount") <= 40)
    ),
    gxe.ExpectColumnValuesToNotMatchRegex(column="code", regex="[A-Z]"),
    gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=10, max_value=40),
    gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=10, strict_min=True),
    gxe.ExpectColumnValuesToBeBetween(column="share", max_value=1.5, strict_max=True),
    gxe.ExpectColumnValuesToBeBetween(
        column="amount", min_value=0, row_condition=Column("code").is_not_null()
    ),
    gxe.ExpectColumnValuesToBeBetween(
        column="amount",
        min_value=20,
        row_condition=Column("code").is_null() | (Column("id") >= 5),
    ),
    gxe.ExpectColumnValuesToBeUnique(column="id"),
    gxe.ExpectColumnValuesToBeUnique(column="amount"),
    gxe.ExpectColumnValuesToBeUnique(column="share"),
    gxe.ExpectColumnValuesToBeUnique(column="code", row_condition=Column("id") > 3),
    gxe.ExpectColumnValueLengthsToEqual(column="code", value=2),
    gxe.ExpectColumnValueLengthsToBeBetween(column="code", min_value=2, max_value=2),
    gxe.ExpectColumnValueLengthsToBeBetween(column="code", max_value=3, strict_max=True),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        **PAIR, or_equal=True, ignore_row_if="either_value_is_missing"
    ),
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        **PAIR, ignore_row_if="either_value_is_missing", mostly=0.2
    ),
    gxe.ExpectColumnPairValuesToBeEqual(**PAIR),
    gxe.ExpectColumnPairValuesToBeEqual(**PAIR, ignore_row_if="either_value_is_missing"),
    gxe.ExpectColumnPairValuesToBeEqual(**PAIR, ignore_row_if="neither"),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=["id", "code"]),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY, ignore_row_if="any_value_is_missing"),
    gxe.ExpectCompoundColumnsToBeUnique(column_list=["from_on", "to_on"], ignore_row_if="never"),
    gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value=6),
    gxe.ExpectTableColumnsToMatchSet(column_set=["id", "code"], exact_match=False),
    gxe.ExpectTableColumnsToMatchSet(column_set=["id", "code"]),
    gxe.ExpectTableColumnsToMatchOrderedList(column_list=["id", "code", "amount"]),
    gxe.ExpectColumnToExist(column="amount"),
    gxe.ExpectColumnToExist(column="sum"),
    gxe.ExpectColumnMinToBeBetween(column="amount", min_value=0),
    gxe.ExpectColumnMaxToBeBetween(column="share", max_value=2),
    gxe.ExpectColumnMaxToBeBetween(column="amount", max_value=20, row_condition=Column("id") < 3),
    gxe.ExpectColumnSumToBeBetween(column="amount", min_value=0, max_value=100),
    gxe.ExpectColumnMeanToBeBetween(column="amount", min_value=0, max_value=10),
    gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["ab", "cd"]),
    gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["ab", "cd", "Efg", "х"]),
)
FORMATS = (
    "BOOLEAN_ONLY",
    "SUMMARY",
    "COMPLETE",
    {"result_format": "COMPLETE", "unexpected_index_column_names": ["amount"]},
)


@pytest.fixture(scope="module")
def context():
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


@pytest.fixture(scope="module")
def definitions(context):
    def definition(source, suite):
        asset = source.add_dataframe_asset(name="rows")
        batch = asset.add_batch_definition_whole_dataframe("whole")
        return gx.ValidationDefinition(name=source.name, data=batch, suite=suite)

    suite = context.suites.add(gx.ExpectationSuite(name="all", expectations=list(SUPPORTED)))
    return {
        "polars": definition(context.data_sources.add_polars("polars"), suite),
        "pandas": definition(context.data_sources.add_pandas("pandas"), suite),
    }


@pytest.fixture
def readings(monkeypatch):
    counted = []

    def collect_all(*args, **kwargs):
        counted.append(1)
        return original(*args, **kwargs)

    original = pl.collect_all
    monkeypatch.setattr(pl, "collect_all", collect_all)
    return counted


def verdicts(definition, frame, result_format="SUMMARY"):
    outcome = definition.run(
        batch_parameters={"dataframe": frame}, result_format=result_format
    ).to_json_dict()
    named = []
    for each in outcome["results"]:
        rule = each["expectation_config"]
        asked = {key: value for key, value in rule["kwargs"].items() if key != "batch_id"}
        said = {"success": each["success"], **as_both_write_it(each["result"])}
        named.append((f"{rule['type']} {asked}", said))
    return named


def as_both_write_it(said):
    """The result without the four differences that are no disagreement.

    1. The query for broken rows is in the language of the engine.
    2. pandas keeps dates as midnights, and a missing one is "NaT"; Polars keeps dates and nulls.
    3. GX counts the listed values only where it can sort them, which nulls prevent.
    4. pandas keeps whole numbers with a missing one among them as floats; these compare equal.
    """
    if isinstance(said, dict):
        left_out = ("unexpected_index_query", "partial_unexpected_counts")
        return {key: as_both_write_it(value) for key, value in said.items() if key not in left_out}
    if isinstance(said, list):
        return [as_both_write_it(value) for value in said]
    if isinstance(said, str):
        return None if said == "NaT" else said.removesuffix(".000").removesuffix("T00:00:00")
    return said


def validated(frame, *expectations_, result_format="BASIC"):
    """The verdicts without a context, which any thread may ask for."""
    engine = PolarsExecutionEngine()
    engine.load_batch_data("rows", frame)
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    return validator.graph_validate(
        [each.configuration for each in expectations_],
        runtime_configuration={"result_format": result_format},
    )


@pytest.mark.parametrize("result_format", FORMATS, ids=str)
def test_it_agrees_with_the_pandas_engine_on_every_supported_expectation(
    definitions, result_format
):
    ours = verdicts(definitions["polars"], ROWS, result_format)
    theirs = verdicts(definitions["pandas"], ROWS.collect().to_pandas(), result_format)

    different = [(mine, his) for mine, his in zip(ours, theirs, strict=True) if mine != his]
    assert different == []
    assert len(ours) == len(SUPPORTED)


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

    outcomes = validated(ROWS, *failing, result_format="COMPLETE")

    assert [each.success for each in outcomes] == [False] * 3
    assert len(readings) == 2


def test_repeated_keys_are_confirmed_in_a_reading_of_their_own(readings):
    twice = gxe.ExpectColumnValuesToBeUnique(column="id")

    (outcome,) = validated(ROWS, twice, result_format="BOOLEAN_ONLY")

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
        ROWS,
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
    row_rules = [each for each in SUPPORTED if getattr(each, "map_metric", None)]

    outcomes = validated(ROWS.clear(), *row_rules)

    assert [each.success for each in outcomes] == [True] * len(row_rules)


def test_lists_of_broken_rows_have_a_limit():
    rows = pl.LazyFrame({"code": ["x"] * 20_000})
    rule = gxe.ExpectColumnValuesToBeNull(column="code")

    (outcome,) = validated(rows, rule, result_format="COMPLETE")

    assert outcome.result["unexpected_count"] == 20_000
    assert len(outcome.result["unexpected_list"]) == 200
    assert len(outcome.result["unexpected_index_list"]) == 10_000


def test_a_checkpoint_runs_the_core_expectations_unchanged(context):
    suite = context.suites.add(
        gx.ExpectationSuite(
            name="checked", expectations=[gxe.ExpectColumnValuesToNotBeNull(column="code")]
        )
    )
    asset = context.data_sources.add_polars("checked").add_dataframe_asset(name="rows")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name="checked", data=asset.add_batch_definition_whole_dataframe("whole"), suite=suite
        )
    )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name="checked", validation_definitions=[definition])
    )

    whole = checkpoint.run(batch_parameters={"dataframe": ROWS})
    present = checkpoint.run(batch_parameters={"dataframe": ROWS.drop_nulls("code").collect()})

    assert (whole.success, present.success) == (False, True)
    (result,) = whole.run_results.values()
    assert result.results[0].result["unexpected_count"] == 1


def test_suites_are_validated_in_threads_at_once():
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
