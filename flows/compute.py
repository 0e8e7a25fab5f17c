"""Accepted rows → facts → completeness and indicators, for what has changed and no more."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import task

from flows.owed import completeness_of, envelope_of_one, handed_over
from flows.progress import tell
from flows.revisions import note_revisions
from flows.steps import PERSISTED, alone, done
from infra.changes import NEVER
from infra.code_version import code_version
from infra.installation import installation
from infra.lake import AsOf, Lake, Partitions
from infra.ledger import fingerprint
from templates.reports import REPORT_BY_ID, REPORTS
from transforms.contracts import Table
from transforms.cross_checks import CROSS_CHECKS_TABLE, FEEDS_JUDGED, cross_checks
from transforms.deliveries import (
    COMPLETENESS,
    counting_deliveries,
    deliveries_table,
    feeds_with_gaps,
    screened_table,
)
from transforms.facts import ALL_FACTS, FACT_BY_NAME, differing_partitions, touched_partitions
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.indicators import (
    ANOMALIES,
    INDICATOR_TABLE,
    INDICATORS,
    LARGEST,
    Facts,
    anomalies,
    largest,
    unreconciled,
    values_for,
    with_history,
    with_parts,
)
from transforms.periods import Period, PeriodKind
from transforms.seizures.items import SEIZURES
from transforms.seizures.largest import LARGEST_SEIZURES, largest_seizures
from transforms.seizures.units import COUNTED_DRUGS, counted_drugs
from transforms.volumes import VOLUMES, Envelope, collapsed, volumes
from transforms.volumes import every_feed as volumes_of


@dataclass(frozen=True, slots=True)
class Computed:
    """A table after a step: which partitions were replaced, and its version."""

    table: str
    dates: int
    version: int | None


class TooFewRows(ValueError):
    """So little came of a feed that figures made of it would mislead; the last edition stays."""


class Unreconciled(ValueError):
    """Figures contradict each other; nothing may be published from them."""


@task(name="facts", task_run_name="{fact} {business_date}", **PERSISTED)
@alone("{fact}")
def facts(fact: str, business_date: date) -> Computed:  # noqa: ARG001
    """Accepted rows → the partitions of one fact under which rows have changed."""
    at, which = installation(), FACT_BY_NAME[fact]
    tables = {feed: FEED_BY_NAME[feed].accepted_table for feed in which.feeds}
    tables |= which.decisions
    before, now = at.changes.before(fact), at.changes.now(tables)
    changed = {
        feed: rows
        for feed, table in tables.items()
        if (rows := at.changes.rows(table, before.get(feed, NEVER), now[feed])) is not None
    }
    if not changed:
        return Computed(fact, 0, at.lake.version(which.table))
    accepted = {feed: at.lake.read(table) for feed, table in tables.items()}
    made = which.rows(**accepted)
    if which.spreads:
        made = made.collect().lazy()
        touched = differing_partitions(at.lake.read(which.table), made).collect()
    else:
        touched = touched_partitions(which, accepted, changed).collect(engine="streaming")
    dates = touched["business_date"].to_list()
    if not dates:  # rows came, or went, of which no fact is made
        at.changes.remember(fact, now)
        return Computed(fact, 0, at.lake.version(which.table))
    tell(fact, "compute", f"{len(dates)} dates")
    version = at.lake.replace(
        which.table,
        made.join(touched.lazy(), on="business_date", how="semi"),
        partitions={"business_date": dates},
    )
    at.changes.remember(fact, now)
    tell(fact, "computed", f"{len(dates)} dates")
    return Computed(fact, len(dates), version)


@task(name="completeness", task_run_name="completeness {business_date}", **PERSISTED)
def complete(business_date: date) -> Computed:
    """What was owed since the year before began, what came of it, and what is missing.

    Beside it, how many rows came of each feed on this date, and how many usually do.
    """
    at = installation()
    of_one = envelope_of_one(at)
    of_all = Envelope(at.settings.volume_floor, at.settings.volume_ceiling)
    tables = [t for feed in FEEDS for t in (deliveries_table(feed), screened_table(feed))]
    envelopes = {"of_one": [*of_one], "of_all": [*of_all]}
    inputs = fingerprint(code_version(), at.lake.versions(tables), at.catalogue.digest, envelopes)
    if at.ledger.is_last(business_date, "completeness", "all", inputs):
        return Computed(COMPLETENESS.name, 0, at.lake.version(COMPLETENESS))
    came = handed_over(business_date, at.lake)
    seen = completeness_of(at, business_date, at.lake, came)
    counts = volumes_of(
        volumes(
            counting_deliveries(came[feed.name].lazy()),
            feed=feed.name,
            night=business_date,
            envelope=of_all,
        )
        for feed in FEEDS
    )
    at.lake.replace(VOLUMES, counts, partitions={"night": [business_date]})
    version = at.lake.replace(COMPLETENESS, seen, partitions={"night": [business_date]})
    at.ledger.settle(done(business_date, "completeness", "all", inputs, version=version))
    return Computed(COMPLETENESS.name, 1, version)


@task(name="cross checks", task_run_name="cross checks {business_date}", **PERSISTED)
def across(business_date: date) -> Computed:
    """Accepted rows of the night → which rules between feeds they break."""
    at = installation()
    tables = {feed: FEED_BY_NAME[feed].accepted_table for feed in FEEDS_JUDGED}
    inputs = fingerprint(code_version(), at.lake.versions(list(tables.values())))
    if at.ledger.is_last(business_date, "cross_checks", "all", inputs):
        return Computed(CROSS_CHECKS_TABLE.name, 0, at.lake.version(CROSS_CHECKS_TABLE))
    accepted = {feed: at.lake.read(table, until=business_date) for feed, table in tables.items()}
    found = cross_checks(accepted, business_date)
    version = at.lake.replace(CROSS_CHECKS_TABLE, found, partitions={"night": [business_date]})
    at.ledger.settle(done(business_date, "cross_checks", "all", inputs, version=version))
    return Computed(CROSS_CHECKS_TABLE.name, 1, version)


@task(name="volumes", task_run_name="volumes {report} {business_date}", **PERSISTED)
def enough(report: str, business_date: date) -> Computed:
    """Whether as much came as a report can be made of.

    Raises:
        TooFewRows: a mandatory feed that the report rests on is below its floor.
    """
    at, which = installation(), REPORT_BY_ID[report]
    short = collapsed(at.lake.read(VOLUMES, partitions={"night": [business_date]})).collect()
    facts_used = [i.fact for i in INDICATORS if i.id in which.indicators and i.fact is not None]
    resting = {feed for fact in facts_used for feed in fact.feeds} & at.catalogue.mandatory
    told = [
        f"{row['feed']} has {row['rows']} rows for {business_date}, where {row['usual_rows']} are "
        f"usual on that weekday and {row['healthy_rows']} came for {row['healthy_date']}"
        for row in short.iter_rows(named=True)
        if row["feed"] in resting
    ]
    if told:
        raise TooFewRows(
            f"{'; '.join(told)}. No {report} report was published; the last one stays. Ask the "
            f"institutions for what is missing and run the night again. If these rows are all "
            f"there are, publish with AQSHA_VOLUME_FLOOR=0."
        )
    return Computed(VOLUMES.name, 0, at.lake.version(VOLUMES))


@task(name="indicators", task_run_name="indicators {period} {business_date}", **PERSISTED)
def indicators(period: PeriodKind, business_date: date) -> Computed:
    """Facts → figures of one period with what it is compared to, checked against each other.

    Raises:
        Unreconciled: regions do not add up to the country, or parts to their whole.
    """
    return figures(period, business_date, restated_on=business_date)


def figures(period: PeriodKind, business_date: date, *, restated_on: date) -> Computed:
    """The same, of the night that restates them; what differs from before is noted, with why."""
    at, this = installation(), Period.ending(period, business_date)
    versions = at.lake.versions([fact.table for fact in ALL_FACTS])
    gaps = _feeds_with_gaps(business_date, this, at.lake)
    inputs = fingerprint(period, code_version(), versions, {"gaps": gaps})
    if at.ledger.is_last(business_date, "indicators", period, inputs):
        return Computed(INDICATOR_TABLE.name, 0, at.lake.version(INDICATOR_TABLE))
    # Many small files, and each figure looks at them three times: read once.
    whole = {fact.table.name: at.lake.read(fact.table).collect().lazy() for fact in ALL_FACTS}
    values = figures_of(this, business_date, whole, versions, gaps).collect()
    _require_reconciled(unreconciled(values.lazy()).collect()["indicator"].unique().to_list())
    partition: Partitions = {"business_date": [business_date], "period": [period.value]}
    _note_found(whole, this, versions)
    known = note_revisions(values.lazy(), business_date, period, restated_on)
    version = at.lake.replace(INDICATOR_TABLE, values.lazy(), partitions=partition)
    at.ledger.settle(
        done(business_date, "indicators", period, inputs, version=version, changes=known)
    )
    tell(f"indicators {period}", "computed", f"{len(INDICATORS)} indicators")
    return Computed(INDICATOR_TABLE.name, 1, version)


def figures_again(period: PeriodKind, business_date: date, lake: AsOf, facts: Facts) -> Any:
    """The figures of a period as the night made them, from tables at the versions of an edition."""
    this = Period.ending(period, business_date)
    gaps = _feeds_with_gaps(business_date, this, lake)
    return figures_of(this, business_date, facts, lake.versions, gaps)


def figures_of(
    period: Period,
    business_date: date,
    facts: Mapping[str, Any],
    versions: Mapping[str, int | None],
    gaps: Collection[str],
) -> Any:
    """The figures of a period and of what it is compared to, from whole tables of facts.

    Of the headlines, those of the periods before too.
    """
    values = values_for(
        INDICATORS,
        facts,
        list(dict.fromkeys([period, period.before, period.year_before])),
        business_date,
        provisional=[f.table.name for f in ALL_FACTS if set(f.feeds) & set(gaps)],
        versions=versions,
    )
    curved = with_parts(INDICATORS, {name for report in REPORTS for name in report.headlines})
    return with_history(values, curved, facts, period, business_date, versions=versions)


def found_of(
    facts: Facts, this: Period, versions: Mapping[str, int | None]
) -> Iterator[tuple[Table, Any]]:
    """Beside the figures: what is far from its own past, which single cases carry amounts, which
    seizures carry weights, and what was counted instead of weighed."""
    yield ANOMALIES, anomalies(INDICATORS, facts, this, versions=versions)
    spans = [this, this.before, this.year_before]
    yield LARGEST, largest(INDICATORS, facts, spans, this.end)
    yield LARGEST_SEIZURES, largest_seizures(facts[SEIZURES.name], this)
    yield COUNTED_DRUGS, counted_drugs(facts[SEIZURES.name], this)


def _note_found(facts: Facts, this: Period, versions: Mapping[str, int | None]) -> None:
    partition: Partitions = {"business_date": [this.end], "period": [this.kind.value]}
    for table, rows in found_of(facts, this, versions):
        installation().lake.replace(table, rows.collect().lazy(), partitions=partition)


def _feeds_with_gaps(business_date: date, period: Period, lake: Lake | AsOf) -> list[str]:
    complete_ = lake.read(COMPLETENESS, partitions={"night": [business_date]})
    return feeds_with_gaps(complete_, period.start, period.end).collect()["feed"].to_list()


def _require_reconciled(broken: list[str]) -> None:
    if broken:
        raise Unreconciled(
            f"{', '.join(sorted(broken))}: the parts do not add up to the whole. Nothing was "
            f"published; the last edition stays. This is a fault of the program or of a codelist, "
            f"not of a delivery: call the developers."
        )
