"""What we hold banks to in their statements of accounts, whatever the country and the format.

Statements come from banks of any country, so that an account is any account, and a purpose code
of another system only warns. Codes are for good: a retired code is never used again. `critical`
sets a row aside; `warning` is reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    filled,
    is_filled,
    mandatory,
    not_negative,
    one_of,
    readable,
    rule,
    shaped,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidBic,
    ExpectColumnValuesToBeValidIinOrBin,
    ExpectColumnValuesToBeValidPaymentPurposeCode,
)
from transforms.feeds.account_movements import FEED

_ISO = "ISO 20022, camt.052, camt.053, camt.054"
_BIC = "ISO 9362:2022"
_KNP = "Rules of the National Bank on codes of sectors and payment purposes (parts assumed)"
_NUMBERS = "State registers of persons (IIN) and of legal entities (BIN): digits"

suite = gx.ExpectationSuite(
    name="account_movements",
    expectations=[
        filled("ACM-01", "account_id", "ACCOUNT is the account of the statement.", _ISO),
        filled("ACM-02", "direction_code", "DIRECTION says credit or debit.", _ISO),
        filled(
            "ACM-03",
            "amount",
            "AMOUNT is a number with a decimal point and at most five decimals.",
            _ISO,
        ),
        filled("ACM-04", "currency_code", "CURRENCY is the currency of AMOUNT.", _ISO),
        filled("ACM-05", "status_code", "STATUS says whether the entry is booked.", _ISO),
        one_of("ACM-06", "direction_code", "DIRECTION", ("credit", "debit"), _ISO),
        not_negative("ACM-07", "amount", "AMOUNT is not below zero: DIRECTION says which.", _ISO),
        shaped(
            "ACM-08",
            "currency_code",
            r"^[A-Z]{3}$",
            "CURRENCY is a code of three capital letters, as KZT.",
            "ISO 4217 (form only)",
        ),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "ACM-09",
            "The number and sums that the statement declares are those of its entries: send the "
            "statement whole, or correct its totals.",
            f"{_ISO}, TxsSummry",
            column="is_reconciled",
            value_set=[True],
            severity="warning",
        ),
        shaped(
            "ACM-10",
            "status_code",
            r"^(booked|pending|information)$",
            "STATUS is booked, pending or information.",
            _ISO,
            severity="warning",
        ),
        rule(
            ExpectColumnValuesToBeValidPaymentPurposeCode,
            "ACM-11",
            "KNP is three digits, or a purpose code of ISO 20022 in four capital letters.",
            _KNP,
            severity="warning",
            column="purpose_code",
        ),
        shaped(
            "ACM-12",
            "beneficiary_code",
            r"^[12][0-9]$",
            "KBE is two digits: residency, 1 or 2, and the sector.",
            _KNP,
            severity="warning",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "ACM-13",
            "HOLDER_IIN is an IIN or a BIN of 12 digits with the right control digit.",
            _NUMBERS,
            severity="warning",
            column="holder_iin",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "ACM-14",
            "COUNTERPARTY_IIN is an IIN or a BIN of 12 digits with the right control digit.",
            _NUMBERS,
            severity="warning",
            column="counterparty_iin",
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "ACM-15",
            "BOOKED_ON of a booked entry is not after the business date of the file.",
            _ISO,
            severity="warning",
            where=Column("status_code") == "booked",
            column_A="business_date",
            column_B="booked_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        readable(
            "ACM-16",
            "Cells that may be empty are empty, or dates, amounts and rates in their form.",
            _ISO,
            where=is_filled(*mandatory(FEED)),
        ),
        rule(
            ExpectColumnValuesToBeValidBic,
            "ACM-17",
            "ACCOUNT_BANK is a BIC of 8 or 11 capital letters and digits.",
            _BIC,
            severity="warning",
            column="account_bank_bic",
        ),
        rule(
            ExpectColumnValuesToBeValidBic,
            "ACM-18",
            "COUNTERPARTY_BANK is a BIC of 8 or 11 capital letters and digits.",
            _BIC,
            severity="warning",
            column="counterparty_bank_bic",
        ),
    ],
)
