"""A trail as GraphML, which Gephi, yEd, Cytoscape, i2 and networkx read: a multigraph of steps.

Amounts are whole tiyn, so that sums stay exact; instants are ISO 8601 in UTC.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import polars as pl

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_ROOT = {
    "xmlns": _NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}/1.0/graphml.xsd",
}
_NOTHING: Mapping[str, Any] = MappingProxyType({})

_NODE = {
    "node_kind": "string",
    "role_code": "string",
    "holder_iin": "string",
    "layer": "int",
    "amount_tiyn": "long",
    "held_tiyn": "long",
    "first_at": "string",
    "last_at": "string",
}
_EDGE = {
    "transfer_id": "string",
    "at": "string",
    "amount_tiyn": "long",
    "tainted_tiyn": "long",
    "layer": "int",
    "ended_by_code": "string",
    "label_code": "string",
    "confidence": "double",
}


def graphml(steps: pl.DataFrame, roles: pl.DataFrame) -> bytes:
    """One case by one rule: its nodes with their roles, and each step as an edge.

    Payers and droppers beside the trail are nodes without edges: no tainted money came from
    them by steps. Equal rows give equal bytes.

    Args:
        steps: `STEPS` of one case and rule.
        roles: `ROLES` of them; every node of a step is there.
    """
    out = BytesIO()
    xml = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("graphml", AttributesImpl(_ROOT))
    for what, types in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in types.items():
            words = {"id": f"{what}_{name}", "for": what, "attr.name": name, "attr.type": kind}
            _written(xml, "key", words)
    xml.startElement("graph", AttributesImpl({"id": "trail", "edgedefault": "directed"}))
    for row in roles.sort("node_id").iter_rows(named=True):
        _written(xml, "node", {"id": row["node_id"]}, _NODE, row)
    for row in steps.sort("at", "transfer_id").iter_rows(named=True):
        ends = {"id": row["transfer_id"], "source": row["from_id"], "target": row["to_id"]}
        _written(xml, "edge", ends, _EDGE, row)
    xml.endElement("graph")
    xml.endElement("graphml")
    xml.endDocument()
    return out.getvalue()


def _written(
    xml: XMLGenerator,
    name: str,
    words: dict[str, str],
    data: Iterable[str] = (),
    row: Mapping[str, Any] = _NOTHING,
) -> None:
    """One element on a line of its own, with the data that the row has."""
    xml.startElement(name, AttributesImpl(words))
    for column in data:
        if row[column] is not None:
            xml.startElement("data", AttributesImpl({"key": f"{name}_{column}"}))
            xml.characters(_text(row[column]))
            xml.endElement("data")
    xml.endElement(name)
    xml.ignorableWhitespace("\n")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
