"""What the data of an edition is, for machines: a Frictionless Data Package (datapackage.json).

Titles are given in each language: `title` is English, as the specification knows one only, and
`titles` holds all three.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from templates.data import FIGURES, TOLD
from templates.model import Edition
from templates.places import area_name
from templates.terms import DIMENSIONS, feed_name, member_name
from templates.told import MEASURES
from templates.wording import LANGUAGES, message, wording
from transforms.contracts import Column, Table
from transforms.indicators import Indicator

NAME = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/"
_TYPES: Mapping[type, str] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Date: "date",
    pl.Decimal: "number",
}
_MEDIA_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TITLES = {
    "key": message("Identifier"),
    "indicator": message("Indicator"),
    "region_code": message("Area"),
    "dimension": message("Divided by"),
    "member": message("Of which"),
    "period": message("Kind of period"),
    "period_start": message("First day"),
    "period_end": message("Last day"),
    "value": message("Value"),
    "unit": message("Unit"),
    "status_code": message("Status"),
    "figure": message("Figure that it tells of"),
    "measure_code": message("What it is of the figure"),
    "of": message("Act or unit"),
    "table": message("Stored table"),
}


def datapackage(
    editions: Mapping[str, Edition], files: Mapping[str, bytes], catalogue: Iterable[Indicator]
) -> bytes:
    """The descriptor of the files of an edition.

    Args:
        editions: the edition in each language.
        files: its files by name; each becomes a resource with its digest.
        catalogue: definitions of the indicators that it shows.
    """
    first = next(iter(editions.values()))
    shown = {datum.indicator for datum in first.data}
    described = [indicator for indicator in catalogue if indicator.id in shown]
    document = {
        "$schema": f"{_PROFILE}datapackage.json",
        "name": f"{first.report_id}-{first.area_code}-{first.ends_on}".lower().replace("_", "-"),
        "version": f"{first.revision_number}.0.0",
        "created": f"{first.ends_on}T00:00:00+05:00",
        "languages": list(editions),
        **_titled(
            {language: f"{e.title}: {e.period}, {e.area}" for language, e in editions.items()}
        ),
        "description": " ".join(editions["en"].lead) if "en" in editions else "",
        "contributors": [{"title": first.issuer, "roles": ["publisher"]}],
        "sources": _sources(described, editions),
        "resources": [
            *(_file(name, files[name]) for name in sorted(files)),
            _codes("indicators", _indicators(described, editions)),
            _codes("areas", _areas(first, editions)),
            _codes("members", _members(first, editions), key=["dimension", "member"]),
            _codes("measures", _measures(first, editions)),
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _file(name: str, body: bytes) -> dict[str, Any]:
    stem, _, form = name.rpartition(".")
    resource: dict[str, Any] = {
        "name": f"{stem}-{form}",
        "path": name,
        "format": form,
        "mediatype": _MEDIA_TYPES[form],
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
    }
    if form in {"csv", "json", "html"}:
        resource["encoding"] = "utf-8"
    if name in _TABLES:
        resource |= {"type": "table", "schema": _schema(_TABLES[name])}
    return resource


def _schema(table: Table) -> dict[str, Any]:
    references = [(name, of) for name, of in _REFERENCES.items() if name in table.schema]
    return {
        "$schema": f"{_PROFILE}tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [],
        "foreignKeys": [_reference([name], of, ["id"]) for name, of in references],
    }


def _field(column: Column) -> dict[str, Any]:
    said = {language: wording(language).say(_TITLES[column.name]) for language in LANGUAGES}
    constraints: dict[str, Any] = {"required": True} if column.name not in _SOMETIMES else {}
    if column.name == "status_code":
        constraints["enum"] = ["provisional", "final"]
    return {
        "name": column.name,
        "type": _TYPES[type(column.dtype)],
        **_titled(said),
        "description": column.description,
        "constraints": constraints,
    }


_TABLES = {"figures.csv": FIGURES, "told.csv": TOLD}
_REFERENCES = {"indicator": "indicators", "region_code": "areas", "measure_code": "measures"}
_SOMETIMES = {"dimension", "member", "of"}


def _reference(fields: list[str], resource: str, of: list[str]) -> dict[str, Any]:
    return {"fields": fields, "reference": {"resource": resource, "fields": of}}


def _codes(name: str, rows: list[dict[str, str]], key: list[str] | None = None) -> dict[str, Any]:
    """A list of codes with their names, held in the descriptor itself."""
    fields = [{"name": field, "type": "string"} for field in (rows[0] if rows else {"id": ""})]
    return {
        "name": name,
        "type": "table",
        "data": rows,
        "schema": {"fields": fields, "primaryKey": key or ["id"]},
    }


def _indicators(
    described: Iterable[Indicator], editions: Mapping[str, Edition]
) -> list[dict[str, str]]:
    return [
        {"id": indicator.id, "unit": indicator.unit, "source": indicator.source}
        | {f"name_{of}": getattr(indicator.name, of) for of in editions}
        | {f"definition_{of}": getattr(indicator.definition, of) for of in editions}
        | {f"leaves_out_{of}": getattr(indicator.leaves_out, of) for of in editions}
        for indicator in described
    ]


def _areas(first: Edition, editions: Mapping[str, Edition]) -> list[dict[str, str]]:
    codes = sorted({datum.region_code for datum in first.data})
    return [
        {"id": code} | {f"name_{of}": area_name(code, wording(of)) for of in editions}
        for code in codes
    ]


def _members(first: Edition, editions: Mapping[str, Edition]) -> list[dict[str, str]]:
    found = sorted({(d.dimension, d.member) for d in first.data if d.dimension})
    return [
        {"dimension": dimension, "member": member}
        | {f"dimension_{of}": wording(of).say(DIMENSIONS[dimension]) for of in editions}
        | {f"name_{of}": member_name(dimension, member, wording(of)) for of in editions}
        for dimension, member in found
    ]


def _measures(first: Edition, editions: Mapping[str, Edition]) -> list[dict[str, str]]:
    return [
        {"id": code} | {f"name_{of}": wording(of).say(MEASURES[code]) for of in editions}
        for code in sorted({datum.measure_code for datum in first.told})
    ]


def _sources(
    described: Iterable[Indicator], editions: Mapping[str, Edition]
) -> list[dict[str, Any]]:
    feeds = dict.fromkeys(f for i in described if i.fact is not None for f in i.fact.feeds)
    return [
        _titled({language: feed_name(feed, wording(language)) for language in editions})
        | {"feed": feed}
        for feed in feeds
    ]


def _titled(said: Mapping[str, str]) -> dict[str, Any]:
    return {"title": said.get("en") or next(iter(said.values())), "titles": dict(said)}
