"""From the indicators of a night to one edition, worded and frozen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from templates.comparing import Compared, comparisons, period_text
from templates.completeness import (
    absent,
    deliveries,
    effect,
    rows_in,
    set_aside_by_feed,
    with_affected,
)
from templates.figures import PROVISIONAL, Address, Figures
from templates.measures import scale, told
from templates.model import (
    Alert,
    Bar,
    BarChart,
    Column,
    ComparedRow,
    ComparedTable,
    Edition,
    Fact,
    Figure,
    Headline,
    LanguageLink,
    LegendStep,
    Note,
    NumberTable,
    Part,
    Row,
    Tile,
    TileMap,
)
from templates.places import area_name, places, region_name
from templates.reports import Chapter, MemberTable, RegionTable, Report
from templates.terms import DIMENSIONS, UNKNOWN_MEMBER, feed_name, member_name
from templates.wording import Wording, message, wording
from transforms.indicators import Indicator
from transforms.periods import Period, PeriodKind, is_working_day
from transforms.regions import COUNTRY, REGION_CODES, UNKNOWN_REGION

_TILE_WIDTH, _TILE_HEIGHT = 100, 84
_SHADES = 4
_NAMED_REGIONS = 3
_NAMED_BANKS = 3

_LANGUAGE_NAMES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}
_BESIDE = {
    PeriodKind.WEEK: message("since Monday"),
    PeriodKind.MONTH: message("since the beginning of the month"),
    PeriodKind.QUARTER: message("since the beginning of the quarter"),
    PeriodKind.YEAR_TO_DATE: message("since the beginning of the year"),
}


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that the sections of one edition are written from."""

    report: Report
    period: Period
    area: str
    compared: tuple[Compared, ...]
    beside: Period | None
    figures: Figures
    completeness: pl.DataFrame
    notes: dict[str, str]
    words: Wording

    def at(self, indicator: str) -> Address:
        return Address(indicator, self.period, self.area)

    def made_of(self, indicator: str) -> tuple[str, ...]:
        return (indicator, *self.figures.indicator(indicator).parts)

    def told(self, at: Address) -> str:
        value = self.figures.value(at)
        if value is None:
            return self.words.say("no data")
        return told(value, self.figures.indicator(at.indicator).unit, self.words)

    @property
    def beside_title(self) -> str:
        return self.words.say(_BESIDE[self.beside.kind]) if self.beside else ""

    @property
    def is_provisional(self) -> bool:
        """A figure shown so far, of a period that ends with this one, can still change."""
        end = self.period.end.isoformat()
        return any(d.status_code == PROVISIONAL and d.period_end == end for d in self.figures.data)

    @property
    def tonight(self) -> pl.DataFrame:
        """Deliveries for the night itself: of earlier days only what is odd is given."""
        return self.completeness.filter(pl.col("business_date") == self.period.end)

    @property
    def absent(self) -> pl.DataFrame:
        """Deliveries for days of the period of which nothing usable came."""
        return absent(self.completeness, self.period)

    def gap(self, indicator: str) -> str:
        return effect(self.absent, self.made_of(indicator), self.words)

    def beside_figure(self, at: Address) -> Figure | None:
        return self.figures.figure(at._replace(period=self.beside)) if self.beside else None


