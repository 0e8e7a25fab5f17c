"""Movements on accounts as statements and notifications of banks tell them."""

from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import (
    CURRENCY_UNITS,
    INSTANT,
    code,
    currency_amount,
    day,
    flag,
    instant,
    quantity,
    whole,
)
from transforms.feeds.feed import Feed, Field, maybe


def _amount(wire: str, name: str, says: str) -> Field:
    column = Column(name, CURRENCY_UNITS, says, unit="currency_units", nullable=True)
    return Field(wire, column, currency_amount)


def _civil_day(wire: str, name: str, says: str) -> Field:
    return Field(wire, Column(name, pl.Date(), says, nullable=True), day)


FEED = Feed(
    name="account_movements",
    grain="one payment within one entry of one statement; an entry not itemised is one row",
    key=("delivery", "line"),
    happens=("booked_on", "booked_at", "value_on"),
    adds_up=("amount", "currency_code"),
    fields=(
        maybe("STATEMENT_ID", "statement_id", "Bank's number of the statement."),
        maybe("ENTRY_ID", "entry_id", "Bank's reference of the entry."),
        maybe("TRANSACTION_ID", "transaction_id", "Bank's reference of the payment."),
        maybe("END_TO_END_ID", "end_to_end_id", "Payer's reference, carried to the payee."),
        maybe("UETR", "uetr", "Unique end-to-end transaction reference, a UUID."),
        Field(
            "ACCOUNT",
            Column(
                "account_id",
                pl.String(),
                "Account of the statement: IBAN where there is one, else the bank's number.",
                is_personal=True,
            ),
            code,
        ),
        maybe("ACCOUNT_BANK", "account_bank_bic", "BIC of the account's bank."),
        maybe("HOLDER_NAME", "holder_name", "Holder of the account.", is_personal=True),
        maybe("HOLDER_IIN", "holder_iin", "Holder's IIN or BIN.", is_personal=True),
        Field(
            "DIRECTION",
            Column("direction_code", pl.String(), "credit or debit, from the holder's side."),
            code,
        ),
        Field(
            "AMOUNT",
            Column(
                "amount",
                CURRENCY_UNITS,
                "Amount in the account's currency where it is told, else in that of the payment.",
                unit="currency_units",
            ),
            currency_amount,
        ),
        Field("CURRENCY", Column("currency_code", pl.String(), "ISO 4217."), code),
        _civil_day(
            "BOOKED_ON",
            "booked_on",
            "Booking date as the bank writes it; null while the entry is pending.",
        ),
        Field(
            "BOOKED_AT",
            Column(
                "booked_at", INSTANT, "Moment of booking, where told with an offset.", nullable=True
            ),
            instant,
        ),
        _civil_day("VALUE_ON", "value_on", "Value date."),
        Field(
            "STATUS",
            Column("status_code", pl.String(), "booked, pending or information."),
            code,
        ),
        Field(
            "IS_REVERSAL",
            Column("is_reversal", pl.Boolean(), "It takes back an earlier entry.", nullable=True),
            flag,
        ),
        maybe(
            "BANK_CODE",
            "bank_transaction_code",
            "Kind of entry: domain/family/sub-family of ISO 20022, or the bank's own code.",
        ),
        maybe(
            "COUNTERPARTY_ACCOUNT", "counterparty_account_id", "Other account.", is_personal=True
        ),
        maybe("COUNTERPARTY_NAME", "counterparty_name", "Other side.", is_personal=True),
        maybe("COUNTERPARTY_IIN", "counterparty_iin", "Its IIN or BIN.", is_personal=True),
        maybe("COUNTERPARTY_BANK", "counterparty_bank_bic", "BIC of the other side's bank."),
        maybe(
            "COUNTERPARTY_ULTIMATE_NAME",
            "counterparty_ultimate_name",
            "For whom the other side pays or receives: the actual payer or payee.",
            is_personal=True,
        ),
        maybe(
            "COUNTERPARTY_ULTIMATE_IIN",
            "counterparty_ultimate_iin",
            "That person's IIN or BIN.",
            is_personal=True,
        ),
        maybe(
            "HOLDER_ULTIMATE_NAME",
            "holder_ultimate_name",
            "For whom the holder pays or receives.",
            is_personal=True,
        ),
        maybe(
            "HOLDER_ULTIMATE_IIN",
            "holder_ultimate_iin",
            "That person's IIN or BIN.",
            is_personal=True,
        ),
        maybe("KNP", "purpose_code", "Payment purpose code (KNP), three digits, or ISO purpose."),
        maybe("KBE", "beneficiary_code", "Payee code (KBE): residency and sector, two digits."),
        maybe("PURPOSE", "purpose_text", "Purpose in the payer's words.", is_personal=True),
        maybe(
            "MASKED_CARD",
            "masked_card",
            "Card number as masked in the purpose text, without blanks.",
            is_personal=True,
        ),
        _amount("INSTRUCTED_AMOUNT", "instructed_amount", "Amount as ordered, before exchange."),
        maybe("INSTRUCTED_CURRENCY", "instructed_currency_code", "Its currency, ISO 4217."),
        Field(
            "EXCHANGE_RATE",
            Column("exchange_rate", pl.Decimal(38, 18), "Rate of the exchange.", nullable=True),
            quantity,
        ),
        Field(
            "BATCH_PAYMENTS",
            Column(
                "batch_payments",
                pl.Int64(),
                "How many payments an entry that is not itemised sums up.",
                unit="payments",
                nullable=True,
            ),
            whole,
        ),
        _amount("OPENING_BALANCE", "opening_balance", "Of the statement; debit is negative."),
        _amount("CLOSING_BALANCE", "closing_balance", "Of the statement; debit is negative."),
        replace(
            maybe(
                "RETURN_REASON",
                "return_reason_code",
                "Why the payment came back: ISO external reason code, or the bank's words.",
            ),
            in_tables=False,
        ),
        Field(
            "IS_RECONCILED",
            Column(
                "is_reconciled",
                pl.Boolean(),
                "The totals that the statement itself declares equal the sums of its entries; "
                "null where it declares none.",
                nullable=True,
            ),
            flag,
            in_tables=False,
        ),
    ),
)
