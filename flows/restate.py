"""Earlier nights: what changed under their figures, and their editions as new revisions."""

from datetime import date

from prefect import task

from flows.compute import Computed, TooFewRows, complete, enough, figures
from flows.progress import tell
from flows.publish import Published, edition, regional
from flows.steps import PERSISTED, this_run
from infra.changes import NEVER
from infra.code_version import code_version
from infra.date_lock import date_lock
from infra.installation import Installation, installation
from templates.reports import REPORTS, Report
from transforms.deliveries import screened_table
from transforms.facts import ALL_FACTS
from transforms.feeds import FEEDS
from transforms.indicators import (
    INDICATOR_TABLE,
    INDICATORS,
    INPUT_CHANGES,
    code_change,
    every_change,
    feed_changes,
    new_changes,
    nights_of,
    restatable,
    told_anew,
    touched,
)

_INPUTS, _FACTS = "input_changes", "restatement"


@task(name="input changes", task_run_name="input changes {business_date}", **PERSISTED)
def changed_inputs(business_date: date) -> Computed:
    """Files, decisions and code that are others than the night before saw, each noted once.

    The first night has nothing to compare with: from then on it is known what changes.
    """
    at = installation()
    tables = {feed.name: screened_table(feed) for feed in FEEDS}
    before, now = at.changes.before(_INPUTS), at.changes.now(tables)
    found = [code_change(code_version())]
    if before:
        found += [
            feed_changes(*versions, feed)
            for feed, table in tables.items()
            if (versions := at.changes.versions(table, before.get(feed, NEVER), now[feed]))
        ]
    noted = at.lake.read(INPUT_CHANGES)
    new = new_changes(noted, every_change(found), business_date).collect()
    if new.height:
        at.lake.append(INPUT_CHANGES, new.lazy())
    at.changes.remember(_INPUTS, now)
    return Computed(INPUT_CHANGES.name, int(new.height > 0), at.lake.version(INPUT_CHANGES))


@task(name="restate", task_run_name="restate {business_date}", **PERSISTED)
def restate(business_date: date) -> tuple[Published, ...]:
    """Editions of earlier nights that changed rows touch: computed and published anew.

    How far back, `revision_policy.csv` says. What is not touched is not looked at.
    """
    at = installation()
    tables = {fact.table.name: fact.table for fact in ALL_FACTS}
    before, now = at.changes.before(_FACTS), at.changes.now(tables)
    changed = {
        name: versions
        for name, table in tables.items()
        if (versions := at.changes.versions(table, before.get(name, NEVER), now[name]))
    }
    candidates = restatable(nights_of(at.lake.partitions(INDICATOR_TABLE)), business_date)
    noted = at.lake.read(INPUT_CHANGES, partitions={"noted_on": [business_date]})
    hit = {*touched(changed, INDICATORS, candidates), *told_anew(noted, candidates)}
    out = [
        _restated(at, report, night, business_date)
        for night, kind in sorted(hit)
        for report in REPORTS
        if report.period is kind
    ]
    at.changes.remember(_FACTS, now)
    return tuple(edition for edition in out if edition)


def _restated(at: Installation, report: Report, night: date, today: date) -> Published | None:
    tell(report.id, "restate", f"{night}")
    with date_lock(at.ledger_store, night, this_run(), at.settings.lock_minutes):
        complete.fn(night)
        for kind in report.periods:
            figures(kind, night, restated_on=today)
        try:
            enough.fn(report.id, night)
        except TooFewRows as error:
            tell(report.id, "not published", str(error))
            return None
        published = edition.fn(report.id, night)
        regional.fn(report.id, night)
        return published