def edition(
    report: Report,
    *,
    area: str,
    business_date: date,
    revision: int,
    language: str,
    indicators: pl.DataFrame,
    completeness: pl.DataFrame,
    catalogue: Sequence[Indicator],
    fingerprint: str,
) -> Edition:
    """One edition of a report. Equal inputs give an equal edition.

    Args:
        report: which report.
        area: the country, or the code of a region: then without map and tables of regions.
        business_date: the night; the period of the report ends on it.
        revision: 1 for the first edition of the period.
        language: one of the report's languages.
        indicators: rows of `INDICATOR_TABLE` as of that night, of all periods that are compared.
        completeness: one row for each delivery of the night, recent oddity, and gap; `affects`
            lists the indicators that rest on it, those of its feed where the column is absent.
        catalogue: definitions of all indicators of the report.
        fingerprint: digest of the data that the indicators were computed from.

    Raises:
        FiguresDisagree: parts, regions or members do not add up to their total.
        NotInCatalogue: the report shows an indicator without a definition.
        UnknownLanguage: there is no such language.
    """
    words = wording(language)
    period = Period.ending(report.period, business_date)
    desk = _Desk(
        report=report,
        period=period,
        area=area,
        compared=comparisons(report, period, words),
        beside=Period.ending(report.beside, business_date) if report.beside else None,
        figures=Figures(indicators, catalogue, words),
        completeness=with_affected(completeness, catalogue),
        notes={name: str(n) for n, name in enumerate(report.indicators, start=1)},
        words=words,
    )
    is_country = area == COUNTRY
    headlines = tuple(_headline(desk, name) for name in report.headlines)
    alerts = tuple(_alerts(desk, revision))
    tile_map = _tile_map(desk) if is_country else None
    charts = tuple(_bar_chart(desk, name) for name in report.charts) if is_country else ()
    chapters = tuple(_chapter(desk, chapter) for chapter in report.chapters)
    regions = tuple(_by_region(desk, table) for table in report.region_tables if is_country)
    members = tuple(_by_member(desk, table) for table in report.member_tables)
    lead = tuple(_lead(desk))
    return Edition(
        report_id=report.id,
        language=language,
        languages=tuple(
            LanguageLink(other, _LANGUAGE_NAMES[other], f"{other}.html", other == language)
            for other in report.languages
        ),
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        title=words.say(report.title),
        area=area_name(area, words),
        period=period_text(period, words),
        period_note=words.say("Data as of %(date)s", date=words.long_date(business_date)),
        status=words.say("Provisional") if desk.is_provisional else words.say("Final"),
        is_provisional=desk.is_provisional,
        revision=words.say("Revision %(number)s", number=str(revision)),
        lead=lead,
        headlines=headlines,
        alerts=alerts,
        tile_map=tile_map,
        charts=charts,
        chapters=chapters,
        region_tables=regions,
        member_tables=members,
        deliveries=deliveries(
            desk.completeness,
            headlines={name: desk.made_of(name) for name in report.headlines},
            names={name: desk.figures.name(name) for name in report.indicators},
            period=period,
            wording=words,
        ),
        reading=tuple(_reading(desk)),
        notes=tuple(_note(desk, name) for name in report.indicators),
        provenance=tuple(_provenance(desk, business_date, revision, fingerprint)),
        data=desk.figures.data,
    )


def _lead(desk: _Desk) -> Iterable[str]:
    """The number first, then the comparison, then the reservation."""
    total, cards = desk.at("drug_assets_arrested_total"), desk.at("dropper_cards_arrested")
    say = desk.words.say
    if desk.figures.value(total) is None:
        yield say("There is no data for this period.")
    else:
        yield say(
            "%(total)s is the value of arrested assets of the drug trade: %(held)s on dropper "
            "cards (%(cards)s) and %(cases)s in cases of special prosecutors.",
            total=desk.told(total),
            held=desk.told(desk.at("dropper_amount_arrested")),
            cards=desk.told(cards),
            cases=desk.told(desk.at("followmoney_case_amount")),
        )
        for compared in desk.compared:
            yield say(
                "%(against)s: %(money)s in value, %(cards)s in cards.",
                against=compared.heading,
                money=compared.said_change(desk.figures, total),
                cards=compared.said_change(desk.figures, cards),
            )
        yield from _leading_regions(desk)
    yield _reservation(desk)


