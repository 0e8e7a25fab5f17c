"""From the indicators of a night to one edition, worded and frozen."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from templates.comparing import comparisons, period_text
from templates.completeness import with_affected
from templates.figures import Figures
from templates.found import Found
from templates.material import Material
from templates.model import Edition, LanguageLink
from templates.places import area_name
from templates.reports import Report
from templates.sections.alerts import alerts
from templates.sections.bar_chart import bar_chart
from templates.sections.chapter import chapter_table
from templates.sections.deliveries import deliveries
from templates.sections.downloads import downloads
from templates.sections.headline import headline
from templates.sections.lead import lead
from templates.sections.notes import RELEASES, note, provenance, reading
from templates.sections.number_tables import history_table, member_table, region_table
from templates.sections.revisions import revisions
from templates.sections.rules import RulesMeasured, rules_table
from templates.sections.tile_map import tile_map
from templates.told import told_numbers
from templates.wording import LANGUAGE_NAMES, wording
from transforms.indicators import Indicator
from transforms.periods import Period
from transforms.regions import COUNTRY


def edition(
    report: Report,
    *,
    area: str,
    business_date: date,
    revision: int,
    release: str,
    language: str,
    indicators: pl.DataFrame,
    completeness: pl.DataFrame,
    checks: str,
    rules: RulesMeasured,
    found: Found,
    catalogue: Sequence[Indicator],
    fingerprint: str,
) -> Edition:
    """One edition of a report. Equal inputs give an equal edition.

    Args:
        report: which report.
        area: the country, or the code of a region: then without map and tables of regions.
        business_date: the night; the period of the report ends on it.
        revision: 1 for the first edition of the period.
        release: who lets it out, by `RELEASES`: rule or person.
        language: one of the report's languages.
        indicators: rows of `INDICATOR_TABLE` as of that night, of all periods that are compared.
        completeness: one row for each delivery of the night, recent oddity, and gap; `affects`
            lists the indicators that rest on it, those of its feed where the column is absent.
        checks: where the page of the rules is, seen from the edition; it depends on the night
            alone, never on the run, so that equal figures stay equal bytes.
        rules: the typologies in force, and how they did when they were measured.
        found: what the night found beside the figures: revisions, anomalies, largest cases.
        catalogue: definitions of all indicators of the report.
        fingerprint: digest of the data that the indicators were computed from.

    Raises:
        FiguresDisagree: parts, regions or members do not add up to their total.
        NotInCatalogue: the report shows an indicator without a definition.
        UnknownLanguage: there is no such language.
    """
    words, report = wording(language), report.within(area)
    period = Period.ending(report.period, business_date)
    material = Material(
        report=report,
        period=period,
        area=area,
        revision=revision,
        compared=comparisons(report, period, words),
        beside=Period.ending(report.beside, business_date) if report.beside else None,
        figures=Figures(indicators, catalogue, words),
        completeness=with_affected(completeness, catalogue),
        found=found,
        checks=checks,
        notes={name: str(n) for n, name in enumerate(report.indicators, start=1)},
        words=words,
    )
    return Edition(
        report_id=report.id,
        language=language,
        languages=tuple(
            LanguageLink(other, LANGUAGE_NAMES[other], f"{other}.html", other == language)
            for other in report.languages
        ),
        downloads=tuple(downloads(words)),
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        title=words.say(report.title),
        area=area_name(area, words),
        area_code=area,
        ends_on=period.end,
        period=period_text(period, words),
        period_note=words.say("Data as of %(date)s", date=words.long_date(business_date)),
        revision=words.say("Revision %(number)s", number=str(revision)),
        revision_number=revision,
        release=words.say(RELEASES[release]),
        headlines=tuple(headline(material, name) for name in report.headlines),
        alerts=tuple(alerts(material)),
        tile_map=tile_map(material) if area == COUNTRY else None,
        charts=tuple(bar_chart(material, name) for name in report.charts),
        chapters=tuple(chapter_table(material, chapter) for chapter in report.chapters),
        history=history_table(material),
        region_tables=tuple(region_table(material, table) for table in report.region_tables),
        member_tables=tuple(member_table(material, table) for table in report.member_tables),
        deliveries=deliveries(material),
        revisions=revisions(material),
        reading=tuple(reading(material)),
        notes=tuple(note(material, name) for name in report.indicators),
        rules=rules_table(rules, words),
        provenance=tuple(provenance(material, release, fingerprint)),
        # These tell of every figure shown above, so they stand after all of them.
        lead=tuple(lead(material)),
        status=words.say("Provisional") if material.is_provisional else words.say("Final"),
        is_provisional=material.is_provisional,
        data=material.figures.data,
        told=tuple(told_numbers(material)),
    )
