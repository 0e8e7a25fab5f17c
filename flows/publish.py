"""One report, one period, all languages: render the edition from the lake and publish it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from prefect import flow, task

from flows.checks import overview
from flows.compute import complete, enough, indicators
from flows.portal import refresh
from flows.progress import tell
from flows.provenance import Sources, Trace, disclosable, inputs_of, rendered
from flows.steps import AGAINST_THE_OUTSIDE, PERSISTED, after, done, once_settled
from infra.code_version import code_version
from infra.editions import Place
from infra.installation import installation
from infra.ledger import fingerprint
from infra.publication import Terms
from templates.render import Inputs
from templates.reports import REPORT_BY_ID, Report
from transforms.deliveries import DOUBTFUL
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


@flow(name="publish", flow_run_name="publish-{report}-{ending}", persist_result=True)
def publish(report: str, ending: date) -> Published:
    """One report, up to and including `ending`, from what the lake holds; regions' too."""
    owed, seen = complete.submit(ending), overview.submit(ending)
    figures = [after([owed], indicators, kind, ending) for kind in REPORT_BY_ID[report].periods]
    is_enough = after([owed], enough, report, ending)
    out = after([*figures, is_enough, *once_settled([seen])], edition, report, ending)
    after([out], regional, report, ending).result()
    return out.result()


@task(name="publish", task_run_name="publish {report} {ending}", **AGAINST_THE_OUTSIDE)
def edition(report: str, ending: date) -> Published:
    """Indicators → the country's edition in the store; equal figures make no new revision."""
    return _published(report, [COUNTRY], ending)[0]


@task(name="publish regions", task_run_name="publish regions {report} {ending}", **PERSISTED)
def regional(report: str, ending: date) -> Regional:
    """Indicators → an edition of each region that has its own."""
    out = _published(report, installation().settings.region_codes, ending)
    return Regional(report, ending, len(out), sum(edition.is_new for edition in out))


def _published(report: str, areas: Sequence[str], ending: date) -> list[Published]:
    """One report in areas, each from its own rows and the totals of the others."""
    at, which = installation(), REPORT_BY_ID[report]
    sources = Sources.now(at)
    inputs = disclosable(inputs_of(which, ending, sources.lake), ending)
    trace = cache(lambda: Trace(which, ending, sources))
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
    sources, trace = origin
    published = at.publisher.publish(
        place,
        partial(rendered, report, area, ending, inputs),
        {
            "tables": sources.sealed,
            "code_version": code_version(),
            "rules_version": inputs.rules.version,
        },
        terms_of(ending),
        beside=lambda files: trace().files_of(area, files, inputs.rules.version),
    )
    where = {"address": published.address, "revision": published.revision}
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
    ledger = installation().ledger
    if not ledger.is_last(ending, "publish", subject, inputs):
        return None
    entry = ledger.find(ending, "publish", subject, inputs)
    return entry.details if entry else None
