"""Seizures over two nights, and what they come to by each of them, to the gram and the tiyn.

Every counting rule is planted: several substances, raids of one operation, units that are not
weighed, money at rates of several units and of days without one, crypto, places in three
languages, reports of two agencies, equal seizures that are two; then items corrected, taken back,
sent again and told late. The truth is kept as it is planted, and never computed from what is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from infra.synthetic.dice import rng
from infra.synthetic.worlds.accepted import accepted
from infra.synthetic.worlds.acts import (
    DRUGS,
    PRICES,
    SINCE,
    TENGE,
    Plan,
    half_up,
    known_rates,
    price,
    tenge,
)

FIRST_NIGHT, SECOND_NIGHT = date(2025, 8, 18), date(2025, 8, 19)
_NIGHTS = (FIRST_NIGHT, SECOND_NIGHT)
_PLACES = (  # as one agency writes it, as another does, and where it is
    ("г. Тараз", "Taraz city", "31"),
    ("Кордайский район", "Қордай ауданы", "31"),
    ("г. Актау", "Aktau", "47"),
    ("г. Семей", "Semey", "10"),
    ("г. Талдыкорган", "Талдықорған қаласы", "33"),
    ("г. Жезказган", "Zhezkazgan", "62"),
)
_COUNTED = (  # substance, unit, how many, and grams of them by the factors of the method
    ("mdma", "tablet", "40", 12),
    ("amphetamine", "tablet", "1000", 250),
    ("methamphetamine", "tablet", "33", 3),
    ("opium", "litre", "2.5", 2_500),
    ("methadone", "ml", "750", 750),
    ("cannabis_plants", "plant", "17", 1_700),
    ("lsd", "dose", "100000", 5),
    ("hashish", "handful", "3", None),
)
COUNTED = {
    "agency_code": pl.String(),
    "act_no": pl.String(),
    "item_no": pl.Int64(),
    "region_code": pl.String(),
    "asset_code": pl.String(),
    "substance_code": pl.String(),
    "seized_on": pl.Date(),
    "net_g": pl.Int64(),
    "value_tiyn": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Night:
    """What has been told by the end of a night, by feed, and what is so.

    `counted` has `COUNTED` of each item that adds up, where it was really seized; `seizures` the
    acts of each seizure, as agency/number.
    """

    on: date
    feeds: dict[str, pl.LazyFrame]
    counted: pl.DataFrame
    seizures: frozenset[frozenset[str]]


def seized(seed: int) -> tuple[Night, Night]:
    """Both nights; the same seed makes the same ones."""
    plan = Plan(rng(seed, "seized"))
    for plant in _PLANTED:
        plant(plan)
    told = [
        accepted("seizures", rows, on=on, delivery=f"{on}")
        for rows, on in zip(plan.told, _NIGHTS, strict=True)
    ]
    acts = (told[0], pl.concat(told))
    first, second = (
        Night(
            on,
            known_rates(FIRST_NIGHT) | {"seizures": rows},
            pl.DataFrame(counted, schema=COUNTED, orient="row").sort(list(COUNTED)),
            frozenset(seizures),
        )
        for on, rows, counted, seizures in zip(
            _NIGHTS, acts, plan.counted, plan.seizures, strict=True
        )
    )
    return first, second


def _plain(plan: Plan) -> None:
    for _ in range(40):
        row = plan.act()
        plan.tell(row)
        plan.counts(row)
        plan.one(row)


def _of_several_substances(plan: Plan) -> None:
    for _ in range(4):
        first = plan.act()
        items = [
            first | {"ITEM_NO": str(n + 1), "SUBSTANCE": drug, "NET_KG": plan.kg()}
            for n, drug in enumerate(plan.dice.permutation(DRUGS)[:3])
        ]
        plan.tell(*items)
        plan.one(first)
        for item in items:
            plan.counts(item)


def _operations(plan: Plan) -> None:
    """Raids of one day and of two agencies in several regions."""
    for n in range(2):
        operation = {"OPERATION_NO": f"ОП-{n}", "SEIZED_ON": f"{plan.day()}"}
        raids = [plan.act(agency, **operation) for agency in ("police", "police", "customs")]
        plan.tell(*raids)
        plan.one(*raids)
        for raid in raids:
            plan.counts(raid)


def _in_other_units(plan: Plan) -> None:
    for substance, unit, quantity, grams in _COUNTED:
        row = plan.act(SUBSTANCE=substance, NET_KG=None, QUANTITY=quantity, UNIT=unit)
        plan.tell(row)
        plan.counts(row, grams=grams)
        plan.one(row)


def _money_and_property(plan: Plan) -> None:
    for n, (currency, (quant, _)) in enumerate(TENGE.items()):
        on = SINCE + timedelta(days=20 + 3 * n)
        for asset in ("cash", "bank_account", "vehicle", "real_estate"):
            minor = int(plan.dice.integers(10**5, 10**10))
            row = plan.act(
                ASSET=asset,
                SUBSTANCE=None,
                NET_KG=None,
                AMOUNT=f"{minor // 100}.{minor % 100:02d}",
                CURRENCY=currency,
                SEIZED_ON=f"{on}",
            )
            plan.tell(row)
            tiyn = half_up(minor * tenge(currency, on) / quant)
            plan.counts(row, tiyn=tiyn)
            plan.one(row)
    for asset in PRICES:
        quantity = f"{Decimal(int(plan.dice.integers(10**12))).scaleb(-8):.8f}"
        row = plan.act(ASSET="crypto", SUBSTANCE=None, NET_KG=None, QUANTITY=quantity, UNIT=asset)
        on = date.fromisoformat(str(row["SEIZED_ON"]))
        cents = half_up(Decimal(quantity) * price(asset, on) * 100)
        plan.tell(row)
        plan.counts(row, tiyn=half_up(cents * tenge("USD", on)))
        plan.one(row)


def _by_place(plan: Plan) -> None:
    """The act tells no region: its place does, else the case, else the office, else nothing."""
    for place in _PLACES:
        for text in place[:2]:
            row = plan.act(KATO=None, PLACE=text)
            plan.tell(row)
            plan.counts(row, region=place[2])
            plan.one(row)
    for told, region in (
        ({"CASE_NO": "253100031000001", "PLACE": "пассажирский поезд № 305"}, "31"),
        ({"OFFICE": "ДП г. Актау"}, "47"),
        ({"PLACE": "Абай"}, "unknown"),
        ({}, "unknown"),
    ):
        row = plan.act(KATO=None, **told)
        plan.tell(row)
        plan.counts(row, region=region)
        plan.one(row)


def _told_by_two(plan: Plan) -> None:
    """A second agency tells of it in its own words, later or coarser: the first one counts."""
    for n, (place, again, region) in enumerate(_PLACES):
        on = plan.day()
        row = plan.act("police", KATO=region, PLACE=place, SEIZED_ON=f"{on}")
        grams = Decimal(str(row["NET_KG"])).quantize(Decimal("0.001"), ROUND_HALF_UP)
        is_late = n >= len(_PLACES) // 2
        other = plan.act(
            "customs",
            KATO=None if n % 2 else region,
            PLACE=again,
            SEIZED_ON=f"{on + timedelta(days=n % 2)}",
            SUBSTANCE=row["SUBSTANCE"],
            NET_KG=row["NET_KG"] if is_late and n % 2 else f"{grams}",
        )
        plan.tell(row)
        plan.tell(other, night=int(is_late))
        plan.counts(row)
        plan.one(row, other, since=int(is_late))
        if is_late:
            plan.one(row, until=0)


def _equal(plan: Plan) -> None:
    """Two seizures of one agency that are alike in everything are two."""
    for _ in range(3):
        row = plan.act("police", PLACE="г. Тараз", KATO="31")
        twin = row | {"ACT_NO": f"{row['ACT_NO']}-2"}
        plan.tell(row, twin)
        for each in (row, twin):
            plan.counts(each)
            plan.one(each)


def _corrected(plan: Plan) -> None:
    """Weighed anew; elsewhere after all; taken back; sent again; told late."""
    weighed, moved, gone, again, late = (plan.act() for _ in range(5))
    anew, there = weighed | {"NET_KG": plan.kg()}, moved | {"KATO": "79"}
    plan.tell(weighed, moved, gone, again)
    plan.tell(anew, there, gone | {"STATUS": "withdrawn"}, again, late, night=1)
    for row in (weighed, moved, gone):
        plan.counts(row, until=0)
    for row in (anew, there, late):
        plan.counts(row, since=1)
    plan.counts(again)
    plan.one(gone, until=0)
    plan.one(late, since=1)
    for row in (weighed, moved, again):
        plan.one(row)


_PLANTED: Sequence[Callable[[Plan], None]] = (
    _plain,
    _of_several_substances,
    _operations,
    _in_other_units,
    _money_and_property,
    _by_place,
    _told_by_two,
    _equal,
    _corrected,
)
