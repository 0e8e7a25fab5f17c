"""Short holds on accounts, by banks and the Anti-Fraud Centre: blocked, which is not arrested."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, money, region_code, text
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="payment_holds",
    grain="one hold as it stood when it was told",
    key=("hold_id",),
    happens=("blocked_on",),
    adds_up=("blocked_tiyn", "KZT"),
    fields=(
        Field("HOLD_NO", Column("hold_id", pl.String(), "Number of the hold."), text),
        Field("BLOCKED_ON", Column("blocked_on", pl.Date(), "First day of the hold."), day),
        Field(
            "BLOCKED_BY",
            Column("blocked_by_code", pl.String(), "bank, or anti_fraud_centre."),
            code,
        ),
        Field("BANK_BIC", Column("bank_bic", pl.String(), "Bank that holds the payment."), code),
        Field(
            "ACCOUNT",
            Column("account_iban", pl.String(), "Account of the payment, IBAN.", is_personal=True),
            code,
        ),
        maybe(
            "CARD_TOKEN",
            "card_token",
            "Bank's token for the card; empty for a payment without one.",
            is_personal=True,
        ),
        Field(
            "AMOUNT_KZT",
            Column("blocked_tiyn", pl.Int64(), "What is held.", unit="tiyn"),
            money,
        ),
        Field(
            "STATUS",
            Column(
                "status_code",
                pl.String(),
                "held; released to its holder; returned to who was robbed; arrested, by an order.",
            ),
            code,
        ),
        Field(
            "ENDED_ON",
            Column(
                "ended_on",
                pl.Date(),
                "Day on which the hold ended; empty while it is held.",
                nullable=True,
            ),
            day,
        ),
        maybe("ORDER_NO", "order_id", "Arrest order that took its place; else empty."),
        Field(
            "KATO",
            Column(
                "region_code",
                pl.String(),
                "Where the account is kept: KATO; empty where it is not known.",
                nullable=True,
            ),
            region_code,
        ),
    ),
)
