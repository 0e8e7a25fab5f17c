"""The whole of Great Expectations over Polars frames: definitions, checkpoints, actions, docs."""

import threading

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.checkpoint import UpdateDataDocsAction
from great_expectations.checkpoint.actions import ValidationAction

import expectations.polars_engine  # noqa: F401  # registers add_polars
from tests.expectations.polars_engine.cases import FRAMES, TYPED, cases

TOLD: list[bool] = []
# What GX cannot show, whatever the engine: it does not write the first one's success, which is
# numpy's, as JSON, and looks for the second one's columns where BOOLEAN_ONLY leaves them out.
NOT_SHOWN = (
    "expect_column_quantile_values_to_be_between",
    "expect_table_columns_to_match_ordered_list",
)
FORMATS = ("BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE")


class Remember(ValidationAction):
    """An action that keeps what it is told."""

    type: str = "remember"

    def run(self, checkpoint_result, action_context=None):  # noqa: ARG002
        TOLD.append(checkpoint_result.success)
        return {}


@pytest.fixture
def context(tmp_path):
    context = gx.get_context(mode="file", project_root_dir=tmp_path)
    context.variables.progress_bars = {"globally": False}
    return context


def definition(context, name, expectations, **source):
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expectations))
    asset = context.data_sources.add_polars(name, **source).add_dataframe_asset(name="rows")
    return context.validation_definitions.add(
        gx.ValidationDefinition(
            name=name, data=asset.add_batch_definition_whole_dataframe("whole"), suite=suite
        )
    )


def test_a_checkpoint_runs_the_core_expectations_unchanged_and_its_actions(context):
    whole = definition(context, "checked", [gxe.ExpectColumnValuesToNotBeNull(column="code")])
    remember = Remember(name="remember")
    checkpoint = gx.Checkpoint(name="checked", validation_definitions=[whole], actions=[remember])

    rows = FRAMES["drawn"]
    all_rows = checkpoint.run(batch_parameters={"dataframe": rows})
    present = checkpoint.run(batch_parameters={"dataframe": rows.drop_nulls("code").collect()})

    assert (all_rows.success, present.success) == (False, True)
    (result,) = all_rows.run_results.values()
    assert result.results[0].result["unexpected_count"] == 1
    assert TOLD == [False, True]


def test_a_checkpoint_kept_in_files_is_read_again_by_another_context(context, tmp_path):
    whole = definition(
        context,
        "kept",
        [gxe.ExpectColumnValuesToBeUnique(column="id")],
        unique_partitions=3,
    )
    context.checkpoints.add(gx.Checkpoint(name="kept", validation_definitions=[whole]))

    again = gx.get_context(mode="file", project_root_dir=tmp_path)
    outcome = again.checkpoints.get("kept").run(batch_parameters={"dataframe": FRAMES["drawn"]})

    assert outcome.success is False
    assert again.data_sources.get("kept").unique_partitions == 3
    assert again.data_sources.get("kept").get_execution_engine().unique_partitions == 3


@pytest.mark.parametrize("result_format", FORMATS)
@pytest.mark.parametrize("frame", ["drawn", "typed", "drawn, no rows"])
def test_data_docs_show_what_was_found_in_each_result_format(
    context, tmp_path, frame, result_format
):
    shown = {
        case.expectation.expectation_type: case.expectation
        for case in reversed(cases())
        if case.frame == frame and case.expectation.expectation_type not in NOT_SHOWN
    }
    whole = definition(context, "shown", list(shown.values()))
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name="shown",
            validation_definitions=[whole],
            actions=[UpdateDataDocsAction(name="docs")],
            result_format=result_format,
        )
    )

    outcome = checkpoint.run(batch_parameters={"dataframe": FRAMES[frame]})

    pages = list(tmp_path.rglob("data_docs/**/validations/**/*.html"))
    assert len(pages) == 1
    page = pages[0].read_text(encoding="utf-8")
    assert "must never be null" in page
    assert "Successful Expectations" in page
    assert outcome.describe_dict()["statistics"]["evaluated_validations"] == 1


def test_results_of_every_type_are_written_as_json(context):
    columns = TYPED.collect_schema().names()
    broken = [gxe.ExpectColumnValuesToBeNull(column=column) for column in columns]
    whole = definition(context, "written", broken)

    outcome = whole.run(
        batch_parameters={"dataframe": TYPED},
        result_format={"result_format": "COMPLETE", "include_unexpected_rows": True},
    )

    told = outcome.to_json_dict()["results"]
    assert {len(each["result"]["unexpected_list"]) for each in told} == {0, 3, 4, 5}
    assert all(each["result"]["unexpected_rows"] is not None for each in told)


def test_one_data_source_is_validated_in_threads_at_once(context):
    whole = definition(context, "shared", [gxe.ExpectColumnValuesToBeUnique(column="id")])
    counted = {}

    def validate(size):
        rows = pl.LazyFrame({"id": [*range(size), 0]})
        outcome = whole.run(batch_parameters={"dataframe": rows})
        counted[size] = outcome.results[0].result["element_count"]

    threads = [threading.Thread(target=validate, args=(size,)) for size in range(10, 26)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counted == {size: size + 1 for size in range(10, 26)}


@pytest.mark.parametrize(
    "options",
    [None, {}, {"dataframe": [1]}, {"dataframe": TYPED, "other": 1}],
    ids=["none", "empty", "a list", "something beside"],
)
def test_a_batch_is_one_polars_frame(context, options):
    whole = definition(context, "frames", [gxe.ExpectColumnToExist(column="id")])

    with pytest.raises(Exception, match="dataframe"):
        whole.run(batch_parameters=options)
