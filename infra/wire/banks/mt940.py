"""SWIFT statements: MT940 (customer statement) and MT942 (interim report of transactions).

The library `mt-940` says how single fields are written, in the dialects that it knows; the
file is walked here, since the library loads files whole, keeps one balance for many statements
and logs what it cannot read.

* RC and RD take back a credit and a debit: the entry is a debit or credit with IS_REVERSAL.
* EC and ED (MT942) are expected: pending, without a booking date.
* Without an entry date, the booking date is the value date, as SWIFT has it.
* Pages of one statement (62M, then 60M) are one statement, from its first to its last balance.
* IS_RECONCILED compares :90C:, :90D: with the entries, and balances carried from page to page;
  opening and closing balance are told, not compared.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import ClassVar

from mt940 import tags

from infra.wire.banks.lines import undeclared_encoding
from infra.wire.banks.mt940_details import details, told_reference
from infra.wire.banks.mt940_fields import (
    BLOCK,
    END,
    FRAMING,
    Field,
    canonical,
    days,
    decimal,
    fields,
)
from infra.wire.banks.mt940_message import Message, Statement
from infra.wire.banks.purpose import masked_card, told_kbe, told_knp
from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.records import Format, Record

_OVER = Field("", "", 0)
_ASK = "Ask the sender for the whole file."
_INTERIM = re.compile(r"\{2:[IO]942")
_START = re.compile(r"(?m)^(?:.*\{4:)?:20:")
_ACCOUNT = re.compile(r"(?m)^:25P?:")
_OF_STATEMENT = re.compile(r"(?m)^:(?:28C?|60[FM]|61|34F|13D):")
_HAS_FLOOR = re.compile(r"(?m)^:(?:34F|13D|90[CD]):")
_HAS_OPENING = re.compile(r"(?m)^:60[FM]:")
_ORIGINAL = re.compile(r"/OCMT/([A-Z]{3})([0-9]+(?:,[0-9]*)?)")
_RATE = re.compile(r"/EXCH/([0-9]+(?:,[0-9]*)?)")
_POINT = re.compile(r"^([0-9]{6}(?:[0-9]{4})?[A-Z]{1,3}[0-9]+)\.(?=[0-9]*[A-Z])")


class _Line(tags.Statement):
    """The library's pattern of :61:, which lacks the marks of expected entries."""

    pattern: ClassVar[str] = tags.Statement.pattern.replace("R?[DC]", "[RE]?[DC]")


class _LongLine(tags.StatementGLS):
    """The same with a reference of any length before `//`."""

    pattern: ClassVar[str] = tags.StatementGLS.pattern.replace("R?[DC]", "[RE]?[DC]")


_LINE, _LONG_LINE = _Line().re, _LongLine().re
_DIRECTIONS = {
    "C": "credit",
    "EC": "credit",
    "RD": "credit",
    "D": "debit",
    "ED": "debit",
    "RC": "debit",
}


class _Entry:
    """One :61: with its :86:."""

    def __init__(self, field: Field) -> None:
        self.line = field.line
        self.written, *further = _POINT.sub(r"\1,", field.text.strip()).split("\n")
        self.told = _told("\n".join((self.written, " ".join(further))).strip())
        self.mark = self.told.get("status", "").upper()
        self.direction = _DIRECTIONS.get(self.mark)
        self.amount = decimal(self.told.get("amount", ""))
        self.details: list[str] = []

    def cells(self, statement: Statement) -> dict[str, str | None]:
        """The entry's cells, with those of its statement."""
        further = details(self.details, self.direction)
        kind = "/".join(filter(None, (self.told.get("id"), further.pop("KIND", None))))
        reference = further.pop("REFERENCE", None)
        extra = self.told.get("extra_details", "").strip()
        purpose = " ".join(filter(None, (further.pop("PURPOSE", None), extra))) or None
        value_on, booked_on = days(self.told)
        original, rate = _ORIGINAL.search(extra), _RATE.search(extra)
        is_expected = self.mark.startswith("E")
        return {
            **statement.cells,
            **further,
            "ENTRY_ID": told_reference(self.told.get("bank_reference")),
            "END_TO_END_ID": told_reference(reference, self.told.get("customer_reference")),
            "DIRECTION": self.direction,
            "AMOUNT": canonical(self.told["amount"]) if self.told else self.written[:24],
            "CURRENCY": statement.currency,
            "BOOKED_ON": None if is_expected else booked_on,
            "VALUE_ON": value_on,
            "STATUS": "pending" if is_expected else "booked",
            "IS_REVERSAL": "true" if self.mark.startswith("R") else "false",
            "BANK_CODE": kind or None,
            "KNP": further.get("KNP") or told_knp(purpose),
            "KBE": further.get("KBE") or told_kbe(purpose),
            "PURPOSE": purpose,
            "MASKED_CARD": masked_card(purpose),
            "INSTRUCTED_AMOUNT": canonical(original[2]) if original else None,
            "INSTRUCTED_CURRENCY": original[1] if original else None,
            "EXCHANGE_RATE": canonical(rate[1]) if rate else None,
        }


