"""What declarations of the WCO data model share: the shipment, its items, their measures.

HMRC writes the model's own names (`CurrentCode`, `ItemChargeAmount currencyID`), Finnish Customs
shorter ones (`Current`, `ItemCharge CurrencyUnit`); both are looked for.
"""

import re
from collections.abc import Mapping

from lxml import etree

from infra.wire.customs.declarations import Cells, Head
from infra.wire.customs.declared import (
    country,
    every,
    goods_code,
    kilograms,
    movement,
    number,
    told,
    written,
)
from infra.wire.iso20022 import decimal

ITEM = "GovernmentAgencyGoodsItem"
_CURRENCY = ("currencyID", "CurrencyUnit", "currencyCode")
_UNIT = ("unitCode", "QuantityUnit", "MeasureUnit")
_MEASURES = ("Commodity/GoodsMeasure", "GoodsMeasure")
_MRN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{14}")


def first(element: etree._Element | None, *paths: str) -> etree._Element | None:
    """The first element on any of the paths that has a text."""
    found = (one for path in paths for one in every(element, path) if written(one))
    return next(found, None)


def currency(amount: etree._Element | None) -> str | None:
    """The currency that an amount carries."""
    return _attribute(amount, _CURRENCY)


def weight(measure: etree._Element | None) -> str | None:
    """A mass in kilograms, which it is in unless it says otherwise."""
    return kilograms(written(measure), _attribute(measure, _UNIT))


def _attribute(element: etree._Element | None, names: tuple[str, ...]) -> str | None:
    found = [] if element is None else [element.get(name) for name in names]
    return next((text for text in found if text), None)


def is_mrn(text: str | None) -> bool:
    """A movement reference number: year, country, fourteen letters and digits."""
    return bool(text) and _MRN.fullmatch(str(text)) is not None


def shipment_cells(declaration: etree._Element) -> Cells:
    """Of the shipment: importer, declarant, countries, and the totals that are declared."""
    shipment = next(iter(every(declaration, "GoodsShipment")), None)
    importer = next(
        iter(
            every(shipment, "Importer")
            + every(declaration, "Importer")
            + every(shipment, "Consignee")
            + every(shipment, "Consignment/Consignee")
        ),
        None,
    )
    invoice = first(declaration, "InvoiceAmount", "Invoice")
    return {
        "CONSIGNEE_BIN": told(importer, "ID", "Identification"),
        "CONSIGNEE": told(importer, "Name"),
        "CURRENCY": currency(invoice),
        "DECLARANT_ID": told(declaration, "Declarant/ID", "Declarant/Identification"),
        "DISPATCH_COUNTRY": country(
            told(shipment, "ExportCountry/ID", "ExportCountry/Country", "ExportCountry/CountryCode")
        ),
        "DESTINATION_COUNTRY": country(
            told(shipment, "Destination/CountryCode", "Destination/Country", "Destination/ID")
        ),
        "DECLARED_ITEMS": told(declaration, "GoodsItemQuantity", "GoodsItem"),
        "DECLARED_PACKAGES": number(told(declaration, "TotalPackageQuantity", "TotalPackage")),
        "DECLARED_INVOICE": number(written(invoice)),
        "DECLARED_GROSS_KG": weight(first(declaration, "TotalGrossMassMeasure", "TotalGrossMass")),
    }


def totals(cells: Cells) -> list[tuple[str, str | None]]:
    """Declared totals by what they are held against; an invoice only in its own currency."""
    return [
        ("items", cells["DECLARED_ITEMS"]),
        ("packages", cells["DECLARED_PACKAGES"]),
        ("gross", cells["DECLARED_GROSS_KG"]),
        (f"invoice {cells['CURRENCY']}", cells["DECLARED_INVOICE"]),
    ]


def measured(item: etree._Element) -> Mapping[str, str | None]:
    """What of an item the totals add up."""
    charge = _charge(item)
    return {
        "packages": _packages(item),
        "gross": weight(first(item, *_on_measures("GrossMassMeasure", "GrossMass"))),
        f"invoice {currency(charge)}": written(charge),
    }


def _on_measures(*names: str) -> tuple[str, ...]:
    return tuple(f"{at}/{name}" for at in _MEASURES for name in names)


