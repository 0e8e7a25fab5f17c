"""Import declarations and precursor licences: unlicensed imports among much lawful trade."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from infra.synthetic.days import Days, spread, working_days
from infra.synthetic.dice import Ints, picks, rng
from infra.synthetic.goods import (
    ELSEWHERE_LISTED,
    LICENSED_TRADE,
    ORDINARY,
    SHARED_CODES,
    UNLICENSED_TRADE,
    Good,
    company_name,
    violators_substance,
)
from infra.synthetic.identities import REGION_WEIGHTS, bins
from infra.synthetic.importers import legal_entities
from infra.synthetic.scenario import FIRST_DAY, STORY_DAY, STRETCHES, Stretch, Violations
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text
from transforms.reference import reference

_FIRMS = 700
_LICENSED_FIRMS = range(0, 90)
_ORDINARY_FIRMS = range(90, _FIRMS)
_FIRST_VIOLATOR = 1_000
_TRANSIT, _HOME_USE = "80", "40"
_FOR_A_DOLLAR = {"USD": 1.0, "EUR": 0.92, "RUB": 84.0}
_RENEWED_TOGETHER = STORY_DAY - timedelta(days=5)

_SUBSTANCES = {
    row["id"]: row for row in reference("precursors").iter_rows(named=True) if row["un_table"]
}


@dataclass(frozen=True, slots=True)
class _Licence:
    number: str
    firm: int
    substance: str
    valid_from: date
    valid_to: date
    told_on: date
    status: str = "issued"
    quota_kg: int | None = None
    end_use: str = "production"


@dataclass(frozen=True, slots=True)
class Customs:
    """What customs and the licence register tell, and which items are violations."""

    declarations: Told
    licences: Told
    entities: Told
    violations: pl.DataFrame


def customs(seed: int) -> Customs:
    licences = _lawful_licences()
    parts, violations = [], []
    for stretch in STRETCHES:
        unlawful, needed = _violations(seed, stretch)
        licences += needed
        violations.append(unlawful)
        parts += [unlawful.drop("kind", "substance_id"), _lawful(seed, stretch)]
    goods = _numbered(seed, pl.concat([_priced(seed, part) for part in parts]))
    planted = pl.concat(violations).join(
        goods.select("_item", "DECLARATION_NO", "ITEM_NO"), on="_item", how="left"
    )
    return Customs(
        declarations=Told("import_declarations", goods.drop("_item", "firm")),
        licences=_told(seed, licences),
        entities=legal_entities(seed, goods, planted),
        violations=planted.select(
            "kind",
            "substance_id",
            "DECLARATION_NO",
            "ITEM_NO",
            pl.col("on").alias("registered_on"),
            consignee_bin=bins(planted["firm"].to_numpy(), seed),
        ).sort("registered_on", "DECLARATION_NO", "ITEM_NO"),
    )


def _items(
    days: Days, firms: Ints, goods: list[Good], procedures: object, name: str
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "on": days,
            "firm": firms,
            "PROCEDURE": procedures,
            "HS_CODE": [g.hs_code for g in goods],
            "GOODS": [g.text for g in goods],
            "kilograms": [float(g.kilograms) for g in goods],
            "price": [g.cents_a_kilogram for g in goods],
            "origins": [g.origins for g in goods],
        }
    ).with_columns(
        pl.col("on").cast(pl.Date), _item=pl.lit(name) + pl.int_range(pl.len()).cast(pl.String)
    )


def _lawful(seed: int, stretch: Stretch) -> pl.DataFrame:
    """Ordinary goods, licensed precursors, goods that only look like precursors, and transit."""
    dice = rng(seed, "trade", stretch.name)
    days = working_days(stretch)
    count = stretch.figures.goods_per_day * len(days)
    kinds = picks(
        dice, count, {"ordinary": 0.875, "licensed": 0.07, "alike": 0.03, "transit": 0.025}
    )
    licensed = [(firm, substance) for firm in _LICENSED_FIRMS for substance in _licensed_to(firm)]
    chance = dice.integers(0, 2**31, count)
    firms, goods = np.zeros(count, dtype=np.int64), []
    for n, kind in enumerate(kinds.tolist()):
        draw = int(chance[n])
        firms[n] = _ORDINARY_FIRMS[draw % len(_ORDINARY_FIRMS)]
        if kind == "licensed":
            firms[n], substance = licensed[draw % len(licensed)]
            goods.append(_good(substance, LICENSED_TRADE))
        elif kind == "transit":
            goods.append(
                _good(list(UNLICENSED_TRADE)[draw % len(UNLICENSED_TRADE)], UNLICENSED_TRADE)
            )
        else:
            shelf = ORDINARY if kind == "ordinary" else (*SHARED_CODES, *ELSEWHERE_LISTED)
            goods.append(shelf[draw % len(shelf)])
    procedures = np.where(kinds == "transit", _TRANSIT, _HOME_USE)
    return _items(spread(dice, count, days), firms, goods, procedures, f"{stretch.name} ")


def _good(substance: str, trade: dict[str, tuple[int, int, str]]) -> Good:
    row, (kilograms, price, origins) = _SUBSTANCES[substance], trade[substance]
    name = str(row["name_ru"])
    text = f"{name[0].upper()}{name[1:]}, CAS {row['cas']}"
    return Good(f"{row['hs6']}0000", text, kilograms, price, origins)


def _licensed_to(firm: int) -> tuple[str, ...]:
    substances = tuple(LICENSED_TRADE)
    return tuple(substances[(firm * 5 + n * 3) % len(substances)] for n in range(1 + firm % 3))


def _lawful_licences() -> list[_Licence]:
    """Two licences a firm, with no gap between; a quarter of the firms renew on one day."""
    found = []
    for firm in _LICENSED_FIRMS:
        is_renewed_together = firm % 4 == 0
        until = _RENEWED_TOGETHER + timedelta(days=9 if is_renewed_together else 20 + firm)
        again = until + timedelta(days=1)
        told = _RENEWED_TOGETHER if is_renewed_together else until - timedelta(days=11)
        for substance in _licensed_to(firm):
            first, second = f"ПР-{FIRST_DAY:%y}-{firm:04d}", f"ПР-{again:%y}-{firm:04d}"
            found += [
                _Licence(first, firm, substance, FIRST_DAY, until, FIRST_DAY),
                _Licence(second, firm, substance, again, again + timedelta(days=365), told),
            ]
    return found


def _violations(seed: int, stretch: Stretch) -> tuple[pl.DataFrame, list[_Licence]]:
    dice = rng(seed, "violations", stretch.name)
    base = _FIRST_VIOLATOR * (1 + STRETCHES.index(stretch))
    days = working_days(stretch)[20:]
    every = [
        (kind, base + first + n % kind.entities)
        for kind, first in _first_firms(stretch.figures.violations)
        for n in range(kind.facts)
    ]
    on = spread(dice, len(every), days)
    dice.shuffle(on)
    days_of = _days_of_firms(every, on)
    substances = [violators_substance(firm, min(days_of[firm])) for _, firm in every]
    goods = [_good(substance, UNLICENSED_TRADE) for substance in substances]
    firms = np.array([firm for _, firm in every])
    items = _items(on, firms, goods, _HOME_USE, f"{stretch.name} violation ")
    needed = _violators_licences(every, days_of, substances)
    planted = items.with_columns(
        kind=pl.Series([kind.kind for kind, _ in every]), substance_id=pl.Series(substances)
    )
    return planted, needed


def _first_firms(violations: tuple[Violations, ...]) -> list[tuple[Violations, int]]:
    firsts = np.cumsum([0, *(v.entities for v in violations)]).tolist()
    return list(zip(violations, firsts, strict=False))


def _days_of_firms(every: list[tuple[Violations, int]], on: Days) -> dict[int, list[date]]:
    days_of: dict[int, list[date]] = {}
    for (_, firm), day in zip(every, on, strict=True):
        days_of.setdefault(firm, []).append(day.astype(date))
    return days_of


def _violators_licences(
    every: list[tuple[Violations, int]], days_of: dict[int, list[date]], substances: list[str]
) -> list[_Licence]:
    """What each violator does hold: nothing, too late, too early, another's, or no longer."""
    found = []
    kinds = {firm: (kind.kind, s) for (kind, firm), s in zip(every, substances, strict=True)}
    for firm, (kind, substance) in kinds.items():
        first, last = min(days_of[firm]), max(days_of[firm])
        number, year = f"ПР-{first:%y}-{firm:04d}", timedelta(days=365)
        since = {
            "expired": first - year - timedelta(days=3 + firm % 5),
            "not_yet_in_force": last + timedelta(days=1 + firm % 9),
            "other_substance": first - timedelta(days=40),
            "withdrawn": first - timedelta(days=70),
        }.get(kind)
        if since is None:
            continue
        other = next(s for s in LICENSED_TRADE if s != substance)
        held = other if kind == "other_substance" else substance
        told = min(since, first) - timedelta(days=6)
        licence = _Licence(number, firm, held, since, since + year, told)
        found.append(licence)
        if kind == "withdrawn":
            # In the month before, whose archive tells of it: a month is told by its end.
            withdrawn = first.replace(day=1) - timedelta(days=1 + firm % 7)
            found.append(_Licence(number, firm, held, since, since + year, withdrawn, "withdrawn"))
    return found


