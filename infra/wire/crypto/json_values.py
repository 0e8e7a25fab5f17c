"""JSON and JSON Lines as a stream of the objects in them, with exact numbers and flat memory.

Interfaces wrap their rows: `[…]`, `{"data": […]}`, `{"result": {"rows": […]}}`, one such a line.
The names of the wrappers are known (`CONTAINERS`); what stands in them, or the whole object where
there are none, is one value.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import ijson

from infra.wire.beginning import Beginning
from infra.wire.errors import Unreadable
from infra.wire.opened import opened

CONTAINERS = frozenset(
    [
        *("data", "result", "results", "rows", "list", "items", "records", "orders", "content"),
        *("transfers", "messages", "deposits", "withdrawals", "depositList", "withdrawList"),
    ]
)

_LINE = 64 * 1024
_MOST_DEPTH = 64
_MOST_EVENTS = 200_000
_MOST_BYTES = 16 << 20
_MOST_AROUND = 10_000
_MOST_DIGITS = 60
_FEW = 50

_WRONG = (ijson.JSONError, ArithmeticError, ValueError, SystemError)


class Value(NamedTuple):
    """One object (or what stands in its place), numbers as text.

    `place` is its JSON pointer, with the line before it where each line is a document; a whole
    document has its line only. `around` are the plain cells of the wrappers that were read before
    it. `is_wrapper` marks a wrapper that is over, given after all that stood in it.
    """

    place: str
    value: Any
    around: dict[str, Any]
    is_wrapper: bool = False


class _TooBigError(ValueError):
    """One value is deeper or longer than any of an interface."""


@dataclass(slots=True)
class _Frame:
    """An array or object that is being read; `is_path` when it may be a wrapper."""

    cells: dict[str, Any] | list[Any]
    is_path: bool
    key: str = ""
    count: int = 0
    is_wrapper: bool = False


@dataclass(slots=True)
class _Documents:
    """Takes the events of a parser, gives values."""

    is_lines: bool
    line: int = 1
    documents: int = 0
    began_at: int = 1
    events: int = 0
    stack: list[_Frame] = field(default_factory=list)

    def taken(self, event: str, value: Any) -> Value | None:
        """The value that ended with this event, if one did."""
        self.events += 1
        if self.events > _MOST_EVENTS:
            raise _TooBigError
        if event == "map_key":
            self.stack[-1].key = value
            return None
        if event in ("start_map", "start_array"):
            self._start(event == "start_map")
            return None
        if event in ("end_map", "end_array"):
            return self._end(self.stack.pop())
        return self._put(_text(event, value))

    def _start(self, is_map: bool) -> None:
        if not self.stack:
            self.documents += 1
            self.began_at = self.line
        elif len(self.stack) >= _MOST_DEPTH:
            raise _TooBigError
        above = self.stack[-1] if self.stack else None
        is_path = above is None or (
            above.is_path and (above.key in CONTAINERS if isinstance(above.cells, dict) else is_map)
        )
        self.stack.append(_Frame({} if is_map else [], is_path))

    def _end(self, frame: _Frame) -> Value | None:
        above = self.stack[-1] if self.stack else None
        if not frame.is_path:
            return self._put(frame.cells)
        if isinstance(frame.cells, list):
            self._close(above)
            return None
        is_empty_wrapper = not frame.cells and above is not None and isinstance(above.cells, dict)
        found = None
        if frame.is_wrapper or not is_empty_wrapper:
            found = self._value(frame.cells, is_wrapper=frame.is_wrapper)
        self._close(above)
        return found

    def _close(self, above: _Frame | None) -> None:
        if above is not None:
            above.count += 1
            above.is_wrapper = True

    def _put(self, value: Any) -> Value | None:
        if not self.stack:
            self.documents += 1
            self.began_at = self.line
            return self._value(value)
        above = self.stack[-1]
        if isinstance(above.cells, dict):
            above.cells[above.key] = value
            if above.is_path and len(above.cells) > _MOST_AROUND:
                raise _TooBigError
            return None
        if not above.is_path:
            above.cells.append(value)
            return None
        found = self._value(value)
        above.count += 1
        return found

    def _value(self, value: Any, *, is_wrapper: bool = False) -> Value:
        self.events = 0
        around: dict[str, Any] = {}
        pointer = ""
        for frame in self.stack:
            if isinstance(frame.cells, dict):
                around.update(frame.cells)
                pointer += "/" + frame.key.replace("~", "~0").replace("/", "~1")
            else:
                pointer += f"/{frame.count}"
        if self.is_lines or self.documents > 1:
            pointer = f"line {self.began_at} {pointer}".rstrip()
        elif not pointer:
            pointer = f"line {self.began_at}"
        return Value(pointer, value, around, is_wrapper)


def _text(event: str, value: Any) -> Any:
    if event == "number":
        return plain(value)
    if event == "boolean":
        return "true" if value else "false"
    return value


def plain(number: int | Decimal) -> str:
    """A number as text, without an exponent where that is shorter than 60 digits."""
    if isinstance(number, Decimal) and abs(number.adjusted()) < _MOST_DIGITS:
        return format(number, "f")
    return str(number)


def values(path: Path) -> Iterator[Value]:
    """Every value of a file, in order.

    Raises:
        Unreadable: not JSON, cut off, or with one value of more than 200,000 parts or 16 MiB.
    """
    beginning = Beginning.of(path)
    documents = _Documents(_is_lines(beginning))
    with opened(path) as file:
        try:
            yield from _found(_lines(file, beginning), documents)
        except _TooBigError:
            raise Unreadable(
                f"{path.name}, line {documents.line}, holds one value that is bigger or deeper "
                f"than any that interfaces give. It was not read on. Ask the sender what it is."
            ) from None
        except UnicodeError:
            raise _damaged(path, documents.line) from None
        except _WRONG as error:
            if isinstance(error, Unreadable):
                raise
            raise _damaged(path, documents.line) from None


def _damaged(path: Path, line: int) -> Unreadable:
    return Unreadable(
        f"{path.name}, line {line}, is not well-formed JSON, or the file ends in the middle. What "
        f"stands after is not known. Ask the sender for the file again."
    )


def _found(pieces: Iterable[bytes], documents: _Documents) -> Iterator[Value]:
    events: Any = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events, multiple_values=True)
    read = 0
    is_line_over = False
    for piece in pieces:
        documents.line += is_line_over
        is_line_over = piece.endswith(b"\n")
        read += len(piece)
        if piece:  # nothing ends the parser
            parser.send(piece)
        for event, value in events:
            found = documents.taken(event, value)
            if found is not None:
                read = 0
                yield found
        events.clear()
        if read > _MOST_BYTES:
            raise _TooBigError
    parser.close()
    for event, value in events:
        found = documents.taken(event, value)
        if found is not None:
            yield found


def _lines(file: BinaryIO, beginning: Beginning) -> Iterator[bytes]:
    if beginning.encoding == "utf-16":
        decoder = codecs.getincrementaldecoder("utf-16")()
        while piece := file.read(_LINE):
            yield from decoder.decode(piece).encode().splitlines(keepends=True)
        yield decoder.decode(b"", final=True).encode()
        return
    yield file.readline(_LINE).removeprefix(codecs.BOM_UTF8)
    while piece := file.readline(_LINE):
        yield piece


def _is_lines(beginning: Beginning) -> bool:
    first, _, rest = beginning.text.lstrip("\ufeff \t\r\n").partition("\n")
    if not rest.strip():
        return False
    try:
        found = list(ijson.basic_parse(first.encode(), multiple_values=True))
    except _WRONG:
        return False
    return bool(found)


@lru_cache(maxsize=4)
def first_values(beginning: Beginning) -> tuple[Value, ...]:
    """The first values in a file's head, the last of them perhaps not whole; () if not JSON."""
    head = beginning.text.lstrip("\ufeff \t\r\n")
    if not head.startswith(("{", "[")):
        return ()
    documents = _Documents(is_lines=False)
    found: list[Value] = []
    try:
        for value in _found(
            (head[n : n + _LINE // 16].encode() for n in range(0, len(head), _LINE // 16)),
            documents,
        ):
            found.append(value)
            if len(found) >= _FEW:
                return tuple(found)
    except _WRONG:
        pass
    if documents.stack:
        found.append(_unfinished(documents.stack))
    return tuple(found)


def _unfinished(stack: list[_Frame]) -> Value:
    """What is there of the value that the head breaks off in."""
    value: Any = None
    for frame in reversed(stack):
        if value is not None and isinstance(frame.cells, dict):
            frame.cells[frame.key] = value
        elif value is not None and isinstance(frame.cells, list) and not frame.is_path:
            frame.cells.append(value)
        if frame.is_path and isinstance(frame.cells, list):
            break
        value = frame.cells
        if frame.is_path and frame.is_wrapper:
            break
    return Value("", value, {})
