"""The three languages: messages by gettext, numbers, dates and lists by Babel.

English is the identifier of a message. `message` and `messages` only mark texts that stand in
data; a `Wording` says them. Texts of codelists (regions, banks) are not messages.
"""

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: tuple[str, ...] = ("ru", "kk", "en")
LANGUAGE_NAMES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}

_LOCALES = {"ru": "ru", "kk": "kk", "en": "en_GB"}
_COMPACT = {"ru": "short", "kk": "short", "en": "long"}
_ALPHABETS = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
# A Kazakh letter in a Russian text stands with the Russian letter that it looks like.
_LOOKALIKES = {"ru": str.maketrans("әғқңөұүһі", "агкноуухи")}
_COMPACT_FROM = 1000
_TRILLION = 4
_ALMATY = ZoneInfo("Asia/Almaty")
# CLDR's short Kazakh moment has a year of two digits, which a case file cannot have.
_MOMENTS = {"kk": "dd.MM.yyyy, HH:mm"}
_MANY = 1000  # a compact number, "85.2 thousand", takes the noun's form of a round thousand
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


class UnknownLanguage(ValueError):
    """A report was asked for in a language that it is not written in."""


@dataclass(frozen=True, slots=True)
class Plural:
    """A text with a number: the English singular and plural, which identify it."""

    singular: str
    plural: str


def message(text: str) -> str:
    """Marks a text that is said later."""
    return text


def messages(singular: str, plural: str) -> Plural:
    """Marks a text with a number that is said later."""
    return Plural(singular, plural)


@dataclass(frozen=True, slots=True)
class Wording:
    """How one language says things."""

    language: str
    locale: Locale
    translations: gettext.NullTranslations

    def say(self, text: str, **values: str) -> str:
        """The message in this language, with the values put in."""
        return self.translations.gettext(text) % values

    def count(self, singular: str, plural: str, number: int, **values: str) -> str:
        """The message in the form that the number asks for; the number itself is `n`."""
        said = self.translations.ngettext(singular, plural, number)
        return said % {"n": self.whole(number), **values}

    def count_of(self, text: Plural, number: int, *, is_compact: bool = False) -> str:
        """A number and its noun that never part at the end of a line: 85.2 thousand cards."""
        if not is_compact:
            return unbroken(self.count(text.singular, text.plural, number))
        return unbroken(self.count(text.singular, text.plural, _MANY, n=self.compact(number)))

    def whole(self, number: int) -> str:
        """12 345"""
        return _signed(format_decimal(number, locale=self.locale))

    def decimal(self, number: Decimal, digits: int) -> str:
        """2,30"""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return _signed(format_decimal(number, format=pattern, locale=self.locale))

    def compact(self, number: Decimal | int) -> str:
        """85,2 тыс.; 2,3 млрд. Numbers below a thousand are whole."""
        exact = Decimal(number)
        power = _power_of_thousand(exact)
        if power == 0:
            return self.decimal(exact, 0)
        names = self.locale.compact_decimal_formats[_COMPACT[self.language]]["other"]
        pattern = names[str(1000**power)].pattern.replace("0", "#,##0.0", 1)
        scaled = exact / 1000**power
        return unbroken(_signed(format_decimal(scaled, format=pattern, locale=self.locale)))

    def percent(self, share: Decimal) -> str:
        """12,3 %"""
        return self.say("%(number)s%%", number=self.decimal(share * 100, 1)).replace(" ", NO_BREAK)

    def long_date(self, day: date) -> str:
        """18 августа 2025 г."""
        return unbroken(format_date(day, "long", locale=self.locale))

    def day(self, day: date) -> str:
        """18 авг. 2025 г., as in a table."""
        return unbroken(format_date(day, "medium", locale=self.locale))

    def day_of_year(self, day: date) -> str:
        """18 августа"""
        return unbroken(format_date(day, "d MMMM", locale=self.locale))

    def weekday(self, day: date) -> str:
        """понедельник"""
        return format_date(day, "EEEE", locale=self.locale)

    def moment(self, at: datetime) -> str:
        """18.08.2025, 14:05, in Almaty."""
        pattern = _MOMENTS.get(self.language, "short")
        return unbroken(format_datetime(at, pattern, tzinfo=_ALMATY, locale=self.locale))

    def country(self, code: str) -> str:
        """The country of a code of ISO 3166-1, or the code where it has no name: Қытай"""
        return str(self.locale.territories.get(code, code))

    def series(self, items: Iterable[str]) -> str:
        """a, b and c"""
        return format_list(list(items), locale=self.locale)

    def sort_key(self, text: str) -> tuple[tuple[int, str], ...]:
        """Orders texts by the alphabet of this language; other characters stand before it."""
        alphabet = _ALPHABETS[self.language]
        letters = text.casefold().translate(_LOOKALIKES.get(self.language, {}))
        return tuple((alphabet.find(letter), letter) for letter in letters)


@cache
def wording(language: str) -> Wording:
    """The wording of one of `LANGUAGES`.

    Raises:
        UnknownLanguage: there is no such language.
    """
    if language not in LANGUAGES:
        raise UnknownLanguage(
            f"{language!r} is not a language of the reports. Use one of {', '.join(LANGUAGES)}."
        )
    return Wording(language, Locale.parse(_LOCALES[language]), _translations(language))


def unbroken(text: str) -> str:
    return text.replace(" ", NO_BREAK)


def _translations(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    po = files("templates").joinpath("locale", language, "LC_MESSAGES", "messages.po")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(po.read_bytes()), locale=language, abort_invalid=True))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _power_of_thousand(number: Decimal) -> int:
    """0 below a thousand, 1 for thousands and so on, as rounded: 999,960 is 1.0 million."""
    power, rest = 0, abs(number)
    while round(rest, 1) >= _COMPACT_FROM and power < _TRILLION:
        power, rest = power + 1, rest / 1000
    return power


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
