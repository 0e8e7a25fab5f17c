"""What we hold the Anti-Fraud Centre of the National Bank to in its file of holds.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    IBAN,
    at_most,
    day_told,
    filled,
    is_filled,
    known_region,
    mandatory,
    one_of,
    readable,
    rule,
    told_once,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeNoCardNumbers,
    ExpectColumnValuesToBeValidKzIban,
)
from transforms.feeds.payment_holds import FEED
from transforms.reference import reference

_ANNEX = "Exchange agreement with the Anti-Fraud Centre (assumed)"
_ENDED = ("released", "returned", "arrested")

suite = gx.ExpectationSuite(
    name="payment_holds",
    expectations=[
        filled("PHD-01", "hold_id", "HOLD_NO is the number of the hold.", _ANNEX),
        filled("PHD-02", "blocked_on", "BLOCKED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("PHD-03", "blocked_by_code", "BLOCKED_BY says who blocked.", _ANNEX),
        filled("PHD-04", "bank_bic", "BANK_BIC names the bank that holds the payment.", _ANNEX),
        filled("PHD-05", "account_iban", "ACCOUNT is the account of the payment.", _ANNEX),
        filled(
            "PHD-06",
            "blocked_tiyn",
            "AMOUNT_KZT is an amount with a point and at most two decimals.",
            _ANNEX,
        ),
        filled("PHD-07", "status_code", "STATUS says how the hold stands.", _ANNEX),
        day_told("PHD-08", "blocked_on", "BLOCKED_ON", _ANNEX),
        one_of("PHD-09", "blocked_by_code", "BLOCKED_BY", ("bank", "anti_fraud_centre"), _ANNEX),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "PHD-10",
            "BANK_BIC is a BIC of eight signs from the directory of banks.",
            "Directory of banks (BIC) of the National Bank",
            column="bank_bic",
            value_set=reference("banks")["bic"].to_list(),
        ),
        rule(
            ExpectColumnValuesToBeValidKzIban,
            "PHD-11",
            "ACCOUNT is a Kazakh IBAN without blanks, its check digits right.",
            IBAN,
            column="account_iban",
        ),
        one_of("PHD-12", "status_code", "STATUS", ("held", *_ENDED), _ANNEX),
        filled(
            "PHD-13",
            "ended_on",
            "ENDED_ON is the day on which a hold ended.",
            _ANNEX,
            where=Column("status_code").is_in([*_ENDED]),
        ),
        filled(
            "PHD-14",
            "order_id",
            "ORDER_NO names the arrest order that took the place of the hold.",
            _ANNEX,
            where=Column("status_code") == "arrested",
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "PHD-15",
            "ENDED_ON is not before BLOCKED_ON.",
            _ANNEX,
            column_A="ended_on",
            column_B="blocked_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        known_region("PHD-16", "KATO"),
        told_once(
            "PHD-17",
            FEED,
            "A hold stands once with one STATUS in a file.",
            _ANNEX,
            also=("status_code",),
        ),
        rule(
            ExpectColumnValuesToBeNoCardNumbers,
            "PHD-18",
            "CARD_TOKEN is a token: no card's number is sent.",
            "PCI DSS 4.0, requirement 3",
            severity="warning",
            column="card_token",
        ),
        readable(
            "PHD-19",
            "ENDED_ON is a day and KATO a KATO code of 2 or 9 digits, or they are empty.",
            _ANNEX,
            where=is_filled(*mandatory(FEED)),
        ),
        at_most(
            "PHD-20",
            "blocked_tiyn",
            10_000_000_000_000,
            "AMOUNT_KZT over a hundred thousand million is confirmed: it is tenge, not tiyn.",
            _ANNEX,
        ),
    ],
)
