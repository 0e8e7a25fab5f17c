"""Customs declarations of any XML standard as a stream: head, items, declared totals.

A file is read twice. What a declaration says of itself may stand after its items (the importer in
WCO messages, the registration in EAEU containers), and its totals before them: the first reading
keeps the head of each declaration and adds up its items, the second gives the records. Memory
grows with the number of declarations, not with their items.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from lxml import etree

from infra.wire.errors import Unreadable
from infra.wire.iso20022 import decimal, local
from infra.wire.records import Record
from infra.wire.safe_xml import ended

Cells = dict[str, str | None]

_CENT, _WHOLE = Decimal("0.01"), Decimal(1)


@dataclass(slots=True)
class Head:
    """What a declaration says once. `totals` are pairs of a measure of `measured` and its text.

    `reference` is by what other documents of the file name it. Totals of a partial message are
    not held against the few items that it has.
    """

    cells: Cells
    totals: Sequence[tuple[str, str | None]] = ()
    reference: str | None = None
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Standard:
    """How one standard writes declarations.

    `beside` are documents next to a declaration that tell of it: `mark` reads one, by which
    reference it names the declaration (null where by none) and what it says. `envelopes` are
    what declarations are wrapped in one by one. `item` is given its position, from 1.
    """

    declarations: tuple[str, ...]
    items: tuple[str, ...]
    head: Callable[[etree._Element], Head]
    measured: Callable[[etree._Element], Mapping[str, str | None]]
    item: Callable[[etree._Element, Head, int], Cells]
    beside: tuple[str, ...] = ()
    mark: Callable[[etree._Element], tuple[str | None, Cells]] | None = None
    envelopes: tuple[str, ...] = ()


def records(standard: Standard, path: Path) -> Iterator[Record]:
    """Every item of every declaration, in order; a declaration without items is one record.

    Raises:
        Unreadable: the file cannot be read on, or holds no declaration; of the declaration that
            broke off nothing is given.
    """
    heads = _heads(standard, path)
    entry = items = 0
    for declaration, element in _parts(standard, path):
        if entry == len(heads):
            continue  # the first reading broke off here, and so will this one
        head = heads[entry]
        if element is not declaration:
            items += 1
            place = f"{_place(declaration, entry)}{_below(declaration, element)}[{items}]"
            yield Record(entry + 1, place, head.cells | standard.item(element, head, items))
            continue
        if not items:
            yield Record(entry + 1, _place(declaration, entry), head.cells)
        entry, items = entry + 1, 0
    if not heads:
        raise Unreadable(
            f"{path.name} holds no declaration. Nothing of it was taken. Ask the sender what it is."
        )


def _heads(standard: Standard, path: Path) -> list[Head]:
    heads: list[Head] = []
    marks: list[tuple[str | None, Cells]] = []
    sums = Sums()
    try:
        for declaration, element in _parts(standard, path, marks):
            if element is not declaration:
                sums.add(standard.measured(element))
                continue
            head = standard.head(declaration)
            verdict = None if head.is_partial else sums.agree_with(head.totals)
            head.cells["IS_RECONCILED"] = None if verdict is None else str(verdict).lower()
            heads.append(head)
            sums = Sums()
    except Unreadable:
        pass  # raised again where the records are given, after those before the damage
    for reference, cells in marks:
        _mark(heads, reference, cells)
    return heads


def _mark(heads: Sequence[Head], reference: str | None, cells: Cells) -> None:
    """Tell a declaration what a document beside it says, where it does not say so itself.

    A document that names no declaration is of the only one that there is.
    """
    for head in heads:
        if head.reference == reference if reference else len(heads) == 1:
            head.cells |= {
                name: cell for name, cell in cells.items() if head.cells.get(name) is None
            }


def _parts(
    standard: Standard, path: Path, marks: list[tuple[str | None, Cells]] | None = None
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Each item with its declaration, then the declaration with itself."""
    parts = (*standard.declarations, *standard.items)
    done: etree._Element | None = None
    for element in ended(path, *parts, *standard.beside, *standard.envelopes):
        name = local(str(element.tag))
        if name in standard.beside:
            if marks is not None and standard.mark is not None:
                marks.append(standard.mark(element))
            continue
        declaration = _declaration_of(element, standard) if name in parts else None
        if declaration is not None:
            yield declaration, element
        elif name in parts:
            continue
        element.clear()
        # libxml2 may still hold the element that ended last, so the one before is removed.
        parent = None if done is None else done.getparent()
        if parent is not None and done is not None:
            parent.remove(done)
        done = element


