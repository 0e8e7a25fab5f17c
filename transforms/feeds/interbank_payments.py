"""Payments between banks as the clearing carries them (pacs.008)."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import CURRENCY_UNITS, code, currency_amount, day, flag, quantity
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="interbank_payments",
    grain="one credit transfer in one message",
    key=("message_id", "payment_id"),
    happens=("settled_on",),
    adds_up=("amount", "currency_code"),
    fields=(
        maybe("MESSAGE_ID", "message_id", "Number of the message."),
        maybe("PAYMENT_ID", "payment_id", "Transaction id, else the end-to-end id."),
        maybe("END_TO_END_ID", "end_to_end_id", "Payer's reference, carried to the payee."),
        maybe("UETR", "uetr", "Unique end-to-end transaction reference, a UUID."),
        Field("SETTLED_ON", Column("settled_on", pl.Date(), "Interbank settlement date."), day),
        Field(
            "AMOUNT",
            Column("amount", CURRENCY_UNITS, "Interbank settlement amount.", unit="currency_units"),
            currency_amount,
        ),
        Field("CURRENCY", Column("currency_code", pl.String(), "ISO 4217."), code),
        Field(
            "INSTRUCTED_AMOUNT",
            Column(
                "instructed_amount",
                CURRENCY_UNITS,
                "Amount as ordered.",
                unit="currency_units",
                nullable=True,
            ),
            currency_amount,
        ),
        maybe("INSTRUCTED_CURRENCY", "instructed_currency_code", "Its currency, ISO 4217."),
        Field(
            "EXCHANGE_RATE",
            Column("exchange_rate", pl.Decimal(38, 18), "Rate of the exchange.", nullable=True),
            quantity,
        ),
        maybe("PAYER_ACCOUNT", "payer_account_id", "Debtor's account.", is_personal=True),
        maybe("PAYER_NAME", "payer_name", "Debtor.", is_personal=True),
        maybe("PAYER_IIN", "payer_iin", "Debtor's IIN or BIN.", is_personal=True),
        maybe("PAYER_BANK", "payer_bank_bic", "BIC of the debtor's bank."),
        maybe("ACTUAL_PAYER_NAME", "actual_payer_name", "Ultimate debtor.", is_personal=True),
        maybe("ACTUAL_PAYER_IIN", "actual_payer_iin", "Its IIN or BIN.", is_personal=True),
        maybe("PAYEE_ACCOUNT", "payee_account_id", "Creditor's account.", is_personal=True),
        maybe("PAYEE_NAME", "payee_name", "Creditor.", is_personal=True),
        maybe("PAYEE_IIN", "payee_iin", "Creditor's IIN or BIN.", is_personal=True),
        maybe("PAYEE_BANK", "payee_bank_bic", "BIC of the creditor's bank."),
        maybe("ACTUAL_PAYEE_NAME", "actual_payee_name", "Ultimate creditor.", is_personal=True),
        maybe("ACTUAL_PAYEE_IIN", "actual_payee_iin", "Its IIN or BIN.", is_personal=True),
        maybe("KNP", "purpose_code", "Payment purpose code (KNP), or ISO purpose."),
        maybe("KBE", "beneficiary_code", "Payee code (KBE), two digits."),
        maybe("PURPOSE", "purpose_text", "Purpose in the payer's words.", is_personal=True),
        Field(
            "IS_RECONCILED",
            Column(
                "is_reconciled",
                pl.Boolean(),
                "Number and sum that the message declares equal those of its payments; null "
                "where it declares none.",
                nullable=True,
            ),
            flag,
            in_tables=False,
        ),
    ),
)
