"""One report, one period, all languages: render the edition from the lake and publish it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, runtime, task

from flows.annexed import annex_of
from flows.business_date import chosen_or_scheduled
from flows.checks import overview
from flows.compute import complete, enough, indicators
from flows.owed import owed_by
from flows.parameters import Day, ReportName
from flows.portal import refresh
from flows.progress import tell
from flows.provenance import Sources, Trace, disclosable, inputs_of, rendered, trace_of
from flows.shown import show_headlines, show_link
from flows.steps import AGAINST_THE_OUTSIDE, PERSISTED, after, done, once_settled
from infra.code_version import code_version
from infra.editions import Place
from infra.installation import installation
from infra.ledger import fingerprint
from infra.publication import Terms
from templates.render import Inputs
from templates.reports import REPORT_BY_ID, Report
from transforms.deliveries import DOUBTFUL
from transforms.indicators import INDICATOR_TABLE
from transforms.periods import Period
from transforms.recomputed import against_before
from transforms.regions import COUNTRY

A_DAY = timedelta(days=1)
RULE = "enough-came-and-sums-reconcile"


@dataclass(frozen=True, slots=True)
class Published:
    """An edition that is out."""

    report: str
    address: str
    revision: int
    is_new: bool
    gaps: int
    area: str = COUNTRY


@dataclass(frozen=True, slots=True)
class Regional:
    """Editions of the regions that are out, and how many of them are new."""

    report: str
    ending: date
    editions: int
    new: int


def run_name() -> str:
    """`publish-daily-2025-08-18`."""
    given = runtime.flow_run.parameters
    return f"publish-{given['report']}-{chosen_or_scheduled(given.get('ending'))}"


@flow(name="publish", flow_run_name=run_name, persist_result=True)
def publish(report: ReportName, ending: Day | None = None) -> Published:
    """One report again, from what the lake holds; nothing is pulled.

    Equal figures make no new revision; changed ones make the next, and the earlier one stays.

    Args:
        report: Which report.
        ending: Last day of its period; empty for the day that the schedule meant.
    """
    ending = chosen_or_scheduled(ending)
    owed, seen = after([], complete, ending), overview.submit(ending)
    figures = [after([owed], indicators, kind, ending) for kind in REPORT_BY_ID[report].periods]
    is_enough = after([owed], enough, report, ending)
    out = after([*figures, is_enough, *once_settled([seen])], edition, report, ending)
    after([out], regional, report, ending).result()
    return out.result()


@task(name="publish", task_run_name="publish {report} {ending}", **AGAINST_THE_OUTSIDE)
def edition(report: str, ending: date) -> Published:
    """Indicators → the country's edition in the store; equal figures make no new revision."""
    [out] = _published(report, [COUNTRY], ending)
    _show(out, ending)
    return out


@task(name="publish regions", task_run_name="publish regions {report} {ending}", **PERSISTED)
def regional(report: str, ending: date) -> Regional:
    """Indicators → an edition of each region that has its own."""
    out = _published(report, installation().settings.region_codes, ending)
    return Regional(report, ending, len(out), sum(edition.is_new for edition in out))


def _show(out: Published, ending: date) -> None:
    """The edition and its headlines, beside the run."""
    which, language = REPORT_BY_ID[out.report], REPORT_BY_ID[out.report].languages[0]
    key = f"edition-{out.report.replace('_', '-')}"
    gaps = f"; {out.gaps} deliveries missing or short" if out.gaps else ""
    says = f"The report {out.report} to {ending}, revision {out.revision}{gaps}."
    show_link(key, f"{out.address}/{language}.html", says)
    values = installation().lake.read(
        INDICATOR_TABLE, partitions={"business_date": [ending], "period": [which.period.value]}
    )
    this = Period.ending(which.period, ending)
    rows = against_before(values, which.headlines, this).collect().to_dicts()
    show_headlines(out.report, ending, rows)


def _published(report: str, areas: Sequence[str], ending: date) -> list[Published]:
    """One report in areas, each from its own rows and the totals of the others."""
    at, which = installation(), REPORT_BY_ID[report]
    sources = Sources.now(at)
    inputs = disclosable(inputs_of(which, ending, sources.lake), ending)
    trace = partial(trace_of, which, ending, sources)
    out = [_edition(which, area, ending, inputs.of(area), (sources, trace)) for area in areas]
    refresh(at, [Place(report, area, ending) for area in areas])
    return out


def _edition(
    report: Report,
    area: str,
    ending: date,
    inputs: Inputs,
    origin: tuple[Sources, Callable[[], Trace]],
) -> Published:
    at, place = installation(), Place(report.id, area, ending)
    subject = report.id if area == COUNTRY else f"{area}/{report.id}"
    stamp = fingerprint(code_version(), inputs.fingerprint)
    gaps = inputs.completeness.filter(inputs.completeness["state_code"].is_in(DOUBTFUL)).height
    if out := _already_out(subject, ending, stamp):
        tell(report.id, "published", f"{out['address']} (unchanged)")
        return Published(
            report.id, out["address"], out["revision"], is_new=False, gaps=gaps, area=area
        )
    tell(report.id, "render", f"editions of {area} in {', '.join(report.languages)}")
    (sources, trace), terms = origin, terms_of(ending)
    published = at.publisher.publish(
        place,
        partial(rendered, place, inputs, terms.by),
        {
            "tables": sources.sealed,
            "code_version": code_version(),
            "rules_version": inputs.rules.version,
            "owed_by": owed_by(at),
        },
        terms,
        beside=lambda files: trace().files_of(area, files, inputs.rules.version),
        annex=lambda salt: annex_of(trace(), area, salt),
    )
    where = {"address": published.address, "revision": published.revision, "gaps": gaps}
    at.ledger.settle(done(ending, "publish", subject, stamp, **where))
    tell(report.id, "published", f"{published.address}{'' if published.is_new else ' (unchanged)'}")
    return Published(report.id, published.address, published.revision, published.is_new, gaps, area)


def terms_of(ending: date) -> Terms:
    """How editions of a business date come out, by the settings."""
    chosen = installation().settings
    not_before = None
    if chosen.embargo:
        zone = ZoneInfo(chosen.timezone)
        not_before = datetime.combine(ending + A_DAY, chosen.embargo, zone).astimezone(UTC)
    return Terms(chosen.operator, RULE if chosen.release == "rule" else "", not_before)


def _already_out(subject: str, ending: date, inputs: str) -> Mapping[str, Any] | None:
    """Where the edition made from these very inputs is, if it is the last one that went out."""
    last = installation().ledger.last(ending, "publish", subject)
    return last.details if last and last.fingerprint == inputs else None