def _told(seed: int, licences: list[_Licence]) -> Told:
    rows = pl.DataFrame(
        {
            "LICENCE_NO": [x.number for x in licences],
            "BIN": bins(np.array([x.firm for x in licences]), seed),
            "SUBSTANCE": [x.substance for x in licences],
            "VALID_FROM": [x.valid_from for x in licences],
            "VALID_TO": [x.valid_to for x in licences],
            "STATUS": [x.status for x in licences],
            "QUOTA_KG": pl.Series([x.quota_kg for x in licences], dtype=pl.String),
            "END_USE": [x.end_use for x in licences],
            EVENT_ON: [x.told_on for x in licences],
        }
    ).with_columns(
        pl.col("VALID_FROM", "VALID_TO").cast(pl.String), pl.lit("mvd").alias(INSTITUTION)
    )
    return Told("precursor_licences", rows.sort(EVENT_ON, maintain_order=True))


def _priced(seed: int, items: pl.DataFrame) -> pl.DataFrame:
    dice = rng(seed, "prices", items["_item"][0])
    grams = (
        items["kilograms"].to_numpy() * np.exp(dice.normal(0, 0.45, items.height)) * 10
    ).astype(np.int64) * 100
    grams = np.maximum(grams, 1_000)
    currencies = pl.Series(picks(dice, items.height, {"USD": 0.74, "EUR": 0.12, "RUB": 0.14}))
    prices = items["price"].to_numpy() * currencies.replace_strict(_FOR_A_DOLLAR).to_numpy()
    cents = (grams * prices / 1000 * dice.integers(88, 113, items.height) / 100).astype(np.int64)
    origins = items["origins"].str.split(" ")
    turn = pl.Series(dice.integers(0, 6, items.height)) % origins.list.len()
    return items.with_columns(
        NET_KG=pl.Series(grams),
        cents=pl.Series(np.maximum(cents, 1)),
        ORIGIN=origins.list.get(turn),
        CURRENCY=currencies,
    )


