"""Why a headline moved: which regions, banks or single case made most of the change."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from templates.comparing import Compared
from templates.figures import Address
from templates.material import Material
from templates.measures import told
from templates.places import places, region_name
from templates.sections.beside_country import beside_country
from templates.terms import member_name
from templates.wording import MINUS
from transforms.indicators.parameters import figure_parameter
from transforms.regions import COUNTRY, UNKNOWN_REGION

_NAMED = 2
_LEAST_SHARE = 0.1
_DIMENSIONS = ("bank_bic", "asset_code", "reason_code", "substance_code")


class Contribution(NamedTuple):
    """How much of a change one region, bank or part makes; they add up to the change."""

    name: str
    change: int


def reasons(material: Material, name: str) -> Iterable[str]:
    """Sentences about the change of a headline against the first period that has data."""
    at = material.at(name)
    yield from beside_country(material, at)
    compared = _compared(material, at)
    if compared is not None:
        yield from _moved(material, at, compared)
    yield from _carried_by_one(material, at)


def contributions(material: Material, at: Address, other: Address) -> list[list[Contribution]]:
    """The change by region, by part, and by each dimension that the figure has members of.

    Each list adds up to the change of the figure, save for figures that are given by members of
    their parts alone.
    """
    figures, words = material.figures, material.words
    found = []
    if material.area == COUNTRY:
        regions = [(place.name, place.code) for place in places(words)]
        regions.append((region_name(UNKNOWN_REGION, words), UNKNOWN_REGION))
        found.append([(label, at._replace(region=code)) for label, code in regions])
    indicator = figures.indicator(at.indicator)
    found.append([(figures.name(p), at._replace(indicator=p)) for p in indicator.parts])
    for dimension in (d for d in _DIMENSIONS if d in indicator.by):
        like = at._replace(dimension=dimension)
        both = {*figures.members([at.indicator], like)}
        both |= {*figures.members([at.indicator], like._replace(period=other.period))}
        found.append(
            [(member_name(dimension, m, words), like._replace(member=m)) for m in sorted(both)]
        )
    return [[_contribution(material, label, part, other) for label, part in row] for row in found]


def _contribution(material: Material, label: str, part: Address, other: Address) -> Contribution:
    figures = material.figures
    before = figures.value(part._replace(period=other.period)) or 0
    return Contribution(label, (figures.value(part) or 0) - before)


def _compared(material: Material, at: Address) -> Compared | None:
    figures = material.figures
    if figures.value(at) is None:
        return None
    with_data = (
        c for c in material.compared if figures.value(at._replace(period=c.period)) is not None
    )
    return next(with_data, None)


def _moved(material: Material, at: Address, compared: Compared) -> Iterable[str]:
    other = at._replace(period=compared.period)
    change = (material.figures.value(at) or 0) - (material.figures.value(other) or 0)
    if not change:
        return
    say = material.words.say
    told_change = _signed(material, at, change)
    leading = [_leading(material, at, row, change) for row in contributions(material, at, other)]
    named = [text for text in leading if text]
    if named:
        yield say(
            "%(against)s: %(change)s, most of it from %(names)s.",
            against=compared.heading,
            change=told_change,
            names="; ".join(named),
        )
    else:
        yield say(
            "%(against)s: %(change)s; no region, bank or part stands out.",
            against=compared.heading,
            change=told_change,
        )


def _leading(material: Material, at: Address, row: Sequence[Contribution], change: int) -> str:
    """The two that moved most in the direction of the whole: "Almaty (+80), Astana (+12)"."""
    same_way = [c for c in row if c.change * change > 0]
    first = sorted(same_way, key=lambda c: (-abs(c.change), c.name))[:_NAMED]
    enough = [c for c in first if abs(c.change) >= abs(change) * _LEAST_SHARE]
    return ", ".join(f"{c.name} ({_signed(material, at, c.change)})" for c in enough)


def _carried_by_one(material: Material, at: Address) -> Iterable[str]:
    """One case that is a large share of an amount is told: without it the figure is another."""
    one, value = carrying_case(material, at), material.figures.value(at)
    if not one or not value:
        return
    yield material.words.say(
        "The largest single case is %(amount)s, %(share)s of the figure.",
        amount=told(one, material.figures.indicator(at.indicator).unit, material.words),
        share=material.words.percent(Decimal(one) / value),
    )


def carrying_case(material: Material, at: Address) -> int | None:
    """The largest single case behind an amount or weight, where it is a large share of it."""
    one, value = material.largest(at), material.figures.value(at)
    least = figure_parameter("largest_least_share", material.period.end)
    return one if one and value and one >= value * least else None


def _signed(material: Material, at: Address, change: int) -> str:
    unit = material.figures.indicator(at.indicator).unit
    return ("+" if change > 0 else MINUS) + told(abs(change), unit, material.words)
