"""Declarations of goods to customs, one row an item.

The table that the State Revenue Committee sends holds imports as they stand. Messages of customs
systems say more: exports and transit, amendments and cancellations of earlier declarations,
declarations lodged with other countries. Which of them count is for `transforms.customs`.
"""

from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import (
    CURRENCY_UNITS,
    QUANTITY,
    WEIGHT,
    code,
    currency_amount,
    day,
    flag,
    kilograms,
    money,
    quantity,
    region_code,
    text,
    whole,
)
from transforms.feeds.feed import Feed, Field, maybe


def _amount(wire: str, name: str, says: str) -> Field:
    column = Column(name, CURRENCY_UNITS, says, unit="currency_units", nullable=True)
    return Field(wire, column, currency_amount)


def _weight(wire: str, name: str, says: str) -> Field:
    return Field(wire, Column(name, WEIGHT, says, unit="kg", nullable=True), kilograms)


def _packages(wire: str, name: str, says: str) -> Field:
    return Field(wire, Column(name, QUANTITY, says, unit="packages", nullable=True), quantity)


_SAID_BY_MESSAGES = (
    maybe("MOVEMENT", "movement_code", "import, export or transit."),
    maybe(
        "ACTION",
        "action_code",
        "What the message does: original, amendment, cancellation, or release of what was "
        "declared earlier. Null in tables, which tell declarations as they stand.",
    ),
    Field(
        "IS_PARTIAL",
        Column(
            "is_partial",
            pl.Boolean(),
            "True where an amendment tells only the items and cells that it changes, else null.",
            nullable=True,
        ),
        flag,
    ),
    Field(
        "VERSION",
        Column("version_no", pl.Int64(), "Version of the declaration.", nullable=True),
        whole,
    ),
    maybe(
        "LODGED_IN",
        "lodged_country_code",
        "Country whose customs the declaration was lodged with, ISO 3166-1 alpha-2, where told.",
    ),
    maybe("MRN", "mrn", "Movement reference number, in systems that give one."),
    maybe("LRN", "lrn", "Declarant's own reference of the declaration."),
    Field(
        "RELEASED_ON",
        Column("released_on", pl.Date(), "Day on which customs released the goods.", nullable=True),
        day,
    ),
    maybe("DECLARANT_ID", "declarant_id", "Number of the declarant: BIN, EORI.", is_personal=True),
    maybe(
        "PREVIOUS_PROCEDURE",
        "previous_procedure_code",
        "Procedure that the goods were under before; 00 is none.",
    ),
    maybe("EXTENDED_PROCEDURE", "extended_procedure_code", "Both procedures together, as 4000."),
    maybe("ADDITIONAL_PROCEDURE", "additional_procedure_code", "Detail of the procedure, as 000."),
    maybe("DISPATCH_COUNTRY", "dispatch_country_code", "Country that the goods come from."),
    maybe("DESTINATION_COUNTRY", "destination_country_code", "Country that the goods go to."),
    _weight("GROSS_KG", "gross_kg", "Weight of the item with its packing."),
    _packages(
        "PACKAGES",
        "packages",
        "Packages of the item; a fraction where one package is shared between items.",
    ),
    _amount("CUSTOMS_VALUE", "customs_value", "Customs value (CIF) of the item."),
    maybe(
        "CUSTOMS_CURRENCY",
        "customs_currency_code",
        "Currency of the customs value; null where the message leaves it to its country.",
    ),
    _amount("STATISTICAL_VALUE", "statistical_value", "Value of the item for statistics."),
    maybe(
        "STATISTICAL_CURRENCY",
        "statistical_currency_code",
        "Currency of the value for statistics; null where the message leaves it to its country.",
    ),
    Field(
        "DECLARED_ITEMS",
        Column(
            "declared_items", pl.Int64(), "Items that the declaration says it has.", nullable=True
        ),
        whole,
    ),
    _packages("DECLARED_PACKAGES", "declared_packages", "Packages of all items, as declared."),
    _amount("DECLARED_INVOICE", "declared_invoice", "Invoice value of all items, as declared."),
    _amount(
        "DECLARED_CUSTOMS_VALUE", "declared_customs_value", "Customs value of all, as declared."
    ),
    _weight("DECLARED_GROSS_KG", "declared_gross_kg", "Gross weight of all items, as declared."),
    Field(
        "IS_RECONCILED",
        Column(
            "is_reconciled",
            pl.Boolean(),
            "The totals that the declaration states are those of its items, but for rounding; "
            "null where it states none.",
            nullable=True,
        ),
        flag,
    ),
)

FEED = Feed(
    name="import_declarations",
    grain="one item of one declaration",
    key=(
        "declaration_no",
        "item_no",
    ),
    happens=("registered_on", "released_on"),
    adds_up=("invoice_minor", "currency_code"),
    fields=(
        Field(
            "DECLARATION_NO",
            Column("declaration_no", pl.String(), "Registration number of the declaration."),
            text,
        ),
        Field("ITEM_NO", Column("item_no", pl.Int64(), "Number of the item in it."), whole),
        Field(
            "REGISTERED_ON",
            Column(
                "registered_on",
                pl.Date(),
                "Day of registration; what was controlled on it decides.",
            ),
            day,
        ),
        Field(
            "PROCEDURE",
            Column("procedure_code", pl.String(), "Customs procedure; 40 is release for home use."),
            code,
        ),
        Field(
            "OFFICE", Column("office_code", pl.String(), "Customs office of registration."), code
        ),
        Field(
            "CONSIGNEE_BIN",
            Column(
                "consignee_bin", pl.String(), "Business identification number of the consignee."
            ),
            code,
        ),
        Field("CONSIGNEE", Column("consignee_name", pl.String(), "Name of the consignee."), text),
        Field(
            "CONSIGNEE_KATO",
            Column("region_code", pl.String(), "Region of the consignee's legal address."),
            region_code,
        ),
        Field(
            "HS_CODE",
            Column(
                "hs_code", pl.String(), "Commodity code, 6 to 10 digits; the first six are HS 2022."
            ),
            code,
        ),
        Field("GOODS", Column("goods_text", pl.String(), "Description of the goods."), text),
        Field("NET_KG", Column("net_kg", WEIGHT, "Net weight.", unit="kg"), kilograms),
        Field(
            "ORIGIN",
            Column("origin_country_code", pl.String(), "Country of origin, ISO 3166-1 alpha-2."),
            code,
        ),
        Field(
            "INVOICE",
            Column("invoice_minor", pl.Int64(), "Invoice value of the item.", unit="minor_units"),
            money,
        ),
        Field(
            "CURRENCY",
            Column("currency_code", pl.String(), "Currency of the invoice, ISO 4217."),
            code,
        ),
        *(replace(field, in_tables=False) for field in _SAID_BY_MESSAGES),
    ),
)