def _declaration_of(element: etree._Element, standard: Standard) -> etree._Element | None:
    """The declaration that an item is of, itself for a declaration, null for what is neither."""
    above = [local(str(one.tag)) for one in element.iterancestors()]
    if "Response" in above:
        return None  # a notification repeats parts of the declaration that it is about
    if local(str(element.tag)) in standard.declarations:
        return None if set(above) & {*standard.declarations, *standard.items} else element
    for one, name in zip(element.iterancestors(), above, strict=True):
        if name in standard.items:
            return None
        if name in standard.declarations:
            return one
    return None


def _place(declaration: etree._Element, entry: int) -> str:
    name = local(str(declaration.tag))
    return f"/{name}" if declaration.getparent() is None else f"(//{name})[{entry + 1}]"


def _below(declaration: etree._Element, item: etree._Element) -> str:
    names = [local(str(item.tag))]
    for above in item.iterancestors():
        if above is declaration:
            break
        names.append(local(str(above.tag)))
    return "".join(f"/{name}" for name in reversed(names))


@dataclass(slots=True)
class Sums:
    """What the items of a declaration come to, measure by measure.

    How far the sum may be from the declared total: nothing for the number of items and for whole
    packages; half a cent an item for the invoice; half a unit of its currency an item for the
    customs value, which is converted, apportioned and rounded item by item; half of the last
    digit written, an item, for weights and shares of packages. A total with fewer digits may
    itself be rounded by half of its last digit. A sum is only compared when all items tell it.
    """

    items: int = 0
    _found: dict[str, "_Sum"] = field(default_factory=dict)

    def add(self, measures: Mapping[str, str | None]) -> None:
        """Count one item in."""
        self.items += 1
        for measure, text in measures.items():
            number = decimal(text)
            if number is not None:
                self._found.setdefault(measure, _Sum()).add(number)

    def agree_with(self, totals: Sequence[tuple[str, str | None]]) -> bool | None:
        """The declared totals are those of the items; null where none is told or comparable."""
        verdicts = [self._agrees(measure, text) for measure, text in totals if text]
        known = [verdict for verdict in verdicts if verdict is not None]
        return all(known) if known else None

    def _agrees(self, measure: str, text: str) -> bool | None:
        declared = decimal(text)
        if measure == "items":
            return declared == self.items
        found = self._found.get(measure)
        if found is None or found.count < self.items:
            return None
        if declared is None:
            return False
        return abs(declared - found.total) <= self._allowed(measure, declared, found)

    def _allowed(self, measure: str, declared: Decimal, found: "_Sum") -> Decimal:
        if measure.startswith("invoice"):
            return self.items * _CENT / 2
        if measure in ("customs", "national"):
            return self.items * _WHOLE / 2
        if measure == "packages" and found.last_digit >= _WHOLE:
            return Decimal(0)
        return (self.items * found.last_digit + _last_digit(declared)) / 2


@dataclass(slots=True)
class _Sum:
    total: Decimal = Decimal(0)
    count: int = 0
    last_digit: Decimal = _WHOLE

    def add(self, number: Decimal) -> None:
        self.total += number
        self.count += 1
        self.last_digit = min(self.last_digit, _last_digit(number))


def _last_digit(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))
