"""What we hold the Committee on Legal Statistics to in its file of arrested assets.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    IBAN,
    at_most,
    case_number,
    day_told,
    filled,
    is_filled,
    known_currency,
    known_region,
    mandatory,
    one_of,
    readable,
    rule,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidKzIban
from transforms.feeds.asset_arrests import FEED

_ANNEX = "Exchange agreement, annex 5 (assumed)"
_STAGES = ("ordered", "arrested", "restricted", "under_investigation")
_ASSETS = ("bank_account", "cash", "real_estate", "vehicle", "business_share", "crypto")
_AGENCIES = (
    "special_prosecutors",
    "police",
    "national_security",
    "financial_monitoring",
    "customs",
)

suite = gx.ExpectationSuite(
    name="asset_arrests",
    expectations=[
        filled("AAR-01", "measure_id", "MEASURE_NO is the number of the measure.", _ANNEX),
        filled("AAR-02", "case_no", "CASE_NO names the case of the measure.", _ANNEX),
        filled("AAR-03", "arrested_on", "ARRESTED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("AAR-04", "stage_code", "STAGE says how far the measure has come.", _ANNEX),
        filled("AAR-05", "asset_code", "ASSET says what was arrested.", _ANNEX),
        filled(
            "AAR-06",
            "amount_minor",
            "AMOUNT is an amount with a point and at most two decimals, 0 if of no value.",
            _ANNEX,
        ),
        filled("AAR-07", "currency_code", "CURRENCY is that of the amount.", _ANNEX),
        filled("AAR-08", "agency_code", "AGENCY names who investigates.", _ANNEX),
        case_number("AAR-09"),
        day_told("AAR-10", "arrested_on", "ARRESTED_ON", _ANNEX),
        one_of("AAR-11", "stage_code", "STAGE", _STAGES, _ANNEX),
        one_of("AAR-12", "asset_code", "ASSET", _ASSETS, _ANNEX),
        known_currency("AAR-13", "CURRENCY"),
        one_of("AAR-14", "agency_code", "AGENCY", _AGENCIES, _ANNEX),
        known_region("AAR-15", "KATO"),
        told_once("AAR-16", FEED, "A measure stands once in a file.", _ANNEX),
        readable(
            "AAR-17",
            "KATO is a KATO code of 2 or 9 digits and TERM_ON a day, or they are empty.",
            _ANNEX,
            where=is_filled(*mandatory(FEED)),
        ),
        at_most(
            "AAR-18",
            "amount_minor",
            10_000_000_000_000,
            "AMOUNT over a hundred thousand million is confirmed: it is whole units, not tiyn.",
            _ANNEX,
        ),
        rule(
            ExpectColumnValuesToBeValidKzIban,
            "AAR-19",
            "ASSET_ID of a bank account is a Kazakh IBAN, its check digits right.",
            IBAN,
            column="asset_id",
            where=Column("asset_code") == "bank_account",
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "AAR-20",
            "TERM_ON is not before ARRESTED_ON.",
            _ANNEX,
            column_A="term_on",
            column_B="arrested_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
    ],
)
