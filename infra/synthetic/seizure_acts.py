"""Seizure acts of four agencies: drugs by weight, cash and property by value.

Some seizures are reported by two agencies, each in its own act and its own words; some are equal
to another of their day and place and are two all the same. Which is which is told to nobody but
the truth.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from infra.synthetic.cases import in_a_case
from infra.synthetic.days import every_day, spread
from infra.synthetic.dice import Ints, Names, picks, rng
from infra.synthetic.identities import REGION_WEIGHTS
from infra.synthetic.scenario import STRETCHES, Stretch
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text
from transforms.reference import reference

# Agency → who delivers its acts, and its share of all acts.
AGENCIES = {
    "police": ("mvd", 0.9),
    "customs": ("kgd", 0.05),
    "national_security": ("knb", 0.03),
    "special_prosecutors": ("special_prosecutors", 0.02),
}
_ASSETS = {
    "drug": 0.71,
    "precursor": 0.03,
    "cash": 0.1,
    "vehicle": 0.06,
    "equipment": 0.09,
    "real_estate": 0.01,
}
# Substance → share of acts and a usual weight in kilograms.
DRUGS = {
    "cannabis": (0.36, 0.9),
    "hashish": (0.11, 0.35),
    "mephedrone": (0.17, 0.06),
    "alpha_pvp": (0.12, 0.04),
    "synthetic_cannabinoids": (0.11, 0.05),
    "methamphetamine": (0.05, 0.05),
    "heroin": (0.03, 0.11),
    "mdma": (0.03, 0.03),
    "cocaine": (0.02, 0.02),
}
_PRECURSORS = {
    "methylamine": (0.3, 38.0),
    "acetone": (0.25, 55.0),
    "hydrochloric_acid": (0.25, 42.0),
    "bromoketone_4": (0.2, 17.0),
}
_VALUES = {
    "cash": (13.4, 1.2),
    "vehicle": (15.6, 0.6),
    "equipment": (12.6, 1.1),
    "real_estate": (17.1, 0.4),
}
_WITHOUT_REGION = 0.013
_SECOND_ITEM = 0.28


_TOLD_TWICE = 0.25
_EQUAL = 0.1
_LEAST_MILLIGRAMS = 2_000_000
"""Two agencies are at work where much is found: from two kilograms on."""


@dataclass(frozen=True, slots=True)
class PlantedSeizures:
    """All acts as they are told, and the pairs of acts that are one seizure."""

    told: Told
    doubles: pl.DataFrame


def seizures(seed: int, cases: pl.DataFrame) -> PlantedSeizures:
    acts = pl.concat([_acts(seed, stretch) for stretch in STRETCHES])
    known = cases.filter(pl.col("KATO").is_not_null())
    acts = in_a_case(acts, known, "on", rng(seed, "seized in cases"))
    acts = _numbered(acts).pipe(_placed, rng(seed, "places of seizures"))
    items = pl.concat([acts, acts.filter("has_second")]).sort("on", "ACT_NO", maintain_order=True)
    first = _items(rng(seed, "seized items"), items)
    again = _told_again(rng(seed, "told twice"), first)
    doubles = again.select("ACT_NO", "AGENCY", "ACT_NO_FIRST", "AGENCY_FIRST").filter(
        pl.col("ACT_NO_FIRST").is_not_null()
    )
    rows = pl.concat([first, again.select(first.columns)]).drop("_place_again")
    return PlantedSeizures(Told("seizures", rows.sort(EVENT_ON, maintain_order=True)), doubles)


def _numbered(acts: pl.DataFrame) -> pl.DataFrame:
    serial = pl.int_range(1, pl.len() + 1).over("AGENCY", pl.col("on").dt.year())
    return acts.sort("on", maintain_order=True).with_columns(
        ACT_NO=pl.col("AGENCY").replace_strict(PREFIXES)
        + "-"
        + serial.cast(pl.String).str.zfill(5)
        + "/"
        + pl.col("on").dt.strftime("%y")
    )


def _placed(acts: pl.DataFrame, dice: np.random.Generator) -> pl.DataFrame:
    """Acts with a town or district of their region, as the first agency writes it and another."""
    is_town = pl.col("kind").is_in(["city", "settlement", "republican_city"])
    places = (
        reference("places")
        .filter(pl.col("kind") != "region")
        .select(
            KATO="kato2",
            _place=pl.when(is_town)
            .then("г. " + pl.col("name_ru"))
            .otherwise(pl.col("name_ru") + " район"),
            _place_again=pl.when(is_town)
            .then(pl.col("name_en") + " city")
            .otherwise(pl.col("name_kk") + " ауданы"),
            _number=pl.int_range(pl.len()).over("kato2"),
        )
    )
    many = pl.col("KATO").replace_strict(
        dict(places.group_by("KATO").len().iter_rows()), return_dtype=pl.Int64
    )
    drawn = pl.Series("_drawn", dice.random(acts.height))
    return acts.with_columns(_number=(drawn * many).floor().cast(pl.Int64)).join(
        places, on=["KATO", "_number"], how="left", validate="m:1", maintain_order="left"
    )


def _told_again(dice: np.random.Generator, items: pl.DataFrame) -> pl.DataFrame:
    """Acts of a second agency about seizures of the police; and equal seizures that are not.

    The second agency names the place in its own words and is at times a day late; either it
    knows the case and has the weight to the gram, or it has the weight of the same scales. An
    equal seizure is the police's own, of the same day, place and weight.
    """
    is_large = (pl.col("NET_KG").cast(pl.Float64) * 1_000_000 >= _LEAST_MILLIGRAMS) & (
        pl.col("AGENCY") == "police"
    )
    of = items.filter(is_large.fill_null(value=False), pl.col("KATO").is_not_null()).unique(
        "ACT_NO", keep="first", maintain_order=True
    )
    drawn = pl.Series(dice.random(of.height))
    twice, equal = of.filter(drawn < _TOLD_TWICE), of.filter(drawn > 1 - _EQUAL)
    return pl.concat([_by_another(dice, twice), _equal(equal)])


def _by_another(dice: np.random.Generator, of: pl.DataFrame) -> pl.DataFrame:
    agencies = pl.Series(picks(dice, of.height, {"customs": 0.5, "national_security": 0.5}))
    later = pl.Series((dice.random(of.height) < 0.3).astype(np.int64))
    has_case = pl.Series(dice.random(of.height) < 0.5) & of["CASE_NO"].is_not_null()
    grams = (pl.col("NET_KG").cast(pl.Float64) * 1000).round().cast(pl.Int64)
    seized_on = pl.col(EVENT_ON) + pl.duration(days=pl.lit(later))
    institutions = {agency: institution for agency, (institution, _) in AGENCIES.items()}
    return of.with_columns(
        ACT_NO_FIRST="ACT_NO",
        AGENCY_FIRST="AGENCY",
        AGENCY=agencies,
        ACT_NO=agencies.replace_strict(PREFIXES) + "-Д" + pl.col("ACT_NO").str.slice(3),
        ITEM_NO=pl.lit("1"),
        SEIZED_ON=seized_on.cast(pl.String),
        CASE_NO=pl.when(has_case).then("CASE_NO"),
        NET_KG=pl.when(has_case)
        .then(kilograms(of.select(grams * 1000).to_series()))
        .otherwise("NET_KG"),
        PLACE="_place_again",
        KATO=pl.when(pl.Series(dice.random(of.height) < 0.5)).then("KATO"),
    ).with_columns(
        seized_on.alias(EVENT_ON), agencies.replace_strict(institutions).alias(INSTITUTION)
    )


def _equal(of: pl.DataFrame) -> pl.DataFrame:
    return of.with_columns(
        ACT_NO_FIRST=pl.lit(None, pl.String),
        AGENCY_FIRST=pl.lit(None, pl.String),
        ACT_NO=pl.col("ACT_NO") + "-Р",
        ITEM_NO=pl.lit("1"),
    )


PREFIXES = {
    "police": "ДП",
    "customs": "ТК",
    "national_security": "НБ",
    "special_prosecutors": "СП",
}


def _acts(seed: int, stretch: Stretch) -> pl.DataFrame:
    dice = rng(seed, "acts", stretch.name)
    days = every_day(stretch)
    count = stretch.figures.seizures_per_day * len(days) * 5 // 7
    katos = picks(dice, count, REGION_WEIGHTS)
    return pl.DataFrame(
        {
            "on": spread(dice, count, days),
            "KATO": katos,
            "AGENCY": picks(dice, count, {name: share for name, (_, share) in AGENCIES.items()}),
            "is_placed": dice.random(count) >= _WITHOUT_REGION,
            "has_case": dice.random(count) < 0.86,
            "has_second": dice.random(count) < _SECOND_ITEM,
        }
    ).with_columns(pl.col("on").cast(pl.Date))


def _items(dice: np.random.Generator, items: pl.DataFrame) -> pl.DataFrame:
    count = items.height
    assets = picks(dice, count, _ASSETS)
    found = np.where(
        assets == "drug", substances(dice, count, DRUGS), substances(dice, count, _PRECURSORS)
    )
    usual = {name: weight for name, (_, weight) in (DRUGS | _PRECURSORS).items()}
    grams = pl.Series(found).replace_strict(usual).to_numpy() * 1000
    milligrams = (grams * np.exp(dice.normal(0, 0.9, count)) * 1000).astype(np.int64).clip(20)
    is_weighed = pl.Series(np.isin(assets, ["drug", "precursor"]))
    is_dollars = pl.Series((assets == "cash") & (dice.random(count) < 0.14))
    tenge = _tenge(dice, assets)
    minor = np.where(is_dollars, np.maximum(1, tenge // 52_000) * 100_00, tenge * 100)
    return items.select(
        ACT_NO="ACT_NO",
        ITEM_NO=pl.int_range(1, pl.len() + 1).over("ACT_NO").cast(pl.String),
        AGENCY="AGENCY",
        SEIZED_ON=pl.col("on").cast(pl.String),
        CASE_NO=pl.when("has_case").then("CASE_NO"),
        KATO=pl.when("is_placed").then("KATO"),
        ASSET=pl.Series(assets),
        SUBSTANCE=pl.when(is_weighed).then(pl.Series(found)),
        NET_KG=pl.when(is_weighed).then(kilograms(pl.Series(milligrams))),
        QUANTITY=pl.lit(None, pl.String),
        UNIT=pl.lit(None, pl.String),
        AMOUNT=pl.when(~is_weighed).then(amount_text(pl.lit(pl.Series(minor)))),
        CURRENCY=pl.when(is_dollars).then(pl.lit("USD")).when(~is_weighed).then(pl.lit("KZT")),
        PLACE="_place",
        OFFICE=pl.lit(None, pl.String),
        OPERATION_NO=pl.lit(None, pl.String),
        STATUS=pl.lit(None, pl.String),
        **{
            "_place_again": pl.col("_place_again"),
            EVENT_ON: pl.col("on"),
            INSTITUTION: pl.col("AGENCY").replace_strict(
                {agency: institution for agency, (institution, _) in AGENCIES.items()}
            ),
        },
    )


def substances(
    dice: np.random.Generator, count: int, known: dict[str, tuple[float, float]]
) -> Names:
    """Drawn by their shares of all acts."""
    return picks(dice, count, {name: share for name, (share, _) in known.items()})


def _tenge(dice: np.random.Generator, assets: Names) -> Ints:
    level = pl.Series(assets).replace_strict({k: v[0] for k, v in _VALUES.items()}, default=12.0)
    width = pl.Series(assets).replace_strict({k: v[1] for k, v in _VALUES.items()}, default=1.0)
    drawn = np.exp(dice.normal(level.to_numpy(), width.to_numpy()))
    return np.asarray(drawn.astype(np.int64) // 50 * 50)


def kilograms(milligrams: pl.Series) -> pl.Series:
    """As an act writes it, to the milligram."""
    whole = (milligrams // 1_000_000).cast(pl.String)
    return whole + "." + (milligrams % 1_000_000).cast(pl.String).str.zfill(6)