def _charge(item: etree._Element) -> etree._Element | None:
    return first(
        item,
        "Commodity/InvoiceLine/ItemChargeAmount",
        "Commodity/InvoiceLine/ItemCharge",
        "InvoiceLine/ItemChargeAmount",
    )


def _packages(item: etree._Element) -> str | None:
    found = every(item, "Packaging/QuantityQuantity") + every(item, "Packaging/Quantity")
    counts = [decimal(written(one)) for one in found]
    known = [count for count in counts if count is not None]
    if len(known) < len(counts):
        return written(found[counts.index(None)])
    return f"{sum(known):f}" if known else None


def item_cells(item: etree._Element, head: Head, position: int) -> Cells:
    """One goods item."""
    charge = _charge(item)
    value = first(item, "CustomsValuation/CustomsValueAmount", "CustomsValueAmount", "CustomsValue")
    statistical = first(item, "StatisticalValueAmount", "StatisticalValue")
    current, previous, additional = _procedure(item)
    net = ("NetNetWeightMeasure", "NetWeightMeasure", "NetMass", "NetNetMass", "NetMassMeasure")
    return {
        "ITEM_NO": told(item, "SequenceNumeric", "Sequence") or str(position),
        "PROCEDURE": current,
        "PREVIOUS_PROCEDURE": previous,
        "EXTENDED_PROCEDURE": f"{current}{previous}" if current and previous else None,
        "ADDITIONAL_PROCEDURE": additional,
        "HS_CODE": _goods_code(item),
        "GOODS": told(item, "Commodity/Description"),
        "NET_KG": weight(first(item, *_on_measures(*net))),
        "GROSS_KG": weight(first(item, *_on_measures("GrossMassMeasure", "GrossMass"))),
        "ORIGIN": _origin(item),
        "INVOICE": number(written(charge)),
        "CURRENCY": currency(charge) or head.cells["CURRENCY"],
        "CUSTOMS_VALUE": number(written(value)),
        "CUSTOMS_CURRENCY": currency(value),
        "STATISTICAL_VALUE": number(written(statistical)),
        "STATISTICAL_CURRENCY": currency(statistical),
        "PACKAGES": number(_packages(item)),
        "DISPATCH_COUNTRY": country(told(item, "ExportCountry/ID", "ExportCountry/Country"))
        or head.cells["DISPATCH_COUNTRY"],
        "MOVEMENT": movement(head.cells["MOVEMENT"], current),
    }


def _procedure(item: etree._Element) -> tuple[str | None, str | None, str | None]:
    """Requested and previous procedure, and the additional ones, which have three characters."""
    current = previous = None
    additional = []
    for one in every(item, "GovernmentProcedure"):
        code, before = told(one, "CurrentCode", "Current"), told(one, "PreviousCode", "Previous")
        if code and len(code) == 3 and before is None:
            additional.append(code)
        elif current is None:
            current, previous = code, before
        found = every(one, "AdditionalProcedure/Procedure")
        additional += [text for text in map(written, found) if text]
    return current, previous, " ".join(additional) or None


_BASE = re.compile(r"[0-9]{6,}")
_SUBDIVISIONS = ("CN", "TRC", "TAR")  # in the order in which they stand in the code


def _goods_code(item: etree._Element) -> str | None:
    """Commodity code with its subdivisions; additional codes (TRA, TAN, GN, NAT) are no part."""
    found = [
        (told(one, "IdentificationTypeCode", "IdentificationType"), code)
        for one in every(item, "Commodity/Classification")
        if (code := told(one, "ID", "Identification"))
    ]
    bases = [code for _, code in found if _BASE.fullmatch(code)]
    if not bases:
        return found[0][1] if found else None
    further = [code for kind in _SUBDIVISIONS for told_kind, code in found if told_kind == kind]
    return goods_code(bases[0], *(code for code in further if code != bases[0]))


def _origin(item: etree._Element) -> str | None:
    """The country of non-preferential origin, which stands first or is marked so."""
    origins = [
        (told(one, "TypeCode", "Type"), told(one, "CountryCode", "Country", "ID"))
        for one in every(item, "Origin") + every(item, "Commodity/Origin")
    ]
    marked = [code for kind, code in origins if kind in ("1", "OC")]
    return country(next(filter(None, (*marked, *(code for _, code in origins))), None))
