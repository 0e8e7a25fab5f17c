"""The country and its regions: names, order of the alphabet, tiles of the map."""

from dataclasses import dataclass
from functools import cache

from templates.wording import Wording
from transforms.reference import reference
from transforms.regions import COUNTRY, REGION_CODES, UNKNOWN_REGION

_CITY = "republican_city"
_COMMON_WORDS = {
    "ru": ("область ", "город ", " область"),
    "kk": (" облысы", " қаласы"),
    "en": (" Region",),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One region. `short` does without the word for region, but tells a city from its region."""

    code: str
    name: str
    short: str
    tile: str
    row: int
    column: int


def area_name(area: str, wording: Wording) -> str:
    """The country or a region, as a title names it."""
    if area == COUNTRY:
        return wording.say("Republic of Kazakhstan")
    return region_name(area, wording)


def region_name(region: str, wording: Wording) -> str:
    if region == UNKNOWN_REGION:
        return wording.say("Region unknown")
    return next(place.name for place in places(wording) if place.code == region)


@cache
def places(wording: Wording) -> tuple[Place, ...]:
    """The twenty regions in the order of the language's alphabet."""
    regions = {row["kato2"]: row for row in reference("regions").iter_rows(named=True)}
    tiles = {row["kato2"]: row for row in reference("tile_grid").iter_rows(named=True)}
    found = [_place(regions[code], tiles[code], wording) for code in REGION_CODES]
    return tuple(sorted(found, key=lambda place: wording.sort_key(place.short)))


def _place(region: dict[str, str], tile: dict[str, str], wording: Wording) -> Place:
    name = region[f"name_{wording.language}"]
    short = name
    for word in _COMMON_WORDS[wording.language]:
        short = short.replace(word, "")
    if region["type"] == _CITY:
        short = wording.say("%(name)s (city)", name=short)
    return Place(
        code=region["kato2"],
        name=name,
        short=short,
        tile=tile[f"label_{wording.language}"],
        row=int(tile["row"]),
        column=int(tile["col"]),
    )
