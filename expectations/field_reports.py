"""What we hold the prosecutors' offices to in their daily reports.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    above_zero,
    case_number,
    day_told,
    filled,
    is_filled,
    known_region,
    mandatory,
    not_negative,
    one_of,
    readable,
    told_once,
)
from transforms.feeds.field_reports import FEED

_ANNEX = "Exchange agreement, annex 12 (assumed)"
_SHOP = "shop_account_examined"
_OTHERS = (
    "advert_removed",
    "advertiser_detained",
    "member_detained",
    "participant_arrested",
    "laboratory_dismantled",
)
_IS_SHOP = Column("event_code") == _SHOP

suite = gx.ExpectationSuite(
    name="field_reports",
    expectations=[
        filled("FRE-01", "report_id", "REPORT_NO is the number of the report.", _ANNEX),
        filled("FRE-02", "line_no", "LINE_NO is the line's number, in digits.", _ANNEX),
        filled("FRE-03", "reported_on", "REPORTED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("FRE-04", "region_code", "KATO is a KATO code of 2 or 9 digits.", _ANNEX),
        filled("FRE-05", "event_code", "EVENT says what was done.", _ANNEX),
        filled("FRE-06", "objects", "OBJECTS is a whole number, in digits.", _ANNEX),
        above_zero("FRE-07", "line_no", "LINE_NO counts from 1.", _ANNEX),
        day_told("FRE-08", "reported_on", "REPORTED_ON", _ANNEX),
        known_region("FRE-09", "KATO"),
        one_of("FRE-10", "event_code", "EVENT", (*_OTHERS, _SHOP), _ANNEX),
        not_negative("FRE-11", "objects", "OBJECTS is not below zero.", _ANNEX),
        filled(
            "FRE-12",
            "transactions",
            f"TRANSACTIONS is filled where EVENT is {_SHOP}, 0 if none were found.",
            _ANNEX,
            where=_IS_SHOP,
        ),
        filled(
            "FRE-13",
            "amount_tiyn",
            f"AMOUNT_KZT is filled where EVENT is {_SHOP}, with at most two decimals.",
            _ANNEX,
            where=_IS_SHOP,
        ),
        not_negative("FRE-14", "transactions", "TRANSACTIONS is not below zero.", _ANNEX),
        told_once("FRE-15", FEED, "A line of a report stands once in a file.", _ANNEX),
        case_number("FRE-16", severity="warning"),
        readable(
            "FRE-17",
            "TRANSACTIONS and AMOUNT_KZT are numbers, or empty where nothing was counted.",
            _ANNEX,
            where=(
                is_filled(*mandatory(FEED)) & Column("event_code").is_in(_OTHERS)
                | is_filled(*mandatory(FEED), "transactions", "amount_tiyn") & _IS_SHOP
            ),
        ),
    ],
)
