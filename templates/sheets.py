"""An edition as the sheets of a workbook: one table each, real numbers in whole units.

Tenge and dollars for tiyn and cents, everything else as it is counted. What a printed page says
by a mark beside the number stands here in a column of its own, so that numbers stay numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from templates.measures import in_whole_units, whole_unit
from templates.model import Change, ComparedRow, ComparedTable, Datum, Edition, Figure, NumberTable
from templates.places import area_name
from templates.terms import member_name
from templates.wording import Wording, wording
from transforms.indicators.indicator import PER_INHABITANTS

NOT_KNOWN = "[x]"
NOT_GIVEN = "[z]"


@dataclass(frozen=True, slots=True)
class Number:
    """A number and how a cell shows it: whole, money, share."""

    value: Decimal
    shows: str


Cell = str | Number


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its title, what to know of it, one row of headings, its rows."""

    title: str
    remarks: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of an edition, and what its first sheet says."""

    language: str
    title: str
    issuer: str
    lead: tuple[str, ...]
    contents: str
    contents_headings: tuple[str, str]
    back: str
    sheets: tuple[Sheet, ...]


def book(edition: Edition) -> Book:
    """Headlines, chapters, tables of regions and members, deliveries, every figure, notes."""
    words = wording(edition.language)
    units = {datum.key: datum.unit for datum in edition.data}
    say = words.say
    return Book(
        language=edition.language,
        title=f"{edition.title}: {edition.period}, {edition.area}",
        issuer=edition.issuer,
        lead=(
            f"{edition.status} · {edition.revision} · {edition.period_note}",
            edition.release,
            " ".join(edition.lead),
            say("“%(mark)s” in a cell: there is no data.", mark=NOT_KNOWN),
            say(
                "“%(mark)s” in a cell: the change is not given, the earlier figure is too small.",
                mark=NOT_GIVEN,
            ),
        ),
        contents=say("Contents"),
        contents_headings=(say("Sheet"), say("What it holds")),
        back=say("Back to the contents"),
        sheets=_filled(
            _notes(edition, words),
            _headlines(edition, units, words),
            *(_chapter(table, units, words) for table in edition.chapters),
            *(_numbers(table, units, words) for table in number_tables(edition)),
            _feeds(edition, words),
            _gaps(edition, words),
            _revisions(edition, words),
            _rules(edition),
            _figures(edition, words),
        ),
    )


def number_tables(edition: Edition) -> Sequence[NumberTable]:
    """All tables of numbers, in the order of the page; each is named by what it holds."""
    drawn = [replace(c.numbers, title=f"{c.title}: {c.numbers.title}") for c in edition.charts]
    history = [edition.history] if edition.history else []
    return (*drawn, *history, *edition.region_tables, *edition.member_tables)


def _filled(*sheets: Sheet) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.rows)


def _notes(edition: Edition, words: Wording) -> Sheet:
    say = words.say
    return Sheet(
        title=say("How the figures are counted"),
        remarks=edition.reading,
        headings=(
            say("Number"),
            say("Indicator"),
            say("How it is counted"),
            say("Left out"),
            say("Sources"),
        ),
        rows=tuple(
            (n.number, n.name, n.definition, n.leaves_out, n.sources) for n in edition.notes
        ),
    )


def _headlines(edition: Edition, units: Mapping[str, str], words: Wording) -> Sheet:
    rows = [
        ComparedRow(h.name, h.note, False, h.figure, h.changes, h.beside) for h in edition.headlines
    ]
    return _compared(
        words.say("Headline figures"),
        rows,
        edition.headlines[0].beside_title,
        units=units,
        words=words,
    )


def _chapter(table: ComparedTable, units: Mapping[str, str], words: Wording) -> Sheet:
    return _compared(table.title, table.rows, table.beside_title, units=units, words=words)


def _compared(
    title: str,
    rows: Sequence[ComparedRow],
    beside: str,
    *,
    units: Mapping[str, str],
    words: Wording,
) -> Sheet:
    say = words.say
    compared = [
        heading
        for name in (change.against for change in rows[0].changes)
        for heading in (
            say("%(against)s: earlier figure", against=name),
            say("%(against)s: change", against=name),
        )
    ]
    return Sheet(
        title=title,
        remarks=(),
        headings=(
            say("Indicator"),
            say("Note"),
            say("Unit"),
            say("In the period"),
            say("Status"),
            *compared,
            *([beside] if beside else []),
        ),
        rows=tuple(
            (
                row.name,
                row.note,
                whole_unit(units[row.figure.key], words) if row.figure else NOT_KNOWN,
                _number(row.figure, units),
                _status(row.figure, words),
                *(cell for change in row.changes for cell in _change(row.figure, change, units)),
                *([_number(row.beside, units)] if beside else []),
            )
            for row in rows
        ),
    )


def _change(figure: Figure | None, change: Change, units: Mapping[str, str]) -> tuple[Cell, Cell]:
    base = change.base
    if figure is None or base is None:
        return _number(base, units), NOT_KNOWN
    if change.small_mark or not base.value:
        return _number(base, units), NOT_GIVEN
    return _number(base, units), Number(Decimal(figure.value - base.value) / base.value, "share")


def _numbers(table: NumberTable, units: Mapping[str, str], words: Wording) -> Sheet:
    marked = sum(bool(cell and cell.mark) for row in table.rows for cell in row.cells)
    provisional = words.count(
        "%(n)s figure of this table is provisional; the last sheet says which.",
        "%(n)s figures of this table are provisional; the last sheet says which.",
        marked,
    )
    return Sheet(
        title=table.title,
        remarks=(*([provisional] if marked else []), *table.remarks),
        headings=(
            table.row_heading,
            *(
                f"{column.heading} [{column.note}], {_column_unit(table, n, units, words)}"
                for n, column in enumerate(table.columns)
            ),
        ),
        rows=tuple((row.name, *(_number(cell, units) for cell in row.cells)) for row in table.rows),
    )


def _column_unit(table: NumberTable, n: int, units: Mapping[str, str], words: Wording) -> str:
    keys = [cell.key for row in table.rows if (cell := row.cells[n])]
    return whole_unit(units[keys[0]], words) if keys else table.columns[n].unit


def _feeds(edition: Edition, words: Wording) -> Sheet:
    say, deliveries = words.say, edition.deliveries
    return Sheet(
        title=deliveries.feeds_title,
        remarks=(deliveries.summary,),
        headings=(
            say("Feed"),
            say("In time"),
            say("Late"),
            say("Missing"),
            say("Rows"),
            say("Set aside"),
        ),
        rows=tuple(
            (feed.name, *(_count(n) for n in feed.counts))
            for feed in (*deliveries.feeds, deliveries.total)
        ),
    )


def _gaps(edition: Edition, words: Wording) -> Sheet:
    say = words.say
    return Sheet(
        title=say("Deliveries not as they should be"),
        remarks=tuple(f"{effect.name}: {effect.text}" for effect in edition.deliveries.effects),
        headings=(
            say("Feed"),
            say("State"),
            say("Institution"),
            say("Days"),
            say("Figures that rest on it"),
            say("Reason"),
        ),
        rows=tuple(
            (gap.feed, gap.state, gap.institutions, gap.days, gap.affects, gap.reason)
            for gap in edition.deliveries.gaps
        ),
    )


def _revisions(edition: Edition, words: Wording) -> Sheet:
    name, period, before, now, _, cause = edition.revisions.headings
    return Sheet(
        title=edition.revisions.title,
        remarks=(edition.revisions.text,),
        headings=(name, words.say("Note"), period, words.say("Unit"), before, now, cause),
        rows=tuple(
            (
                row.name,
                row.note,
                row.period,
                whole_unit(row.datum.unit, words),
                *(
                    NOT_KNOWN if value is None else _whole(value, row.datum.unit)
                    for value in (row.datum.value_before, row.datum.value)
                ),
                row.cause,
            )
            for row in edition.revisions.rows
        ),
    )


def _rules(edition: Edition) -> Sheet:
    rules = edition.rules
    first, *others = rules.headings
    return Sheet(
        title=rules.title,
        remarks=(rules.version, rules.text),
        headings=(first, *others),
        rows=tuple((f"{row.code} {row.name}", *row.cells) for row in rules.rows),
    )


def _figures(edition: Edition, words: Wording) -> Sheet:
    """Every figure of the edition, one a row: the same as in the data beside it."""
    say = words.say
    return Sheet(
        title=say("Every figure of the edition"),
        remarks=(),
        headings=(
            say("Identifier"),
            say("Indicator"),
            say("Area"),
            say("Of which"),
            say("First day"),
            say("Last day"),
            say("Value"),
            say("Unit"),
            say("Status"),
        ),
        rows=tuple(_figure_row(datum, words) for datum in edition.data),
    )


def _figure_row(datum: Datum, words: Wording) -> tuple[Cell, ...]:
    provisional = datum.status_code == "provisional"
    return (
        datum.key,
        str(getattr(datum.name, words.language)),
        area_name(datum.region_code, words),
        member_name(datum.dimension, datum.member, words) if datum.dimension else "",
        datum.period_start,
        datum.period_end,
        _whole(datum.value, datum.unit),
        whole_unit(datum.unit, words),
        words.say("provisional") if provisional else words.say("final"),
    )


def _number(figure: Figure | None, units: Mapping[str, str]) -> Cell:
    return _whole(figure.value, units[figure.key]) if figure else NOT_KNOWN


def _whole(value: int, unit: str) -> Number:
    has_decimals = unit in {"tiyn", "usd_cent", PER_INHABITANTS}
    return Number(in_whole_units(value, unit), "money" if has_decimals else "whole")


def _count(number: int) -> Number:
    return Number(Decimal(number), "whole")


def _status(figure: Figure | None, words: Wording) -> str:
    if figure is None:
        return NOT_KNOWN
    return words.say("provisional") if figure.mark else words.say("final")
