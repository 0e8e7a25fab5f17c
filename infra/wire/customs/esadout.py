"""Declarations of goods and of transit of the Eurasian Economic Union, and their corrections.

`ESADout_CU` of any album of formats, bare or in an `ED_Container`, a signature, a SOAP envelope;
`KDTout_CU`, which corrects a registered declaration and tells only the goods that it changes.
A declaration does not carry its own registration: the mark of customs beside it in the container
(`GTDoutCustomsMark`) does.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from infra.wire.beginning import Beginning
from infra.wire.customs.declarations import Cells, Head, Standard
from infra.wire.customs.declarations import records as declaration_records
from infra.wire.customs.declared import (
    civil_day,
    country,
    ending,
    every,
    goods_code,
    kilograms,
    movement,
    number,
    told,
    written,
)
from infra.wire.iso20022 import local
from infra.wire.records import Format, Record

_DECLARATION, _CORRECTION = "ESADout_CU", "KDTout_CU"
_REGISTRATION = ("CustomsCode", "RegistrationDate", "GTDNumber")
_ALBUM = re.compile(rf"(?:{_DECLARATION}|{_CORRECTION}):([0-9.]+)")


def records(path: Path) -> Iterator[Record]:
    """Every goods item of every declaration and correction.

    Raises:
        Unreadable: the file cannot be read on.
    """
    return declaration_records(_STANDARD, path)


def _head(declaration: etree._Element) -> Head:
    is_correction = local(str(declaration.tag)) == _CORRECTION
    shipment = ending(declaration, "GoodsShipment")
    consignment, contract = ending(shipment, "Consigment"), ending(shipment, "MainContractTerms")
    declarant, consignee = ending(shipment, "Declarant"), ending(shipment, "Consignee")
    if told(consignee, "EqualIndicator") in ("true", "1"):
        consignee = declarant
    kind, procedure = told(declaration, "CustomsProcedure"), told(declaration, "CustomsModeCode")
    moved = movement(kind, procedure)
    is_amendment = is_correction or told(declaration, "RBTechMarK/DelcKind") is not None
    items, packages = told(shipment, "TotalGoodsNumber"), told(shipment, "TotalPackageNumber")
    value, invoice = told(shipment, "TotalCustCost"), told(contract, "TotalInvoiceAmount")
    paid_in, valued_in = (
        told(contract, "ContractCurrencyCode"),
        told(shipment, "CustCostCurrencyCode"),
    )
    cells: Cells = {
        "PROCEDURE": procedure,
        "CONSIGNEE_BIN": _tax_number(consignee),
        "CONSIGNEE": _name(consignee),
        "CONSIGNEE_KATO": _kato(consignee),
        "CURRENCY": paid_in,
        "MOVEMENT": moved,
        "ACTION": "amendment" if is_amendment else "original",
        "IS_PARTIAL": "true" if is_correction else None,
        "VERSION": _version_number(told(declaration, "KDTNumber")),
        "LODGED_IN": country(told(declaration, "RecipientCountryCode")),
        "LRN": told(declaration, "RegNumberDoc", "DocumentID"),
        "DECLARANT_ID": _tax_number(declarant),
        "DISPATCH_COUNTRY": country(told(consignment, "DispatchCountryCode")),
        "DESTINATION_COUNTRY": country(told(consignment, "DestinationCountryCode")),
        "CUSTOMS_CURRENCY": valued_in,
        "DECLARED_ITEMS": items,
        "DECLARED_PACKAGES": number(packages),
        "DECLARED_INVOICE": number(invoice),
        "DECLARED_CUSTOMS_VALUE": number(value),
        **_registered(_registration(declaration)),
    }
    totals = [
        ("items", items),
        ("packages", packages),
        ("invoice", invoice),
        ("customs", value),
    ]
    if moved == "transit" and valued_in == paid_in:
        # Goods in transit have no customs value: what stands there is their price.
        totals.append(("invoice", value))
    return Head(cells, totals, told(declaration, "DocumentID"), is_correction)


def _version_number(correction: str | None) -> str | None:
    """Corrections count from 1; the declaration itself is version 1."""
    if correction is None or not re.fullmatch(r"[0-9]{1,9}", correction):
        return correction
    return str(int(correction) + 1)


def _tax_number(subject: etree._Element | None) -> str | None:
    """BIN or IIN of Kazakhstan, else what the other members of the union call the same."""
    found: dict[str, str] = {}
    for one in () if subject is None else subject.iter():
        text = written(one)
        if text and isinstance(one.tag, str):
            found.setdefault(local(one.tag), text)
    names = ("BIN", "IIN", "INN", "UNP", "UNN", "KGINN", "TaxpayerId")
    return next((found[name] for name in names if name in found), None)


def _name(subject: etree._Element | None) -> str | None:
    person = [told(subject, f"Person{part}") for part in ("Surname", "Name", "MiddleName")]
    return told(subject, "OrganizationName", "ShortName") or " ".join(filter(None, person)) or None


def _kato(subject: etree._Element | None) -> str | None:
    """Region in the taxpayer's number of Kazakhstan, or the territory of a Kazakh address."""
    for feature in every(subject, "RKOrganizationFeatures"):
        if code := told(feature, "ITN/KATOCode"):
            return code
    for address in every(subject, "SubjectAddressDetails") + every(subject, "Address"):
        if country(told(address, "CountryCode")) == "KZ" and (
            code := told(address, "TerritoryCode")
        ):
            return code
    return None


