"""Import declarations of the EU's H1 family as Finnish Customs exchanges them (FI415B and kin).

The number in the root element's name is the message: 415 declares, 413 amends, 414 asks for
invalidation, 410 invalidates, 428 accepts, 429 releases, 403 corrects after release. The others
are about a declaration without repeating its goods, and are refused by name.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from infra.wire.beginning import Beginning
from infra.wire.customs.declarations import Cells, Head, Standard
from infra.wire.customs.declarations import records as declaration_records
from infra.wire.customs.declared import civil_day, every, movement, told, written
from infra.wire.customs.goods_shipment import (
    ITEM,
    is_mrn,
    item_cells,
    measured,
    shipment_cells,
    totals,
)
from infra.wire.errors import Unreadable
from infra.wire.iso20022 import local
from infra.wire.records import Format, Record

_ROOT = re.compile(r"(FI)(4[0-9]{2})B")
_RELEASED = "429"
_ACTIONS = {
    "403": "amendment",
    "410": "cancellation",
    "413": "amendment",
    "414": "cancellation",
    "415": "original",
    "428": "original",
    _RELEASED: "release",
}


def records(path: Path) -> Iterator[Record]:
    """Every goods item; an invalidation has none and is one record.

    Raises:
        Unreadable: the file cannot be read on, or is a message without a declaration.
    """
    root = _root(Beginning.of(path))
    if root is None or root[2] not in _ACTIONS:
        raise Unreadable(
            f"{path.name} is a message about a declaration ({root[0] if root else 'EU H1'}), not "
            f"a declaration: it has no goods to take. Nothing of it was taken. Ask the sender for "
            f"the declaration or its release."
        )
    yield from declaration_records(_STANDARD, path)


def _head(declaration: etree._Element) -> Head:
    country, message = _ROOT.fullmatch(local(str(declaration.tag))).groups()  # type: ignore[union-attr]
    action = _ACTIONS[message]
    mrn, lrn = _by_function(declaration, "FunctionalReference", "MRN", "LRN")
    kind, _ = _by_function(declaration, "Type", "DeclarationType", "AdditionalDeclarationType")
    released = told(declaration, "Notification/Decision/Decision", "Notification/Notification")
    cells: Cells = {
        "DECLARATION_NO": mrn,
        "REGISTERED_ON": civil_day(told(declaration, "Acceptance", "AcceptanceDate")),
        "RELEASED_ON": civil_day(released) if message == _RELEASED else None,
        "OFFICE": told(
            declaration,
            "DeclarationOffice/Identification",
            "PresentationOffice/Identification",
        ),
        "MOVEMENT": movement(kind, None),
        "ACTION": action,
        "VERSION": told(declaration, "Version"),
        "LODGED_IN": country,
        "MRN": mrn if is_mrn(mrn) else None,
        "LRN": lrn,
        **shipment_cells(declaration),
    }
    return Head(cells, totals(cells), is_partial=action == "cancellation")


def _by_function(declaration: etree._Element, name: str, *functions: str) -> list[str | None]:
    found = {one.get("function"): written(one) for one in every(declaration, name)}
    return [found.get(function) for function in functions]


def _root(beginning: Beginning) -> re.Match[str] | None:
    names = (name for _, name in beginning.elements)
    return next(filter(None, map(_ROOT.fullmatch, names)), None)


def _version(beginning: Beginning) -> str | None:
    """The message and the version of its namespace, as FI415B v3."""
    root = _root(beginning)
    if root is None:
        return None
    space = next(space for space, name in beginning.elements if name == root[0])
    number = re.search(r"(v[0-9.]+)$", space)
    return f"{root[0]} {number[1]}" if number else root[0]


_STANDARD = Standard(
    declarations=tuple(f"FI{message}B" for message in _ACTIONS),
    items=(ITEM,),
    head=_head,
    measured=measured,
    item=item_cells,
)

FORMATS: tuple[Format, ...] = (
    Format(
        name="eu_h1",
        feed="import_declarations",
        says="EU import declaration (H1 family) of Finnish Customs, its amendments and release",
        version=_version,
        records=records,
    ),
)
