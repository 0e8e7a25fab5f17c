"""Fiat money that clients bring to an exchange and take from it.

Not `crypto_transfers`: no crypto moves, no chain knows of it, and amounts are of a currency.
"""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, code, instant, money, text
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="fiat_transfers",
    grain="one deposit or withdrawal of fiat money; only those completed moved anything",
    key=("institution", "fiat_transfer_id"),
    happens=("completed_at", "created_at"),
    adds_up=("amount_minor", "currency_code"),
    fields=(
        Field(
            "transfer_no",
            Column("fiat_transfer_id", pl.String(), "Exchange's number of the transfer."),
            text,
        ),
        Field(
            "created_at",
            Column("created_at", INSTANT, "When it was asked for.", nullable=True),
            instant,
        ),
        Field(
            "completed_at",
            Column("completed_at", INSTANT, "When it was completed.", nullable=True),
            instant,
        ),
        maybe("direction", "direction_code", "deposit or withdrawal; exchanges do not always say."),
        maybe("user_iin", "user_iin", "Client's IIN.", is_personal=True),
        maybe("user_id", "user_id", "Client as the exchange numbers them.", is_personal=True),
        maybe("user_name", "user_name", "Client as the exchange names them.", is_personal=True),
        Field("fiat", Column("currency_code", pl.String(), "ISO 4217."), code),
        Field(
            "fiat_amount",
            Column("amount_minor", pl.Int64(), "What was moved.", unit="minor_units"),
            money,
        ),
        Field(
            "fiat_fee",
            Column(
                "fee_minor", pl.Int64(), "Fee of the exchange.", unit="minor_units", nullable=True
            ),
            money,
        ),
        maybe("pay_method", "pay_method", "How it was paid, in the exchange's words."),
        maybe("status", "status_code", "completed, pending, failed and others; null: completed."),
    ),
)
