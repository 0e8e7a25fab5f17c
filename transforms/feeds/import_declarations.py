"""Import declarations of customs, one row an item."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import WEIGHT, code, day, kilograms, money, region_code, text, whole
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="import_declarations",
    grain="one item of one declaration",
    key=(
        "declaration_no",
        "item_no",
    ),
    happens=("registered_on",),
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
    ),
)
