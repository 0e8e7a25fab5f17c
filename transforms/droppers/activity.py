"""What each account did on each day, and with whom: the daily figures that add up."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.measures import MEASURES
from transforms.feeds.cells import INSTANT

LINK_CODES = ("payer", "payee", "firm", "device", "card")

_DAY = Column(
    "business_date",
    pl.Date(),
    "Day, in Almaty, on which it was booked, whenever the bank delivered it.",
)
_ACCOUNT = Column(
    "account_iban", pl.String(), "Account of a reporting bank's client.", is_personal=True
)

ACCOUNT_DAYS = Table(
    name="facts.account_days",
    grain="one account on one day on which something was booked on it",
    key=("business_date", "account_iban"),
    columns=(
        _DAY,
        _ACCOUNT,
        Column(
            "holder_iin",
            pl.String(),
            "Holder's IIN or BIN, as the last row of the day has it; null where only an order of "
            "an exchange names the account.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "bank_bic",
            pl.String(),
            "Bank that delivered the rows; null where only an order names the account.",
            nullable=True,
        ),
        Column(
            "region_code", pl.String(), "Where the account is kept: KATO, 2 digits, or unknown."
        ),
        Column("first_at", INSTANT, "First thing booked that day."),
        Column("last_at", INSTANT, "Last thing booked that day."),
        *MEASURES,
    ),
)

ACCOUNT_LINKS = Table(
    name="facts.account_links",
    grain="one account, one kind of link and one other side on one day",
    key=("business_date", "account_iban", "link_code", "other"),
    columns=(
        _DAY,
        _ACCOUNT,
        Column(
            "link_code",
            pl.String(),
            "payer (sent a transfer to it), payee (got one from it), firm (paid wages or a social "
            "payment to it, or was paid for utilities or as an exchange by it), device (gave an "
            "order for it), card (of the account).",
        ),
        Column(
            "other",
            pl.String(),
            "Other side's IBAN, or its IIN or BIN where the bank knows no account; the device; the "
            "card's token.",
            is_personal=True,
        ),
        Column(
            "other_iin",
            pl.String(),
            "Other side's IIN or BIN; null where the bank does not know it.",
            nullable=True,
            is_personal=True,
        ),
        Column("transactions", pl.Int64(), "Transactions in tenge between the two."),
        Column("amount_tiyn", pl.Int64(), "Their sum.", unit="tiyn"),
    ),
)
