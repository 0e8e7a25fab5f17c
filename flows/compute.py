"""Accepted rows → facts → completeness and indicators, for what has changed and no more."""

from dataclasses import dataclass
from datetime import date

from prefect import task

from flows.progress import tell
from flows.steps import PERSISTED, done
from infra.changes import NEVER
from infra.code_version import code_version
from infra.installation import installation
from infra.ledger import fingerprint
from transforms.deliveries import (
    COMPLETENESS,
    completeness,
    deliveries_table,
    every_feed,
    feeds_with_gaps,
    owed_deliveries,
    screened_table,
)
from transforms.facts import FACT_BY_NAME, FACTS, touched_partitions
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.indicators import INDICATOR_TABLE, INDICATORS, unreconciled, values_for
from transforms.periods import Period, PeriodKind


@dataclass(frozen=True, slots=True)
class Computed:
    """A table after a step: which partitions were replaced, and its version."""

    table: str
    dates: int
    version: int | None


class Unreconciled(ValueError):
    """Figures contradict each other; nothing may be published from them."""


@task(name="facts", task_run_name="{fact} {business_date}", **PERSISTED)
def facts(fact: str, business_date: date) -> Computed:  # noqa: ARG001
    """Accepted rows → the partitions of one fact under which rows have changed."""
    at, which = installation(), FACT_BY_NAME[fact]
    tables = {feed: FEED_BY_NAME[feed].accepted_table for feed in which.feeds}
    before, now = at.changes.before(fact), at.changes.now(tables)
    changed = {
        feed: rows
        for feed, table in tables.items()
        if (rows := at.changes.rows(table, before.get(feed, NEVER), now[feed])) is not None
    }
    if not changed:
        return Computed(fact, 0, at.lake.version(which.table))
    accepted = {feed: at.lake.read(table) for feed, table in tables.items()}
    touched = touched_partitions(which, accepted, changed).collect()
    dates = touched["business_date"].to_list()
    tell(fact, "compute", f"{len(dates)} dates")
    version = at.lake.replace(
        which.table,
        which.rows(**accepted).join(touched.lazy(), on="business_date", how="semi"),
        partitions={"business_date": dates},
    )
    at.changes.remember(fact, now)
    tell(fact, "computed", f"{len(dates)} dates")
    return Computed(fact, len(dates), version)


@task(name="completeness", task_run_name="completeness {business_date}", **PERSISTED)
def complete(business_date: date) -> Computed:
    """What was owed since the year before began, what came of it, and what is missing."""
    at, since = installation(), date(business_date.year - 1, 1, 1)
    tables = [t for feed in FEEDS for t in (deliveries_table(feed), screened_table(feed))]
    inputs = fingerprint(code_version(), at.lake.versions(tables), at.catalogue.digest)
    if at.ledger.is_last(business_date, "completeness", "all", inputs):
        return Computed(COMPLETENESS.name, 0, at.lake.version(COMPLETENESS))
    seen = every_feed(
        completeness(
            at.lake.read(deliveries_table(feed), since=since, until=business_date),
            at.lake.read(screened_table(feed), since=since, until=business_date),
            owed_deliveries(at.catalogue.owed(feed.name, since, business_date)),
            feed=feed.name,
            night=business_date,
        )
        for feed in FEEDS
    )
    version = at.lake.replace(COMPLETENESS, seen, partitions={"night": [business_date]})
    at.ledger.settle(done(business_date, "completeness", "all", inputs, version=version))
    return Computed(COMPLETENESS.name, 1, version)


@task(name="indicators", task_run_name="indicators {period} {business_date}", **PERSISTED)
def indicators(period: PeriodKind, business_date: date) -> Computed:
    """Facts → figures of one period with what it is compared to, checked against each other.

    Raises:
        Unreconciled: regions do not add up to the country, or parts to their whole.
    """
    at, this = installation(), Period.ending(period, business_date)
    periods = list(dict.fromkeys([this, this.before, this.year_before]))
    versions = at.lake.versions([fact.table for fact in FACTS])
    gaps = _feeds_with_gaps(business_date, this)
    inputs = fingerprint(period, code_version(), versions, {"gaps": gaps})
    if at.ledger.is_last(business_date, "indicators", period, inputs):
        return Computed(INDICATOR_TABLE.name, 0, at.lake.version(INDICATOR_TABLE))
    figures = values_for(
        INDICATORS,
        {fact.table.name: at.lake.read(fact.table) for fact in FACTS},
        periods,
        business_date,
        provisional=[f.table.name for f in FACTS if set(f.feeds) & set(gaps)],
        versions=versions,
    )
    values = figures.collect()
    _require_reconciled(unreconciled(values.lazy()).collect()["indicator"].unique().to_list())
    version = at.lake.replace(
        INDICATOR_TABLE,
        values.lazy(),
        partitions={"business_date": [business_date], "period": [period.value]},
    )
    at.ledger.settle(done(business_date, "indicators", period, inputs, version=version))
    tell(f"indicators {period}", "computed", f"{len(INDICATORS)} indicators")
    return Computed(INDICATOR_TABLE.name, 1, version)


def _feeds_with_gaps(business_date: date, period: Period) -> list[str]:
    complete_ = installation().lake.read(COMPLETENESS, partitions={"night": [business_date]})
    return feeds_with_gaps(complete_, period.start, period.end).collect()["feed"].to_list()


def _require_reconciled(broken: list[str]) -> None:
    if broken:
        raise Unreconciled(
            f"{', '.join(sorted(broken))}: the parts do not add up to the whole. Nothing was "
            f"published; the last edition stays. This is a fault of the program or of a codelist, "
            f"not of a delivery: call the developers."
        )
