"""Files of plain text, read line by line however big they are."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from infra.wire.errors import Unreadable
from infra.wire.opened import opened

_LONGEST = 64 * 1024
_CHUNK = 1 << 20

_UNDECODED = re.compile("[\udc80-\udcff]")
_HIGH_TOGETHER = re.compile(rb"[\xa8\xb8\xc0-\xff]{2,}")
_HIGH_ALONE = re.compile(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])")


def lines(path: Path, encoding: str, *, is_declared: bool) -> Iterator[tuple[int, str]]:
    r"""Number and text of each line; a line ends with \n, \r or both.

    Args:
        path: a local file, packed or not.
        encoding: as Python names it.
        is_declared: the file itself says that it is in this encoding, so that bytes that cannot
            be are damage; else they become U+FFFD.

    Raises:
        Unreadable: a line of more than 64 KiB, or bytes that are not of the declared encoding.
    """
    with opened(path) as file:
        text = io.TextIOWrapper(file, encoding, errors="surrogateescape")
        number = 0
        while line := _line(text, path, number):
            number += 1
            if not line.isascii() and _UNDECODED.search(line):
                if is_declared:
                    raise Unreadable(
                        f"{path.name}, line {number}, holds bytes that are no {encoding}. Nothing "
                        f"of it was taken. Ask the sender for the file again, in one encoding."
                    )
                line = _UNDECODED.sub("\ufffd", line)
            yield number, line.rstrip("\n")


def _line(text: io.TextIOWrapper, path: Path, number: int) -> str:
    try:
        line = text.readline(_LONGEST)
    except UnicodeError:
        raise Unreadable(
            f"{path.name}, after line {number}, holds bytes that are no {text.encoding}. Nothing "
            f"of it was taken. Ask the sender for the file again, in one encoding."
        ) from None
    if len(line) == _LONGEST and not line.endswith("\n"):
        raise Unreadable(
            f"{path.name}, line {number + 1}, is longer than {_LONGEST} characters: no format of "
            f"lines has such. Nothing of it was taken. Ask the sender for the file again."
        )
    return line


def undeclared_encoding(path: Path) -> str:
    """The encoding of a file that does not declare one, judged by all of its bytes.

    What its byte order mark says; else UTF-8 where it is that throughout; else cp1251 where
    letters above ASCII mostly stand together, as they do in words of Cyrillic; else Latin-1,
    where they stand among ASCII letters.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf_8, together, alone = True, 0, 0
    with opened(path) as file:
        chunk = file.read(_CHUNK)
        for mark, encoding in _MARKS.items():
            if chunk.startswith(mark):
                return encoding
        while chunk:
            is_utf_8 = is_utf_8 and _is_decoded(decoder, chunk, final=False)
            if not chunk.isascii():
                together += sum(map(len, _HIGH_TOGETHER.findall(chunk)))
                alone += len(_HIGH_ALONE.findall(chunk))
            chunk = file.read(_CHUNK)
    if is_utf_8 and _is_decoded(decoder, b"", final=True):
        return "utf-8"
    return "cp1251" if together >= alone else "latin-1"


def _is_decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
