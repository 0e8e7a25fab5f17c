"""What we hold the clearing, and banks, to in messages of payments between banks (pacs.008).

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.rules import (
    filled,
    is_filled,
    mandatory,
    not_negative,
    readable,
    rule,
    shaped,
    told_once,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidBic,
    ExpectColumnValuesToBeValidIinOrBin,
    ExpectColumnValuesToBeValidPaymentPurposeCode,
)
from transforms.feeds.interbank_payments import FEED

_ISO = "ISO 20022, pacs.008"
_BIC = "ISO 9362:2022"
_KNP = "Rules of the National Bank on codes of sectors and payment purposes (parts assumed)"
_NUMBERS = "State registers of persons (IIN) and of legal entities (BIN): digits"

suite = gx.ExpectationSuite(
    name="interbank_payments",
    expectations=[
        filled("IBP-01", "settled_on", "SETTLED_ON is the day of settlement.", _ISO),
        filled(
            "IBP-02",
            "amount",
            "AMOUNT is a number with a decimal point and at most five decimals.",
            _ISO,
        ),
        filled("IBP-03", "currency_code", "CURRENCY is the currency of AMOUNT.", _ISO),
        not_negative("IBP-04", "amount", "AMOUNT is not below zero.", _ISO),
        shaped(
            "IBP-05",
            "currency_code",
            r"^[A-Z]{3}$",
            "CURRENCY is a code of three capital letters, as KZT.",
            "ISO 4217 (form only)",
        ),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "IBP-06",
            "The number and sum that the message declares are those of its payments: send the "
            "message whole, or correct its totals.",
            f"{_ISO}, NbOfTxs, CtrlSum, TtlIntrBkSttlmAmt",
            column="is_reconciled",
            value_set=[True],
            severity="warning",
        ),
        rule(
            ExpectColumnValuesToBeValidPaymentPurposeCode,
            "IBP-07",
            "KNP is three digits, or a purpose code of ISO 20022 in four capital letters.",
            _KNP,
            severity="warning",
            column="purpose_code",
        ),
        shaped(
            "IBP-08",
            "beneficiary_code",
            r"^[12][0-9]$",
            "KBE is two digits: residency, 1 or 2, and the sector.",
            _KNP,
            severity="warning",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "IBP-09",
            "PAYER_IIN is an IIN or a BIN of 12 digits with the right control digit.",
            _NUMBERS,
            severity="warning",
            column="payer_iin",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "IBP-10",
            "PAYEE_IIN is an IIN or a BIN of 12 digits with the right control digit.",
            _NUMBERS,
            severity="warning",
            column="payee_iin",
        ),
        told_once("IBP-11", FEED, "A payment stands once in its message.", _ISO),
        readable(
            "IBP-12",
            "Cells that may be empty are empty, or amounts and rates in their form.",
            _ISO,
            where=is_filled(*mandatory(FEED)),
        ),
        rule(
            ExpectColumnValuesToBeValidBic,
            "IBP-13",
            "PAYER_BANK is a BIC of 8 or 11 capital letters and digits.",
            _BIC,
            severity="warning",
            column="payer_bank_bic",
        ),
        rule(
            ExpectColumnValuesToBeValidBic,
            "IBP-14",
            "PAYEE_BANK is a BIC of 8 or 11 capital letters and digits.",
            _BIC,
            severity="warning",
            column="payee_bank_bic",
        ),
    ],
)
