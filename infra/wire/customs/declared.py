"""How customs messages write single things: elements, numbers, weights, days, codes of goods.

What could be read in two ways stays as written, so that the feed finds it unreadable.
"""

import re
from datetime import date
from decimal import Decimal

from lxml import etree

from infra.wire.iso20022 import amount, decimal

_KILOGRAMS = {
    "KGM": Decimal(1),
    "KG": Decimal(1),
    "166": Decimal(1),  # EAEU classifier of units (OKEI)
    "GRM": Decimal("0.001"),
    "G": Decimal("0.001"),
    "163": Decimal("0.001"),
    "TNE": Decimal(1000),
    "T": Decimal(1000),
    "168": Decimal(1000),
    "DTN": Decimal(100),
}


def every(element: etree._Element | None, path: str) -> list[etree._Element]:
    """All elements on the path of local names parted by `/`, in any namespace."""
    found = [] if element is None else [element]
    for name in path.split("/"):
        found = [child for one in found for child in one.iterchildren(f"{{*}}{name}")]
    return found


def ending(element: etree._Element | None, suffix: str) -> etree._Element | None:
    """The first child whose local name ends so."""
    children = [] if element is None else [one for one in element if isinstance(one.tag, str)]
    return next((one for one in children if one.tag.endswith(suffix)), None)


def written(element: etree._Element | None) -> str | None:
    """An element's text in one line; null where there is none, as with `<null/>` in it."""
    return None if element is None else " ".join((element.text or "").split()) or None


def told(element: etree._Element | None, *paths: str) -> str | None:
    """The first text on any of the paths, in their order."""
    found = (written(one) for path in paths for one in every(element, path))
    return next(filter(None, found), None)


def number(text: str | None) -> str | None:
    """A number without needless zeros after its point; what is none as written."""
    plain = amount(text)
    if decimal(plain) is None or plain is None or "." not in plain:
        return plain
    return plain.rstrip("0").rstrip(".")


def kilograms(text: str | None, unit: str | None = None) -> str | None:
    """A weight in kilograms; one in a unit that is no weight stays as written."""
    told_number = decimal(text)
    if told_number is None or not unit:
        return number(text)
    factor = _KILOGRAMS.get(unit.upper())
    return f"{text} {unit}" if factor is None else number(f"{told_number * factor:f}")


def country(text: str | None) -> str | None:
    """A country's code in capitals."""
    return text.upper() if text else None


_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{2,6}(?:[.\d]*)(?:Z|[+-]\d\d:?(?:\d\d)?)?)?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*|Z|[+-]\d\d:\d\d)?")
_PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?: .*)?")


def civil_day(text: str | None) -> str | None:
    """The day as YYYY-MM-DD, by the clock of whoever wrote it.

    Points mean day, month, year. With slashes or dashes either may come first: the day is told
    where only one of the readings exists.
    """
    if not text:
        return None
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(*map(int, found.groups())) or text
    if found := _PARTS.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        readings = {_day(year, second, first)}
        if found[2] != ".":
            readings.add(_day(year, first, second))
        readings.discard(None)
        return readings.pop() if len(readings) == 1 else text
    return text


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


_MOST_DIGITS = 10


def goods_code(base: str | None, *further: str | None) -> str | None:
    """Commodity code and what makes it more precise, ten digits at most; else as written.

    A part that is no digits ends the code: it is an additional code, not a subdivision.
    """
    code = re.sub(r"[\s.]", "", base or "")
    if not re.fullmatch(r"[0-9]{2,}", code):
        return base
    for part in further:
        if not part or not re.fullmatch(r"[0-9]+", part):
            break
        code += part
    return code[:_MOST_DIGITS]


_LATIN = str.maketrans("АВЕКМНОРСТИЭ", "ABEKMHOPCTIE")
_MOVEMENTS = {"IM": "import", "EX": "export", "EK": "export", "TT": "transit", "TR": "transit"}
_BY_PROCEDURE = {
    **dict.fromkeys("123", "export"),
    **dict.fromkeys("45679", "import"),
    "8": "transit",
}


def movement(kind: str | None, procedure: str | None) -> str | None:
    """import, export or transit by the kind of declaration (IM, ИМ, EX, ЭК, ТТ, T1 …).

    Of the goods' own procedure (first digit, the same in SAD, EU and EAEU) only where the kind
    does not tell. An unknown kind without a procedure stays as written.
    """
    plain = (kind or "").strip().upper().translate(_LATIN)
    if re.fullmatch(r"T(?:1|2\w*|-?)", plain):
        return "transit"
    return _MOVEMENTS.get(plain[:2]) or _BY_PROCEDURE.get((procedure or "")[:1]) or kind