def _reservation(desk: _Desk) -> str:
    """How far the figures shown so far can still change."""
    gaps = len(desk.absent)
    if gaps and desk.is_provisional:
        return desk.words.count(
            "%(n)s delivery is missing, so the figures marked “p” are provisional.",
            "%(n)s deliveries are missing, so the figures marked “p” are provisional.",
            gaps,
        )
    if gaps:
        return desk.words.count(
            "%(n)s delivery is missing; no figure of this report rests on it.",
            "%(n)s deliveries are missing; no figure of this report rests on them.",
            gaps,
        )
    if desk.is_provisional:
        return desk.words.say("The figures marked “p” are provisional.")
    return desk.words.say("All deliveries that were due are in.")


def _leading_regions(desk: _Desk) -> Iterable[str]:
    """Where most of what the map shows happened."""
    if desk.area != COUNTRY:
        return
    at = desk.at(desk.report.map_of)
    country = desk.figures.value(at)
    if not country:
        return
    counted = [
        (desk.figures.value(at._replace(region=place.code)) or 0, place)
        for place in places(desk.words)
    ]
    first = sorted(counted, key=lambda pair: -pair[0])[:_NAMED_REGIONS]
    named = [f"{place.name} ({desk.words.whole(value)})" for value, place in first if value]
    if named:
        yield desk.words.say(
            "Most cards were arrested in: %(regions)s.", regions=desk.words.series(named)
        )


def _headline(desk: _Desk, name: str) -> Headline:
    at = desk.at(name)
    figures, say = desk.figures, desk.words.say
    figure = figures.figure(at, desk.told(at))
    parts = [Part(figures.name(part.indicator), figures.figure(part)) for part in figures.parts(at)]
    is_provisional = figures.is_provisional(at)
    return Headline(
        name=figures.name(name),
        note=desk.notes[name],
        figure=figure,
        status=say("provisional") if is_provisional else say("final"),
        changes=tuple(compared.change(figures, at) for compared in desk.compared),
        parts=tuple(part for part in parts if figure),
        beside_title=desk.beside_title,
        beside=desk.beside_figure(at),
        gap=desk.gap(name),
    )


def _alerts(desk: _Desk, revision: int) -> Iterable[Alert]:
    """What to know before using the figures, the gravest first."""
    yield from _absent_deliveries(desk)
    yield from _missed_cards(desk)
    yield from _late_deliveries(desk)
    yield from _rows_set_aside(desk)
    yield from _nothing_to_compare(desk)
    yield from _days_off(desk)
    if revision > 1:
        yield Alert(
            "notice",
            desk.words.say("Corrected edition"),
            desk.words.say(
                "This is revision %(number)s; it replaces the earlier ones, which stay available.",
                number=str(revision),
            ),
        )


def _absent_deliveries(desk: _Desk) -> Iterable[Alert]:
    gaps = desk.absent
    if gaps.is_empty():
        return
    feeds = [feed_name(feed, desk.words) for feed in gaps["feed"].unique().sort()]
    hit = [desk.figures.name(name) for name in desk.report.headlines if desk.gap(name)]
    feeds_said = desk.words.say("Missing: %(feeds)s.", feeds="; ".join(feeds))
    hit_said = (
        desk.words.say("May still change: %(names)s.", names="; ".join(hit))
        if hit
        else desk.words.say("No headline figure rests on them.")
    )
    yield Alert(
        "grave",
        desk.words.count(
            "%(n)s delivery is not in or can not be used",
            "%(n)s deliveries are not in or can not be used",
            len(gaps),
        ),
        f"{feeds_said} {hit_said}",
    )


def _missed_cards(desk: _Desk) -> Iterable[Alert]:
    """Arrests that banks did not carry out in time: the one figure that calls for an order."""
    at = desk.at("dropper_cards_missed")
    missed = desk.figures.value(at)
    if not missed:
        return
    by_bank = at._replace(dimension="bank_bic")
    counted = [
        (desk.figures.value(by_bank._replace(member=bank)) or 0, bank)
        for bank in desk.figures.members([at.indicator], by_bank)
    ]
    first = sorted(counted, key=lambda pair: (-pair[0], pair[1]))[:_NAMED_BANKS]
    named = [
        f"{member_name('bank_bic', bank, desk.words)} ({desk.words.whole(value)})"
        for value, bank in first
        if value
    ]
    yield Alert(
        "grave",
        desk.words.count(
            "%(n)s card not arrested in time", "%(n)s cards not arrested in time", missed
        ),
        desk.words.say("Most at: %(banks)s.", banks="; ".join(named)) if named else "",
    )


