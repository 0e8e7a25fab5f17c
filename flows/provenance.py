"""What an edition is made from, read at named versions, and where its figures come from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from posixpath import relpath
from typing import Any

from infra.check_pages import evaluation_folder, latest
from infra.code_version import code_version
from infra.editions import Place
from infra.installation import Installation, installation
from infra.lake import AsOf, Partitions
from templates.found import Found
from templates.provenance import Traced, provenance
from templates.render import Inputs, render
from templates.reports import REPORT_BY_ID, Report
from templates.sections.rules import RulesMeasured
from transforms.annex import annex_table, facts_of, rows_behind
from transforms.contracts import Table
from transforms.deliveries import COMPLETENESS, deliveries_table, notable, screened_table
from transforms.disclosure import (
    disclosed,
    disclosed_anomalies,
    disclosed_revisions,
    parameters_of_disclosure,
)
from transforms.droppers.evaluation import EVALUATION, last_of_rules
from transforms.droppers.typologies import in_force_on, rule_version, typologies
from transforms.facts import ALL_FACTS, FACTS
from transforms.feeds import FEED_BY_NAME, FEEDS
from transforms.feeds.feed import Feed
from transforms.indicators import (
    ANOMALIES,
    INDICATOR_BY_ID,
    INDICATOR_REVISIONS,
    INDICATOR_TABLE,
    INDICATORS,
    LARGEST,
    revisions_told,
)
from transforms.periods import Period
from transforms.provenance import days_behind, delivery_files, files_behind
from transforms.regions import COUNTRY
from transforms.seizures.largest import LARGEST_SEIZURES
from transforms.seizures.units import COUNTED_DRUGS

RECENT = timedelta(days=7)

TABLES: tuple[Table, ...] = (
    INDICATOR_TABLE,
    INDICATOR_REVISIONS,
    ANOMALIES,
    LARGEST,
    LARGEST_SEIZURES,
    COUNTED_DRUGS,
    COMPLETENESS,
    EVALUATION,
    *(fact.table for fact in ALL_FACTS),
    *{table.name: table for fact in FACTS for table in fact.beside}.values(),
    *(feed.accepted_table for feed in FEEDS),
    *(screened_table(feed) for feed in FEEDS),
    *(deliveries_table(feed) for feed in FEEDS),
)


@dataclass(frozen=True, slots=True)
class Sources:
    """The tables of an edition, sealed, as it read them."""

    sealed: Mapping[str, Mapping[str, object]]
    lake: AsOf

    @classmethod
    def now(cls, at: Installation) -> "Sources":
        """The tables as they are."""
        return cls.named(at, at.seals.all_of(TABLES))

    @classmethod
    def named(cls, at: Installation, sealed: Mapping[str, Mapping[str, Any]]) -> "Sources":
        """The tables as a manifest names them."""
        return cls(sealed, at.lake.as_of({name: told["version"] for name, told in sealed.items()}))


def inputs_of(report: Report, ending: date, lake: AsOf) -> Inputs:
    """What all editions of a report and night are made from."""
    periods = [period.value for period in report.periods]
    values = lake.read(INDICATOR_TABLE, partitions={"business_date": [ending], "period": periods})
    seen = notable(
        lake.read(COMPLETENESS, partitions={"night": [ending]}),
        business_date=ending,
        since=ending - RECENT,
    )
    # Places lie equally deep: seen from any of them, the pages of the rules are at one address.
    rules = _rules(ending, lake, seen_from=f"{Place(report.id, COUNTRY, ending).address}/r1")
    return Inputs(values.collect(), seen.collect(), rules, _found(report, ending, lake))


def _found(report: Report, ending: date, lake: AsOf) -> Found:
    """What the night found; of revisions, those of its own figures and those that it made."""
    night: Partitions = {
        "business_date": [ending],
        "period": [kind.value for kind in report.periods],
    }
    own: Partitions = {"business_date": [ending], "period": [report.period.value]}
    return Found(
        revisions=revisions_told(lake.read(INDICATOR_REVISIONS), ending).collect(),
        anomalies=lake.read(ANOMALIES, partitions=own).collect(),
        largest=lake.read(LARGEST, partitions=night).collect(),
        seizures=lake.read(LARGEST_SEIZURES, partitions=own).collect(),
        counted=lake.read(COUNTED_DRUGS, partitions=own).collect(),
    )


def disclosable(inputs: Inputs, ending: date) -> Inputs:
    """The inputs without counts of few persons, and without what those would follow from."""
    parameters, found = parameters_of_disclosure(), inputs.found
    shown = disclosed(inputs.indicators, parameters, ending)
    found = replace(
        found,
        revisions=disclosed_revisions(found.revisions, shown, parameters, ending),
        anomalies=disclosed_anomalies(found.anomalies, shown),
    )
    return replace(inputs, indicators=shown, found=found)


def rendered(place: Place, inputs: Inputs, release: str, revision: int) -> dict[str, bytes]:
    """The files of an edition; `release` as the manifest says it: by rule or person."""
    return render(
        REPORT_BY_ID[place.report],
        area=place.area,
        business_date=place.period_end,
        revision=revision,
        release=release,
        indicators=inputs.indicators,
        completeness=inputs.completeness,
        checks=relpath(latest(place.period_end), place.edition(revision)),
        rules=inputs.rules,
        found=inputs.found,
        catalogue=INDICATORS,
    )


class Trace:
    """Days and files behind the figures of one report and night, looked up once for all areas."""

    def __init__(self, report: Report, ending: date, sources: Sources) -> None:
        self.report = report
        self.ending = ending
        self._sources = sources
        kinds = [Period.ending(kind, ending) for kind in report.periods]
        periods = dict.fromkeys(p for k in kinds for p in (k, k.before, k.year_before))
        self.facts = {
            # Many small files, and each figure looks at them in every period: read once.
            table.name: sources.lake.read(table, until=ending if table.partitioned_by else None)
            .collect()
            .lazy()
            for table in (fact.table for fact in ALL_FACTS)
        }
        days = days_behind(INDICATORS, self.facts, list(periods)).collect()
        since = min(period.start for period in periods)
        files = [_delivered(feed, sources.lake, since, ending) for feed in FEEDS]
        self._files = files_behind(files, days.lazy(), INDICATORS).collect()
        self._days: dict[tuple[str, str, str], list[date]] = {}
        for indicator, kind, end, day in days.iter_rows():
            self._days.setdefault((indicator, kind, str(end)), []).append(day)

    def files_of(self, area: str, files: Mapping[str, bytes], rules: str) -> dict[str, bytes]:
        """The provenance of an edition that consists of these files."""
        document = json.loads(files["figures.json"])
        traced = Traced(
            report=self.report.id,
            area=area,
            business_date=self.ending,
            figures=document["figures"],
            told=document["told"],
            catalogue=INDICATOR_BY_ID,
            tables=self._sources.sealed,
            days=self._days,
            files=self._files,
            code_version=code_version(),
            rules_version=rules,
        )
        return provenance(traced, self.report.languages)

    @cached_property
    def behind(self) -> Mapping[str, tuple[Table, Any]]:
        """By name, the rows that the figures of the report count in its period, with names."""
        lake = self._sources.lake
        shown = [INDICATOR_BY_ID[name] for name in self.report.indicators]
        names = {
            feed: lake.read(FEED_BY_NAME[feed].accepted_table, until=self.ending)
            for feed in ("account_holders", "legal_entities")
        }
        period = Period.ending(self.report.period, self.ending)
        counting = facts_of(shown, INDICATOR_BY_ID)
        return {
            fact.table.name: (
                annex_table(fact),
                rows_behind(
                    fact,
                    self.facts[fact.table.name],
                    counting[fact.table.name],
                    period,
                    self.ending,
                    holders=names["account_holders"],
                    entities=names["legal_entities"],
                ).collect(engine="streaming"),
            )
            for fact in ALL_FACTS
            if fact.table.name in counting
        }


def trace_of(report: Report, ending: date, sources: Sources) -> Trace:
    """The trace of a report's figures; the country's editions and those of regions share one."""
    return _trace(report.id, ending, json.dumps(sources.sealed, sort_keys=True))


@lru_cache(maxsize=2)
def _trace(report: str, ending: date, sealed: str) -> Trace:
    sources = Sources.named(installation(), json.loads(sealed))
    return Trace(REPORT_BY_ID[report], ending, sources)


def _delivered(feed: Feed, lake: AsOf, since: date, until: date) -> Any:
    receipts, screened = (
        lake.read(table, since=since, until=until)
        for table in (deliveries_table(feed), screened_table(feed))
    )
    return delivery_files(feed, receipts, screened)


def _rules(ending: date, lake: AsOf, *, seen_from: str) -> RulesMeasured:
    """The rules in force, and their newest evaluation where this version has one."""
    rules = in_force_on(typologies(), ending)
    version = rule_version(rules)
    measured = last_of_rules(lake.read(EVALUATION), version).collect()
    page = None
    if measured.height:
        folder = evaluation_folder(version, measured["night"][0])
        page = relpath(f"{folder}/evaluation", seen_from)
    return RulesMeasured(version, rules.to_dicts(), measured, page)
