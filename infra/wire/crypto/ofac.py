"""Wallets under sanctions of OFAC: lists of addresses drawn from its list, and the list itself.

A list of addresses is a JSON array of them, one file an asset, which its name tells
(`sanctioned_addresses_XBT.json`); where it does not, the network is told by the address's form.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from infra.wire.beginning import Beginning
from infra.wire.crypto.json_values import Value, first_values, values
from infra.wire.records import Format, Record
from infra.wire.safe_xml import ended, local_name

_LABEL = _SOURCE = "OFAC SDN"
_ADDRESS = re.compile(r"[A-Za-z0-9]{20,120}|bitcoincash:[a-z0-9]{40,60}")
_ASSET_IN_NAME = re.compile(r"[_-]([A-Za-z0-9]{2,6})\.json(?:\.\w+)?", re.IGNORECASE)
_ID_TYPE = re.compile(r"Digital Currency Address - (\w+)")
_US_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
_ASSETS = {"XBT": "BTC"}
_BY_FORM = (
    (re.compile(r"[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[a-z0-9]{11,87}"), "BTC"),
    (re.compile(r"0x[0-9a-fA-F]{40}"), "ETH"),
    (re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}"), "TRX"),
)


def _addresses(path: Path) -> Iterator[Record]:
    named = _ASSET_IN_NAME.search(path.name)
    of_file = None if named is None else _asset(named[1])
    entry = 0
    for found in values(path):
        if not found.is_wrapper:
            entry += 1
            address = found.value.strip() if isinstance(found.value, str) else None
            yield Record(entry, found.place, _cells(address, of_file or _by_form(address)))


def _cells(address: str | None, asset: str | None) -> dict[str, str | None]:
    return {
        "address": address,
        "asset": asset,
        "label": _LABEL,
        "category": "sanction",
        "source": _SOURCE,
    }


def _asset(told: str) -> str:
    return _ASSETS.get(told.upper(), told.upper())


def _by_form(address: str | None) -> str | None:
    return next((asset for form, asset in _BY_FORM if form.fullmatch(address or "")), None)


def _addresses_version(beginning: Beginning) -> str | None:
    """An array of nothing but addresses."""
    found = [one for one in first_values(beginning) if one.value is not None]
    is_list = bool(found) and all(map(_is_address, found))
    return "addresses" if is_list else None


def _is_address(found: Value) -> bool:
    return (
        found.place.count("/") == 1
        and isinstance(found.value, str)
        and _ADDRESS.fullmatch(found.value.strip()) is not None
    )


def _entries(path: Path) -> Iterator[Record]:
    """One record an address; persons without any have none."""
    entry, position = 0, 0
    published: str | None = None
    for element in ended(path, "Publish_Date", "sdnEntry"):
        if local_name(element) == "Publish_Date":
            published = _day(element.text)
            continue
        position += 1
        for asset, address, number in _wallets(element):
            entry += 1
            told = {
                **_cells(address, asset),
                "label": _name(element) or _LABEL,
                "actor": _said(element, "uid"),
                "as_of": published,
            }
            yield Record(entry, f"/sdnList/sdnEntry[{position}]/idList/id[{number}]", told)
        _discard(element)


def _wallets(entry: etree._Element) -> Iterator[tuple[str, str | None, int]]:
    for number, told in enumerate(entry.iterfind("{*}idList/{*}id"), start=1):
        kind = _ID_TYPE.fullmatch(_said(told, "idType") or "")
        if kind is not None:
            yield _asset(kind[1]), _said(told, "idNumber"), number


def _name(entry: etree._Element) -> str | None:
    return " ".join(filter(None, (_said(entry, "lastName"), _said(entry, "firstName")))) or None


def _said(element: etree._Element, name: str) -> str | None:
    return (element.findtext(f"{{*}}{name}") or "").strip() or None


def _day(told: str | None) -> str | None:
    found = _US_DAY.fullmatch((told or "").strip())
    return told if found is None else f"{found[3]}-{found[1]}-{found[2]}"


def _discard(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _sdn_version(beginning: Beginning) -> str | None:
    elements = beginning.elements
    if not elements or elements[0][1] != "sdnList":
        return None
    return elements[0][0] or "sdnList"


FORMATS: tuple[Format, ...] = (
    Format(
        name="ofac_addresses",
        feed="wallet_labels",
        says="Addresses under sanctions of OFAC, JSON",
        version=_addresses_version,
        records=_addresses,
        needs=("address", "asset"),
    ),
    Format(
        name="ofac_sdn",
        feed="wallet_labels",
        says="OFAC's list of Specially Designated Nationals, XML",
        version=_sdn_version,
        records=_entries,
        needs=("address", "asset"),
    ),
)