def _late_deliveries(desk: _Desk) -> Iterable[Alert]:
    late = desk.tonight.filter(pl.col("state_code") == "late")
    if late.is_empty():
        return
    feeds = [feed_name(feed, desk.words) for feed in late["feed"].unique().sort()]
    yield Alert(
        "notice",
        desk.words.count(
            "%(n)s delivery of the night came late",
            "%(n)s deliveries of the night came late",
            len(late),
        ),
        desk.words.say("Counted all the same: %(feeds)s.", feeds="; ".join(feeds)),
    )


def _rows_set_aside(desk: _Desk) -> Iterable[Alert]:
    feeds = set_aside_by_feed(desk.tonight, desk.words)
    if not feeds:
        return
    yield Alert(
        "notice",
        desk.words.count(
            "%(n)s row of the night set aside, in no figure",
            "%(n)s rows of the night set aside, in no figure",
            rows_in(desk.tonight, "rows_quarantined"),
        ),
        desk.words.say("By feed: %(feeds)s.", feeds="; ".join(feeds)),
    )


def _nothing_to_compare(desk: _Desk) -> Iterable[Alert]:
    at = desk.at(desk.report.headlines[0])
    for compared in desk.compared:
        if desk.figures.value(at._replace(period=compared.period)) is None:
            yield Alert(
                "notice",
                desk.words.say("Nothing to compare with"),
                desk.words.say(
                    "There is no data for %(period)s.",
                    period=period_text(compared.period, desk.words),
                ),
            )


def _days_off(desk: _Desk) -> Iterable[Alert]:
    """A day that is compared with a Sunday looks better than it was."""
    days = [c.period for c in desk.compared if c.period.kind is PeriodKind.DAY]
    off = [period for period in days if not is_working_day(period.end)]
    if off and is_working_day(desk.period.end):
        yield Alert(
            "notice",
            desk.words.say("Compared with a day off"),
            "; ".join(period_text(period, desk.words) for period in off),
        )


def _chapter(desk: _Desk, chapter: Chapter) -> ComparedTable:
    say = desk.words.say
    parts = {p for name in chapter.indicators for p in desk.figures.indicator(name).parts}
    return ComparedTable(
        id=f"chapter-{desk.notes[chapter.indicators[0]]}",
        title=say(chapter.title),
        columns=(
            say("Indicator"),
            say("In the period"),
            *(compared.heading for compared in desk.compared),
            *([desk.beside_title] if desk.beside_title else []),
        ),
        beside_title=desk.beside_title,
        rows=tuple(
            ComparedRow(
                name=desk.figures.name(name),
                note=desk.notes[name],
                is_part=name in parts,
                figure=desk.figures.figure(desk.at(name)),
                changes=tuple(c.change(desk.figures, desk.at(name)) for c in desk.compared),
                beside=desk.beside_figure(desk.at(name)),
            )
            for name in chapter.indicators
        ),
    )


def _by_region(desk: _Desk, table: RegionTable) -> NumberTable:
    """All twenty regions, what has none, and the country, which they add up to."""
    for name in table.indicators:
        country = desk.at(name)
        desk.figures.require_sum(
            country, [country._replace(region=r) for r in (*REGION_CODES, UNKNOWN_REGION)]
        )
    rows = [("member", place.code, place.name) for place in places(desk.words)]
    rows += [
        ("unknown", UNKNOWN_REGION, region_name(UNKNOWN_REGION, desk.words)),
        ("total", COUNTRY, desk.words.say("Kazakhstan, in all")),
    ]
    return _number_table(
        desk,
        table.indicators,
        id_=f"regions-{desk.notes[table.indicators[0]]}",
        title=desk.words.say(table.title),
        row_heading=desk.words.say("Region"),
        rows=[(kind, name, Address("", desk.period, region)) for kind, region, name in rows],
    )


