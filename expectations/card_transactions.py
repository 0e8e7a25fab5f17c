"""What we hold a bank to in its nightly transactions: few rules, for tens of millions of rows.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.across_columns import ExpectMulticolumnValuesToNotBeNull
from expectations.rules import (
    BIN,
    IBAN,
    IIN,
    above_zero,
    instant_told,
    known_currency,
    known_region,
    mandatory,
    one_of,
    rule,
    told_once,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidIinOrBin,
    ExpectColumnValuesToBeValidKzIban,
)
from transforms.feeds.card_transactions import FEED

_ANNEX = "Exchange agreement, annex 1 (assumed)"
_OPERATIONS = (
    "transfer",
    "purchase",
    "cash_withdrawal",
    "cash_deposit",
    "salary",
    "social_payment",
    "exchange_topup",
    "utility",
)
_CHANNELS = ("mobile", "atm", "pos", "branch", "api")

suite = gx.ExpectationSuite(
    name="card_transactions",
    expectations=[
        rule(
            ExpectMulticolumnValuesToNotBeNull,
            "CTX-01",
            "TXN_ID, BOOKED_AT (with its UTC offset), ACCOUNT, IIN, DIRECTION, AMOUNT (at most two "
            "decimals), CURRENCY, OPERATION, CHANNEL and KATO are filled and readable.",
            _ANNEX,
            column_list=list(mandatory(FEED)),
        ),
        instant_told("CTX-02", "booked_at", "BOOKED_AT", _ANNEX),
        rule(
            ExpectColumnValuesToBeValidKzIban,
            "CTX-03",
            "ACCOUNT is a Kazakh IBAN without blanks, its check digits right.",
            IBAN,
            column="account_iban",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "CTX-04",
            "IIN is an IIN or a BIN of 12 digits, its control digit right.",
            f"{IIN}; {BIN}",
            column="holder_iin",
        ),
        one_of("CTX-05", "direction_code", "DIRECTION", ("credit", "debit"), _ANNEX),
        above_zero(
            "CTX-06",
            "amount_minor",
            "AMOUNT is above zero; DIRECTION says which way it went.",
            _ANNEX,
        ),
        known_currency("CTX-07", "CURRENCY"),
        one_of("CTX-08", "operation_code", "OPERATION", _OPERATIONS, _ANNEX),
        one_of("CTX-09", "channel_code", "CHANNEL", _CHANNELS, _ANNEX),
        known_region("CTX-10", "KATO"),
        told_once("CTX-11", FEED, "TXN_ID stands once in a file.", _ANNEX),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "CTX-12",
            "COUNTERPARTY_IIN, if known, is an IIN or a BIN with the right control digit.",
            f"{IIN}; {BIN}",
            severity="warning",
            column="counterparty_iin",
        ),
        rule(
            gxe.ExpectColumnValuesToBeNull,
            "CTX-13",
            "ATM_ID names the machine that gave or took cash: CHANNEL is atm where it is told.",
            _ANNEX,
            severity="warning",
            column="machine_id",
            where=Column("channel_code").is_in([c for c in _CHANNELS if c != "atm"]),
        ),
    ],
)
