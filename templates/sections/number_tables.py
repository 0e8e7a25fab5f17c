"""Tables of numbers: by region, by bank, by substance, with the total that rows add up to."""

from collections.abc import Sequence

from templates.figures import Address
from templates.material import Material
from templates.measures import scale
from templates.model import Column, Figure, NumberTable, Row
from templates.places import places, region_name
from templates.reports import MemberTable, RegionTable
from templates.terms import DIMENSIONS, UNKNOWN_MEMBER, member_name
from transforms.regions import COUNTRY, UNKNOWN_REGION


def region_table(material: Material, table: RegionTable) -> NumberTable:
    """All twenty regions, what has none, and the country.

    Raises:
        FiguresDisagree: they do not add up to it.
    """
    words = material.words
    rows = [("member", place.name, place.code) for place in places(words)]
    rows.append(("unknown", region_name(UNKNOWN_REGION, words), UNKNOWN_REGION))
    return _number_table(
        material,
        table,
        id_=f"regions-{material.notes[table.indicators[0]]}",
        row_heading=words.say("Region"),
        rows=[(kind, name, Address("", material.period, region)) for kind, name, region in rows],
        total=(words.say("Kazakhstan, in all"), Address("", material.period, COUNTRY)),
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
    return _number_table(
        material,
        table,
        id_=f"by-{table.dimension.replace('_', '-')}-{material.notes[table.indicators[0]]}",
        row_heading=words.say(DIMENSIONS[table.dimension]),
        rows=rows,
        total=(words.say("In all"), Address("", material.period, material.area)),
    )


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
    table: RegionTable | MemberTable,
    *,
    id_: str,
    row_heading: str,
    rows: Sequence[tuple[str, str, Address]],
    total: tuple[str, Address],
) -> NumberTable:
    figures, words = material.figures, material.words
    for name in table.indicators:
        if not figures.indicator(name).adds_up:
            continue
        parts = [at._replace(indicator=name) for _, _, at in rows]
        figures.require_sum(total[1]._replace(indicator=name), parts)
    shown = [*rows, ("total", *total)] if rows else []
    scales = {
        name: scale(
            figures.indicator(name).unit,
            [figures.value(at._replace(indicator=name)) or 0 for _, _, at in shown],
            words,
        )
        for name in table.indicators
    }

    def cell(at: Address) -> Figure | None:
        value = figures.value(at)
        if value is None:
            return None
        return figures.figure(at, scales[at.indicator].text(value, words))

    return NumberTable(
        id=id_,
        title=words.say(table.title),
        row_heading=row_heading,
        columns=tuple(
            Column(figures.name(name), scales[name].unit, material.notes[name])
            for name in table.indicators
        ),
        rows=tuple(
            Row(kind, name, tuple(cell(at._replace(indicator=i)) for i in table.indicators))
            for kind, name, at in shown
        ),
    )
