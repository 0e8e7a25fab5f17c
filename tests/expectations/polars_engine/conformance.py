"""Both engines over the same frames: what each says, and where they differ."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.execution_engine import ExecutionEngine, PandasExecutionEngine
from great_expectations.expectations.expectation_configuration import parse_result_format
from great_expectations.validator.validator import Validator

from expectations.polars_engine import REFUSED, PolarsExecutionEngine
from tests.expectations.polars_engine.cases import FRAMES, Case, cases
from tests.expectations.polars_engine.differences import (
    DIFFERENCES,
    REPRESENTATIONS,
    Difference,
    Representation,
)

PAGE = Path(__file__).parents[3] / "docs" / "gx_conformance.md"


def batched(every: list[Case], most: int) -> Iterator[list[Case]]:
    for at in range(0, len(every), most):
        yield every[at : at + most]


FORMATS: dict[str, Any] = {
    "BOOLEAN_ONLY": "BOOLEAN_ONLY",
    "BASIC": "BASIC",
    "SUMMARY": "SUMMARY",
    "COMPLETE": "COMPLETE",
    "COMPLETE, rows by a column": {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": ["by"],
    },
    "BASIC, whole rows": {"result_format": "BASIC", "include_unexpected_rows": True},
    "BASIC, no values": {
        "result_format": "BASIC",
        "partial_unexpected_count": 2,
        "exclude_unexpected_values": True,
    },
}


# GX asks everything again, one by one, where one answer fails.
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one engine says of one case: a flat mapping of each key of the result to its value."""

    of: Case
    in_format: str
    values: dict[str, Any]


@cache
def said_by_polars() -> tuple[Said, ...]:
    return tuple(_said(PolarsExecutionEngine))


@cache
def said_by_pandas() -> tuple[Said, ...]:
    return tuple(_said(PandasExecutionEngine))


def _said(engine_type: type[ExecutionEngine]) -> Iterator[Said]:
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    every = cases()
    for name, rows in FRAMES.items():
        mine = [case for case in every if case.frame == name]
        numbered = rows.with_row_index("by")
        is_ours = engine_type is PolarsExecutionEngine
        engine = engine_type()
        engine.load_batch_data(name, numbered if is_ours else numbered.collect().to_pandas())
        validator = Validator(execution_engine=engine)
        validator.metrics_calculator.show_progress_bars = False
        for title, result_format in FORMATS.items():
            asked = [case for case in mine if case.in_every_format or title == "COMPLETE"]
            for some in batched(asked, _AT_ONCE):
                verdicts = validator.graph_validate(
                    [case.expectation.configuration for case in some],
                    runtime_configuration={"result_format": parse_result_format(result_format)},
                )
                by_case = {v.expectation_config.meta["case"]: v for v in verdicts}
                yield from (Said(case, title, _flat(by_case[case.id])) for case in some)


def _flat(verdict: ExpectationValidationResult) -> dict[str, Any]:
    try:
        result = verdict.to_json_dict()
    except TypeError:  # GX cannot write what the engine found
        return {"raises": True}
    if any(isinstance(v, dict) and v.get("raised_exception") for v in _exceptions(result)):
        return {"raises": True}
    details = result["result"].pop("details", None) or {}
    return {"success": result["success"], **result["result"], **details}


def _exceptions(result: dict[str, Any]) -> Iterable[Any]:
    told = result.get("exception_info") or {}
    return [told, *told.values()]


def found_differences(
    representations: Sequence[Representation] = REPRESENTATIONS,
) -> frozenset[tuple[str, str]]:
    """Each case on which the engines differ, with the kind of difference."""
    found = set()
    for ours, theirs in zip(said_by_polars(), said_by_pandas(), strict=True):
        assert (ours.of.id, ours.in_format) == (theirs.of.id, theirs.in_format)
        if ours.values == theirs.values:
            continue
        if "raises" in ours.values:
            found.add((ours.of.id, "Polars raises"))
        elif "raises" in theirs.values:
            found.add((ours.of.id, "pandas raises"))
        elif _same_written(ours.values, representations) != _same_written(
            theirs.values, representations
        ):
            found.add((ours.of.id, "both answer"))
    return frozenset(found)


def _same_written(
    values: dict[str, Any], representations: Sequence[Representation]
) -> dict[str, Any]:
    written = {key: _rewritten(key, value, representations) for key, value in values.items()}
    return {key: value for key, value in written.items() if value is not None}


def _rewritten(key: str, value: Any, representations: Sequence[Representation]) -> Any:
    if isinstance(value, dict):
        value = {each: _rewritten(key, v, representations) for each, v in value.items()}
    elif isinstance(value, list):
        value = [_rewritten(key, each, representations) for each in value]
    for representation in representations:
        value = representation.rewritten(key, value)
    return value


def is_listed(difference: Difference, case: str, kind: str) -> bool:
    """Whether the table accounts for what was found."""
    return difference.kind == kind and any(
        fnmatchcase(case, pattern) for pattern in difference.cases
    )


def page() -> str:
    """The table of differences for people."""
    supported = sorted({case.expectation.expectation_type for case in cases()})
    lines = [
        "# Great Expectations on Polars: where it differs from pandas",
        "",
        "Made by `python -m tests.expectations.polars_engine.conformance`; a test keeps it fresh.",
        "",
        f"{len(said_by_polars())} answers to {len(cases())} questions about {len(FRAMES)} frames "
        f"with nulls, NaN, decimals, time zones, enums and without rows, in the result formats "
        f"{', '.join(FORMATS)}, are compared key by key with those of GX's own pandas engine. "
        f"All are equal but for what stands here.",
        "",
        "## Differences of meaning",
        "",
        "| expectation, columns | pandas | Polars | why |",
        "| --- | --- | --- | --- |",
        *(f"| {d.about} | {d.pandas} | {d.polars} | {d.why} |" for d in DIFFERENCES),
        "",
        "## The same, written in another way",
        "",
        "| what | why |",
        "| --- | --- |",
        *(f"| {each.what} | {each.why} |" for each in REPRESENTATIONS),
        "",
        "## Refused",
        "",
        "| expectation | why |",
        "| --- | --- |",
        *(f"| `{name}` | {why} |" for name, why in sorted(REFUSED.items())),
        "",
        "## Compared",
        "",
        *(f"- `{name}`" for name in supported),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
