"""Seizure acts of four agencies: drugs by weight, cash and property by value."""

import numpy as np
import polars as pl

from infra.synthetic.cases import in_a_case
from infra.synthetic.days import every_day, spread
from infra.synthetic.dice import Ints, Names, picks, rng
from infra.synthetic.identities import REGION_WEIGHTS
from infra.synthetic.scenario import STRETCHES, Stretch
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text

# Agency → who delivers its acts, and its share of all acts.
_AGENCIES = {
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
_DRUGS = {
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


def seizures(seed: int, cases: pl.DataFrame) -> Told:
    acts = pl.concat([_acts(seed, stretch) for stretch in STRETCHES])
    known = cases.filter(pl.col("KATO").is_not_null())
    acts = in_a_case(acts, known, "on", rng(seed, "seized in cases"))
    serial = pl.int_range(1, pl.len() + 1).over("AGENCY", pl.col("on").dt.year())
    acts = acts.sort("on", maintain_order=True).with_columns(
        ACT_NO=pl.col("AGENCY").replace_strict(_PREFIXES)
        + "-"
        + serial.cast(pl.String).str.zfill(5)
        + "/"
        + pl.col("on").dt.strftime("%y")
    )
    items = pl.concat([acts, acts.filter("has_second")]).sort("on", "ACT_NO", maintain_order=True)
    return Told("seizures", _items(rng(seed, "seized items"), items))


_PREFIXES = {
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
            "AGENCY": picks(dice, count, {name: share for name, (_, share) in _AGENCIES.items()}),
            "is_placed": dice.random(count) >= _WITHOUT_REGION,
            "has_case": dice.random(count) < 0.86,
            "has_second": dice.random(count) < _SECOND_ITEM,
        }
    ).with_columns(pl.col("on").cast(pl.Date))


def _items(dice: np.random.Generator, items: pl.DataFrame) -> pl.DataFrame:
    count = items.height
    assets = picks(dice, count, _ASSETS)
    substances = np.where(
        assets == "drug", _substances(dice, count, _DRUGS), _substances(dice, count, _PRECURSORS)
    )
    usual = {name: weight for name, (_, weight) in (_DRUGS | _PRECURSORS).items()}
    grams = pl.Series(substances).replace_strict(usual).to_numpy() * 1000
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
        SUBSTANCE=pl.when(is_weighed).then(pl.Series(substances)),
        NET_KG=pl.when(is_weighed).then(_kilograms(pl.Series(milligrams))),
        AMOUNT=pl.when(~is_weighed).then(amount_text(pl.lit(pl.Series(minor)))),
        CURRENCY=pl.when(is_dollars).then(pl.lit("USD")).when(~is_weighed).then(pl.lit("KZT")),
        **{
            EVENT_ON: pl.col("on"),
            INSTITUTION: pl.col("AGENCY").replace_strict(
                {agency: institution for agency, (institution, _) in _AGENCIES.items()}
            ),
        },
    )


def _substances(
    dice: np.random.Generator, count: int, known: dict[str, tuple[float, float]]
) -> Names:
    return picks(dice, count, {name: share for name, (share, _) in known.items()})


def _tenge(dice: np.random.Generator, assets: Names) -> Ints:
    level = pl.Series(assets).replace_strict({k: v[0] for k, v in _VALUES.items()}, default=12.0)
    width = pl.Series(assets).replace_strict({k: v[1] for k, v in _VALUES.items()}, default=1.0)
    drawn = np.exp(dice.normal(level.to_numpy(), width.to_numpy()))
    return np.asarray(drawn.astype(np.int64) // 50 * 50)


def _kilograms(milligrams: pl.Series) -> pl.Series:
    whole = (milligrams // 1_000_000).cast(pl.String)
    return whole + "." + (milligrams % 1_000_000).cast(pl.String).str.zfill(6)
