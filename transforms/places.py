"""The region of a place as an act names it: towns and districts to KATO, whatever the spelling.

Boundaries are those in force now: a place that went over to Abai, Zhetysu or Ulytau in 2022 is
there for all years, so that years compare; what an act of before calls its region still fits.
A name that several regions have, or that contradicts the region beside it, gives no region: an
unknown one is shown, never guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import extract

from transforms.contracts import Column, Table
from transforms.place_names import folded, place_tokens
from transforms.reference import reference

PLACE_REGIONS = Table(
    name="regions of places",
    grain="one name of a place and day",
    key=("place", "day"),
    columns=(
        Column("place", pl.String(), "As told."),
        Column("day", pl.Date(), "When it was told; null for the present.", nullable=True),
        Column("region_code", pl.String(), "KATO, 2 digits; null where not known.", nullable=True),
        Column(
            "region_then_code",
            pl.String(),
            "The region that it was in on the day; differs before 2022.",
            nullable=True,
        ),
        Column(
            "known_name",
            pl.String(),
            "The list's Russian name of the place, however it was written.",
            nullable=True,
        ),
        Column(
            "place_code",
            pl.String(),
            "known; or why there is no region: not_listed, ambiguous (several regions have one of "
            "that name), contradictory (place and region do not fit), divided (told before the "
            "region was, and nothing nearer).",
        ),
    ),
    partitioned_by=(),
)

REGION, TOWN, DISTRICT = "region", "town", "district"
_KINDS = {
    "region": REGION,
    "republican_city": TOWN,
    "city": TOWN,
    "settlement": TOWN,
    "district": DISTRICT,
    "city_district": DISTRICT,
}
_WORDS_OF_KINDS = {
    REGION: "обл область области облысы облысынын oblast oblysy region province",
    DISTRICT: "район района районе ауданы ауданынын district rayon raion р-н",
    TOWN: "г гор город города қаласы қ city town с село посёлок пос ауыл ауылы village ст станция",
}
_LEAST_LIKE = 0.93
_SHORTEST_LIKE = 5
_LONGEST_NAME = 3


@dataclass(frozen=True, slots=True)
class _Place:
    kind: str
    name: str
    is_republican: bool
    kato2: str
    former: str | None
    changed_on: date | None

    def fits(self, region: str) -> bool:
        return region in {self.kato2, self.former}

    def on(self, day: date | None) -> str:
        is_before = day is not None and self.changed_on is not None and day < self.changed_on
        return self.former if is_before and self.former else self.kato2


@dataclass(frozen=True, slots=True)
class _Named:
    """Places that one name of a text may mean."""

    places: tuple[_Place, ...]

    @property
    def is_region(self) -> bool:
        return all(place.kind == REGION for place in self.places)


def place_regions(places: pl.LazyFrame) -> pl.LazyFrame:
    """The region of each name of a place.

    Args:
        places: `place` and `day`, the day of which the name is told.

    Returns:
        `PLACE_REGIONS`, each name and day once, in order.
    """
    told = places.select("place", "day").drop_nulls("place").unique().collect()
    names = told.select("place").unique(maintain_order=True)
    words = names.select("place", written=folded(pl.col("place")).str.split(" ")).with_columns(
        stems=_stems(pl.col("written"))
    )
    named = {place: tuple(_named(written, stems)) for place, written, stems in words.iter_rows()}
    found = [(place, day, *_region(named[place], day)) for place, day in told.iter_rows()]
    return (
        pl.LazyFrame(found, schema=PLACE_REGIONS.schema, orient="row")
        .sort(PLACE_REGIONS.key)
        .pipe(PLACE_REGIONS.require)
    )


def _stems(words: pl.Expr) -> pl.Expr:
    """Each word without its ending; what is no word of a name stays empty."""
    return words.list.eval(place_tokens(pl.element()).list.join(" "))


_Found = tuple[str | None, str | None, str | None, str]


def _region(named: Sequence[_Named], day: date | None) -> _Found:
    regions = {place.kato2 for one in named if one.is_region for place in one.places}
    nearer = [one.places for one in named if not one.is_region]
    if not nearer:
        return _of_regions(regions, day)
    if regions:
        fitting = [tuple(p for p in places if any(map(p.fits, regions))) for places in nearer]
        nearer = [places for places in fitting if places]
        if not nearer:
            return None, None, None, "contradictory"
    common = set.intersection(*({place.kato2 for place in places} for places in nearer))
    if len(common) != 1:
        return None, None, None, "ambiguous" if common else "contradictory"
    (region,) = common
    meant = [place for places in nearer for place in places if place.kato2 == region]
    names = sorted({place.name for place in meant})
    return region, min(place.on(day) for place in meant), ", ".join(names), "known"


def _of_regions(regions: set[str], day: date | None) -> _Found:
    if len(regions) != 1:
        return None, None, None, "contradictory" if regions else "not_listed"
    (region,) = regions
    if _was_divided(region, day):
        return None, region, None, "divided"
    return region, region, None, "known"


def _was_divided(region: str, day: date | None) -> bool:
    """Told before a part of it became a region of its own: the part may be meant."""
    if day is None:
        return False
    return any(
        place.kind == REGION
        and place.former == region
        and place.changed_on
        and day < place.changed_on
        for places in _places_by_name().values()
        for place in places
    )


def _named(written: list[str], stems: list[str]) -> Iterator[_Named]:
    """Names of the list in a text, the longest first, each with the kind that stands beside it."""
    at, told = 0, -1  # a word for a kind belongs to one name
    while at < len(stems):
        for length in range(min(_LONGEST_NAME, len(stems) - at), 0, -1):
            parts, end = stems[at : at + length], at + length
            after, before = _kind_after(written, end), _kind_before(written, at, told)
            if all(parts) and (found := _of_name(" ".join(parts), after or before)):
                yield _Named(found)
                at, told = end - 1, end if after else told
                break
        at += 1


def _of_name(name: str, kind: str | None) -> tuple[_Place, ...]:
    known = _places_by_name()
    if len(name) < 2:
        return ()
    if name in known:
        found = known[name]
    elif len(name) >= _SHORTEST_LIKE:
        alike = [key for key in known if key[0] == name[0]]
        like = extract(
            name, alike, scorer=JaroWinkler.normalized_similarity, score_cutoff=_LEAST_LIKE
        )
        most = max((score for _, score, _ in like), default=0.0)
        found = tuple(p for key, score, _ in like if score == most for p in known[key])
    else:
        return ()
    return _of_kind(found, kind)


def _of_kind(found: tuple[_Place, ...], kind: str | None) -> tuple[_Place, ...]:
    if kind is not None:
        return tuple(place for place in found if place.kind == kind) or found
    return tuple(place for place in found if place.is_republican) or found


def _kind_after(written: list[str], end: int) -> str | None:
    word = written[end] if end < len(written) else ""
    kind = _kinds_of_words().get(word)
    return kind if kind != TOWN or word in _towns_after() else None


def _kind_before(written: list[str], start: int, told: int) -> str | None:
    return _kinds_of_words().get(written[start - 1]) if start and start - 1 != told else None


@cache
def _kinds_of_words() -> dict[str, str]:
    words = [(w, kind) for kind, text in _WORDS_OF_KINDS.items() for w in text.split()]
    frame = pl.DataFrame(words, schema=["word", "kind"], orient="row")
    return dict(frame.select(folded(pl.col("word")), "kind").iter_rows())


@cache
def _towns_after() -> frozenset[str]:
    """Words for town that stand after its name: "Шу қаласы", "Termez city"; "г" stands before."""
    words = pl.DataFrame({"word": ["қаласы", "қ", "city", "town", "ауылы", "village"]})
    return frozenset(words.select(folded(pl.col("word"))).to_series())


@cache
def _places_by_name() -> dict[str, tuple[_Place, ...]]:
    names = pl.concat_list(
        "name_ru", "name_kk", "name_en", pl.col("other_names").fill_null("").str.split(";")
    )
    rows = (
        reference("places")
        .with_columns(name=names)
        .explode("name")
        .filter(pl.col("name") != "")
        .with_columns(
            name=_stems(folded(pl.col("name")).str.split(" ")).list.join(" ").str.strip_chars(),
            changed_on=pl.col("changed_on").str.to_date(),
        )
        .select("name", "kind", "name_ru", "kato2", "former_kato2", "changed_on")
        .unique(maintain_order=True)
    )
    found: dict[str, list[_Place]] = {}
    for name, kind, name_ru, kato2, former, changed_on in rows.iter_rows():
        place = _Place(_KINDS[kind], name_ru, kind == "republican_city", kato2, former, changed_on)
        found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}
