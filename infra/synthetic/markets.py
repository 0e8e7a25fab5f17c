"""Official rates and crypto prices of every day, at the level of 2024 and 2025."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np

from infra.synthetic.days import all_days, noise
from infra.synthetic.dice import Floats, Ints
from infra.synthetic.scenario import FIRST_DAY, LAST_DAY
from transforms.periods import is_working_day

# Level at the start of each quarter from 1 January 2024 to 1 January 2026.
_QUARTERS = np.linspace(0, 731, 9)


@dataclass(frozen=True, slots=True)
class _Currency:
    code: str
    name: str
    quant: int
    levels: tuple[float, ...]


_CURRENCIES = (
    _Currency("AED", "ДИРХАМ ОАЭ", 1, (124, 122, 129, 132, 142.5, 138, 142, 148, 138)),
    _Currency("AMD", "АРМЯНСКИЙ ДРАМ", 10, (11.2, 11.3, 12.2, 12.4, 13.2, 12.9, 13.5, 14.2, 13.3)),
    _Currency("CNY", "КИТАЙСКИЙ ЮАНЬ", 1, (64, 62, 65, 69, 72, 69.6, 72.6, 76, 72)),
    _Currency("EUR", "ЕВРО", 1, (501, 482, 507, 538, 545, 547, 611, 641, 595)),
    _Currency("IRR", "ИРАНСКИЙ РИАЛ", 10_000, (108, 106, 112, 115, 125, 121, 124, 130, 121)),
    _Currency("KGS", "КЫРГЫЗСКИЙ СОМ", 1, (5.1, 5.0, 5.5, 5.7, 6.0, 5.8, 5.96, 6.2, 5.8)),
    _Currency("KRW", "ВОНА РЕСПУБЛИКИ КОРЕЯ", 100, (35, 33.2, 34.2, 36.5, 35.6, 34.4, 38, 39, 35)),
    _Currency("RUB", "РОССИЙСКИЙ РУБЛЬ", 1, (5.07, 4.84, 5.44, 5.2, 4.9, 5.95, 6.62, 6.5, 6.4)),
    _Currency("USD", "ДОЛЛАР США", 1, (455, 447, 472, 484, 525, 507, 520, 544, 507)),
    _Currency("UZS", "УЗБЕКСКИХ СУМОВ", 100, (3.68, 3.54, 3.75, 3.8, 4.07, 3.92, 4.1, 4.4, 4.2)),
)

_ASSETS: dict[str, tuple[int, tuple[float, ...]]] = {
    "BTC": (2, (42_300, 70_100, 62_700, 63_600, 94_400, 83_200, 107_100, 114_000, 96_000)),
    "ETH": (2, (2_290, 3_600, 3_430, 2_610, 3_340, 1_830, 2_480, 4_150, 3_400)),
    "TRX": (6, (0.107, 0.121, 0.125, 0.156, 0.254, 0.236, 0.279, 0.335, 0.29)),
    "USDC": (6, (1.0,) * 9),
    "USDT": (6, (1.0,) * 9),
}
ASSETS = tuple(_ASSETS)
_DOLLAR_COINS = frozenset({"USDC", "USDT"})


class Markets:
    """Rates and prices, made once from a seed for all the days of the scenario."""

    def __init__(self, seed: int) -> None:
        self.days = all_days(FIRST_DAY, LAST_DAY)
        self._rates = {
            c.code: np.round(self._path(seed, c.code, c.levels, 0.0028) * 100).astype(np.int64)
            for c in _CURRENCIES
        }
        self._prices = {
            asset: [
                f"{value:.{places}f}" for value in self._path(seed, asset, levels, _jitter(asset))
            ]
            for asset, (places, levels) in _ASSETS.items()
        }
        self._carry_over_weekends()

    def _path(self, seed: int, code: str, levels: tuple[float, ...], jitter: float) -> Floats:
        """The level of each day, with noise that returns to it."""
        level = np.interp(np.arange(len(self.days)), _QUARTERS, levels)
        shocks = noise(seed, f"market {code}", len(self.days)) * jitter
        drift = np.zeros(len(self.days))
        for day in range(1, len(drift)):
            drift[day] = 0.93 * drift[day - 1] + shocks[day]
        return np.asarray(level * np.exp(drift))

    def _carry_over_weekends(self) -> None:
        for day, (_, today) in enumerate(pairwise(self.days), start=1):
            if not is_working_day(today):
                for rates in self._rates.values():
                    rates[day] = rates[day - 1]

    def price(self, asset: str, day: date) -> str:
        """US dollars for one unit, as the price list writes it."""
        return self._prices[asset][(day - FIRST_DAY).days]

    def tenge_for_dollar(self, day: date) -> float:
        return float(self._rates["USD"][(day - FIRST_DAY).days]) / 100

    def tiyn(self, amount_minor: int, currency: str, day: date) -> int:
        """What an amount is worth at the official rate, rounded half up to whole tiyn."""
        if currency == "KZT":
            return amount_minor
        quant = next(c.quant for c in _CURRENCIES if c.code == currency)
        rate = int(self._rates[currency][(day - FIRST_DAY).days])
        return (2 * amount_minor * rate + 100 * quant) // (200 * quant)

    def cents(self, quantity: str, asset: str, day: date) -> int:
        """What a quantity is worth in US dollars, rounded half up to whole cents."""
        dollars = Decimal(quantity) * Decimal(self.price(asset, day))
        return int((dollars * 100).to_integral_value(ROUND_HALF_UP))

    def rates_document(self, day: date) -> str:
        """One dated `rates` element, as the National Bank's feed has it."""
        today = (day - FIRST_DAY).days
        items = "".join(self._item(c, self._rates[c.code], today) for c in _CURRENCIES)
        return (
            "<rates><generator>Alternative Program</generator>"
            "<title>Official exchange rates of National Bank of Kazakhstan</title>"
            f"<date>{day:%d.%m.%Y}</date>{items}</rates>"
        )

    def _item(self, currency: _Currency, rates: Ints, today: int) -> str:
        change = int(rates[today] - rates[today - 1]) if today else 0
        index = "UP" if change > 0 else "DOWN" if change < 0 else ""
        sign = "+" if change > 0 else ""
        return (
            f"<item><fullname>{escape(currency.name)}</fullname><title>{currency.code}</title>"
            f"<description>{int(rates[today]) / 100:.2f}</description>"
            f"<quant>{currency.quant}</quant><index>{index}</index>"
            f"<change>{sign}{change / 100:.2f}</change></item>"
        )


def _jitter(asset: str) -> float:
    return 0.00015 if asset in _DOLLAR_COINS else 0.018
