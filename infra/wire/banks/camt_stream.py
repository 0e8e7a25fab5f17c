"""Entries of a camt file of any size, as a stream.

lxml reads the file, entry by entry, and is the only judge of what is XML. Between its entries a
short way is taken: where the text of an entry has exactly the same tags, in the same order, as
an entry that lxml has read before, its texts stand at the same places, and they are cut out
without building a tree. Anything else about an entry (a comment, an entity other than the five
of XML, a new tag, blanks in a tag) sends it to lxml, from which its tags are learned.

An entry is cut out only when it directly follows another of the same statement, and when every
piece given to lxml so far has come back as exactly one entry: text that merely looks like an
entry, in a comment or in CDATA, never passes that. Control characters and broken UTF-8 are
looked for in all that is cut.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from infra.wire.banks.camt_lxml import Entry, Lxml, read
from infra.wire.banks.camt_shapes import Shapes
from infra.wire.errors import Unreadable
from infra.wire.opened import opened

_CHUNK = 1 << 20
_LONGEST_ENTRY = 32 << 20
_END_TAG = re.compile(rb"</((?:[A-Za-z_][\w.\-]*:)?Ntry)>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_BLANKS = " \t\r\n"
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_CONTROL = bytes(n for n in range(32) if n not in b"\t\n\r")
_NO_CHARACTERS = "\ufffe\uffff"
_OTHER_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_ASK = "Ask the sender for the file again."


def entries(path: Path) -> Iterator[Entry]:
    """All entries of all statements, in order.

    Raises:
        Unreadable: not well-formed, cut off, or with a DTD; what came before has been given.
    """
    reader = _Reader(path)
    with opened(path) as file:
        try:
            while chunk := file.read(_CHUNK):
                yield from reader.read(chunk)
            yield from reader.close()
        except etree.XMLSyntaxError as error:
            raise Unreadable(
                f"{path.name} is not well-formed XML, after entry {reader.entries}: "
                f"{_without_data(error)}. What follows was not read. {_ASK}"
            ) from None


class _Reader:
    def __init__(self, path: Path) -> None:
        self.entries = 0
        self._path = path
        self._lxml = Lxml(path)
        self._is_direct = False
        self._rest = b""
        self._start = self._end = ""
        self._pieces = 0
        self._shapes = Shapes("", "")

    def read(self, chunk: bytes) -> Iterator[Entry]:
        if not self._is_direct and not self._rest and not self._end:
            self._is_direct = not _is_utf_8(chunk)
        self._rest += chunk
        if self._is_direct or len(self._rest) > _LONGEST_ENTRY:
            yield from self._all_to_lxml()
            return
        if not self._end:
            told = _END_TAG.search(self._rest)
            name = told.group(1).decode() if told else ""
            self._start, self._end = (f"<{name}>", f"</{name}>") if told else ("", "")
            self._shapes = Shapes(self._start, self._end)
        last = self._rest.rfind(self._end.encode()) if self._end else -1
        if last >= 0:
            cut = last + len(self._end)
            block, self._rest = self._rest[:cut], self._rest[cut:]
            yield from self._block(block)

    def close(self) -> Iterator[Entry]:
        yield from self._all_to_lxml()
        yield from self._counted(self._lxml.close())

    def _all_to_lxml(self) -> Iterator[Entry]:
        self._is_direct = True
        rest, self._rest = self._rest, b""
        yield from self._counted(self._lxml.read(rest))

    def _counted(self, found: Iterable[tuple[Entry, etree._Element]]) -> Iterator[Entry]:
        for entry, _ in found:
            self.entries += not entry.is_continued
            yield entry

    def _block(self, block: bytes) -> Iterator[Entry]:
        """The entries of a piece of the file that ends with the end of one."""
        text = _text(block)
        if text is None:
            self._rest = block + self._rest
            yield from self._all_to_lxml()
            return
        at, end, reader = 0, self._end, self._lxml
        has_entities, is_plain = "&" in text, "]]>" not in text
        while at < len(text):
            known = None
            if is_plain and self._pieces == reader.found:
                known = self._shapes.matched(text, at)
            if known is not None and has_entities and text.find("&", at, known[0].end()) >= 0:
                known = None
            if known is not None:
                match, its_plan = known
                at = match.end()
                self.entries += 1
                yield read(reader.statement, its_plan, match.groups())
                continue
            cut = text.index(end, at)
            yield from self._piece(text[at:cut])
            at = cut + len(end)

    def _piece(self, piece: str) -> Iterator[Entry]:
        """One entry and what stands before it, without its end tag."""
        before, _, inside = piece.partition(self._start)
        parts = inside.replace("<", ">").split(">")
        tags = tuple(parts[1::2])
        is_next = self._pieces == self._lxml.found and not before.strip(_BLANKS)
        if is_next and _OTHER_ENTITY.search(inside) is None:
            known = self._shapes.of(tags)
            if known is not None:
                self.entries += 1
                texts = [_unescaped(text) for text in known.texts(parts)]
                yield read(self._lxml.statement, known.plan, texts)
                return
        self._pieces += 1
        for entry, element in self._lxml.read((piece + self._end).encode()):
            self.entries += not entry.is_continued
            if self._pieces == self._lxml.found:
                self._shapes.learn(element, parts, tags)
            yield entry


def _is_utf_8(beginning: bytes) -> bool:
    if b"\0" in beginning[:4] or beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    told = _ENCODING.match(beginning.removeprefix(b"\xef\xbb\xbf"))
    return told is None or told.group(1).lower() in (b"utf-8", b"us-ascii")


def _text(block: bytes) -> str | None:
    """The text, ends of lines as XML reads them; null where a character is none of XML's."""
    if len(block.translate(None, _CONTROL)) != len(block):
        return None
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return None
    if any(character in text for character in _NO_CHARACTERS):
        return None
    if "\r" in text:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _unescaped(text: str) -> str:
    for name, character in _ENTITIES:
        text = text.replace(name, character)
    return text


def _without_data(error: etree.XMLSyntaxError) -> str:
    """What libxml2 says, less the names and characters that it quotes."""
    return (error.msg or "damaged").split(":")[0].split("'")[0].split("\n")[0].strip()
