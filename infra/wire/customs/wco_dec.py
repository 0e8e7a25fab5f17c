"""Declarations of the WCO data model (DEC), as HMRC's customs declaration service has them.

A declaration is lodged, amended and cancelled by messages of the same shape: `FunctionCode` tells
them apart, and `ID` names the earlier declaration. HMRC's additional messages have function 13 and
say in `TypeCode` what they are (COR, INV). Answers of customs (`WCOTypeName` RES: accepted,
cleared, tax due) are no declarations and are refused by name.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from infra.wire.beginning import Beginning
from infra.wire.customs.declarations import Cells, Head, Standard
from infra.wire.customs.declarations import records as declaration_records
from infra.wire.customs.declared import civil_day, country, movement, told
from infra.wire.customs.goods_shipment import (
    ITEM,
    is_mrn,
    item_cells,
    measured,
    shipment_cells,
    totals,
)
from infra.wire.errors import Unreadable
from infra.wire.records import Format, Record

_DECLARATION, _ANSWER = "Declaration", "Response"

# UN/EDIFACT 1225, which the WCO data model uses; those that say what becomes of a declaration.
_ACTIONS = {
    "1": "cancellation",
    "17": "cancellation",
    "2": "amendment",
    "4": "amendment",
    "36": "amendment",
    "5": "amendment",
    "18": "amendment",
    "9": "original",
}
_WHOLE = {"5", "18"}  # replace, reissue: the message is the whole declaration anew
_ADDITIONAL = "13"
_ADDITIONAL_KINDS = {"COR": "amendment", "INV": "cancellation"}


def records(path: Path) -> Iterator[Record]:
    """Every item of every declaration; a cancellation has none and is one record.

    Raises:
        Unreadable: the file cannot be read on.
    """
    return declaration_records(_STANDARD, path)


def _head(declaration: etree._Element) -> Head:
    kind = told(declaration, "TypeCode")
    action, is_partial = _action(told(declaration, "FunctionCode"), kind)
    named = told(declaration, "ID")
    cells: Cells = {
        "DECLARATION_NO": named,
        "REGISTERED_ON": civil_day(
            told(
                declaration,
                "AcceptanceDateTime/DateTimeString",
                "AcceptanceDateTime/DateTime",
                "AcceptanceDateTime",
            )
        ),
        "OFFICE": told(declaration, "DeclarationOfficeID", "PresentationOffice/ID"),
        "MOVEMENT": None if kind in _ADDITIONAL_KINDS else movement(kind, None),
        "ACTION": action,
        "IS_PARTIAL": "true" if is_partial else None,
        "VERSION": told(declaration, "VersionID"),
        "LODGED_IN": country(told(declaration.getparent(), "ResponsibleCountryCode")),
        "MRN": named if is_mrn(named) else None,
        "LRN": told(declaration, "FunctionalReferenceID"),
        **shipment_cells(declaration),
    }
    return Head(cells, totals(cells), is_partial=is_partial or action == "cancellation")


def _action(function: str | None, kind: str | None) -> tuple[str | None, bool]:
    """What the message does, and whether it tells only what changes; unknown codes as written."""
    if function == _ADDITIONAL:
        is_declaration = movement(kind, None) in ("import", "export", "transit")
        action = "amendment" if is_declaration else _ADDITIONAL_KINDS.get(kind or "", kind)
        return action, action == "amendment"
    action = _ACTIONS.get(function or "", function)
    return action, action == "amendment" and function not in _WHOLE


_MODEL = re.compile(r"WCODataModelVersionCode[^<>]*>\s*([^<\s]+)")
_SPACE = re.compile(r"urn:wco:datamodel:.*?((?:DEC|RES)[\w.:-]*)")


def _version(beginning: Beginning, root: str, name: str) -> str | None:
    """Version of the data model as the message states it, else of its namespace, else its name."""
    roots = [
        (space, element)
        for space, element in beginning.elements
        if element in (_DECLARATION, _ANSWER)
    ]
    if not roots or roots[0][1] != root:
        return None
    names = {element for _, element in beginning.elements}
    space = _SPACE.search(roots[0][0])
    if not space and not names & {"MetaData", "FunctionCode", ITEM}:
        return None
    model = _MODEL.search(beginning.text)
    return model[1] if model else space[1] if space else name


def _version_of_declaration(beginning: Beginning) -> str | None:
    return _version(beginning, _DECLARATION, "DEC")


def _version_of_answer(beginning: Beginning) -> str | None:
    return _version(beginning, _ANSWER, "RES")


def _refused(path: Path) -> Iterator[Record]:
    raise Unreadable(
        f"{path.name} is a notification of customs about a declaration (WCO RES), not a "
        f"declaration (DEC): it has no goods to take. Nothing of it was taken. Ask the sender for "
        f"the declaration itself."
    )
    yield


_STANDARD = Standard(
    declarations=(_DECLARATION,), items=(ITEM,), head=_head, measured=measured, item=item_cells
)

FORMATS: tuple[Format, ...] = (
    Format(
        name="wco_dec",
        feed="import_declarations",
        says="WCO data model declaration (DEC), its amendments and cancellations",
        version=_version_of_declaration,
        records=records,
    ),
    Format(
        name="wco_res",
        feed="import_declarations",
        says="WCO notification about a declaration (RES), which is refused",
        version=_version_of_answer,
        records=_refused,
    ),
)
