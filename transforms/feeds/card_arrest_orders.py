"""Orders to arrest dropper cards, from the register of the Committee on Legal Statistics."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, region_code, text
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="card_arrest_orders",
    grain="one card named in one arrest order",
    key=(
        "order_id",
        "card_token",
    ),
    happens=("ordered_on",),
    fields=(
        Field("ORDER_NO", Column("order_id", pl.String(), "Number of the arrest order."), text),
        Field(
            "CASE_NO", Column("case_no", pl.String(), "Register number (ERDR), 15 digits."), code
        ),
        Field(
            "ORDERED_ON",
            Column("ordered_on", pl.Date(), "Day on which the order was sanctioned."),
            day,
        ),
        Field("BANK_BIC", Column("bank_bic", pl.String(), "Bank that has to carry it out."), code),
        Field(
            "CARD_TOKEN",
            Column(
                "card_token",
                pl.String(),
                "Bank's token for the card; never its number.",
                is_personal=True,
            ),
            text,
        ),
        Field(
            "ACCOUNT",
            Column("account_iban", pl.String(), "Account behind the card, IBAN.", is_personal=True),
            code,
        ),
        Field(
            "IIN", Column("holder_iin", pl.String(), "Card holder's IIN.", is_personal=True), code
        ),
        Field(
            "KATO",
            Column("region_code", pl.String(), "Region of the case: KATO, 2 digits."),
            region_code,
        ),
        Field(
            "AGENCY",
            Column(
                "agency_code",
                pl.String(),
                "Who asked: police, national_security, special_prosecutors, financial_monitoring.",
            ),
            code,
        ),
    ),
)
