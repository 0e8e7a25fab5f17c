"""Values of indicators in words and columns: cards, tenge, dollars, kilograms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from templates.terms import UNIT_NOUNS, unit_name
from templates.wording import MINUS, NO_BREAK, Wording, unbroken
from transforms.indicators.indicator import PER_INHABITANTS
from transforms.indicators.parameters import figure_parameter
from transforms.money import TIYN_PER_TENGE

TIMES_FROM = 4
_CENTS_PER_DOLLAR = 100
_GRAMS_PER_KILOGRAM = 1000
_RATE_PER_100_000 = 100
_COMPACT_COUNTS_FROM = 1_000_000
_FINEST_TENTH = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Scale:
    """In what the numbers of one column are given."""

    unit: str
    divisor: int
    digits: int

    def scaled(self, value: int) -> Decimal:
        return Decimal(value) / self.divisor

    def text(self, value: int, wording: Wording) -> str:
        """The number alone. What is not zero never looks like zero."""
        scaled = self.scaled(value)
        if value and not round(scaled, self.digits):
            least = Decimal(1).scaleb(-self.digits)
            return "<" + NO_BREAK + wording.decimal(least, self.digits)
        return wording.decimal(scaled, 0 if not value else self.digits)


def told(value: int, unit: str, wording: Wording) -> str:
    """A value with its unit, as in a sentence: 2.3 billion tenge, 85,214 cards, $6.0 million."""
    if unit in UNIT_NOUNS:
        is_compact = abs(value) >= _COMPACT_COUNTS_FROM
        return wording.count_of(UNIT_NOUNS[unit], value, is_compact=is_compact)
    return _measured(value, unit, wording)


def shown(value: int, unit: str, wording: Wording) -> str:
    """A value beside its name, which already says what is counted: 85,214; 2.3 billion tenge."""
    return wording.whole(value) if unit in UNIT_NOUNS else _measured(value, unit, wording)


def in_whole_units(value: int, unit: str) -> Decimal:
    """Tenge for tiyn, dollars for cents; everything else as it is."""
    divisors = {
        "tiyn": TIYN_PER_TENGE,
        "usd_cent": _CENTS_PER_DOLLAR,
        PER_INHABITANTS: _RATE_PER_100_000,
    }
    return Decimal(value) / divisors.get(unit, 1)


def whole_unit(unit: str, wording: Wording) -> str:
    """The unit of `in_whole_units`: tenge, US dollars, g, cards."""
    said = {
        "tiyn": wording.say("tenge"),
        "usd_cent": wording.say("US dollars"),
        "gram": wording.say("g"),
        PER_INHABITANTS: wording.say("per 100,000"),
    }
    return said[unit] if unit in said else unit_name(unit, wording)


def least_base(unit: str, on: date) -> Decimal:
    """From which earlier figure on a change is a percentage, in whole units."""
    measured = {"tiyn": "tenge", "usd_cent": "dollars", "gram": "grams"}
    return figure_parameter(f"least_base_for_percent_{measured.get(unit, 'counts')}", on)


def has_percent(base: int, unit: str, on: date) -> bool:
    """A change of a small figure is given as it is: a percentage of a few says nothing."""
    return in_whole_units(base, unit) >= least_base(unit, on)


def difference(value: int, base: int, unit: str, wording: Wording, *, on: date) -> str:
    """+12.3%, −5, ×5.2, or nothing where both are the same; by the method in force on a day."""
    if value == base:
        return ""
    sign = "+" if value > base else MINUS
    if not has_percent(base, unit, on):
        return sign + shown(abs(value - base), unit, wording)
    if value >= TIMES_FROM * base:
        return "×" + wording.decimal(Decimal(value) / base, 1)
    return sign + wording.percent(abs(Decimal(value - base)) / base)


def scale(unit: str, values: Iterable[int], wording: Wording) -> Scale:
    """The coarsest scale that still tells every one of these values from zero."""
    least = min((abs(v) for v in values if v), default=0)
    if unit == "tiyn":
        million, thousand = 1_000_000 * TIYN_PER_TENGE, 1000 * TIYN_PER_TENGE
        if not least or Decimal(least) / million >= _FINEST_TENTH:
            return Scale(wording.say("million tenge"), million, 1)
        return Scale(wording.say("thousand tenge"), thousand, 0)
    if unit == "gram":
        if not least or Decimal(least) / _GRAMS_PER_KILOGRAM >= _FINEST_TENTH:
            return Scale(wording.say("kg"), _GRAMS_PER_KILOGRAM, 1)
        return Scale(wording.say("g"), 1, 0)
    scales = {
        PER_INHABITANTS: Scale(wording.say("per 100,000"), _RATE_PER_100_000, 2),
        "usd_cent": Scale(wording.say("thousand dollars"), 1000 * _CENTS_PER_DOLLAR, 1),
    }
    return scales[unit] if unit in scales else Scale(unit_name(unit, wording), 1, 0)


def _measured(value: int, unit: str, wording: Wording) -> str:
    if unit == PER_INHABITANTS:
        return wording.decimal(in_whole_units(value, unit), 2)
    if unit == "gram":
        if abs(value) < _GRAMS_PER_KILOGRAM:
            return unbroken(wording.say("%(n)s g", n=wording.whole(value)))
        kilograms = Decimal(value) / _GRAMS_PER_KILOGRAM
        return unbroken(wording.say("%(n)s kg", n=wording.decimal(kilograms, 1)))
    amount = wording.compact(in_whole_units(value, unit))
    if unit == "usd_cent":
        return unbroken(wording.say("$%(n)s", n=amount))
    return unbroken(wording.say("%(n)s tenge", n=amount))
