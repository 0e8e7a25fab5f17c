"""Sections of a file `1CClientBankExchange` in their order, whatever its encoding."""

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from infra.wire.banks.lines import lines
from infra.wire.errors import Unreadable
from infra.wire.opened import opened

HEADER, ACCOUNT, DOCUMENT, END = "header", "account", "document", "end"

_READ = 64 * 1024
_MOST = 64 * 1024
_BLANKS, _QUOTES = " \t\x00\x1a\ufeff", ' "\t'
_ASK = "Nothing of it was taken. Ask the sender for the file again."

_OPENS, _CLOSES = "opens", "closes"
_TURNS = {
    "секциярасчсчет": (_OPENS, ACCOUNT),
    "конецрасчсчет": (_CLOSES, ACCOUNT),
    "секциядокумент": (_OPENS, DOCUMENT),
    "конецдокумента": (_CLOSES, DOCUMENT),
    "конецдокумент": (_CLOSES, DOCUMENT),
    "конецфайла": (_OPENS, END),
}
_NOT_IN_KEYS = re.compile(r"[\W_]+")

_ENCODINGS = ("utf-8", "cp1251", "cp866")
_DECLARED = {
    **dict.fromkeys(
        ("windows", "windows1251", "win", "win1251", "cp1251", "1251", "ansi"), "cp1251"
    ),
    **dict.fromkeys(("dos", "cp866", "ibm866", "866", "oem"), "cp866"),
    **dict.fromkeys(("utf8", "utf", "utf8bom", "utf8sig"), "utf-8"),
}
_WORDS = ("РасчСчет", "ВерсияФормата", "ДатаНачала", "Отправитель", "Получатель", "Секция")
_KNOWN_BY = {
    encoding: tuple(
        form.encode(encoding) for word in _WORDS for form in (word, word.upper(), word.lower())
    )
    for encoding in _ENCODINGS
}
_FIRST_LINE = re.compile(r"^\s*1[CС]ClientBankExchange\b", re.IGNORECASE)
_HEADER_LINE = r"(?im)^[ \t]*{}[ \t]*=[ \t]*(.*?)\s*$"
_ENCODING, _VERSION = (
    re.compile(_HEADER_LINE.format(key)) for key in ("Кодировка", "ВерсияФормата")
)


class Part(NamedTuple):
    """A section: its kind, what the line that opens it says, the number of that line, its keys.

    Keys are in lower case without signs (`плательщикбиниин`); values of a
    key that is told twice, or in several lines, are parted by line feeds.
    """

    kind: str
    title: str
    line: int
    told: dict[str, str]


def version(head: bytes) -> str | None:
    """What the file says of its version, "1CClientBankExchange" where nothing; null: another."""
    text = _text(head)
    if not _FIRST_LINE.match(text):
        return None
    found = _VERSION.search(text)
    return found[1] if found and found[1] else "1CClientBankExchange"


def parts(path: Path) -> Iterator[Part]:
    """The header, then sections, then the end where the file declares it.

    Raises:
        Unreadable: not in the encoding that it declares, cut off within a section, sections
            within sections, or more behind its end.
    """
    part, size, last = Part(HEADER, "", 1, {}), 0, ""
    for number, raw in lines(path, _encoding(path), is_declared=True):
        line = raw.strip(_BLANKS)
        key, sign, value = line.partition("=")
        word = _word(key)
        if word in _TURNS:
            action, kind = _TURNS[word]
            if part.kind != (kind if action == _CLOSES else HEADER):
                raise _out_of_order(path, number, key, part)
            yield part
            opened_kind = kind if action == _OPENS else HEADER
            part, size, last = Part(opened_kind, value.strip(_QUOTES), number, {}), 0, ""
            continue
        if line and part.kind == END:
            raise Unreadable(f"{path.name}, line {number}: it goes on behind КонецФайла. {_ASK}")
        size += len(raw)
        last = word if sign and word else last
        if last and line:
            text = value.strip() if sign and word else line
            part.told[last] = f"{part.told[last]}\n{text}" if last in part.told else text
        _refuse_endless(path, part, size)
    if part.kind in (ACCOUNT, DOCUMENT):
        raise Unreadable(
            f"{path.name} is cut off: the section of line {part.line} has no end. {_ASK}"
        )
    yield part


@lru_cache(4_096)
def _word(key: str) -> str:
    """A key as it is compared: banks write the same one in many ways."""
    return _NOT_IN_KEYS.sub("", key).lower()


def _refuse_endless(path: Path, part: Part, size: int) -> None:
    if size > _MOST:
        raise Unreadable(
            f"{path.name}: the section of line {part.line} is longer than {_MOST} characters, "
            f"which none of a statement is. {_ASK}"
        )


def _out_of_order(path: Path, number: int, word: str, part: Part) -> Unreadable:
    is_outside = part.kind in (HEADER, END)
    where = "outside of a section" if is_outside else f"in the section of line {part.line}"
    return Unreadable(f"{path.name}, line {number}: {word[:20].strip()} stands {where}. {_ASK}")


def _encoding(path: Path) -> str:
    with opened(path) as file:
        head = file.read(_READ)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(
            f"{path.name} is in UTF-16; the format knows Windows, DOS and UTF-8. {_ASK}"
        )
    written = _written_in(head)
    text = _text(head)
    if written is None or not _FIRST_LINE.match(text):
        raise Unreadable(
            f"{path.name} is no file 1CClientBankExchange in Windows, DOS or UTF-8 letters. {_ASK}"
        )
    found = _ENCODING.search(text)
    if found and found[1]:
        declared = _DECLARED.get(_NOT_IN_KEYS.sub("", found[1]).lower())
        if declared is None:
            raise Unreadable(
                f"{path.name} declares an encoding (Кодировка) that is none of Windows, DOS and "
                f"UTF-8. {_ASK}"
            )
        if declared != written:
            raise Unreadable(
                f"{path.name} declares Кодировка={found[1]}, but is written in {written}. {_ASK}"
            )
    return "utf-8-sig" if written == "utf-8" else written


def _text(head: bytes) -> str:
    body = head.removeprefix(codecs.BOM_UTF8)
    return body.decode(_written_in(head) or "utf-8", "ignore").replace("\r", "\n")


def _written_in(head: bytes) -> str | None:
    """The encoding in which the words of the format stand there."""
    for encoding, words in _KNOWN_BY.items():
        if any(word in head for word in words):
            return encoding
    return None
