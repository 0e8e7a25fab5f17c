"""The map: the regions as tiles, darker where there is more."""

from collections.abc import Iterable, Mapping, Sequence

from templates.material import Material
from templates.measures import told
from templates.model import LegendStep, Tile, TileMap
from templates.places import places, region_name
from templates.wording import Wording
from transforms.regions import UNKNOWN_REGION

_TILE_WIDTH, _TILE_HEIGHT = 100, 84
_SHADES = 4


def tile_map(material: Material) -> TileMap:
    """The report's one mapped indicator by region."""
    at = material.at(material.report.map_of)
    figures, words = material.figures, material.words
    regions = places(words)
    values = {p.code: figures.value(at._replace(region=p.code)) or 0 for p in regions}
    bounds = _shade_bounds(max(values.values()))
    return TileMap(
        title=figures.name(at.indicator),
        note=material.notes[at.indicator],
        description=words.say(
            "Tile map of the regions: %(regions)s.",
            regions="; ".join(f"{p.name} — {words.whole(values[p.code])}" for p in regions),
        ),
        tiles=tuple(_tiles(material, values, bounds)),
        legend=tuple(_legend(bounds, words)),
        unknown_title=region_name(UNKNOWN_REGION, words),
        unknown=figures.figure(at._replace(region=UNKNOWN_REGION)),
    )


def _tiles(material: Material, values: Mapping[str, int], bounds: Sequence[int]) -> Iterable[Tile]:
    at = material.at(material.report.map_of)
    unit = material.figures.indicator(at.indicator).unit
    for place in places(material.words):
        value = values[place.code]
        yield Tile(
            label=place.tile,
            name=f"{place.name}: {told(value, unit, material.words)}",
            x=place.column * _TILE_WIDTH,
            y=place.row * _TILE_HEIGHT,
            shade=_shade(value, bounds),
            figure=material.figures.figure(at._replace(region=place.code)),
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
