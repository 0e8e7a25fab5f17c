"""What we hold a bank to in its answers to card arrest orders.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.across_columns import ExpectInstantToBeNoEarlierThanDay
from expectations.rules import (
    at_most,
    filled,
    instant_told,
    one_of,
    rule,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeNoCardNumbers
from transforms.feeds.card_arrest_confirmations import FEED

_ANNEX = "Exchange agreement, annex 3 (assumed)"
_RESULTS = ("executed", "partly", "refused", "not_found")

suite = gx.ExpectationSuite(
    name="card_arrest_confirmations",
    expectations=[
        filled("CAC-01", "order_id", "ORDER_NO is the number of the order answered.", _ANNEX),
        filled(
            "CAC-02", "ordered_on", "ORDERED_ON is the day of the order, as 2025-08-18.", _ANNEX
        ),
        filled("CAC-03", "card_token", "CARD_TOKEN is the bank's token for the card.", _ANNEX),
        filled("CAC-04", "result_code", "RESULT says what came of the order.", _ANNEX),
        filled(
            "CAC-05",
            "answered_at",
            "ANSWERED_AT is a time with its UTC offset, as 2025-08-18T10:15:00+05:00.",
            _ANNEX,
        ),
        filled(
            "CAC-06",
            "held_tiyn",
            "HELD_KZT is an amount in tenge with a point and at most two decimals, 0 if none.",
            _ANNEX,
        ),
        one_of("CAC-07", "result_code", "RESULT", _RESULTS, _ANNEX),
        instant_told("CAC-08", "answered_at", "ANSWERED_AT", _ANNEX),
        rule(
            ExpectInstantToBeNoEarlierThanDay,
            "CAC-09",
            "ANSWERED_AT is not before the day of the order, by the clock of Almaty.",
            _ANNEX,
            column_A="answered_at",
            column_B="ordered_on",
        ),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "CAC-10",
            "HELD_KZT is 0 where RESULT is refused or not_found: nothing was held.",
            _ANNEX,
            column="held_tiyn",
            value_set=[0],
            where=Column("result_code").is_in(["refused", "not_found"]),
        ),
        told_once("CAC-11", FEED, "An answer for a card of an order stands once.", _ANNEX),
        rule(
            gxe.ExpectColumnValuesToNotBeNull,
            "CAC-12",
            "REASON says why an order was not carried out, or not in full.",
            _ANNEX,
            severity="warning",
            column="reason",
            where=Column("result_code").is_in(["partly", "refused", "not_found"]),
        ),
        at_most(
            "CAC-13",
            "held_tiyn",
            100_000_000_000,
            "HELD_KZT over a thousand million is confirmed with the bank: it is tenge, not tiyn.",
            _ANNEX,
        ),
        rule(
            ExpectColumnValuesToBeNoCardNumbers,
            "CAC-14",
            "CARD_TOKEN is a token: no card's number is sent.",
            "PCI DSS 4.0, requirement 3",
            severity="warning",
            column="card_token",
        ),
    ],
)
