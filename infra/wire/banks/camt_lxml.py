"""Entries as lxml finds them in a stream.

An entry with very many payments is given in parts, so that it need not be held whole.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from lxml import etree

from infra.wire.banks.camt_entry import Cells, Head, Plan, flattened, plan
from infra.wire.banks.camt_statement import KINDS, Statement
from infra.wire.errors import Unreadable
from infra.wire.iso20022 import local, xpath

_MOST_AT_ONCE = 100


class Entry(NamedTuple):
    """An entry: its statement, its number there, and its payments, each with its place.

    `is_continued` is true for further payments of the entry given before.
    """

    statement: Statement
    number: int
    payments: list[Cells]
    is_continued: bool = False


def read(statement: Statement, known: Plan, texts: Sequence[str]) -> Entry:
    """One entry whose plan is known, from the texts that the plan uses."""
    statement.entries += 1
    return Entry(statement, statement.entries, known.records(texts, statement))


class Lxml:
    """What lxml finds. `found` counts the entries in statements that have come to their end."""

    def __init__(self, path: Path) -> None:
        self.found = 0
        self._path = path
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=["{*}Ntry", "{*}TxDtls", *(f"{{*}}{kind}" for kind in KINDS)],
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._statement: Statement | None = None
        self._of: etree._Element | None = None
        self._message: etree._Element | None = None
        self._statements = 0
        self._last: etree._Element | None = None
        self._waiting: list[etree._Element] = []
        self._big: Head | None = None

    @property
    def statement(self) -> Statement:
        """That of the entry found last."""
        if self._statement is None:
            raise LookupError("no entry was found yet")
        return self._statement

    def read(self, piece: bytes) -> Iterator[tuple[Entry, etree._Element]]:
        """Entries that end in this piece, each with its element, which lives till the next."""
        try:
            self._parser.feed(piece)
        except etree.XMLSyntaxError:
            yield from self._events()
            raise
        yield from self._events()

    def close(self) -> Iterator[tuple[Entry, etree._Element]]:
        """What is left; raises where the document is not at its end."""
        root = None
        try:
            root = self._parser.close()
        finally:
            yield from self._events()
        self._refuse_dtd(root)

    def _events(self) -> Iterator[tuple[Entry, etree._Element]]:
        for _, ended in self._parser.read_events():
            element = cast(etree._Element, ended)
            self._refuse_dtd(element)
            above = element.getparent()
            if above is None:
                continue
            name = local(element.tag)
            if name == "TxDtls":
                yield from self._payment(element)
            elif name != "Ntry":
                self._end_statement(element, above)
            elif local(above.tag) in KINDS:
                self.found += 1
                yield self._entry(element, above), element
                self._discard(element)

    def _entry(self, element: etree._Element, above: etree._Element) -> Entry:
        self._enter_statement(above)
        if self._big is not None:
            return self._last_part(element, self._big)
        self._waiting.clear()
        shape, texts = flattened(element)
        known = plan(shape)
        return read(self.statement, known, [texts[n] for n in known.used])

    def _payment(self, payment: etree._Element) -> Iterator[tuple[Entry, etree._Element]]:
        """Payments of an entry that has very many, before it ends."""
        self._waiting.append(payment)
        if len(self._waiting) <= _MOST_AT_ONCE:
            return
        entry = next(payment.iterancestors("{*}Ntry"), None)
        above = None if entry is None else entry.getparent()
        if entry is None or above is None or local(above.tag) not in KINDS:
            self._waiting.clear()
            return
        self._enter_statement(above)
        is_continued = self._big is not None
        if self._big is None:
            self.statement.entries += 1
            self._big = Head(entry)
        # libxml2 may still hold the payment that ended last: it waits for the next ones.
        yield self._part(self._big, self._waiting[:-1], is_continued=is_continued), entry
        del self._waiting[:-1]

    def _last_part(self, element: etree._Element, big: Head) -> Entry:
        self._big = None
        self.statement.add(*Head(element).moved())
        part = self._part(big, self._waiting, is_continued=True)
        self._waiting.clear()
        return part

    def _part(self, big: Head, payments: list[etree._Element], *, is_continued: bool) -> Entry:
        cells = [big.record(payment, self.statement) for payment in payments]
        for payment in payments:
            above = payment.getparent()
            if above is not None:
                payment.clear()
                above.remove(payment)
        return Entry(self.statement, self.statement.entries, cells, is_continued)

    def _enter_statement(self, element: etree._Element) -> None:
        if element is not self._of:
            self._of = element
            message = element.getparent()
            self._enter_message(message)
            place = f"{xpath(message)}/{local(str(element.tag))}[{self._statements + 1}]"
            self._statement = Statement(element, place)

    def _end_statement(self, element: etree._Element, above: etree._Element) -> None:
        if not local(above.tag).startswith("BkToCstmr"):
            return
        self._enter_message(above)
        self._statements += 1
        element.clear()
        previous = element.getprevious()
        if previous is not None and local(previous.tag) in KINDS:
            above.remove(previous)

    def _enter_message(self, message: etree._Element | None) -> None:
        if message is not self._message:
            self._message, self._statements = message, 0

    def _discard(self, element: etree._Element) -> None:
        # libxml2 may still hold the element that ended last, so the one before is removed.
        element.clear()
        above = None if self._last is None else self._last.getparent()
        if above is not None and self._last is not None:
            above.remove(self._last)
        self._last = element

    def _refuse_dtd(self, element: etree._Element | None) -> None:
        if element is not None and element.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(
                f"{self._path.name} carries a document type declaration. What follows was not "
                f"read. Ask the sender for the file again, without it."
            )
