"""A world of imports to measure the search for precursors on, and its truth.

Many licensed traders bring in tonnes, many goods only sound like precursors, and some consignees
break the law in one way each. `worlds.wordings` says how they word it. The truth is apart.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from infra.synthetic.dice import rng
from infra.synthetic.goods import ORDINARY
from infra.synthetic.identities import bins, iins
from infra.synthetic.worlds.accepted import accepted
from infra.synthetic.worlds.wordings import (
    HARMLESS,
    LAST_HARMLESS,
    LAST_PRECURSORS,
    LATER_HARMLESS,
    LATER_PRECURSORS,
    PRECURSORS,
    THIRD_HARMLESS,
    THIRD_PRECURSORS,
)

_SINCE, _DAYS = date(2025, 1, 6), 300
_TONNES = ("acetone", "acetic_anhydride", "potassium_permanganate", "phenylacetic_acid")
_PRICES = {"acetone": 0.95, "acetic_anhydride": 1.2, "potassium_permanganate": 2.7}
_USUAL_PRICE = 25.0
_WORDINGS = {substance: wordings for substance, (_, _, wordings) in PRECURSORS.items()}
WRITTEN = (
    (_WORDINGS, HARMLESS),
    (LATER_PRECURSORS, LATER_HARMLESS),
    (THIRD_PRECURSORS, THIRD_HARMLESS),
    (LAST_PRECURSORS, LAST_HARMLESS),
)
"""What goods are worded from, in order of writing: only the last was never looked at."""
_LETTERS = "абвгдежзиклмнопрстуфхцчшэюя"
_CLERKS_TYPO, _LIARS_TYPO = 0.06, 0.25


@dataclass(frozen=True, slots=True)
class Imports:
    """Accepted rows of the feeds of a world, and what is wrong with which item."""

    import_declarations: pl.LazyFrame
    precursor_licences: pl.LazyFrame
    legal_entities: pl.LazyFrame
    card_arrest_orders: pl.LazyFrame
    exchange_rates: pl.LazyFrame
    truth: pl.DataFrame


@dataclass(slots=True)
class World:
    """Firms, licences and items as they are drawn, one after the other."""

    seed: int
    dice: np.random.Generator
    written: int
    items: list[dict[str, object]] = field(default_factory=list)
    truth: list[tuple[str, int, str, str]] = field(default_factory=list)
    licences: list[dict[str, object]] = field(default_factory=list)
    entities: list[dict[str, object]] = field(default_factory=list)
    orders: list[dict[str, object]] = field(default_factory=list)
    firms: int = 0

    def firm(
        self, *, founded: date | None = date(2015, 3, 2), address: str = "", **told: object
    ) -> str:
        """A legal entity of its own: its BIN."""
        self.firms += 1
        number = np.array([3_000 + self.firms])
        known = {
            "STATUS": "active",
            "REGISTERED_ON": f"{founded}" if founded else None,
            "HEAD_IIN": iins(np.array([self.dice.integers(2**60)], dtype=np.uint64))[0],
            "ADDRESS": address or f"пр. Достык, {self.firms}",
            "BIN": bins(number, self.seed)[0],
        }
        self.entities.append(known | told)
        return str(known["BIN"])

    def licence(self, firm: str, substance: str, **told: object) -> None:
        self.licences.append(
            {
                "LICENCE_NO": f"Л-{len(self.licences)}",
                "BIN": firm,
                "SUBSTANCE": substance,
                "VALID_FROM": "2024-12-01",
                "VALID_TO": "2026-12-31",
                "STATUS": "issued",
                "QUOTA_KG": None,
                "END_USE": "production",
            }
            | told
        )

    def item(
        self, firm: str, hs6: str, text: str, *, kg: float, price: float, day: int
    ) -> tuple[str, int]:
        """One declaration of one item."""
        number = f"W/{len(self.items):06d}"
        usual = price * float(np.exp(self.dice.normal(0, 0.12)))
        self.items.append(
            {
                "DECLARATION_NO": number,
                "ITEM_NO": "1",
                "REGISTERED_ON": f"{_SINCE + timedelta(days=day)}",
                "PROCEDURE": "40",
                "OFFICE": "55751",
                "CONSIGNEE_BIN": firm,
                "CONSIGNEE": "ТОО",
                "CONSIGNEE_KATO": "75",
                "HS_CODE": f"{hs6}0000",
                "GOODS": text,
                "NET_KG": f"{max(kg, 0.01):.3f}",
                "ORIGIN": "CN",
                "INVOICE": f"{max(usual * kg, 0.01):.2f}",
                "CURRENCY": "USD",
            }
        )
        return number, 1

    def precursor(
        self,
        firm: str,
        substance: str,
        kg: float,
        day: int,
        *codes: str,
        is_liar: bool = False,
        price: float = 1.0,
    ) -> None:
        """An item of a precursor, worded by somebody; `codes` is what is wrong with it."""
        own, others, _ = PRECURSORS[substance]
        wordings, _ = WRITTEN[self.written]
        text = str(self.dice.choice(wordings[substance]))
        if self.dice.random() < (_LIARS_TYPO if is_liar else _CLERKS_TYPO):
            text = self.misspelt(text)
        hs6 = str(self.dice.choice(others.split())) if is_liar else own
        cost = price * _PRICES.get(substance, _USUAL_PRICE)
        declared = self.item(firm, hs6, text, kg=kg, price=cost, day=day)
        self.truth += [(*declared, code, substance) for code in codes]

    def misspelt(self, text: str) -> str:
        """One letter left out, doubled, changed or swapped with the next."""
        if len(text) < 5:
            return text
        at = int(self.dice.integers(1, len(text) - 2))
        if not text[at].isalpha():
            return text
        letter = str(self.dice.choice(list(_LETTERS)))
        turned = (
            text[at + 1] + text[at],
            text[at] * 2 + text[at + 1],
            letter + text[at + 1],
            text[at + 1],
        )
        return text[:at] + turned[int(self.dice.integers(4))] + text[at + 2 :]

    def day(self, since: int = 60) -> int:
        return int(self.dice.integers(since, _DAYS - 40))


def imports(seed: int, *, goods: int = 4_000, written: int = 0) -> Imports:
    """A world; the same seed makes the same one.

    Args:
        goods: items of ordinary and harmless trade; a fifth as many again are licensed.
        written: which of `WRITTEN` it is worded from.
    """
    world = World(seed, rng(seed, "imports"), written)
    _lawful(world, goods)
    for plant in (_unlicensed, _hidden, _quotas, _splits, _related, _consignees, _papers, _prices):
        plant(world)
    told = {feed: accepted(feed, rows, on=_SINCE) for feed, rows in told_by(world).items()}
    return Imports(
        told["import_declarations"],
        told["precursor_licences"],
        told["legal_entities"],
        told["card_arrest_orders"],
        told["exchange_rates"],
        truth=pl.DataFrame(
            world.truth,
            schema=["declaration_no", "item_no", "violation_code", "substance_id"],
            orient="row",
        ),
    )


def _lawful(world: World, goods: int) -> None:
    """Ordinary and harmless goods, traders by the tonne, laboratories by the bottle."""
    firms = [world.firm() for _ in range(120)]
    centre = [world.firm(address="Бизнес-центр «Нурлы»") for _ in range(14)]
    for _ in range(goods):
        firm = str(world.dice.choice([*firms, *centre]))
        if world.dice.random() < 0.5:
            _, harmless = WRITTEN[world.written]
            hs6, text = harmless[int(world.dice.integers(len(harmless)))]
            text = world.misspelt(text) if world.dice.random() < _CLERKS_TYPO else text
            kg = float(world.dice.lognormal(6, 1))
            world.item(firm, hs6, text, kg=kg, price=6.0, day=world.day(0))
        else:
            good = ORDINARY[int(world.dice.integers(len(ORDINARY)))]
            price = good.cents_a_kilogram / 100
            world.item(
                firm, good.hs_code[:6], good.text, kg=good.kilograms, price=price, day=world.day(0)
            )
    for n in range(60):
        firm, substance = world.firm(), list(PRECURSORS)[n % len(PRECURSORS)]
        substance = substance if n % 3 == 0 else _TONNES[n % len(_TONNES)]
        world.licence(firm, substance, QUOTA_KG="900000" if n % 2 else None)
        is_laboratory = n % 6 == 0
        for _ in range(goods // 300):
            kg = world.dice.lognormal(0.5, 0.6) if is_laboratory else world.dice.lognormal(8.5, 0.5)
            price = 12.0 if is_laboratory else 1.0
            world.precursor(firm, substance, float(kg), world.day(0), price=price)


def _unlicensed(world: World) -> None:
    for n in range(40):
        firm, substance = world.firm(), list(PRECURSORS)[n % len(PRECURSORS)]
        if n % 4 == 1:
            world.licence(firm, substance, VALID_FROM="2023-01-01", VALID_TO="2024-12-31")
        if n % 4 == 2:
            other = list(PRECURSORS)[(n + 3) % len(PRECURSORS)]
            world.licence(firm, other)
        world.precursor(
            firm, substance, float(world.dice.lognormal(6.5, 0.8)), world.day(), "unlicensed"
        )


def _hidden(world: World) -> None:
    """Under the code of something else, by whoever hopes that only codes are looked at."""
    for n in range(60):
        substance = list(PRECURSORS)[n % len(PRECURSORS)]
        kg = float(world.dice.lognormal(6, 0.8))
        codes = ("unlicensed", "misdeclared")
        world.precursor(world.firm(), substance, kg, world.day(), *codes, is_liar=True)


def _quotas(world: World) -> None:
    for n in range(8):
        firm, substance = world.firm(), _TONNES[n % len(_TONNES)]
        world.licence(firm, substance, QUOTA_KG="10000")
        for turn in range(5):
            codes = ("over_quota",) if turn > 2 else ()
            world.precursor(firm, substance, 3_200, 60 + turn * 30, *codes)


def _splits(world: World) -> None:
    for n in range(8):
        firm, start = world.firm(), world.day()
        substance, kg = (("acetone", 40.0), ("phenylacetic_acid", 0.8))[n % 2]
        for turn in range(4):
            world.precursor(
                firm, substance, kg, start + turn * 5, "unlicensed", "split_under_threshold"
            )


def _related(world: World) -> None:
    for n in range(5):
        head, start = iins(np.array([world.dice.integers(2**60)], dtype=np.uint64))[0], world.day()
        together = {"HEAD_IIN": head} if n % 2 else {}
        address = "" if n % 2 else f"ул. Сатпаева, {n}, офис 3"
        for turn in range(3):
            firm = world.firm(address=address, **together)
            world.precursor(
                firm, "acetone", 45.0, start + turn * 4, "unlicensed", "split_among_related"
            )


def _consignees(world: World) -> None:
    """Each with a licence, so that only who they are is wrong."""
    for n in range(24):
        substance, day = _TONNES[n % len(_TONNES)], world.day()
        on = _SINCE + timedelta(days=day)
        if n % 3 == 0:
            firm, code = world.firm(founded=on - timedelta(days=30 + n)), "consignee_newly_founded"
        elif n % 3 == 1:
            firm, code = world.firm(founded=None, STATUS="not_found"), "consignee_unregistered"
        else:
            firm, code = world.firm(), "consignee_known_from_case"
            world.orders.append(
                {"IIN": world.entities[-1]["HEAD_IIN"], "ORDERED_ON": f"{on - timedelta(days=9)}"}
            )
        world.licence(firm, substance)
        world.precursor(firm, substance, float(world.dice.lognormal(8, 0.4)), day, code)


def _papers(world: World) -> None:
    for n in range(8):
        firm, substance = world.firm(), _TONNES[n % len(_TONNES)]
        world.licence(firm, substance, END_USE="none")
        world.precursor(
            firm, substance, float(world.dice.lognormal(8.5, 0.4)), world.day(), "no_end_use"
        )


def _prices(world: World) -> None:
    for n in range(10):
        firm, substance = world.firm(), _TONNES[n % 3]
        world.licence(firm, substance)
        kg, price = float(world.dice.uniform(2_000, 9_000)), 9.0 if n % 2 else 0.08
        world.precursor(firm, substance, kg, world.day(150), "misdeclared", price=price)


def told_by(world: World) -> dict[str, list[dict[str, object]]]:
    """Rows of each feed that tells of the world, as delivered."""
    order = {
        "ORDER_NO": "1",
        "CASE_NO": "255500031000001",
        "BANK_BIC": "CASPKZKA",
        "AGENCY": "police",
    }
    return {
        "import_declarations": world.items,
        "precursor_licences": world.licences,
        "legal_entities": world.entities,
        "card_arrest_orders": [order | told for told in world.orders],
        "exchange_rates": [
            {"date": f"{_SINCE}", "title": "USD", "quant": "1", "description": "520.5"}
        ],
    }
