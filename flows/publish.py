"""One report, one period, all languages: render the edition from the lake and publish it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from posixpath import relpath
from typing import Any

from prefect import flow, task

from flows.checks import overview
from flows.compute import complete, enough, indicators
from flows.progress import tell
from flows.steps import AGAINST_THE_OUTSIDE, after, done, once_settled
from infra.check_pages import evaluation_folder, latest
from infra.code_version import code_version
from infra.installation import installation
from infra.ledger import fingerprint
from infra.publication import Place
from templates.render import data_fingerprint, render
from templates.reports import REPORT_BY_ID
from templates.sections.rules import RulesMeasured
from transforms.deliveries import COMPLETENESS, DOUBTFUL, notable, screened_table
from transforms.droppers.evaluation import EVALUATION, last_of_rules
from transforms.droppers.typologies import in_force_on, rule_version, typologies
from transforms.facts import ALL_FACTS
from transforms.feeds import FEEDS
from transforms.indicators import INDICATOR_TABLE, INDICATORS
from transforms.regions import COUNTRY

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Published:
    """An edition that is out."""

    report: str
    address: str
    revision: int
    is_new: bool
    gaps: int


@flow(name="publish", flow_run_name="publish-{report}-{ending}", persist_result=True)
def publish(report: str, ending: date) -> Published:
    """One report, up to and including `ending`, from what the lake holds."""
    owed, seen = complete.submit(ending), overview.submit(ending)
    figures = [after([owed], indicators, kind, ending) for kind in REPORT_BY_ID[report].periods]
    is_enough = after([owed], enough, report, ending)
    return after([*figures, is_enough, *once_settled([seen])], edition, report, ending).result()


@task(name="publish", task_run_name="publish {report} {ending}", **AGAINST_THE_OUTSIDE)
def edition(report: str, ending: date) -> Published:
    """Indicators → an edition in the object store; equal figures make no new revision."""
    at, which = installation(), REPORT_BY_ID[report]
    periods = [period.value for period in which.periods]
    values = at.lake.read(
        INDICATOR_TABLE, partitions={"business_date": [ending], "period": periods}
    ).collect()
    seen = notable(
        at.lake.read(COMPLETENESS, partitions={"night": [ending]}),
        business_date=ending,
        since=ending - RECENT,
    ).collect()
    place = Place(report, COUNTRY, ending)
    rules = _rules(ending, seen_from=f"{place.address}/r1")
    inputs = fingerprint(code_version(), data_fingerprint(values, seen, rules.measured))
    gaps = seen.filter(seen["state_code"].is_in(DOUBTFUL)).height
    if out := _already_out(report, ending, inputs):
        tell(report, "published", f"{out['address']} (unchanged)")
        return Published(report, out["address"], out["revision"], is_new=False, gaps=gaps)
    tell(report, "render", "editions in " + ", ".join(which.languages))
    published = at.publisher.publish(
        place,
        lambda revision: render(
            which,
            area=COUNTRY,
            business_date=ending,
            revision=revision,
            indicators=values,
            completeness=seen,
            checks=relpath(latest(ending), f"{place.address}/r{revision}"),
            rules=rules,
            catalogue=INDICATORS,
        ),
        _provenance(),
    )
    where = {"address": published.address, "revision": published.revision}
    at.ledger.settle(done(ending, "publish", report, inputs, **where))
    tell(report, "published", f"{published.address}{'' if published.is_new else ' (unchanged)'}")
    return Published(report, published.address, published.revision, published.is_new, gaps)


def _rules(ending: date, *, seen_from: str) -> RulesMeasured:
    """The rules in force, and their newest evaluation where this version has one."""
    rules = in_force_on(typologies(), ending)
    version = rule_version(rules)
    measured = last_of_rules(installation().lake.read(EVALUATION), version).collect()
    page = None
    if measured.height:
        folder = evaluation_folder(version, measured["night"][0])
        page = relpath(f"{folder}/evaluation", seen_from)
    return RulesMeasured(version, rules.to_dicts(), measured, page)


def _already_out(report: str, ending: date, inputs: str) -> Mapping[str, Any] | None:
    """Where the edition made from these very inputs is, if it is the last one that went out."""
    ledger = installation().ledger
    if not ledger.is_last(ending, "publish", report, inputs):
        return None
    entry = ledger.find(ending, "publish", report, inputs)
    return entry.details if entry else None


def _provenance() -> dict[str, object]:
    """What the manifest says beside the sums: the tables read, and the code that read them."""
    tables = [
        INDICATOR_TABLE,
        COMPLETENESS,
        EVALUATION,
        *(fact.table for fact in ALL_FACTS),
        *(feed.accepted_table for feed in FEEDS),
        *(screened_table(feed) for feed in FEEDS),
    ]
    return {
        "tables": installation().lake.versions(tables),
        "code_version": code_version(),
    }
