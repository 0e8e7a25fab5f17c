"""Pieces of a JSON text exactly as they were written: no number passes through a float."""

import json
import re

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str)


class NoSuchPiece(ValueError):
    """The text is no JSON, or has nothing at the path."""


def piece_at(text: str, path: str) -> str:
    """The text of the value at a dotted path, as `data.items`; "" is the whole.

    Raises:
        NoSuchPiece: no JSON, or nothing there.
    """
    at = _skip(text, 0)
    for name in filter(None, path.split(".")):
        at = _value_of(text, at, name)
    return text[at : _end(text, at)]


def elements(text: str) -> list[str]:
    """The text of each element of an array, its line breaks made blanks.

    Raises:
        NoSuchPiece: not an array.
    """
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise NoSuchPiece("an array is expected")
    found = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        end = _end(text, at)
        found.append(on_one_line(text[at:end]))
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
        elif text[at : at + 1] != "]":
            raise NoSuchPiece("the array does not end")
    return found


def on_one_line(text: str) -> str:
    """The same JSON on one line: a line break can only stand between its parts."""
    return text.replace("\r", " ").replace("\n", " ").strip()


def said_at(text: str, path: str) -> str | None:
    """A string or number at a dotted path as text; null where there is none or it is null."""
    try:
        found = _DECODER.decode(piece_at(text, path))
    except (NoSuchPiece, ValueError):
        return None
    return found if isinstance(found, str) and found else None


def _value_of(text: str, at: int, name: str) -> int:
    if text[at : at + 1] != "{":
        raise NoSuchPiece(f"nothing is at {name}")
    at = _skip(text, at + 1)
    while text[at : at + 1] == '"':
        key, end = _decoded(text, at)
        at = _skip(text, end)
        if text[at : at + 1] != ":":
            break
        at = _skip(text, at + 1)
        if key == name:
            return at
        at = _skip(text, _end(text, at))
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    raise NoSuchPiece(f"nothing is at {name}")


def _end(text: str, at: int) -> int:
    return _decoded(text, at)[1]


def _decoded(text: str, at: int) -> tuple[object, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        raise NoSuchPiece("the answer is no whole JSON") from None


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