def _registration(document: etree._Element) -> etree._Element | None:
    """The element that holds office, day and number of the registration, if it is there."""
    named = ("GTDID", "GtdRegistryNumber", "GTDNumber", "GTDRegistryNumber")
    found = (one for name in named for one in every(document, name))
    return next((one for one in found if told(one, "GTDNumber")), None)


def _registered(registration: etree._Element | None) -> Cells:
    """The number as customs quote it: office, day as DDMMYY, running number."""
    office, on, running = (told(registration, name) for name in _REGISTRATION)
    if running is None:
        return {}
    day = civil_day(on)
    is_day = day is not None and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day)
    quoted = f"{day[8:10]}{day[5:7]}{day[2:4]}" if day and is_day else None
    return {
        "DECLARATION_NO": "/".join(filter(None, (office, quoted, running))),
        "REGISTERED_ON": day,
        "OFFICE": office,
    }


def _mark(mark: etree._Element) -> tuple[str | None, Cells]:
    """The registration in a document beside the declaration, and which document it names."""
    return told(mark, "GTDDocumentID"), _registered(_registration(mark))


def _measured(item: etree._Element) -> Mapping[str, str | None]:
    packaging = next(iter(every(item, "ESADGoodsPackaging")), None)
    is_shared = told(packaging, "PakagePartQuantity") is not None
    return {
        "packages": None if is_shared else told(packaging, "PakageQuantity"),
        "invoice": told(item, "InvoicedCost"),
        "customs": told(item, "CustomsCost"),
    }


def _item(item: etree._Element, head: Head, position: int) -> Cells:
    procedure = next(iter(every(item, "ESADCustomsProcedure")), None)
    main, preceding = (
        told(procedure, "MainCustomsModeCode"),
        told(procedure, "PrecedingCustomsModeCode"),
    )
    texts = every(item, "GoodsDescription") + every(item, "GoodsGroupDescription/GoodsDescription")
    return {
        "ITEM_NO": told(item, "GoodsNumeric") or str(position),
        "PROCEDURE": main or head.cells["PROCEDURE"],
        "PREVIOUS_PROCEDURE": preceding,
        "EXTENDED_PROCEDURE": f"{main}{preceding}" if main and preceding else None,
        "ADDITIONAL_PROCEDURE": told(procedure, "GoodsTransferFeature"),
        "HS_CODE": goods_code(told(item, "GoodsTNVEDCode")),
        "GOODS": " ".join(dict.fromkeys(filter(None, map(written, texts)))) or None,
        "NET_KG": kilograms(told(item, "NetWeightQuantity")),
        "GROSS_KG": kilograms(told(item, "GrossWeightQuantity")),
        "ORIGIN": country(told(item, "OriginCountryCode")),
        "INVOICE": number(told(item, "InvoicedCost")),
        "CURRENCY": told(item, "CurrencyCode") or head.cells["CURRENCY"],
        "CUSTOMS_VALUE": number(told(item, "CustomsCost")),
        "STATISTICAL_VALUE": number(told(item, "StatisticalCost")),
        "PACKAGES": number(told(item, "ESADGoodsPackaging/PakageQuantity")),
    }


def _version(beginning: Beginning) -> str | None:
    """Number of the album, as the namespace has it, or the document's name."""
    for space, name in beginning.elements:
        if name in (_DECLARATION, _CORRECTION):
            album = _ALBUM.search(space)
            return album[1] if album else name
    return None


_STANDARD = Standard(
    declarations=(_DECLARATION, _CORRECTION),
    items=("ESADout_CUGoods", "KDToutGoods", "KDTout_CUGoods"),
    head=_head,
    measured=_measured,
    item=_item,
    beside=("GTDoutCustomsMark", "GTDOutCustomsMark", "DTSout", "DTSout_CU"),
    mark=_mark,
    envelopes=("ContainerDoc",),
)

FORMATS: tuple[Format, ...] = (
    Format(
        name="esadout_cu",
        feed="import_declarations",
        says="EAEU declaration of goods or transit (ESADout_CU), and its correction",
        version=_version,
        records=records,
        needs=("HS_CODE",),
    ),
)
