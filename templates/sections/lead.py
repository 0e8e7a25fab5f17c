"""The lead: the night in a few sentences."""

from collections.abc import Iterable

from templates.material import Material
from templates.places import places
from transforms.regions import COUNTRY


def lead(material: Material) -> Iterable[str]:
    """The number first, then the comparison, then the reservation."""
    total, cards = material.at("drug_assets_arrested_total"), material.at("dropper_cards_arrested")
    say = material.words.say
    if material.figures.value(total) is None:
        yield say("There is no data for this period.")
    else:
        yield say(
            "%(total)s is the value of arrested assets of the drug trade: %(held)s on dropper "
            "cards (%(cards)s) and %(cases)s in cases of special prosecutors.",
            total=material.told(total),
            held=material.told(material.at("dropper_amount_arrested")),
            cards=material.told(cards),
            cases=material.told(material.at("followmoney_case_amount")),
        )
        for compared in material.compared:
            yield say(
                "%(against)s: %(money)s in value, %(cards)s in cards.",
                against=compared.heading,
                money=compared.said_change(material.figures, total),
                cards=compared.said_change(material.figures, cards),
            )
        yield from _leading_regions(material)
    yield _reservation(material)


def _leading_regions(material: Material) -> Iterable[str]:
    """Where most of what the map shows happened."""
    at = material.at(material.report.map_of)
    if material.area != COUNTRY or not material.figures.value(at):
        return
    named = material.foremost(
        (place.name, at._replace(region=place.code)) for place in places(material.words)
    )
    if named:
        yield material.words.say(
            "Most cards were arrested in: %(regions)s.", regions=material.words.series(named)
        )


def _reservation(material: Material) -> str:
    """How far the figures shown so far can still change."""
    gaps = len(material.absent)
    if gaps and material.is_provisional:
        return material.words.count(
            "%(n)s delivery is missing, so the figures marked “p” are provisional.",
            "%(n)s deliveries are missing, so the figures marked “p” are provisional.",
            gaps,
        )
    if gaps:
        return material.words.count(
            "%(n)s delivery is missing; no figure of this report rests on it.",
            "%(n)s deliveries are missing; no figure of this report rests on them.",
            gaps,
        )
    if material.is_provisional:
        return material.words.say("The figures marked “p” are provisional.")
    return material.words.say("All deliveries that were due are in.")