def _numbered(seed: int, items: pl.DataFrame) -> pl.DataFrame:
    """Items of one firm on one day share a declaration; its region is the firm's."""
    katos = _home_of(items["firm"])
    items = items.with_columns(CONSIGNEE_KATO=katos).sort("on", "firm", "_item")
    numbers = items["firm"].to_numpy()
    group = ["on", "firm"]
    declarations = items.select(*group, "CONSIGNEE_KATO").unique(maintain_order=True)
    serial = pl.int_range(1, pl.len() + 1).over("on")
    office = pl.lit("55") + pl.col("CONSIGNEE_KATO") + "1"
    declarations = declarations.with_columns(OFFICE=office).select(
        *group,
        "OFFICE",
        DECLARATION_NO=pl.col("OFFICE")
        + "/"
        + pl.col("on").dt.strftime("%d%m%y")
        + "/"
        + serial.cast(pl.String).str.zfill(7),
    )
    return (
        items.with_columns(
            CONSIGNEE_BIN=bins(numbers, seed), ITEM_NO=pl.int_range(1, pl.len() + 1).over(group)
        )
        .join(declarations, on=group, how="left", maintain_order="left")
        .with_columns(
            CONSIGNEE=pl.Series([company_name(n) for n in numbers.tolist()]),
            NET_KG=(pl.col("NET_KG") // 1000).cast(pl.String)
            + "."
            + (pl.col("NET_KG") % 1000).cast(pl.String).str.zfill(3),
            INVOICE=amount_text(pl.col("cents")),
            REGISTERED_ON=pl.col("on").cast(pl.String),
            ITEM_NO=pl.col("ITEM_NO").cast(pl.String),
        )
        .rename({"on": EVENT_ON})
        .with_columns(pl.lit("kgd").alias(INSTITUTION))
        .drop("kilograms", "price", "origins", "cents")
    )


def _home_of(firms: pl.Series) -> pl.Series:
    return pl.Series(list(REGION_WEIGHTS)).gather(firms.to_numpy() * 7 % len(REGION_WEIGHTS))
