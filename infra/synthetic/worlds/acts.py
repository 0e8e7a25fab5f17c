"""Acts of seizures drawn one after the other, with rates and prices of their days."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import polars as pl

from infra.synthetic.worlds.accepted import accepted

SINCE, FIRST_FRIDAY = date(2025, 1, 6), date(2025, 1, 3)
_REGIONS = ("10", "31", "33", "47", "62", "71", "75")
_AGENCIES = ("police", "customs", "national_security", "special_prosecutors")
DRUGS = ("heroin", "hashish", "cannabis", "mephedrone", "methamphetamine")
TENGE = {"KZT": (1, "1"), "USD": (1, "537.4"), "UZS": (100, "4.31"), "KRW": (100, "38.755")}
PRICES = {"BTC": "101234.56789", "USDT": "0.9991"}

Row = dict[str, object]
Item = tuple[str, str, int, str, str, str | None, date, int | None, int | None]


@dataclass(slots=True)
class Plan:
    """What is told in each night, what of it counts, and which acts are one seizure."""

    dice: np.random.Generator
    told: tuple[list[Row], list[Row]] = field(default_factory=lambda: ([], []))
    counted: tuple[list[Item], list[Item]] = field(default_factory=lambda: ([], []))
    seizures: tuple[set[frozenset[str]], set[frozenset[str]]] = field(
        default_factory=lambda: (set(), set())
    )
    acts: int = 0

    def act(self, agency: str = "", **told: object) -> Row:
        """A new act of one item, not yet told to anybody."""
        self.acts += 1
        return {
            "ACT_NO": f"{self.acts:05d}",
            "ITEM_NO": "1",
            "AGENCY": agency or str(self.dice.choice(_AGENCIES)),
            "SEIZED_ON": f"{self.day()}",
            "KATO": str(self.dice.choice(_REGIONS)),
            "ASSET": "drug",
            "SUBSTANCE": str(self.dice.choice(DRUGS)),
            "NET_KG": self.kg(),
        } | told

    def kg(self) -> str:
        """Some kilograms, to the milligram: no two alike."""
        return f"{2 + float(self.dice.lognormal(1, 0.8)):.6f}"

    def day(self) -> date:
        return SINCE + timedelta(days=int(self.dice.integers(5, 200)))

    def tell(self, *rows: Row, night: int = 0) -> None:
        self.told[night].extend(rows)

    def counts(
        self,
        row: Row,
        *,
        since: int = 0,
        until: int = 1,
        region: str | None = None,
        grams: int | None = None,
        tiyn: int | None = None,
    ) -> None:
        """The item adds up in those nights: as it tells, but for what it does not tell itself."""
        substance = row.get("SUBSTANCE")
        item: Item = (
            str(row["AGENCY"]),
            str(row["ACT_NO"]),
            int(str(row["ITEM_NO"])),
            region or str(row["KATO"]),
            str(row["ASSET"]),
            None if substance is None else str(substance),
            date.fromisoformat(str(row["SEIZED_ON"])),
            grams if row.get("NET_KG") is None else half_up(Decimal(str(row["NET_KG"])) * 1000),
            tiyn,
        )
        for night in range(since, until + 1):
            self.counted[night].append(item)

    def one(self, *rows: Row, since: int = 0, until: int = 1) -> None:
        """The acts of these rows are one seizure."""
        for night in range(since, until + 1):
            self.seizures[night].add(frozenset(f"{r['AGENCY']}/{r['ACT_NO']}" for r in rows))


def known_rates(on: date) -> dict[str, pl.LazyFrame]:
    """Rates and prices of Fridays only, and a case whose region the register knows."""
    fridays = [FIRST_FRIDAY + timedelta(days=7 * n) for n in range(33)]
    rates: list[Row] = [
        {
            "date": f"{on}",
            "title": title,
            "quant": f"{quant}",
            "description": f"{tenge(title, on)}",
        }
        for on in fridays
        for title, (quant, _) in TENGE.items()
        if title != "KZT"
    ]
    prices: list[Row] = [
        {"PRICE_ON": f"{on}", "ASSET": asset, "PRICE_USD": f"{price(asset, on)}"}
        for on in fridays
        for asset in PRICES
    ]
    case: Row = {"CASE_NO": "253100031000001", "REGISTERED_ON": f"{SINCE}", "KATO": "31"}
    return {
        "exchange_rates": accepted("exchange_rates", rates, on=on),
        "crypto_prices": accepted("crypto_prices", prices, on=on),
        "criminal_cases": accepted("criminal_cases", [case], on=on),
    }


def _weeks(on: date) -> int:
    return (on - FIRST_FRIDAY).days // 7


def tenge(currency: str, on: date) -> Decimal:
    """For `quant` units, by the last Friday: another one each week."""
    rises = Decimal(0) if currency == "KZT" else Decimal("0.013") * _weeks(on)
    return Decimal(TENGE[currency][1]) + rises


def price(asset: str, on: date) -> Decimal:
    return Decimal(PRICES[asset]) + Decimal("0.00017") * _weeks(on)


def half_up(number: Decimal) -> int:
    """A whole number; a half is rounded up."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))
