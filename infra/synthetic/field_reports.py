"""What the regional prosecutors' offices report each day: adverts, detentions, shop accounts."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from infra.synthetic.cases import in_a_case
from infra.synthetic.days import spread, working_days
from infra.synthetic.dice import Ints, picks, rng, split
from infra.synthetic.identities import REGION_WEIGHTS
from infra.synthetic.scenario import MANGYSTAU, SHYMKENT, STRETCHES, Stretch
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text

_LINES_OF_ADVERTS_A_DAY = 21
_EVERYWHERE = tuple(REGION_WEIGHTS)
_CITIES_WITH_ADVERTISERS = ("71", "75", "79", "35", "55", "63", "15", "19", "39")


@dataclass(frozen=True, slots=True)
class _Event:
    code: str
    objects: int
    lines: int
    regions: tuple[str, ...]
    with_case: bool = True


def field_reports(seed: int, cases: pl.DataFrame) -> Told:
    parts = [part for stretch in STRETCHES for part in _reported(seed, stretch)]
    suitable = cases.filter(
        pl.col("SCHEME").is_in(["drug_shop", "drug_advert"]), pl.col("KATO").is_not_null()
    )
    lines = in_a_case(pl.concat(parts), suitable, "on", rng(seed, "reported in cases"))
    lines = lines.sort("on", "KATO", "EVENT", maintain_order=True)
    report = ["on", "KATO"]
    rows = lines.select(
        REPORT_NO=pl.lit("ОП-") + pl.col("KATO") + "-" + pl.col("on").dt.strftime("%Y%m%d"),
        LINE_NO=pl.int_range(1, pl.len() + 1).over(report).cast(pl.String),
        REPORTED_ON=pl.col("on").cast(pl.String),
        KATO="KATO",
        EVENT="EVENT",
        OBJECTS=pl.col("objects").cast(pl.String),
        TRANSACTIONS=pl.col("transactions").cast(pl.String),
        AMOUNT_KZT=amount_text(pl.col("tiyn")),
        CASE_NO=pl.when("with_case").then("CASE_NO"),
    )
    rows = rows.with_columns(lines["on"].alias(EVENT_ON), pl.lit("gp").alias(INSTITUTION))
    return Told("field_reports", rows)


def _reported(seed: int, stretch: Stretch) -> list[pl.DataFrame]:
    f = stretch.figures
    adverts = _LINES_OF_ADVERTS_A_DAY * len(working_days(stretch))
    events = (
        _Event("advert_removed", f.adverts_removed, adverts, _EVERYWHERE, with_case=False),
        _Event("advertiser_detained", f.advertisers, 17, _CITIES_WITH_ADVERTISERS),
        _Event("member_detained", f.members, min(6, f.members), (MANGYSTAU, SHYMKENT)),
        _Event("participant_arrested", f.participants, 11, (SHYMKENT,)),
        _Event("laboratory_dismantled", f.laboratories, f.laboratories, (SHYMKENT,)),
    )
    return [_lines(seed, stretch, event) for event in events if event.objects] + [
        _shop_accounts(seed, stretch)
    ]


def _lines(seed: int, stretch: Stretch, event: _Event) -> pl.DataFrame:
    dice = rng(seed, "reports", event.code, stretch.name)
    count = min(event.lines, event.objects)
    if event.regions is _EVERYWHERE:
        katos = picks(dice, count, REGION_WEIGHTS)
        katos[: len(_EVERYWHERE)] = _EVERYWHERE
    else:
        katos = np.resize(np.array(event.regions), count)
    dice.shuffle(katos)
    objects = split(dice, event.objects, count, spread=0.5)
    return _shaped(stretch, dice, event.code, katos, objects).with_columns(
        with_case=pl.lit(event.with_case),
        transactions=pl.lit(None, pl.Int64),
        tiyn=pl.lit(None, pl.Int64),
    )


def _shop_accounts(seed: int, stretch: Stretch) -> pl.DataFrame:
    """Accounts of the drug shops that Shymkent's investigators went through."""
    dice, count = rng(seed, "shop accounts", stretch.name), 212
    payments = split(dice, stretch.figures.shop_transactions, count, spread=0.55)
    # A payment is about as large on one account as on another.
    weights = payments * np.exp(dice.normal(0, 0.25, count))
    tiyn = np.floor(weights / weights.sum() * stretch.figures.shop_tiyn).astype(np.int64)
    tiyn[np.argmax(tiyn)] += stretch.figures.shop_tiyn - tiyn.sum()
    accounts = dice.integers(1, 4, count)
    katos = np.full(count, SHYMKENT)
    return _shaped(stretch, dice, "shop_account_examined", katos, accounts).with_columns(
        with_case=pl.lit(True), transactions=pl.Series(payments), tiyn=pl.Series(tiyn)
    )


def _shaped(
    stretch: Stretch, dice: np.random.Generator, event: str, katos: object, objects: Ints
) -> pl.DataFrame:
    days = working_days(stretch)
    return pl.DataFrame(
        {"on": spread(dice, len(objects), days), "KATO": katos, "objects": objects}
    ).with_columns(pl.col("on").cast(pl.Date), EVENT=pl.lit(event))
