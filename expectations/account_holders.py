"""What we hold a bank to when it says whose an account or card is.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    day_told,
    filled,
    one_of,
    readable,
    rule,
    shaped,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidIinOrBin
from transforms.feeds.account_holders import FEED

_ISO = "ISO 20022, auth.002 with supl.027; fin.013 of Finnish Customs"
_NUMBERS = "State registers of persons (IIN) and of legal entities (BIN): digits"
_ROLES = ("owner", "authorised", "beneficial_owner", "cardholder", "customer")

suite = gx.ExpectationSuite(
    name="account_holders",
    expectations=[
        filled(
            "ACH-01",
            "account_id",
            "ACCOUNT is the account of which ROLE is said; only customers and beneficial owners "
            "may be told without one.",
            _ISO,
            where=Column("role_code").is_in(["owner", "authorised", "cardholder"]),
        ),
        filled("ACH-02", "role_code", "ROLE says what the person is to the account.", _ISO),
        one_of("ACH-03", "role_code", "ROLE", _ROLES, _ISO),
        filled(
            "ACH-04",
            "holder_iin",
            "HOLDER_IIN is the person's number; without one, HOLDER_NAME says who it is.",
            _ISO,
            where=Column("holder_name").is_null(),
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "ACH-05",
            "HOLDER_IIN is an IIN or BIN with the right check digit, but for foreign persons.",
            _NUMBERS,
            severity="warning",
            column="holder_iin",
        ),
        shaped(
            "ACH-06",
            "currency_code",
            r"^[A-Z]{3}$",
            "CURRENCY is a code of three capital letters, as KZT.",
            "ISO 4217 (form only)",
        ),
        day_told("ACH-07", "opened_on", "OPENED_ON", _ISO),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "ACH-08",
            "CLOSED_ON is not before OPENED_ON.",
            _ISO,
            column_A="closed_on",
            column_B="opened_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "ACH-09",
            "UNTIL is not before SINCE.",
            _ISO,
            column_A="role_until",
            column_B="role_since",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        told_once("ACH-10", FEED, "A person in one role at an account stands once.", _ISO),
        readable(
            "ACH-11",
            "OPENED_ON, CLOSED_ON, SINCE and UNTIL, where told, are days, as 2025-08-18; PHONE is "
            "a number of 10 to 15 digits or a token of it.",
            _ISO,
            where=Column("role_code").is_not_null(),
        ),
    ],
)