def _by_member(desk: _Desk, table: MemberTable) -> NumberTable:
    """Members of a dimension, the largest first in the table's last column, and their total."""
    like = Address("", desk.period, desk.area, table.dimension)
    members = desk.figures.members(table.indicators, like)
    for name in table.indicators:
        each = [like._replace(indicator=name, member=member) for member in members]
        desk.figures.require_sum(desk.at(name), each)
    sorted_by = like._replace(indicator=table.indicators[0])
    ordered = sorted(
        members,
        key=lambda member: (
            member == UNKNOWN_MEMBER,
            -(desk.figures.value(sorted_by._replace(member=member)) or 0),
            desk.words.sort_key(member_name(table.dimension, member, desk.words)),
        ),
    )
    rows = [
        (
            "unknown" if member == UNKNOWN_MEMBER else "member",
            member_name(table.dimension, member, desk.words),
            like._replace(member=member),
        )
        for member in ordered
    ]
    if ordered:
        rows.append(("total", desk.words.say("In all"), Address("", desk.period, desk.area)))
    return _number_table(
        desk,
        table.indicators,
        id_=f"by-{table.dimension.replace('_', '-')}",
        title=desk.words.say(table.title),
        row_heading=desk.words.say(DIMENSIONS[table.dimension]),
        rows=rows,
    )


def _number_table(
    desk: _Desk,
    indicators: Sequence[str],
    *,
    id_: str,
    title: str,
    row_heading: str,
    rows: Sequence[tuple[str, str, Address]],
) -> NumberTable:
    figures = desk.figures
    scales = {
        name: scale(
            figures.indicator(name).unit,
            [figures.value(at._replace(indicator=name)) or 0 for _, _, at in rows],
            desk.words,
        )
        for name in indicators
    }

    def cell(at: Address) -> Figure | None:
        value = figures.value(at)
        if value is None:
            return None
        return figures.figure(at, scales[at.indicator].text(value, desk.words))

    return NumberTable(
        id=id_,
        title=title,
        row_heading=row_heading,
        columns=tuple(
            Column(figures.name(name), scales[name].unit, desk.notes[name]) for name in indicators
        ),
        rows=tuple(
            Row(kind, name, tuple(cell(at._replace(indicator=i)) for i in indicators))
            for kind, name, at in rows
        ),
    )


def _tile_map(desk: _Desk) -> TileMap:
    at = desk.at(desk.report.map_of)
    figures, say = desk.figures, desk.words.say
    unit = figures.indicator(at.indicator).unit
    values = {p.code: figures.value(at._replace(region=p.code)) or 0 for p in places(desk.words)}
    bounds = _shade_bounds(max(values.values()))
    unknown = at._replace(region=UNKNOWN_REGION)
    return TileMap(
        title=figures.name(at.indicator),
        note=desk.notes[at.indicator],
        description=say(
            "Tile map of the regions: %(regions)s.",
            regions="; ".join(
                f"{p.name} — {desk.words.whole(values[p.code])}" for p in places(desk.words)
            ),
        ),
        tiles=tuple(
            Tile(
                label=place.tile,
                name=f"{place.name}: {told(values[place.code], unit, desk.words)}",
                x=place.column * _TILE_WIDTH,
                y=place.row * _TILE_HEIGHT,
                shade=_shade(values[place.code], bounds),
                figure=figures.figure(at._replace(region=place.code)),
            )
            for place in places(desk.words)
        ),
        legend=tuple(_legend(bounds, desk.words)),
        unknown_title=region_name(UNKNOWN_REGION, desk.words),
        unknown=figures.figure(unknown),
    )


