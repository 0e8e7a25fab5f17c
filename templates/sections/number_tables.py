"""Tables of numbers: by region, by bank, by period, with the total that rows add up to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from templates.comparing import period_text
from templates.figures import Address
from templates.material import Material
from templates.measures import Scale, scale
from templates.model import Column, Figure, NumberTable, Row
from templates.places import places, region_name
from templates.reports import MemberTable, RegionTable
from templates.sections.curve import told_periods
from templates.sections.seizures import seizures_told
from templates.terms import DIMENSIONS, UNKNOWN_MEMBER, member_name
from templates.wording import message
from transforms.periods import Period
from transforms.regions import COUNTRY, UNKNOWN_REGION

_Rows = Sequence[tuple[str, str, Address]]  # kind, name, which


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A column: its indicator, and its period where that is not the one of the row."""

    indicator: str
    heading: str
    period: Period | None = None

    def of(self, row: Address) -> Address:
        period = self.period or row.period
        return row._replace(indicator=self.indicator, period=period)


def region_table(material: Material, table: RegionTable) -> NumberTable:
    """All twenty regions, what has none, and the country.

    Raises:
        FiguresDisagree: they do not add up to it.
    """
    return _number_table(
        material,
        title=table.title,
        id_=f"regions-{material.notes[table.indicators[0]]}",
        row_heading=material.words.say("Region"),
        columns=_named(material, table.indicators),
        rows=_regions(material),
    )


def chart_table(material: Material, name: str) -> NumberTable:
    """What a chart of the regions draws: this period beside the one it is compared with.

    Raises:
        FiguresDisagree: regions do not add up to the country.
    """
    before = material.compared[-1].period
    return _number_table(
        material,
        title=message("Numbers of the chart"),
        id_=f"numbers-{material.notes[name]}",
        row_heading=material.words.say("Region"),
        columns=[
            _Wanted(name, period_text(material.period, material.words)),
            _Wanted(name, period_text(before, material.words), before),
        ],
        rows=_regions(material),
    )


def history_table(material: Material) -> NumberTable | None:
    """The headlines period by period, the latest first; none where only this one is known."""
    periods = told_periods(material)
    if len(periods) == 1:
        return None
    at = Address("", material.period, material.area)
    return _number_table(
        material,
        title=message("Headline figures, period by period"),
        id_="history",
        row_heading=material.words.say("Period"),
        columns=_named(material, material.report.headlines),
        rows=[
            ("member", period_text(period, material.words), at._replace(period=period))
            for period in reversed(periods)
        ],
        has_total=False,
    )


def member_table(material: Material, table: MemberTable) -> NumberTable:
    """Members of a dimension, the largest first in the table's first column, and their total.

    Raises:
        FiguresDisagree: they do not add up to it.
    """
    words = material.words
    rows = [
        (
            "unknown" if at.member == UNKNOWN_MEMBER else "member",
            member_name(table.dimension, at.member, words),
            at,
        )
        for at in _ordered_members(material, table)
    ]
    total = ("total", words.say("In all"), Address("", material.period, material.area))
    made = _number_table(
        material,
        title=table.title,
        id_=f"by-{table.dimension.replace('_', '-')}-{material.notes[table.indicators[0]]}",
        row_heading=words.say(DIMENSIONS[table.dimension]),
        columns=_named(material, table.indicators),
        rows=[*rows, total] if rows else [],
    )
    is_of_drugs = table.dimension == "substance_code" and "drugs_seized" in table.indicators
    return replace(made, remarks=tuple(seizures_told(material))) if is_of_drugs else made


def _regions(material: Material) -> _Rows:
    words, period = material.words, material.period
    return [
        *(("member", p.name, Address("", period, p.code)) for p in places(words)),
        (
            "unknown",
            region_name(UNKNOWN_REGION, words),
            Address("", period, UNKNOWN_REGION),
        ),
        ("total", words.say("Kazakhstan, in all"), Address("", period, COUNTRY)),
    ]


def _named(material: Material, indicators: Sequence[str]) -> list[_Wanted]:
    return [_Wanted(name, material.figures.name(name)) for name in indicators]


def _ordered_members(material: Material, table: MemberTable) -> list[Address]:
    """By value, then by the alphabet; what is not known stands last."""
    figures, words = material.figures, material.words
    like = Address("", material.period, material.area, table.dimension)
    members = figures.members(table.indicators, like)
    return sorted(
        (like._replace(member=member) for member in members),
        key=lambda at: (
            at.member == UNKNOWN_MEMBER,
            -(figures.value(at._replace(indicator=table.indicators[0])) or 0),
            words.sort_key(member_name(table.dimension, at.member, words)),
        ),
    )


def _number_table(
    material: Material,
    *,
    title: str,
    id_: str,
    row_heading: str,
    columns: Sequence[_Wanted],
    rows: _Rows,
    has_total: bool = True,
) -> NumberTable:
    figures, words = material.figures, material.words
    if has_total and rows:
        _require_sums(material, columns, rows)
    scales = _scales(material, columns, rows)

    def cell(at: Address) -> Figure | None:
        value = figures.value(at)
        if value is None:
            return None
        return figures.figure(at, scales[at.indicator].text(value, words))

    return NumberTable(
        id=id_,
        title=words.say(title),
        row_heading=row_heading,
        columns=tuple(
            Column(c.heading, scales[c.indicator].unit, material.notes[c.indicator])
            for c in columns
        ),
        rows=tuple(
            Row(kind, name, tuple(cell(column.of(at)) for column in columns))
            for kind, name, at in rows
        ),
    )


def _require_sums(material: Material, columns: Sequence[_Wanted], rows: _Rows) -> None:
    *parts, (_, _, total) = rows
    for column in columns:
        if material.figures.indicator(column.indicator).adds_up:
            material.figures.require_sum(column.of(total), [column.of(at) for _, _, at in parts])


def _scales(material: Material, columns: Sequence[_Wanted], rows: _Rows) -> dict[str, Scale]:
    """One scale for each indicator, however many of the columns show it."""
    values: dict[str, list[int]] = {column.indicator: [] for column in columns}
    for column in columns:
        found = (material.figures.value(column.of(at)) for _, _, at in rows)
        values[column.indicator] += [value or 0 for value in found]
    return {
        name: scale(material.figures.indicator(name).unit, found, material.words)
        for name, found in values.items()
    }