def _told(line: str) -> dict[str, str]:
    """Parts of a :61:; none when it is not understood."""
    found = _LINE.match(line)
    if found and "//" in (found["extra_details"] or ""):
        found = _LONG_LINE.match(line) or found
    if found is None or (
        not found["id"] and (found["customer_reference"] or "N")[0] in "0123456789.,"
    ):
        return {}
    return {part: value or "" for part, value in found.groupdict().items()}


def records(path: Path) -> Iterator[Record]:
    """One record a :61:.

    The file is read twice side by side, once ahead to the end of each statement, where its
    totals and closing balance stand; so memory does not grow with the file.

    Raises:
        Unreadable: a message is cut off (an MT940 without its closing balance, an MT942 with
            neither totals nor mark of its end), an entry or balance is in none, or there is none.
    """
    encoding = undeclared_encoding(path)
    ahead = _statements(path, encoding)
    statement: Statement | None = None
    entries = 0
    for number, _, entry in _walk(path, encoding):
        while entry and (statement is None or statement.last_number < number):
            statement = next(ahead)
        if entry and statement:
            entries += 1
            yield Record(entries, f"line {entry.line}", entry.cells(statement))


def _statements(path: Path, encoding: str) -> Iterator[Statement]:
    """Each statement once it is read to its end, or as far as it can be read."""
    statement: Statement | None = None
    unfinished: tuple[int, Message] | None = None
    with suppress(Unreadable):  # it is raised where the records before have been given
        for number, page, entry in _walk(path, encoding):
            unfinished = (number, page) if entry else None
            if entry is None and statement is None:
                statement = Statement(number, page)
            elif entry is None and statement and not statement.add(number, page):
                yield statement
                statement = Statement(number, page)
    if statement:
        yield statement
    if unfinished:
        yield Statement(*unfinished)


def _walk(path: Path, encoding: str) -> Iterator[tuple[int, Message, "_Entry | None"]]:
    """Number of the message, the message so far, and an entry of it; null when it is at its end."""
    message: Message | None = None
    entry: _Entry | None = None
    number, block = 0, ""
    for told in chain(fields(path, encoding), (_OVER,)):
        if message and entry and told.tag not in ("86", "NS"):
            message.count(entry.direction, entry.amount)
            yield number, message, entry
            entry = None
        if message and told.tag in ("20", BLOCK, END, _OVER.tag):
            message.add(told)
            yield number, _whole(message, path), None
            message = None
        if told.tag == BLOCK:
            block += told.text
        elif told.tag == "20":
            number += 1
            is_interim = _INTERIM.search(block) is not None
            message = Message(told.line, told.text.strip(), is_interim, "{4:" in block)
            block = ""
        elif told.tag == "86":
            if entry:
                entry.details.append(told.text)
        elif message is None or (told.tag[:2] == "60" and message.opening):
            _refuse_stray(told, path)
        elif told.tag == "61":
            entry = _Entry(told)
        else:
            message.add(told)
    if not number:
        raise Unreadable(f"{path.name} holds no message MT940 or MT942. Ask the sender what it is.")


def _refuse_stray(told: Field, path: Path) -> None:
    if told.tag[:2] in ("60", "61", "62"):
        raise Unreadable(
            f"{path.name}, line {told.line}: field :{told.tag}: belongs to no statement; its "
            f":20: is missing. Nothing of the file was taken. {_ASK}"
        )


def _whole(message: Message, path: Path) -> Message:
    if not message.is_whole:
        misses = "end" if message.is_interim else "closing balance (:62F: or :62M:)"
        raise Unreadable(
            f"{path.name} is cut off or damaged: the statement that begins in line {message.line} "
            f"is without its {misses}. Nothing of the file was taken. {_ASK}"
        )
    return message


def _version(beginning: Beginning) -> str | None:
    before, *messages = _START.split(beginning.text.translate(FRAMING).replace("\r", "\n"), 2)
    if not messages or beginning.elements:
        return None
    first = messages[0]
    if not (_ACCOUNT.search(first) and _OF_STATEMENT.search(first)):
        return None
    has_floor = _HAS_FLOOR.search(first) and not _HAS_OPENING.search(first)
    return "MT942" if has_floor or _INTERIM.search(before) else "MT940"


def _mt940(beginning: Beginning) -> str | None:
    return "MT940" if _version(beginning) == "MT940" else None


def _mt942(beginning: Beginning) -> str | None:
    return "MT942" if _version(beginning) == "MT942" else None


_NEEDS = ("ACCOUNT", "DIRECTION", "AMOUNT", "CURRENCY", "VALUE_ON", "STATUS")

FORMATS = (
    Format(
        name="mt940",
        feed="account_movements",
        says="SWIFT MT940, customer statement of an account",
        version=_mt940,
        records=records,
        needs=_NEEDS,
    ),
    Format(
        name="mt942",
        feed="account_movements",
        says="SWIFT MT942, interim report of transactions on an account",
        version=_mt942,
        records=records,
        needs=_NEEDS,
    ),
)