def _shade_bounds(most: int) -> list[int]:
    """The largest value of each shade: equal steps, so that twice as dark is twice as many."""
    return [-(-most * step // _SHADES) for step in range(1, _SHADES + 1)]


def _shade(value: int, bounds: Sequence[int]) -> int:
    return next(n for n, bound in enumerate([0, *bounds]) if value <= bound)


def _legend(bounds: Sequence[int], words: Wording) -> Iterable[LegendStep]:
    yield LegendStep(0, words.whole(0))
    below = 0
    for shade, bound in enumerate(bounds, start=1):
        if bound > below:
            first, last = words.whole(below + 1), words.whole(bound)
            yield LegendStep(shade, first if first == last else f"{first}–{last}")
        below = bound


def _bar_chart(desk: _Desk, name: str) -> BarChart:
    at = desk.at(name)
    figures, say = desk.figures, desk.words.say
    codes = [(place.code, place.short) for place in places(desk.words)]
    codes.append((UNKNOWN_REGION, region_name(UNKNOWN_REGION, desk.words)))
    before = desk.compared[-1]
    values = {code: figures.value(at._replace(region=code)) or 0 for code, _ in codes}
    others = {
        code: figures.value(at._replace(region=code, period=before.period)) for code, _ in codes
    }
    in_units = scale(figures.indicator(name).unit, values.values(), desk.words)
    return BarChart(
        id=f"chart-{desk.notes[name]}",
        title=figures.name(name),
        note=desk.notes[name],
        unit=in_units.unit,
        description=say(
            "Bars by region, %(unit)s: %(regions)s.",
            unit=in_units.unit,
            regions="; ".join(
                f"{label} — {in_units.text(values[code], desk.words)}" for code, label in codes
            ),
        ),
        this_title=period_text(desk.period, desk.words),
        compared_title=period_text(before.period, desk.words),
        bars=tuple(
            Bar(
                label=label,
                value=float(in_units.scaled(values[code])),
                text=in_units.text(values[code], desk.words),
                compared=None if (other := others[code]) is None else float(in_units.scaled(other)),
            )
            for code, label in sorted(codes, key=lambda pair: -values[pair[0]])
        ),
    )


def _reading(desk: _Desk) -> Iterable[str]:
    """How to read the signs of the report."""
    say = desk.words.say
    yield say("“p” marks a provisional figure: a delivery that it rests on is missing.")
    yield say("Columns of comparison give the earlier figure, then the change since.")
    yield say("Changes are given in percent where the earlier figure is 20 or more.")
    yield say("“†” marks small numbers: the change is given as it is, without a percentage.")
    yield say("Zero means that there was nothing; a dash means that there is no data.")
    yield say("Rounded figures may not add up to the total; the exact ones do, and are checked.")
    yield say("Arrest, blocking, seizure and confiscation are different measures, counted apart.")


def _note(desk: _Desk, name: str) -> Note:
    indicator = desk.figures.indicator(name)
    language = desk.words.language
    facts = [desk.figures.indicator(part).fact for part in desk.made_of(name)]
    feeds = dict.fromkeys(feed for fact in facts if fact for feed in fact.feeds)
    return Note(
        number=desk.notes[name],
        name=desk.figures.name(name),
        definition=getattr(indicator.definition, language),
        leaves_out=getattr(indicator.leaves_out, language),
        sources="; ".join(feed_name(feed, desk.words) for feed in feeds),
    )


def _provenance(
    desk: _Desk, business_date: date, revision: int, fingerprint: str
) -> Iterable[Fact]:
    say = desk.words.say
    accepted = rows_in(desk.tonight, "rows_accepted")
    yield Fact(say("As of"), desk.words.long_date(business_date))
    yield Fact(say("Revision"), str(revision))
    yield Fact(say("Deliveries of the night"), desk.words.whole(len(desk.tonight)))
    yield Fact(say("Rows accepted in the night"), desk.words.whole(accepted))
    yield Fact(say("Fingerprint of the data"), fingerprint)


__all__ = ["Edition", "edition"]
