"""The portal of all editions: brought up to date whenever one comes out or is taken back."""

from collections.abc import Iterable

from infra.editions import Place
from infra.installation import Installation
from templates.portal import portal
from transforms.regions import COUNTRY


def refresh(at: Installation, places: Iterable[Place]) -> None:
    """List these places as they are now, and make the pages of their areas and years anew.

    The country's page links those of the regions, so it is made again with them.
    """
    touched = {(place.area, place.period_end.year): at.portal.bring(place) for place in places}
    shelves = at.portal.shelves()
    if COUNTRY in shelves:
        last = (COUNTRY, max(shelves[COUNTRY]))
        touched.setdefault(last, at.portal.listed(*last))
    for (area, year), rows in touched.items():
        if rows:
            at.portal.put(portal(area, year, rows, shelves))
