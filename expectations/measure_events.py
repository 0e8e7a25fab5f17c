"""What we hold those who carry out arrests, and the register of decisions, to in their files.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    IBAN,
    above_zero,
    at_most,
    day_told,
    filled,
    is_filled,
    known_currency,
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
from transforms.feeds.measure_events import FEED

_ANNEX = "Exchange agreement, annex 9 (assumed)"
_COURTS = "Criminal Code Art. 48: property is confiscated by a court alone"
_ASSETS = (
    *("card", "bank_account", "wallet", "cash"),
    *("real_estate", "vehicle", "business_share"),
)
_EVENTS = (
    *("sent", "executed", "partly", "refused", "not_found"),
    *("extended", "lifted", "returned", "confiscated"),
)

suite = gx.ExpectationSuite(
    name="measure_events",
    expectations=[
        filled("MEV-01", "event_id", "EVENT_NO is the number of the answer or decision.", _ANNEX),
        filled("MEV-02", "measure_id", "MEASURE_NO names the arrest that it is about.", _ANNEX),
        filled("MEV-03", "asset_code", "ASSET says what kind of asset it is about.", _ANNEX),
        filled("MEV-04", "event_code", "EVENT says what was done.", _ANNEX),
        filled("MEV-05", "happened_on", "HAPPENED_ON is a day, as 2025-08-18.", _ANNEX),
        one_of("MEV-06", "asset_code", "ASSET", _ASSETS, _ANNEX),
        one_of("MEV-07", "event_code", "EVENT", _EVENTS, _ANNEX),
        day_told("MEV-08", "happened_on", "HAPPENED_ON", _ANNEX),
        filled(
            "MEV-09",
            "until_on",
            "UNTIL_ON is the last day of an arrest that is extended.",
            _ANNEX,
            where=Column("event_code") == "extended",
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "MEV-10",
            "UNTIL_ON is not before HAPPENED_ON.",
            _ANNEX,
            column_A="until_on",
            column_B="happened_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        filled(
            "MEV-11",
            "decision",
            "DECISION names the court and its decision where something is confiscated.",
            _COURTS,
            where=Column("event_code") == "confiscated",
        ),
        filled(
            "MEV-12",
            "currency_code",
            "CURRENCY is that of the amount.",
            _ANNEX,
            where=Column("amount_minor").is_not_null(),
        ),
        known_currency("MEV-13", "CURRENCY"),
        rule(
            ExpectColumnValuesToBeValidKzIban,
            "MEV-14",
            "ASSET_ID of a bank account is a Kazakh IBAN, its check digits right.",
            IBAN,
            column="asset_id",
            where=Column("asset_code") == "bank_account",
        ),
        rule(
            ExpectColumnValuesToBeNoCardNumbers,
            "MEV-15",
            "ASSET_ID of a card is a token: no card's number is sent.",
            "PCI DSS 4.0, requirement 3",
            severity="warning",
            column="asset_id",
            where=Column("asset_code") == "card",
        ),
        told_once("MEV-16", FEED, "An answer or decision stands once in a file.", _ANNEX),
        readable(
            "MEV-17",
            "UNTIL_ON is a day and AMOUNT an amount, or they are empty.",
            _ANNEX,
            where=is_filled(*mandatory(FEED)),
        ),
        at_most(
            "MEV-18",
            "amount_minor",
            10_000_000_000_000,
            "AMOUNT over a hundred thousand million is confirmed: it is whole units, not tiyn.",
            _ANNEX,
        ),
        above_zero(
            "MEV-19",
            "amount_minor",
            "AMOUNT lifted, returned or confiscated is above zero, or empty where it is all.",
            _ANNEX,
            where=Column("event_code").is_in(["lifted", "returned", "confiscated"]),
        ),
    ],
)
