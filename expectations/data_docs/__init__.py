"""What came of a feed's rules as Great Expectations' Data Docs: pages that need nothing else.

Great Expectations' own renderer says what each rule asks and how many rows broke it. The page
around it is ours, because its own asks six servers on the internet for styles and scripts, and
writes the moment and random marks into each page. Equal results give equal bytes here.

Counts and rules only: a page is made from results that hold no cells of rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.render import RenderedDocumentContent
from great_expectations.render.renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, PackageLoader, Template

_COUNTS = ("unexpected_count", "unexpected_percent", "element_count")


@dataclass(frozen=True, slots=True)
class Run:
    """Which run judged: its name and id, the business date of its night, when it was to begin."""

    name: str
    id: str
    night: date
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one feed in one run; `outcome` is a sentence, null where all went well.

    `contract` is where the contract is that its senders were held to, seen from the feed's page.
    """

    feed: str
    dates: tuple[date, ...]
    rows: int
    rows_accepted: int
    rows_quarantined: int
    outcome: str | None = None
    contract: str | None = None


def summary(run: Run, verdict: Verdict, result: ExpectationSuiteValidationResult) -> dict[str, Any]:
    """The verdict and each rule with its counts, for JSON; `index` is made of these."""
    return {
        "feed": verdict.feed,
        "night": run.night.isoformat(),
        "dates": [day.isoformat() for day in verdict.dates],
        "rows": verdict.rows,
        "rows_accepted": verdict.rows_accepted,
        "rows_quarantined": verdict.rows_quarantined,
        "outcome": verdict.outcome,
        "contract": verdict.contract,
        "rules": [_rule(evaluated) for evaluated in result.results],
    }


def page(run: Run, verdict: Verdict, result: ExpectationSuiteValidationResult) -> bytes:
    """All rules of one feed with what each found, and before them those that were broken."""
    document = ValidationResultsPageRenderer().render(_with_our_words(result, run))
    return _rendered(document, run=run, **summary(run, verdict, result))


def index(
    run: Run,
    summaries: Sequence[tuple[str, Mapping[str, Any]]],
    crossed: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Feeds that were judged, each with the rules that it broke and a link to its page.

    Args:
        run: the last that judged one of them; `night` is the date that the page is about.
        summaries: address of each feed's page, seen from this one, and its `summary`.
        crossed: rows of `transforms.cross_checks` for the night, each with what its rule `says`.
    """
    feeds = [{**told, "page": at, "broken": _broken(told)} for at, told in summaries]
    totals = {
        count: sum(told[count] for _, told in summaries)
        for count in ("rows", "rows_accepted", "rows_quarantined")
    }
    template = _view().env.get_template("run.j2")
    return template.render(
        run=run, feeds=feeds, totals=totals, crossed=crossed, style=_style()
    ).encode()


def _rendered(document: RenderedDocumentContent, **values: Any) -> bytes:
    told: dict[str, Any] = dict(document.to_json_dict())
    # The overview of Great Expectations links pages that there are not; ours says more.
    told["sections"] = told["sections"][1:]
    template = _view().env.get_template("page.j2")
    return template.render(told, **values, broken=_broken(values), style=_style()).encode()


def _rule(evaluated: ExpectationValidationResult) -> dict[str, Any]:
    asked = evaluated.expectation_config
    return {
        "code": asked.meta["code"],
        "severity": FailureSeverity(asked.severity).value,
        "says": asked.description,
        "source": asked.meta["source"],
        "is_met": bool(evaluated.success) and not evaluated.result.get("unexpected_count"),
        **{count: evaluated.result[count] for count in _COUNTS if count in evaluated.result},
    }


def _broken(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [rule for rule in told["rules"] if not rule["is_met"]]


def _with_our_words(
    result: ExpectationSuiteValidationResult, run: Run
) -> ExpectationSuiteValidationResult:
    """A copy whose descriptions say our code, severity and source too.

    Great Expectations' own way, columns for `meta`, fails for a rule that has a description.
    """
    return ExpectationSuiteValidationResult(
        results=[_worded(evaluated) for evaluated in result.results],
        success=bool(result.success),
        suite_name=result.suite_name,
        statistics=result.statistics,
        meta={
            **result.meta,
            "run_id": {"run_name": run.name, "run_time": run.began_at.isoformat()},
        },
    )


def _worded(evaluated: ExpectationValidationResult) -> ExpectationValidationResult:
    asked, told = evaluated.expectation_config, _rule(evaluated)
    code, severity, says, source = (
        escape(told[key]).replace("$", "$$") for key in ("code", "severity", "says", "source")
    )
    config = ExpectationConfiguration(
        type=asked.type,
        kwargs=asked.kwargs,
        meta=asked.meta,
        description=f'<code>{code}</code> <span class="{severity}">{severity}</span>\n{says}\n'
        f'<span class="source">{source}</span>',
        severity=asked.severity,
    )
    return ExpectationValidationResult(
        success=told["is_met"],
        expectation_config=config,
        result=evaluated.result,
        meta=evaluated.meta,
        exception_info=evaluated.exception_info,
    )


class _PageView(DefaultJinjaPageView):
    """Great Expectations' templates, with ours in place of those that reach outside."""

    def __init__(self) -> None:
        super().__init__()
        theirs = [self.env.loader] if self.env.loader else []
        self.env.loader = ChoiceLoader([PackageLoader("expectations", "data_docs"), *theirs])
        self.env.filters["whole"] = "{:,}".format

    def _get_template(self, template_str: str) -> Template:
        return self.env.get_template(template_str)  # without the clock that is given to each


@cache
def _view() -> _PageView:
    return _PageView()


@cache
def _style() -> str:
    return files("expectations").joinpath("data_docs", "style.css").read_text("utf-8")
