"""Run a feed's suite over its staged rows: part the accepted from the quarantined, and say why."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import great_expectations as gx
import polars as pl
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.exceptions import MetricResolutionError
from great_expectations.expectations import ExpectTableRowCountToBeBetween
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.validator.validator import Validator, calc_validation_statistics

from expectations.polars_engine import (
    Outcome,
    PolarsExecutionEngine,
    UnreadableRows,
    rule_outcome,
)

# Its own account of a failing metric may hold cells; ours is in the findings.
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

_ROW_COUNT = ExpectTableRowCountToBeBetween(min_value=0)
_COUNTS_ONLY = {
    "result_format": "BASIC",
    "partial_unexpected_count": 0,
    "exclude_unexpected_values": True,
}


WHOLE_DELIVERY = "DELIVERY"
"""Stands among the broken rules of each row of a delivery that was set aside whole."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that some row, or the delivery as a whole, breaks.

    `rows` is how many rows break it, and 0 for a rule about the delivery as a whole. `column`
    names the judged columns, separated by commas; null for a rule about the table.
    """

    code: str
    severity: str
    says: str
    source: str
    rows: int
    column: str | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """One delivery set aside whole: too many of its rows break one rule."""

    delivery: str
    code: str
    rows: int
    of: int


@dataclass(frozen=True, slots=True)
class Screened:
    """Staged rows after screening: each row is in exactly one of the two frames.

    Both frames are as lazy as the rows screened: they read them again when collected. `result` is
    Great Expectations' own account, with counts and no cells of rows, for its Data Docs.
    """

    accepted: pl.LazyFrame
    quarantined: pl.LazyFrame
    findings: tuple[Finding, ...]
    rows: int
    rows_accepted: int
    rows_quarantined: int
    result: ExpectationSuiteValidationResult
    rejections: tuple["Rejection", ...] = ()


class DeliveryRejected(ValueError):
    """So many rows break one expectation, or the whole breaks one, that the delivery is wrong.

    `findings` are those of the whole suite, so that all that is wrong is told at once; `result`
    is Great Expectations' own account, as in `Screened`, of `rows` rows.
    """

    def __init__(
        self,
        sentence: str,
        findings: tuple[Finding, ...],
        result: ExpectationSuiteValidationResult,
        rows: int,
    ) -> None:
        super().__init__(sentence, findings, result, rows)  # all, so that it can be pickled
        self.findings = findings
        self.result = result
        self.rows = rows

    def __str__(self) -> str:
        return str(self.args[0])


class SuiteError(ValueError):
    """A suite cannot be screened with: a rule has no code, or asks what the rows cannot answer."""

    @classmethod
    def of(cls, suite_name: str, error: MetricResolutionError) -> Self:
        """The first metric that could not be computed, and why."""
        asked = ", ".join(
            f"{metric.metric_name} of {_named_columns(metric.metric_domain_kwargs)}"
            for metric in error.failed_metrics
        )
        return cls(
            f"{suite_name}: {asked} cannot be computed: {error.message.splitlines()[0]} Nothing "
            f"was accepted. Correct the rule or the type of the column, then run again."
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    finding: Finding
    outcome: Outcome | None  # null for a rule about the delivery as a whole
    is_broken: bool

    @property
    def is_critical(self) -> bool:
        return self.is_broken and self.finding.severity == FailureSeverity.CRITICAL.value


def screen(
    rows: pl.LazyFrame,
    suite: gx.ExpectationSuite,
    *,
    most_rejected: float = 0.05,
    by: str | None = None,
    waived: str | None = None,
) -> Screened:
    """The rows parted in two, with a finding for each rule that is broken.

    A `critical` rule about rows sets aside each row that breaks it; a `warning` only reports.
    Where keys repeat, all copies are set aside, not all but the first: nobody but the supplier
    knows which is right. A rule's `mostly` decides whether Great Expectations calls it a success,
    never which rows are set aside. No rows break no rule about rows.

    The rows are read once if no rule is broken; once more to confirm repeated keys, and once more
    to count the rows set aside if several critical rules are broken. Whole rows are never held.

    Args:
        rows: staged rows, which may be an expensive scan.
        suite: each expectation has a `description` and, in `meta`, a `code` and a `source`.
        most_rejected: the share of rows that may break one critical rule, 0 to 1.
        by: the column that tells deliveries apart, where several are screened at once. A
            delivery above that share is set aside whole, each of its rows under
            `WHOLE_DELIVERY` too, and named in `rejections`; the others go on.
        waived: the column that lists, for the few rows of which somebody has decided so, codes
            of rules that the row need not keep. It does not break them then, whatever GX's own
            `result` counts; `WHOLE_DELIVERY` takes the row out of a delivery set aside whole.

    Raises:
        DeliveryRejected: a critical rule is broken by the delivery as a whole, or, without `by`,
            by more than that share of the rows.
        SuiteError: a rule lacks its code, sentence or source, or cannot be asked of these rows.
        UnreadableRows: the rows failed while they were read.
    """
    _require_words(suite)
    engine = PolarsExecutionEngine()
    engine.load_batch_data("rows", rows)
    result, count = validation_result(engine, suite)
    judged = [
        _judged(engine, expectation, is_success=evaluated.success)
        for expectation, evaluated in zip(suite.expectations, result.results, strict=True)
    ]
    judged = _without_waived(rows, judged, waived) if waived else judged
    findings = tuple(rule.finding for rule in judged if rule.is_broken)
    for rule in judged:
        limit = 1.0 if by else most_rejected
        if sentence := _reason_to_reject(rule, suite.name, count, limit):
            raise DeliveryRejected(sentence, findings, result, count)
    rejections = _rejections(rows, judged, by, most_rejected) if by else ()
    is_rejected = pl.col(by).is_in([r.delivery for r in rejections]) if rejections else None
    if waived and is_rejected is not None:
        is_rejected &= ~_is_waived(waived, WHOLE_DELIVERY)
    accepted, quarantined, set_aside = _parted(rows, judged, is_rejected)
    return Screened(
        accepted=accepted,
        quarantined=quarantined,
        findings=findings,
        rows=count,
        rows_accepted=count - set_aside,
        rows_quarantined=set_aside,
        result=result,
        rejections=rejections,
    )


def validation_result(
    engine: PolarsExecutionEngine, suite: gx.ExpectationSuite
) -> tuple[ExpectationSuiteValidationResult, int]:
    """What Great Expectations says of the engine's batch, and how many rows the batch has.

    The result has one entry for each expectation, in order; it holds counts and aggregates, no
    cells of broken rows. No data context takes part, so that suites can be validated in several
    threads at once.

    Raises:
        SuiteError: a rule cannot be asked of these rows.
        UnreadableRows: the rows failed while they were read.
    """
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    try:
        *results, counted = validator.graph_validate(
            configurations=[*suite.expectation_configurations, _ROW_COUNT.configuration],
            runtime_configuration={"result_format": dict(_COUNTS_ONLY), "catch_exceptions": False},
        )
    except MetricResolutionError as error:
        if isinstance(error.__cause__, UnreadableRows):
            raise error.__cause__ from None
        raise SuiteError.of(suite.name, error) from error
    except TypeError as error:  # GX itself holds a bound against an aggregate of another type
        raise SuiteError(
            f"{suite.name}: a bound does not compare with its column: {error}. Nothing was "
            f"accepted. Correct the bound's type, then run again."
        ) from error
    statistics = calc_validation_statistics(results)
    return ExpectationSuiteValidationResult(
        results=results,
        success=statistics.success,
        suite_name=suite.name,
        statistics=statistics._asdict(),
        meta={"great_expectations_version": gx.__version__},
    ), counted.result["observed_value"]


def _require_words(suite: gx.ExpectationSuite) -> None:
    for expectation in suite.expectations:
        meta = expectation.meta or {}
        if not (meta.get("code") and meta.get("source") and expectation.description):
            raise SuiteError(
                f"{suite.name}: {expectation.expectation_type} on {_columns(expectation)} lacks "
                f"its code, source or description. Nothing was read. Give it all three."
            )


def _judged(
    engine: PolarsExecutionEngine, expectation: Expectation, *, is_success: bool | None
) -> _Judged:
    meta = expectation.meta or {}
    metric = getattr(expectation, "map_metric", None)
    outcome = rule_outcome(engine, expectation.configuration, metric) if metric else None
    finding = Finding(
        code=meta["code"],
        severity=FailureSeverity(expectation.severity).value,
        says=expectation.description,
        source=meta["source"],
        rows=outcome.broken_rows if outcome else 0,
        column=_columns(expectation),
    )
    return _Judged(finding, outcome, bool(outcome.broken_rows) if outcome else not is_success)


def _without_waived(rows: pl.LazyFrame, judged: list[_Judged], waived: str) -> list[_Judged]:
    """The same, each rule without the rows for which it is waived."""
    broken = {rule.finding.code: rule.outcome for rule in judged if rule.is_broken and rule.outcome}
    codes = rows.select(pl.col(waived).drop_nulls().explode().unique()) if broken else None
    found = codes.collect(engine="streaming").to_series().to_list() if codes is not None else []
    kept = {
        code: replace(broken[code], breaks=broken[code].breaks & ~_is_waived(waived, code))
        for code in found
        if code in broken
    }
    if not kept:
        return judged
    counts = rows.select(**{code: outcome.breaks.sum() for code, outcome in kept.items()})
    rest = counts.collect(engine="streaming").row(0, named=True)
    return [
        _Judged(
            replace(rule.finding, rows=rest[code]),
            replace(kept[code], broken_rows=rest[code]),
            is_broken=bool(rest[code]),
        )
        if (code := rule.finding.code) in kept
        else rule
        for rule in judged
    ]


def _is_waived(waived: str, code: str) -> pl.Expr:
    return pl.col(waived).list.contains(code).fill_null(value=False)


def _columns(expectation: Expectation) -> str | None:
    return _named_columns(expectation.configuration.kwargs)


def _named_columns(kwargs: Mapping[str, Any]) -> str | None:
    if "column_list" in kwargs:
        return ", ".join(kwargs["column_list"])
    named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return ", ".join(named) or None


def _reason_to_reject(
    rule: _Judged, suite_name: str, rows: int, most_rejected: float
) -> str | None:
    finding = rule.finding
    if not rule.is_critical or (rule.outcome and finding.rows <= most_rejected * rows):
        return None
    if rule.outcome is None:
        broken = f"the delivery as a whole breaks {finding.code} ({finding.says})"
    else:
        broken = (
            f"{finding.rows} of {rows} rows break {finding.code} ({finding.says}) "
            f"At most {most_rejected * 100:g}% may."
        )
    return (
        f"{suite_name}: {broken} Nothing was accepted. "
        f"Ask the supplier for a new delivery, then run again."
    )


def _rejections(
    rows: pl.LazyFrame, judged: list[_Judged], by: str, most_rejected: float
) -> tuple[Rejection, ...]:
    """Deliveries of which some critical rule is broken by too large a share of the rows."""
    critical = {r.finding.code: r.outcome for r in judged if r.is_critical and r.outcome}
    if not critical:
        return ()
    counts = (
        rows.group_by(by)
        .agg(of=pl.len(), **{code: each.breaks.sum() for code, each in critical.items()})
        .unpivot(list(critical), index=[by, "of"], variable_name="code", value_name="broken")
        .filter(pl.col("broken") > most_rejected * pl.col("of"))
        .sort(by, "code")
        .select(by, "code", "broken", "of")
        .collect(engine="streaming")
    )
    return tuple(Rejection(*row) for row in counts.iter_rows())


def _parted(
    rows: pl.LazyFrame, judged: list[_Judged], is_rejected: pl.Expr | None
) -> tuple[pl.LazyFrame, pl.LazyFrame, int]:
    broken = {rule.finding.code: rule.outcome for rule in judged if rule.is_broken and rule.outcome}
    setting_aside = [rule.outcome for rule in judged if rule.is_critical and rule.outcome]
    if not setting_aside:
        nothing = pl.lit([], dtype=pl.List(pl.String))
        return rows, rows.clear().with_columns(violated_rules=nothing), 0
    codes = {code: each.breaks for code, each in broken.items()}
    reasons = [outcome.breaks for outcome in setting_aside]
    if is_rejected is not None:
        codes[WHOLE_DELIVERY] = is_rejected
        reasons.append(is_rejected)
    is_set_aside = pl.any_horizontal(reasons)
    quarantined = rows.filter(is_set_aside).with_columns(
        violated_rules=pl.concat_list(
            pl.when(applies).then(pl.lit(code)) for code, applies in codes.items()
        ).list.drop_nulls()
    )
    set_aside = setting_aside[0].broken_rows
    if len(reasons) > 1:
        set_aside = rows.select(is_set_aside.sum()).collect(engine="streaming").item()
    return rows.filter(~is_set_aside), quarantined, set_aside
