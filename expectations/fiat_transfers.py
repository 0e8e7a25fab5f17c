"""What we hold an exchange to in its file of fiat money that clients bring and take.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    IIN,
    above_zero,
    filled,
    instant_told,
    is_filled,
    known_currency,
    known_status,
    mandatory,
    one_of,
    readable,
    rule,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidIin
from transforms.feeds.fiat_transfers import FEED

_INTERFACES = "Interfaces of exchanges for account data"

suite = gx.ExpectationSuite(
    name="fiat_transfers",
    expectations=[
        filled("FIT-01", "fiat_transfer_id", "transfer_no is the exchange's number.", _INTERFACES),
        filled("FIT-02", "currency_code", "fiat is the currency.", _INTERFACES),
        filled(
            "FIT-03",
            "amount_minor",
            "fiat_amount is an amount with a point and at most two decimals.",
            _INTERFACES,
        ),
        filled(
            "FIT-04",
            "completed_at",
            "completed_at or created_at is a time with its UTC offset.",
            _INTERFACES,
            where=Column("created_at").is_null(),
        ),
        rule(
            gxe.ExpectColumnValuesToNotBeNull,
            "FIT-05",
            "The client is told: its IIN, or the exchange's own number or name for it.",
            _INTERFACES,
            severity="warning",
            where=Column("user_id").is_null() & Column("user_name").is_null(),
            column="user_iin",
        ),
        one_of("FIT-06", "direction_code", "direction", ("deposit", "withdrawal"), _INTERFACES),
        rule(
            ExpectColumnValuesToBeValidIin,
            "FIT-07",
            "user_iin is a person's number of 12 digits, its control digit right.",
            IIN,
            column="user_iin",
        ),
        known_currency("FIT-08", "fiat", severity="warning"),
        above_zero("FIT-09", "amount_minor", "fiat_amount is above zero.", _INTERFACES),
        told_once("FIT-10", FEED, "A transfer stands once in a file.", _INTERFACES),
        instant_told("FIT-11", "completed_at", "completed_at", _INTERFACES),
        known_status("FIT-12", _INTERFACES),
        readable(
            "FIT-13",
            "Cells that may be empty are empty, or times and amounts in their form.",
            _INTERFACES,
            where=is_filled(*mandatory(FEED)),
        ),
    ],
)
