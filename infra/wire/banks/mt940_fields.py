"""Fields of MT940 and MT942 in their order, and how they write amounts and days."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from infra.wire.banks.lines import lines
from infra.wire.errors import Unreadable

END, BLOCK = "-", "{"
"""In place of a tag: the end of a message, and the block of its envelope before it."""

FRAMING = dict.fromkeys(map(ord, "\x00\x01\x02\x03\x04\x1a\ufeff"))
"""Signs of transmission around messages: to be left out."""

_MOST_LINES, _LONGEST_LINE = 200, 4_096
_TAG = re.compile(r"^:([0-9]{2,3}[A-Z]?|NS):")
_ENVELOPE = re.compile(r"^(-\})?(\{[1-5S]:.*)$")
_AMOUNT = re.compile(r"^(?=.*[0-9])([0-9]*)(?:,([0-9]*))?$")


class Field(NamedTuple):
    """A field of a message: its tag, its text (lines parted by line feeds) and its first line."""

    tag: str
    text: str
    line: int


def fields(path: Path, encoding: str) -> Iterator[Field]:
    """Fields, blocks and ends of messages in their order; what is before the first is left out."""
    tag, texts, begins = "", [""], 0
    for number, raw in lines(path, encoding, is_declared=encoding != "cp1251"):
        line = raw.translate(FRAMING)
        envelope, found = _ENVELOPE.match(line), _TAG.match(line)
        is_end = line.rstrip() in ("-", "-}") or (envelope is not None and envelope[1])
        if tag and (envelope or found or is_end):
            yield Field(tag, "\n".join(texts), begins)
            tag = ""
        if is_end:
            yield Field(END, "", number)
        if envelope:
            yield Field(BLOCK, envelope[2], number)
            found = _TAG.match(envelope[2].partition("{4:")[2])
        if found:
            tag, texts, begins = found[1], [found.string[found.end() :]], number
        elif tag and line.strip() and not (is_end or envelope):
            texts.append(line)
            _refuse_endless(texts, begins, path)
    if tag:
        yield Field(tag, "\n".join(texts), begins)


def _refuse_endless(texts: list[str], begins: int, path: Path) -> None:
    if len(texts) > _MOST_LINES or len(texts[-1]) > _LONGEST_LINE:
        raise Unreadable(
            f"{path.name}, line {begins}: a field of more than {_MOST_LINES} lines or with one of "
            f"{_LONGEST_LINE} characters is none of a statement. Nothing of the file was taken. "
            f"Ask the sender for the whole file."
        )


def decimal(written: str) -> Decimal | None:
    return Decimal(canonical(written)) if _AMOUNT.match(written) else None


def canonical(written: str) -> str:
    """`000001213,28` → 1213.28, `800,` → 800; what is no amount stays as it is."""
    found = _AMOUNT.match(written)
    if found is None:
        return written
    whole, minor = found[1].lstrip("0") or "0", found[2]
    return f"{whole}.{minor}" if minor else whole


def days(told: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Value date and booking date; a day that does not exist stays as written."""
    if not told:
        return None, None
    written = "".join(told[part] for part in ("year", "month", "day"))
    value_on = _day(int(told["year"]), told["month"] + told["day"])
    if value_on is None:
        return written, written
    entered = (told["entry_month"] + told["entry_day"]).strip()
    if not entered:
        return value_on.isoformat(), value_on.isoformat()
    near = [_day(year, entered) for year in range(value_on.year - 1, value_on.year + 2)]
    possible = [day for day in near if day is not None]
    if not possible:
        return value_on.isoformat(), entered
    nearest = min(possible, key=lambda day: abs(day - value_on))
    return value_on.isoformat(), nearest.isoformat()


def _day(year: int, month_and_day: str) -> date | None:
    """Years of two digits are of 1980 to 2079, as SWIFT has it."""
    if year < 100:
        year += 1900 if year >= 80 else 2000
    try:
        return date(year, int(month_and_day[:2]), int(month_and_day[2:]))
    except ValueError:
        return None
