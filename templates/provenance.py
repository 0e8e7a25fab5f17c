"""Where each figure of an edition comes from: as a page for people and as JSON for machines."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import polars as pl

from templates.html import provenance_html
from templates.measures import shown
from templates.model import Fact, LanguageLink
from templates.places import area_name
from templates.provenance_model import (
    FeedFiles,
    FigureRow,
    FileRow,
    Origin,
    ProvenancePage,
    SourceTable,
)
from templates.reports import REPORT_BY_ID
from templates.terms import feed_name, institution_name, member_name
from templates.wording import LANGUAGE_NAMES, Wording, wording
from transforms.indicators import Indicator
from transforms.periods import Period, PeriodKind
from transforms.provenance import counted_as, grain_feed

MOST_FILES = 25
FILES = "provenance.files.csv"
DATA = "provenance.json"


@dataclass(frozen=True, slots=True)
class Traced:
    """What is known of where the figures of one edition come from.

    `figures` are those of its data; `days` are the business dates behind each figure, by
    indicator, kind and end of the period; `files` are rows of `DELIVERY_FILES`; `told` are numbers
    that sentences tell of figures.
    """

    report: str
    area: str
    business_date: date
    figures: Sequence[Mapping[str, Any]]
    catalogue: Mapping[str, Indicator]
    tables: Mapping[str, Mapping[str, Any]]
    days: Mapping[tuple[str, str, str], Sequence[date]]
    files: pl.DataFrame
    code_version: str
    rules_version: str
    told: Sequence[Mapping[str, Any]] = ()

    @property
    def indicators(self) -> list[Indicator]:
        """Those told and their parts, in order of the catalogue; some have no figure that day."""
        shown_ = {*REPORT_BY_ID[self.report].indicators}
        shown_ |= {str(figure["indicator"]) for figure in self.figures}
        parts = {part for name in shown_ for part in self.catalogue[name].made_of}
        return [one for name, one in self.catalogue.items() if name in shown_ | parts]

    def made_of(self, indicator: Indicator) -> list[Indicator]:
        return [self.catalogue[part] for part in indicator.made_of] or [indicator]

    def feeds(self, indicator: Indicator) -> list[str]:
        facts = [one.fact for one in self.made_of(indicator)]
        return list(dict.fromkeys(feed for fact in facts if fact for feed in fact.feeds))

    def days_of(self, indicator: Indicator, period: str, end: str) -> list[date]:
        made_of = self.made_of(indicator)
        return sorted({day for one in made_of for day in self.days.get((one.id, period, end), ())})


def provenance(traced: Traced, languages: Sequence[str]) -> dict[str, bytes]:
    """The files by name, all of which begin with `provenance.`; equal inputs give equal bytes."""
    pages = {
        f"provenance.{language}.html": provenance_html(page(traced, language, languages))
        for language in languages
    }
    csv = traced.files.write_csv().encode()
    return {**pages, DATA: _data(traced), FILES: csv}


def page(traced: Traced, language: str, languages: Sequence[str]) -> ProvenancePage:
    """The page in one language."""
    words = wording(language)
    say = words.say
    return ProvenancePage(
        language=language,
        languages=tuple(
            LanguageLink(
                other, LANGUAGE_NAMES[other], f"provenance.{other}.html", other == language
            )
            for other in languages
        ),
        issuer=say("General Prosecutor's Office of the Republic of Kazakhstan"),
        report_title=say(REPORT_BY_ID[traced.report].title),
        area=area_name(traced.area, words),
        day=words.long_date(traced.business_date),
        edition=f"{language}.html",
        facts=(
            Fact(say("Version of the code"), traced.code_version),
            Fact(say("Version of the rules"), traced.rules_version),
        ),
        origins=tuple(_origin(traced, one, words) for one in traced.indicators),
        tables=tuple(
            SourceTable(name, str(told["version"]), words.whole(told["files"]), told["sha256"])
            for name, told in sorted(traced.tables.items())
            if told["version"] is not None
        ),
        feeds=tuple(_of_feeds(traced, words)),
        data=DATA,
        files=FILES,
    )


def _origin(traced: Traced, indicator: Indicator, words: Wording) -> Origin:
    kind = REPORT_BY_ID[traced.report].period
    kept, made = counted_as(indicator, Period.ending(kind, traced.business_date))
    name, language = indicator.fact.table.name if indicator.fact else "", words.language
    version = traced.tables[name]["version"] if name in traced.tables else None
    return Origin(
        id=indicator.id,
        name=getattr(indicator.name, language),
        definition=getattr(indicator.definition, language),
        leaves_out=getattr(indicator.leaves_out, language),
        legal_source=indicator.source,
        filter=kept,
        value=made,
        parts=tuple((p, getattr(traced.catalogue[p].name, language)) for p in indicator.made_of),
        table=name,
        version="" if version is None else str(version),
        feeds=tuple((feed, feed_name(feed, words)) for feed in traced.feeds(indicator)),
        figures=tuple(_rows(traced, indicator, words)),
    )


def _rows(traced: Traced, indicator: Indicator, words: Wording) -> Iterable[FigureRow]:
    for figure in traced.figures:
        if figure["indicator"] != indicator.id:
            continue
        period = Period(
            PeriodKind(figure["period"]),
            date.fromisoformat(figure["period_start"]),
            date.fromisoformat(figure["period_end"]),
        )
        days = traced.days_of(indicator, figure["period"], figure["period_end"])
        member = figure["dimension"] and member_name(figure["dimension"], figure["member"], words)
        yield FigureRow(
            id=figure["key"],
            period=_span(period),
            place=area_name(figure["region_code"], words),
            member=member,
            value=shown(figure["value"], figure["unit"], words),
            days=words.whole(len(days)) if days else "",
        )


def _span(period: Period) -> str:
    return f"{period.start}" if period.start == period.end else f"{period.start} – {period.end}"


def _of_feeds(traced: Traced, words: Wording) -> Iterable[FeedFiles]:
    for (feed,), files in traced.files.group_by("feed", maintain_order=True):
        last = files.sort("business_date", "institution", descending=[True, False])
        rows = tuple(
            FileRow(
                day=str(row["business_date"]),
                institution=institution_name(row["institution"], words),
                file=row["file_name"],
                rows=words.whole(row["rows_delivered"]),
                accepted=words.whole(row["rows_accepted"]),
                sha256=row["sha256"],
            )
            for row in last.head(MOST_FILES).iter_rows(named=True)
        )
        left = len(files) - len(rows)
        yield FeedFiles(
            id=f"feed-{feed}",
            name=feed_name(str(feed), words),
            told=words.count("%(n)s file", "%(n)s files", len(files)),
            sha256=sha256("\n".join(sorted(files["sha256"])).encode()).hexdigest(),
            rows=rows,
            more=words.count("%(n)s more file in", "%(n)s more files in", left) if left else "",
        )


def _data(traced: Traced) -> bytes:
    kind = REPORT_BY_ID[traced.report].period
    indicators = {}
    for one in traced.indicators:
        kept, made = counted_as(one, Period.ending(kind, traced.business_date))
        indicators[one.id] = {
            "filter": kept,
            "value": made,
            "table": one.fact.table.name if one.fact else None,
            "parts": list(one.made_of),
            "feeds": traced.feeds(one),
            "grain_feed": grain_feed(one),
            "days": {
                f"{period}/{end}": [str(day) for day in days]
                for (name, period, end), days in sorted(traced.days.items())
                if name == one.id
            },
        }
    figures = [
        {name: f[name] for name in ("key", "indicator", "period", "period_end", "value", "unit")}
        for f in traced.figures
    ]
    document = {
        "code_version": traced.code_version,
        "rules_version": traced.rules_version,
        "tables": traced.tables,
        "indicators": indicators,
        "figures": figures,
        "told": [{name: t[name] for name in ("key", "figure", "table")} for t in traced.told],
        "files": FILES,
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    return text.encode() + b"\n"
