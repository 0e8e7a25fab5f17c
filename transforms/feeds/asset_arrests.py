"""Arrests of assets other than cards and wallets, from the register of arrest orders."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, money, region_code, text
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="asset_arrests",
    grain="one arrested asset",
    key=("measure_id",),
    happens=("arrested_on",),
    adds_up=("amount_minor", "currency_code"),
    fields=(
        Field("MEASURE_NO", Column("measure_id", pl.String(), "Number of the measure."), text),
        Field(
            "CASE_NO", Column("case_no", pl.String(), "Register number (ERDR), 15 digits."), code
        ),
        Field(
            "ARRESTED_ON",
            Column(
                "arrested_on",
                pl.Date(),
                "Day on which the measure took effect; of one that is only ordered, of the order.",
            ),
            day,
        ),
        Field(
            "STAGE",
            Column(
                "stage_code",
                pl.String(),
                "ordered, arrested, restricted for the days of Art. 161, or under_investigation "
                "where value is known but not arrested.",
            ),
            code,
        ),
        Field(
            "ASSET",
            Column(
                "asset_code",
                pl.String(),
                "bank_account, cash, real_estate, vehicle, business_share or crypto.",
            ),
            code,
        ),
        Field(
            "AMOUNT",
            Column(
                "amount_minor",
                pl.Int64(),
                "Value in the currency of the measure.",
                unit="minor_units",
            ),
            money,
        ),
        Field("CURRENCY", Column("currency_code", pl.String(), "ISO 4217."), code),
        Field(
            "AGENCY",
            Column(
                "agency_code",
                pl.String(),
                "special_prosecutors, police, national_security, financial_monitoring or customs.",
            ),
            code,
        ),
        Field(
            "KATO",
            Column(
                "region_code",
                pl.String(),
                "Region of the case; null where the case has none.",
                nullable=True,
            ),
            region_code,
        ),
        maybe(
            "ASSET_ID",
            "asset_id",
            "IBAN, cadastral number, VIN, BIN of the company or wallet address; empty for cash.",
            is_personal=True,
        ),
        Field(
            "TERM_ON",
            Column(
                "term_on",
                pl.Date(),
                "Last day of the measure, where the order names one; else empty.",
                nullable=True,
            ),
            day,
        ),
    ),
)
