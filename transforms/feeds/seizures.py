"""Seizures of drugs, cash and property reported by the agencies."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import (
    QUANTITY,
    WEIGHT,
    code,
    day,
    kilograms,
    money,
    quantity,
    region_code,
    text,
    whole,
)
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="seizures",
    grain="one substance or asset of one seizure act",
    key=(
        "agency_code",
        "act_no",
        "item_no",
    ),
    happens=("seized_on",),
    fields=(
        Field("ACT_NO", Column("act_no", pl.String(), "Number of the seizure act."), text),
        Field("ITEM_NO", Column("item_no", pl.Int64(), "Number of the item in the act."), whole),
        Field(
            "AGENCY",
            Column(
                "agency_code",
                pl.String(),
                "police, national_security, special_prosecutors or customs.",
            ),
            code,
        ),
        Field("SEIZED_ON", Column("seized_on", pl.Date(), "Day of the seizure."), day),
        Field(
            "CASE_NO",
            Column(
                "case_no",
                pl.String(),
                "Register number (ERDR), where one is opened.",
                nullable=True,
            ),
            code,
        ),
        Field(
            "KATO",
            Column(
                "region_code",
                pl.String(),
                "Where it was seized; null where the act does not say.",
                nullable=True,
            ),
            region_code,
        ),
        Field(
            "ASSET",
            Column(
                "asset_code",
                pl.String(),
                "drug, precursor, cash, bank_account, crypto, vehicle, equipment or real_estate.",
            ),
            code,
        ),
        Field(
            "SUBSTANCE",
            Column(
                "substance_code",
                pl.String(),
                "Drug or precursor; null for other assets.",
                nullable=True,
            ),
            code,
        ),
        Field(
            "NET_KG",
            Column(
                "net_kg", WEIGHT, "Net weight of a drug or precursor.", unit="kg", nullable=True
            ),
            kilograms,
        ),
        Field(
            "QUANTITY",
            Column(
                "quantity",
                QUANTITY,
                "How much in UNIT, where it was not weighed: tablets, litres, plants; of crypto "
                "always.",
                unit="told_units",
                nullable=True,
            ),
            quantity,
        ),
        Field(
            "UNIT",
            Column(
                "unit_code",
                pl.String(),
                "Unit of QUANTITY: tablet, litre, plant and so on; of crypto its asset.",
                nullable=True,
            ),
            code,
        ),
        Field(
            "AMOUNT",
            Column(
                "amount_minor",
                pl.Int64(),
                "Value of cash or property; null for drugs, which have no lawful price.",
                unit="minor_units",
                nullable=True,
            ),
            money,
        ),
        Field(
            "CURRENCY",
            Column("currency_code", pl.String(), "ISO 4217; null for drugs.", nullable=True),
            code,
        ),
        maybe("PLACE", "place_text", "Where, in the agency's words: town, district, border post."),
        maybe("OFFICE", "office_text", "Territorial office that drew up the act."),
        maybe("OPERATION_NO", "operation_id", "Operation of several raids: one seizure."),
        Field(
            "STATUS",
            Column(
                "status_code",
                pl.String(),
                "withdrawn where the agency takes the item back: it was told by mistake; else "
                "empty.",
                nullable=True,
            ),
            code,
            is_later=True,
        ),
    ),
)
