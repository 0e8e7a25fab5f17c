"""Criminal cases, and how another register's row finds the case that it belongs to."""

from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.days import every_day, spread, working_days
from infra.synthetic.dice import picks, rng
from infra.synthetic.identities import REGION_WEIGHTS
from infra.synthetic.scenario import FIRST_DAY, MANGYSTAU, SHYMKENT, STRETCHES, Stretch
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told

_DROPPERING_IN_FORCE = date(2025, 9, 16)

_SCHEMES = {
    "drug_shop": 0.55,
    "dropper_network": 0.17,
    "laundering": 0.12,
    "smuggling": 0.09,
    "laboratory": 0.04,
    "cash_out": 0.03,
}
_AGENCIES = {
    "police": 0.78,
    "financial_monitoring": 0.11,
    "national_security": 0.11,
}
_AGENCY_DIGITS = {
    "police": "010",
    "national_security": "020",
    "financial_monitoring": "030",
    "special_prosecutors": "040",
}
_ASSIGNED_LATER = 0.03
_FIRST_REGISTRATION = FIRST_DAY.replace(day=3)


def criminal_cases(seed: int) -> pl.DataFrame:
    """Every case of the scenario in order of registration, columns as on the wire."""
    stretches = [
        part
        for stretch in STRETCHES
        for part in (_natural(seed, stretch), _adverts(seed, stretch), _prosecutors(seed, stretch))
    ]
    cases = pl.concat([_open_at_the_start(), *stretches]).sort("REGISTERED_ON", maintain_order=True)
    return _numbered(cases)


def told(cases: pl.DataFrame) -> Told:
    rows = cases.with_columns(
        pl.col("REGISTERED_ON").alias(EVENT_ON), pl.lit("kpssu").alias(INSTITUTION)
    ).with_columns(pl.col("REGISTERED_ON").cast(pl.String))
    return Told("criminal_cases", rows)


def in_a_case(
    events: pl.DataFrame, cases: pl.DataFrame, on: str, dice: np.random.Generator
) -> pl.DataFrame:
    """`events` with `CASE_NO` and `CASE_AGENCY` of a case of their `KATO`, open on the day `on`."""
    earlier = pl.Series(dice.integers(0, 60, events.height)).cast(pl.Int32)
    looked_from = (pl.col(on).cast(pl.Int32) - earlier).cast(pl.Date)
    known = cases.select("KATO", "REGISTERED_ON", "CASE_NO", CASE_AGENCY="AGENCY").sort(
        "REGISTERED_ON", maintain_order=True
    )
    numbered = events.with_row_index("_event")
    by_then, by_the_day = (
        numbered.select("_event", "KATO", REGISTERED_ON=day)
        .sort("REGISTERED_ON", maintain_order=True)
        .join_asof(known, on="REGISTERED_ON", by="KATO", check_sortedness=False)
        .sort("_event")
        for day in (looked_from, pl.col(on))
    )
    return events.with_columns(
        by_then[column].fill_null(by_the_day[column]) for column in ("CASE_NO", "CASE_AGENCY")
    )


def _frame(days: object, articles: object, schemes: object, agencies: object) -> pl.DataFrame:
    return pl.DataFrame(
        {"REGISTERED_ON": days, "ARTICLE": articles, "SCHEME": schemes, "AGENCY": agencies}
    ).with_columns(pl.col("REGISTERED_ON").cast(pl.Date))


def _open_at_the_start() -> pl.DataFrame:
    """One case of each kind that others refer to, in each region and in none, from the start."""
    kinds = (("drug_shop", "297"), ("dropper_network", "190"), ("laundering", "218"))
    rows = [(kato, *kind) for kato in (*REGION_WEIGHTS, None) for kind in kinds]
    is_unassigned = pl.col("KATO").is_null()
    return pl.DataFrame(rows, schema=["KATO", "SCHEME", "ARTICLE"], orient="row").select(
        pl.lit(_FIRST_REGISTRATION).alias("REGISTERED_ON"),
        "ARTICLE",
        "SCHEME",
        pl.when(is_unassigned)
        .then(pl.lit("national_security"))
        .otherwise(pl.lit("police"))
        .alias("AGENCY"),
        "KATO",
    )


