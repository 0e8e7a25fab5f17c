"""Declarations of ASYCUDA World (SAD), the customs system of some hundred countries.

Values are the text of elements; an empty one may hold `<null/>`. Countries differ in which
elements they have: amounts with or without a currency, precision codes, attached documents.
The same export is made of declarations that are registered, assessed or not yet lodged.
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
    every,
    goods_code,
    kilograms,
    movement,
    number,
    told,
    written,
)
from infra.wire.records import Format, Record

_ROOT = "ASYCUDA"
_TRANSIT = "8"
# Reference numbers of offices in the common list of Europe begin with the country.
_EUROPEAN_OFFICE = re.compile(r"([A-Z]{2})[0-9]{6}")


def records(path: Path) -> Iterator[Record]:
    """Every item of every declaration.

    Raises:
        Unreadable: the file cannot be read on.
    """
    return declaration_records(_STANDARD, path)


def _head(declaration: etree._Element) -> Head:
    identification = next(iter(every(declaration, "Identification")), None)
    kind = told(identification, "Type/Type_of_declaration")
    general = told(identification, "Type/Declaration_gen_procedure_code")
    flow = {"I": "import", "E": "export"}.get(told(declaration, "Property/Sad_flow") or "")
    moved = "transit" if general == _TRANSIT else movement(kind, None)
    office = told(identification, "Office_segment/Customs_clearance_office_code")
    lodged_in = _EUROPEAN_OFFICE.fullmatch(office or "")
    valuation = next(iter(every(declaration, "Valuation")), None)
    invoice = told(valuation, "Gs_Invoice/Amount_foreign_currency", "Total/Total_invoice")
    gross = told(valuation, "Total/Total_weight", "Weight/Gross_weight")
    items = told(declaration, "Property/Nbers/Total_number_of_items")
    packages = told(declaration, "Property/Nbers/Total_number_of_packages")
    value = told(valuation, "Total_CIF")
    cells: Cells = {
        "DECLARATION_NO": _registration(identification, office),
        "REGISTERED_ON": civil_day(told(identification, "Registration/Date")),
        "OFFICE": office,
        "CONSIGNEE_BIN": told(declaration, "Traders/Consignee/Consignee_code"),
        "CONSIGNEE": told(declaration, "Traders/Consignee/Consignee_name"),
        "CURRENCY": told(valuation, "Gs_Invoice/Currency_code"),
        "MOVEMENT": moved if moved in ("import", "export", "transit") else flow or moved,
        "ACTION": "original",
        "LODGED_IN": lodged_in[1] if lodged_in else None,
        "LRN": told(declaration, "Declarant/Reference/Number"),
        "DECLARANT_ID": told(declaration, "Declarant/Declarant_code"),
        "DISPATCH_COUNTRY": country(
            told(declaration, "General_information/Country/Export/Export_country_code")
        ),
        "DESTINATION_COUNTRY": country(
            told(declaration, "General_information/Country/Destination/Destination_country_code")
        ),
        "DECLARED_ITEMS": number(items),
        "DECLARED_PACKAGES": number(packages),
        "DECLARED_INVOICE": number(invoice),
        "DECLARED_CUSTOMS_VALUE": number(value),
        "DECLARED_GROSS_KG": number(gross),
    }
    totals = [
        ("items", items),
        ("packages", packages),
        ("customs", value),
        ("national", told(valuation, "Gs_Invoice/Amount_national_currency")),
        ("invoice", told(valuation, "Gs_Invoice/Amount_foreign_currency")),
        ("invoice", told(valuation, "Total/Total_invoice")),
        ("gross", told(valuation, "Total/Total_weight")),
        ("gross", told(valuation, "Weight/Gross_weight")),
    ]
    return Head(cells, totals)


def _registration(identification: etree._Element | None, office: str | None) -> str | None:
    """Office, year, serial and number, by which a registered SAD is quoted; null before that.

    The number starts anew each year and in each office, so that it says nothing alone.
    """
    registered = told(identification, "Registration/Number")
    if registered is None:
        return None
    on = civil_day(told(identification, "Registration/Date")) or ""
    year = on[:4] if re.fullmatch(r"[0-9]{4}-.*", on) else None
    serial = told(identification, "Registration/Serial_number")
    return "/".join(filter(None, (office, year, serial, registered)))


def _measured(item: etree._Element) -> Mapping[str, str | None]:
    return {
        "packages": told(item, "Packages/Number_of_packages"),
        "customs": told(item, "Valuation_item/Total_CIF_itm"),
        "national": told(item, "Valuation_item/Item_Invoice/Amount_national_currency"),
        "invoice": _invoice(item),
        "gross": told(item, "Valuation_item/Weight_itm/Gross_weight_itm"),
    }


def _invoice(item: etree._Element) -> str | None:
    return told(
        item, "Valuation_item/Item_Invoice/Amount_foreign_currency", "Tarification/Item_price"
    )


def _item(item: etree._Element, head: Head, position: int) -> Cells:
    goods = next(iter(every(item, "Tarification")), None)
    procedure = told(goods, "Extended_customs_procedure") or ""
    code = next(iter(every(goods, "HScode")), None)
    precisions = [written(one) for n in range(1, 5) for one in every(code, f"Precision_{n}")]
    texts = every(item, "Goods_description/Description_of_goods")
    texts += every(item, "Goods_description/Commercial_Description")
    moved = head.cells["MOVEMENT"]
    return {
        "ITEM_NO": told(item, "Item_number") or str(position),
        "PROCEDURE": procedure[:2] or None,
        "PREVIOUS_PROCEDURE": procedure[2:4] or None,
        "EXTENDED_PROCEDURE": procedure or None,
        "ADDITIONAL_PROCEDURE": told(goods, "National_customs_procedure"),
        "HS_CODE": goods_code(told(code, "Commodity_code"), *precisions),
        "GOODS": "; ".join(dict.fromkeys(filter(None, map(written, texts)))) or None,
        "NET_KG": kilograms(told(item, "Valuation_item/Weight_itm/Net_weight_itm")),
        "GROSS_KG": kilograms(told(item, "Valuation_item/Weight_itm/Gross_weight_itm")),
        "ORIGIN": country(told(item, "Goods_description/Country_of_origin_code")),
        "INVOICE": number(_invoice(item)),
        "CURRENCY": told(item, "Valuation_item/Item_Invoice/Currency_code")
        or head.cells["CURRENCY"],
        "CUSTOMS_VALUE": number(told(item, "Valuation_item/Total_CIF_itm")),
        "STATISTICAL_VALUE": number(told(item, "Valuation_item/Statistical_value")),
        "PACKAGES": number(told(item, "Packages/Number_of_packages")),
        "MOVEMENT": moved or movement(None, procedure),
    }


def _version(beginning: Beginning) -> str | None:
    """Exports do not say their version; only that they are ASYCUDA World's."""
    names = [name for _, name in beginning.elements]
    return "ASYCUDA World" if _ROOT in names[:1] else None


_STANDARD = Standard(
    declarations=(_ROOT,), items=("Item",), head=_head, measured=_measured, item=_item
)

FORMATS: tuple[Format, ...] = (
    Format(
        name="asycuda_sad",
        feed="import_declarations",
        says="ASYCUDA World declaration (SAD)",
        version=_version,
        records=records,
        needs=("HS_CODE",),
    ),
)
