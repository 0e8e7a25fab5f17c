"""Card and account transactions of a bank's clients, nightly, in bulk."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, code, instant, money, region_code, text
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="card_transactions",
    grain="one side of one transaction on one account",
    key=(
        "institution",
        "transaction_id",
    ),
    happens=("booked_at",),
    adds_up=("amount_minor", "currency_code"),
    looked_up_by=("account_iban", "line"),
    fields=(
        Field(
            "TXN_ID",
            Column("transaction_id", pl.String(), "Bank's number of the transaction."),
            text,
        ),
        Field("BOOKED_AT", Column("booked_at", INSTANT, "When it was booked."), instant),
        Field(
            "ACCOUNT",
            Column("account_iban", pl.String(), "Client's account, IBAN.", is_personal=True),
            code,
        ),
        Field(
            "CARD_TOKEN",
            Column(
                "card_token",
                pl.String(),
                "Bank's token for the card; never its number. Null for transfers without a card.",
                nullable=True,
                is_personal=True,
            ),
            text,
        ),
        Field(
            "IIN",
            Column(
                "holder_iin",
                pl.String(),
                "Client's individual or business identification number.",
                is_personal=True,
            ),
            code,
        ),
        Field(
            "DIRECTION",
            Column("direction_code", pl.String(), "credit or debit, from the client's side."),
            code,
        ),
        Field(
            "AMOUNT",
            Column("amount_minor", pl.Int64(), "Amount, always positive.", unit="minor_units"),
            money,
        ),
        Field("CURRENCY", Column("currency_code", pl.String(), "ISO 4217."), code),
        Field(
            "OPERATION",
            Column(
                "operation_code",
                pl.String(),
                "transfer, purchase, cash_withdrawal, cash_deposit, salary, social_payment, "
                "exchange_topup or utility.",
            ),
            code,
        ),
        Field(
            "COUNTERPARTY_ACCOUNT",
            Column(
                "counterparty_iban",
                pl.String(),
                "Other side's account; null for cash and purchases.",
                nullable=True,
                is_personal=True,
            ),
            code,
        ),
        Field(
            "COUNTERPARTY_IIN",
            Column(
                "counterparty_iin",
                pl.String(),
                "Other side's IIN or BIN where the bank knows it.",
                nullable=True,
                is_personal=True,
            ),
            code,
        ),
        Field(
            "KNP",
            Column(
                "purpose_code",
                pl.String(),
                "Payment purpose code (KNP), three digits.",
                nullable=True,
            ),
            code,
        ),
        Field(
            "CHANNEL", Column("channel_code", pl.String(), "mobile, atm, pos, branch, api."), code
        ),
        Field(
            "DEVICE",
            Column(
                "device_id",
                pl.String(),
                "Device that gave the order; null at a counter.",
                nullable=True,
                is_personal=True,
            ),
            text,
        ),
        Field(
            "KATO",
            Column("region_code", pl.String(), "Where the account is kept: KATO, 2 digits."),
            region_code,
        ),
        Field(
            "ATM_ID",
            Column(
                "machine_id",
                pl.String(),
                "Number of the machine, unique in the country, as the acquirer's BIC and its own "
                "number; null where no machine gave or took cash.",
                nullable=True,
            ),
            code,
            is_later=True,
        ),
    ),
)
