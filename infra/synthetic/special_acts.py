"""Seizures out of the ordinary: raids of operations, what is counted instead of weighed, crypto.

They come on top of the acts of every day and have numbers of their own.
"""

import numpy as np
import polars as pl

from infra.synthetic.days import Days, every_day, spread
from infra.synthetic.dice import picks, rng
from infra.synthetic.identities import REGION_WEIGHTS
from infra.synthetic.scenario import STRETCHES, Stretch
from infra.synthetic.seizure_acts import AGENCIES, DRUGS, PREFIXES, kilograms, substances
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told

# Substance, unit and a usual number of what is counted, not weighed.
_COUNTED = (
    ("mdma", "tablet", 120),
    ("methadone", "ml", 400),
    ("cannabis_plants", "plant", 35),
    ("lsd", "dose", 60),
)
_COINS = {"USDT": 2_500.0, "BTC": 0.04, "TRX": 9_000.0}
_OPERATIONS = 12
_CELLS = (
    "CASE_NO",
    "SUBSTANCE",
    "NET_KG",
    "QUANTITY",
    "UNIT",
    "AMOUNT",
    "CURRENCY",
    "PLACE",
    "OFFICE",
    "OPERATION_NO",
    "STATUS",
)


def with_special_acts(seed: int, told: Told) -> Told:
    """The acts told, and these among them by their days."""
    others = [other for stretch in STRETCHES for other in _others(seed, stretch)]
    rows = pl.concat([told.rows, *(other.select(told.rows.columns) for other in others)])
    return Told(told.feed, rows.sort(EVENT_ON, maintain_order=True))


def _others(seed: int, stretch: Stretch) -> tuple[pl.DataFrame, ...]:
    """Raids of operations, drugs that are counted, and crypto: each in acts of its own."""
    dice, days = rng(seed, "other seizures", stretch.name), every_day(stretch)
    return (
        _raids(dice, days, f"{stretch.since:%y%m}"),
        _not_weighed(dice, days, f"{stretch.since:%y%m}"),
        _coins(dice, days, f"{stretch.since:%y%m}"),
    )


def _raids(dice: np.random.Generator, days: Days, since: str) -> pl.DataFrame:
    """Of each operation three raids: two of the police and one of national security."""
    count = 3 * _OPERATIONS
    acts = _own_acts(dice, spread(dice, _OPERATIONS, days).repeat(3), "О", since)
    drugs = substances(dice, count, DRUGS)
    grams = pl.Series(drugs).replace_strict({k: w for k, (_, w) in DRUGS.items()}) * 1000
    milligrams = (grams * pl.Series(np.exp(dice.normal(1, 0.6, count))) * 1000).cast(pl.Int64)
    raid = pl.int_range(pl.len())
    agency = pl.when(raid % 3 < 2).then(pl.lit("police")).otherwise(pl.lit("national_security"))
    return acts.with_columns(
        AGENCY=agency,
        SUBSTANCE=pl.Series(drugs),
        NET_KG=kilograms(milligrams),
        OPERATION_NO="ОП-" + (raid // 3 + 1).cast(pl.String).str.zfill(3) + f"/{since}",
    ).pipe(_by_agency)


def _not_weighed(dice: np.random.Generator, days: Days, since: str) -> pl.DataFrame:
    count = 20 * len(_COUNTED)
    acts = _own_acts(dice, spread(dice, count, days), "С", since)
    which = dice.integers(0, len(_COUNTED), count)
    usual = np.array([_COUNTED[n][2] for n in which]) * np.exp(dice.normal(0, 0.7, count))
    return acts.with_columns(
        SUBSTANCE=pl.Series([_COUNTED[n][0] for n in which]),
        QUANTITY=pl.Series(np.maximum(1, usual).astype(np.int64)).cast(pl.String),
        UNIT=pl.Series([_COUNTED[n][1] for n in which]),
    ).pipe(_by_agency)


def _coins(dice: np.random.Generator, days: Days, since: str) -> pl.DataFrame:
    count = 12
    acts = _own_acts(dice, spread(dice, count, days), "К", since)
    coins = [str(coin) for coin in dice.choice(list(_COINS), count)]
    usual = np.array([_COINS[coin] for coin in coins]) * np.exp(dice.normal(0, 0.8, count))
    return acts.with_columns(
        ASSET=pl.lit("crypto"),
        QUANTITY=pl.Series([f"{quantity:.6f}" for quantity in usual]),
        UNIT=pl.Series(coins),
    ).pipe(_by_agency)


def _own_acts(dice: np.random.Generator, days: Days, letter: str, since: str) -> pl.DataFrame:
    """Acts of one item of the police, numbered apart from all others."""
    count = len(days)
    none = dict.fromkeys(_CELLS, pl.lit(None, pl.String))
    on = pl.col(EVENT_ON)
    return (
        pl.DataFrame({EVENT_ON: np.sort(days), "KATO": picks(dice, count, REGION_WEIGHTS)})
        .with_columns(on.cast(pl.Date))
        .with_columns(
            **none,
            ACT_NO=pl.lit(f"ДП-{letter}")
            + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(4)
            + f"/{since}",
            ITEM_NO=pl.lit("1"),
            AGENCY=pl.lit("police"),
            ASSET=pl.lit("drug"),
            SEIZED_ON=on.cast(pl.String),
        )
    )


def _by_agency(acts: pl.DataFrame) -> pl.DataFrame:
    institutions = {agency: institution for agency, (institution, _) in AGENCIES.items()}
    return acts.with_columns(
        pl.col("AGENCY").replace_strict(institutions).alias(INSTITUTION),
        ACT_NO=pl.col("AGENCY").replace_strict(PREFIXES) + pl.col("ACT_NO").str.slice(2),
    )