def _natural(seed: int, stretch: Stretch) -> pl.DataFrame:
    dice = rng(seed, "cases", stretch.name)
    days = working_days(stretch)
    count = stretch.figures.cases_per_day * len(days)
    katos = picks(dice, count, REGION_WEIGHTS)
    cases = _frame(
        spread(dice, count, days),
        pl.repeat("297", count, eager=True),
        picks(dice, count, _SCHEMES),
        picks(dice, count, _AGENCIES),
    )
    is_unassigned = pl.Series(dice.random(count) < _ASSIGNED_LATER)
    chance = pl.Series(dice.random(count))
    return cases.with_columns(
        ARTICLE=_article(chance),
        KATO=pl.when(~is_unassigned | (pl.col("AGENCY") == "police")).then(pl.Series(katos)),
    )


def _article(chance: pl.Series) -> pl.Expr:
    scheme = pl.col("SCHEME")
    is_droppering = pl.col("REGISTERED_ON") >= _DROPPERING_IN_FORCE
    return (
        pl.when(scheme == "drug_shop")
        .then(pl.when(chance < 0.6).then(pl.lit("297")).otherwise(pl.lit("297-1")))
        .when(scheme == "dropper_network")
        .then(pl.when(is_droppering).then(pl.lit("232-1")).otherwise(pl.lit("190")))
        .when(scheme == "smuggling")
        .then(pl.lit("286"))
        .when(scheme == "laboratory")
        .then(pl.when(chance < 0.8).then(pl.lit("297-1")).otherwise(pl.lit("301")))
        .when(scheme == "cash_out")
        .then(pl.lit("214"))
        .otherwise(pl.lit("218"))
    )


def _adverts(seed: int, stretch: Stretch) -> pl.DataFrame:
    dice = rng(seed, "advert cases", stretch.name)
    count = stretch.figures.advert_cases
    return _frame(
        spread(dice, count, working_days(stretch)),
        pl.repeat("299-1", count, eager=True),
        pl.repeat("drug_advert", count, eager=True),
        pl.repeat("police", count, eager=True),
    ).with_columns(KATO=pl.Series(picks(dice, count, REGION_WEIGHTS)))


def _prosecutors(seed: int, stretch: Stretch) -> pl.DataFrame:
    """Cases that special prosecutors took on in the first fortnight, before any arrest in them."""
    dice = rng(seed, "prosecutors' cases", stretch.name)
    regions = stretch.figures.case_regions
    rows = [
        (kato, scheme, article)
        for kato in regions
        for scheme, article in (("drug_shop", "297"), ("drug_shop", "297-1"), ("laundering", "218"))
    ] + [(kato, "cash_out", "218") for kato in (MANGYSTAU, SHYMKENT) for _ in range(2)]
    days = np.sort(dice.choice(every_day(stretch)[:9], len(rows)))
    return (
        pl.DataFrame(rows, schema=["KATO", "SCHEME", "ARTICLE"], orient="row")
        .with_columns(
            REGISTERED_ON=pl.Series(days).cast(pl.Date), AGENCY=pl.lit("special_prosecutors")
        )
        .select("REGISTERED_ON", "ARTICLE", "SCHEME", "AGENCY", "KATO")
    )


def _numbered(cases: pl.DataFrame) -> pl.DataFrame:
    year = pl.col("REGISTERED_ON").dt.strftime("%y")
    serial = pl.int_range(1, pl.len() + 1).over(year, "KATO", "AGENCY")
    return cases.select(
        CASE_NO=year
        + pl.col("KATO").fill_null("00")
        + "00"
        + pl.col("AGENCY").replace_strict(_AGENCY_DIGITS)
        + serial.cast(pl.String).str.zfill(6),
        REGISTERED_ON="REGISTERED_ON",
        ARTICLE="ARTICLE",
        SCHEME="SCHEME",
        AGENCY="AGENCY",
        KATO="KATO",
    )
