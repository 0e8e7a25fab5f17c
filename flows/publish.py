"""One report, one period, all languages: render the edition from the lake and publish it."""

from dataclasses import dataclass
from datetime import date, timedelta

from prefect import flow, task

from flows.compute import complete, indicators
from flows.progress import tell
from flows.steps import AGAINST_THE_OUTSIDE, after
from infra.code_version import code_version
from infra.installation import installation
from infra.publication import Place
from templates.render import render
from templates.reports import REPORT_BY_ID
from transforms.deliveries import COMPLETENESS, GAPS, notable
from transforms.facts import FACTS
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
    owed = complete.submit(ending)
    figures = [after([owed], indicators, kind, ending) for kind in REPORT_BY_ID[report].periods]
    return after(figures, edition, report, ending).result()


@task(name="publish", task_run_name="publish {report} {ending}", **AGAINST_THE_OUTSIDE)
def edition(report: str, ending: date) -> Published:
    """Indicators → an edition in the object store; equal figures make no new revision."""
    at, which = installation(), REPORT_BY_ID[report]
    tell(report, "render", "editions in " + ", ".join(which.languages))
    periods = [period.value for period in which.periods]
    values = at.lake.read(
        INDICATOR_TABLE, partitions={"business_date": [ending], "period": periods}
    ).collect()
    seen = notable(
        at.lake.read(COMPLETENESS, partitions={"night": [ending]}),
        business_date=ending,
        since=ending - RECENT,
    ).collect()
    published = at.publisher.publish(
        Place(report, COUNTRY, ending),
        lambda revision: render(
            which,
            area=COUNTRY,
            business_date=ending,
            revision=revision,
            indicators=values,
            completeness=seen,
            catalogue=INDICATORS,
        ),
        _provenance(),
    )
    tell(report, "published", f"{published.address}{'' if published.is_new else ' (unchanged)'}")
    return Published(
        report,
        published.address,
        published.revision,
        published.is_new,
        gaps=seen.filter(seen["state_code"].is_in(GAPS)).height,
    )


def _provenance() -> dict[str, object]:
    """What the manifest says beside the sums: the tables read, and the code that read them."""
    tables = [
        INDICATOR_TABLE,
        COMPLETENESS,
        *(fact.table for fact in FACTS),
        *(feed.accepted_table for feed in FEEDS),
    ]
    return {
        "tables": installation().lake.versions(tables),
        "code_version": code_version(),
    }
