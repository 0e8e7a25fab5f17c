"""A region beside the country: its share, its place among the regions, its rate."""

from collections.abc import Iterable
from decimal import Decimal

from templates.figures import Address
from templates.material import Material
from templates.measures import has_percent, told
from transforms.indicators.indicator import PER_INHABITANTS
from transforms.regions import COUNTRY, REGION_CODES


def beside_country(material: Material, at: Address) -> Iterable[str]:
    """A sentence in the edition of a region; none in the country's, and none about nothing.

    Of a small figure of the country no share is given: it would say little of the region.
    """
    figures, words, name = material.figures, material.words, at.indicator
    own, whole = figures.value(at), figures.value(at._replace(region=COUNTRY))
    if at.region not in REGION_CODES or not own or not whole:
        return
    indicator = figures.indicator(name)
    said = told(whole, indicator.unit, words)
    if not indicator.adds_up or own > whole:
        return
    place = {
        "place": words.whole(_place(material, at, own)),
        "all": words.whole(len(REGION_CODES)),
    }
    if has_percent(whole, indicator.unit, material.period.end):
        share = words.percent(Decimal(own) / whole)
        yield words.say(
            "%(share)s of the country's %(whole)s; place %(place)s of %(all)s regions.",
            share=share,
            whole=said,
            **place,
        )
    else:
        yield words.say(
            "The country has %(whole)s, too few for a share; place %(place)s of %(all)s regions.†",
            whole=said,
            **place,
        )
    yield from _rates(material, at)


def _place(material: Material, at: Address, own: int) -> int:
    """One more than the regions that have more; of equal ones each has the same place."""
    values = (material.figures.value(at._replace(region=region)) or 0 for region in REGION_CODES)
    return 1 + sum(value > own for value in values)


def _rates(material: Material, at: Address) -> Iterable[str]:
    rate = at._replace(indicator=f"{at.indicator}_per_inhabitants")
    if rate.indicator not in material.report.indicators:
        return
    own = material.figures.value(rate)
    whole = material.figures.value(rate._replace(region=COUNTRY))
    if own is None or whole is None:
        return
    yield material.words.say(
        "Per 100,000 inhabitants: %(own)s; in the country %(whole)s.",
        own=told(own, PER_INHABITANTS, material.words),
        whole=told(whole, PER_INHABITANTS, material.words),
    )
