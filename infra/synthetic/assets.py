"""Arrested assets and frozen wallets: the money of the cases, exact at the rates of their days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

from infra.synthetic.cases import in_a_case
from infra.synthetic.days import Days, office_instants, spread, working_days
from infra.synthetic.dice import picks, rng, split
from infra.synthetic.identities import REGION_WEIGHTS
from infra.synthetic.markets import Markets
from infra.synthetic.scenario import ASTANA, MANGYSTAU, SHYMKENT, STRETCHES, ULYTAU, Stretch
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text
from infra.synthetic.wallets import NETWORK_OF, address

_FOLLOWED = {
    "bank_account": 0.34,
    "real_estate": 0.22,
    "vehicle": 0.2,
    "business_share": 0.06,
    "cash": 0.18,
}
_NATURAL = {**_FOLLOWED, "vehicle": 0.3, "real_estate": 0.12}
_AGENCIES = {
    "police": 0.66,
    "national_security": 0.14,
    "financial_monitoring": 0.15,
    "customs": 0.05,
}
_COINS = {"USDT": 0.62, "TRX": 0.13, "ETH": 0.09, "BTC": 0.09, "USDC": 0.07}
_PLACES = {"USDT": 6, "USDC": 6, "TRX": 6, "BTC": 8, "ETH": 12}


@dataclass(frozen=True, slots=True)
class _Lot:
    """Measures of one kind that make up an exact sum of tiyn."""

    tiyn: int
    rows: int
    assets: dict[str, float]
    regions: tuple[str, ...]
    schemes: tuple[str, ...]


def asset_arrests(seed: int, cases: pl.DataFrame, markets: Markets) -> Told:
    parts = []
    for stretch in STRETCHES:
        for lot in _lots(stretch):
            parts.append(_exact(seed, stretch, lot, cases, markets))
        parts.append(_natural(seed, stretch, cases))
        parts.append(_crypto_cases(seed, stretch, cases))
    rows = pl.concat(parts).sort("on", maintain_order=True)
    serial = pl.int_range(1, pl.len() + 1).over(pl.col("on").dt.year())
    return Told(
        "asset_arrests",
        rows.select(
            (
                "А-" + serial.cast(pl.String).str.zfill(6) + "/" + pl.col("on").dt.strftime("%y")
            ).alias("MEASURE_NO"),
            "CASE_NO",
            pl.col("on").cast(pl.String).alias("ARRESTED_ON"),
            "STAGE",
            "ASSET",
            amount_text(pl.col("minor")).alias("AMOUNT"),
            "CURRENCY",
            "AGENCY",
            "KATO",
            pl.col("on").alias(EVENT_ON),
            pl.lit("kpssu").alias(INSTITUTION),
        ),
    )


def _lots(stretch: Stretch) -> tuple[_Lot, ...]:
    f = stretch.figures
    cashed = (MANGYSTAU, SHYMKENT)
    rest = f.case_tiyn - f.cashout_cash_tiyn - f.cashout_account_tiyn
    return (
        _Lot(f.cashout_cash_tiyn, 34, {"cash": 1.0}, cashed, ("cash_out",)),
        _Lot(f.cashout_account_tiyn, 57, {"bank_account": 1.0}, cashed, ("cash_out",)),
        _Lot(rest, 236, _FOLLOWED, f.case_regions, ("drug_shop", "laundering")),
    )


def _exact(
    seed: int, stretch: Stretch, lot: _Lot, cases: pl.DataFrame, markets: Markets
) -> pl.DataFrame:
    dice = rng(seed, "measures", stretch.name, *lot.schemes, *lot.assets)
    assets = picks(dice, lot.rows, lot.assets)
    days = spread(dice, lot.rows, working_days(stretch)[12:])
    foreign = np.flatnonzero((assets == "cash") & (dice.random(lot.rows) < 0.35))
    currencies = np.full(lot.rows, "KZT")
    currencies[foreign] = picks(dice, len(foreign), {"USD": 0.8, "EUR": 0.2})
    minor = np.zeros(lot.rows, dtype=np.int64)
    minor[foreign] = (
        dice.integers(31, 900, len(foreign)) * 100_00 + dice.integers(0, 5, len(foreign)) * 10_00
    )
    in_tenge = sum(
        markets.tiyn(int(minor[n]), str(currencies[n]), days[n].astype(date)) for n in foreign
    )
    domestic = currencies == "KZT"
    minor[domestic] = split(dice, lot.tiyn - in_tenge, int(domestic.sum()), spread=0.9)
    katos = np.resize(np.array(lot.regions), lot.rows)
    dice.shuffle(katos)
    measures = _measures(days, assets, minor, currencies).with_columns(KATO=pl.Series(katos))
    suitable = cases.filter(
        pl.col("AGENCY") == "special_prosecutors", pl.col("SCHEME").is_in(lot.schemes)
    )
    return _shaped(in_a_case(measures, suitable, "on", dice), "arrested")


def _natural(seed: int, stretch: Stretch, cases: pl.DataFrame) -> pl.DataFrame:
    """What the other agencies arrest anywhere, never in a cash-out case."""
    dice = rng(seed, "assets", stretch.name)
    days = working_days(stretch)
    count = stretch.figures.assets_per_day * len(days)
    assets = picks(dice, count, _NATURAL)
    currencies = np.where((assets == "cash") & (dice.random(count) < 0.2), "USD", "KZT")
    tenge = np.exp(dice.normal(14.2, 1.1, count)) * 100
    minor = np.where(
        currencies == "USD", dice.integers(3, 210, count) * 100_00, tenge.astype(np.int64)
    )
    measures = _measures(spread(dice, count, days), assets, minor, currencies).with_columns(
        KATO=pl.Series(picks(dice, count, REGION_WEIGHTS))
    )
    suitable = cases.filter(
        pl.col("AGENCY") != "special_prosecutors",
        pl.col("SCHEME").is_in(["drug_shop", "laundering", "dropper_network"]),
        pl.col("KATO").is_not_null(),
    )
    placed = in_a_case(measures, suitable, "on", dice)
    is_customs = pl.Series(dice.random(count) < 0.04)
    agency = pl.when(is_customs).then(pl.lit("customs")).otherwise("CASE_AGENCY")
    return _shaped(placed.with_columns(CASE_AGENCY=agency), "arrested")


def _crypto_cases(seed: int, stretch: Stretch, cases: pl.DataFrame) -> pl.DataFrame:
    """Known crypto of cases that no region has yet."""
    dice, count = rng(seed, "crypto cases", stretch.name), 29
    measures = _measures(
        spread(dice, count, working_days(stretch)[15:]),
        np.full(count, "crypto"),
        split(dice, stretch.figures.crypto_case_cents, count, spread=0.8),
        np.full(count, "USD"),
    )
    unassigned = cases.filter(
        pl.col("KATO").is_null(), pl.col("SCHEME").is_in(["drug_shop", "laundering"])
    )
    placed = in_a_case(
        measures.with_columns(KATO=pl.lit("")), unassigned.with_columns(KATO=pl.lit("")), "on", dice
    )
    agencies = pl.Series(picks(dice, count, {"national_security": 0.6, "police": 0.4}))
    return _shaped(
        placed.with_columns(CASE_AGENCY=agencies, KATO=pl.lit(None, pl.String)),
        "under_investigation",
    )


def _measures(days: Days, assets: object, minor: object, currencies: object) -> pl.DataFrame:
    return pl.DataFrame(
        {"on": days, "ASSET": assets, "minor": minor, "CURRENCY": currencies}
    ).with_columns(pl.col("on").cast(pl.Date))


def _shaped(measures: pl.DataFrame, stage: str) -> pl.DataFrame:
    return measures.select(
        "on",
        "CASE_NO",
        pl.lit(stage).alias("STAGE"),
        "ASSET",
        "minor",
        "CURRENCY",
        pl.col("CASE_AGENCY").alias("AGENCY"),
        "KATO",
    )


def wallet_freezes(seed: int, cases: pl.DataFrame, markets: Markets) -> Told:
    wallets = pl.concat(
        part for stretch in STRETCHES for part in _wallets_of(seed, stretch, markets)
    )
    dice = rng(seed, "frozen in cases")
    suitable = cases.filter(pl.col("SCHEME") == "drug_shop", pl.col("KATO").is_in([ULYTAU, ASTANA]))
    measures = wallets.select("measure_id", "KATO", "on").unique(maintain_order=True)
    rows = wallets.join(
        in_a_case(measures, suitable, "on", dice), on=["measure_id", "KATO", "on"], how="left"
    )
    return Told(
        "wallet_freezes",
        rows.sort("on", "frozen_at", "address", "asset").rename(
            {"CASE_NO": "case_no", "KATO": "kato", "on": EVENT_ON}
        ),
    )


def _wallets_of(seed: int, stretch: Stretch, markets: Markets) -> tuple[pl.DataFrame, ...]:
    f = stretch.figures
    return (
        _frozen(
            seed,
            stretch,
            markets,
            stage="arrested",
            kato=ULYTAU,
            wallets=f.wallets_arrested,
            cents=f.wallets_arrested_cents,
        ),
        _frozen(
            seed,
            stretch,
            markets,
            stage="measures_taken",
            kato=ASTANA,
            wallets=f.wallets_measures,
            cents=f.wallets_measures_cents,
        ),
    )


def _frozen(
    seed: int,
    stretch: Stretch,
    markets: Markets,
    *,
    stage: str,
    kato: str,
    wallets: int,
    cents: int,
) -> pl.DataFrame:
    """Wallets of one stage; one in eight holds a second coin of the same network."""
    dice = rng(seed, "wallets", stretch.name, stage)
    seconds = wallets // 8
    coins = [*picks(dice, wallets, _COINS)]
    coins[:seconds], coins[-1] = ["USDT"] * seconds, "USDT"
    owners = [*range(wallets), *range(seconds)]
    coins += ["TRX"] * seconds
    first = spread(dice, wallets, working_days(stretch)[10:])
    # Wallets of one measure are frozen on one day.
    first = first[np.minimum(np.arange(wallets) // 4 * 4 + 3, wallets - 1)]
    days = [first[n].astype(date) for n in owners]
    values = split(dice, cents, len(owners), spread=0.7)
    # The last single wallet, in dollars of the chain, takes up what rounding leaves.
    last, quantities, rest = wallets - 1, [""] * len(owners), cents
    for n in (n for n in range(len(owners)) if n != last):
        quantities[n] = _quantity(int(values[n]), coins[n], markets.price(coins[n], days[n]))
        rest -= markets.cents(quantities[n], coins[n], days[n])
    quantities[last] = _quantity(rest, coins[last], markets.price(coins[last], days[last]))
    at = office_instants(dice, first)
    return pl.DataFrame(
        {
            "measure_id": [
                f"W{kato}-{stretch.until:%y%m}{stage[0]}{n // 4 + 1:03d}" for n in owners
            ],
            "stage": [stage] * len(owners),
            "frozen_at": [at[n] for n in owners],
            "network": [NETWORK_OF[coin] for coin in coins],
            "address": [
                address(NETWORK_OF[coin], seed, stretch.name, stage, n)
                for coin, n in zip(coins, owners, strict=True)
            ],
            "asset": coins,
            "quantity": quantities,
            "KATO": [kato] * len(owners),
            "on": days,
            INSTITUTION: ["EXCH01" if n // 4 % 3 else "EXCH02" for n in owners],
        }
    )


def _quantity(cents: int, coin: str, price: str) -> str:
    places = Decimal(1).scaleb(-_PLACES[coin])
    return f"{(Decimal(cents) / 100 / Decimal(price)).quantize(places):f}"
