"""What we hold the agencies to in their files of seizure acts.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column, OrCondition

from expectations.rules import (
    above_zero,
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
from transforms.feeds.seizures import FEED

_ANNEX = "Exchange agreement, annex 11 (assumed)"
_AGENCIES = ("police", "national_security", "special_prosecutors", "customs")
_WEIGHED = ("drug", "precursor")
_VALUED = ("vehicle", "equipment", "real_estate")
_MONEY = ("cash", "bank_account")
_ASSETS_OF_CRYPTO = ("BTC", "ETH", "TRX", "USDT", "USDC")
_IS_WEIGHED = Column("asset_code").is_in(_WEIGHED)
_IS_CASH = Column("asset_code").is_in(_MONEY)
_IS_CRYPTO = Column("asset_code") == "crypto"
_HAS_NO_QUANTITY = Column("quantity").is_null()

suite = gx.ExpectationSuite(
    name="seizures",
    expectations=[
        filled("SEI-01", "act_no", "ACT_NO is the number of the seizure act.", _ANNEX),
        filled("SEI-02", "item_no", "ITEM_NO is the item's number, in digits.", _ANNEX),
        filled("SEI-03", "agency_code", "AGENCY names who seized it.", _ANNEX),
        filled("SEI-04", "seized_on", "SEIZED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("SEI-05", "asset_code", "ASSET says what was seized.", _ANNEX),
        above_zero("SEI-06", "item_no", "ITEM_NO counts from 1.", _ANNEX),
        one_of("SEI-07", "agency_code", "AGENCY", _AGENCIES, _ANNEX),
        day_told("SEI-08", "seized_on", "SEIZED_ON", _ANNEX),
        one_of("SEI-09", "asset_code", "ASSET", (*_WEIGHED, *_MONEY, "crypto", *_VALUED), _ANNEX),
        known_region("SEI-10", "KATO"),
        filled(
            "SEI-11",
            "substance_code",
            "SUBSTANCE is filled where ASSET is drug or precursor.",
            _ANNEX,
            where=_IS_WEIGHED,
        ),
        filled(
            "SEI-12",
            "net_kg",
            "NET_KG is filled where ASSET is drug or precursor and there is no QUANTITY: kilograms "
            "with a point, at most six decimals and no sign.",
            _ANNEX,
            where=_IS_WEIGHED & _HAS_NO_QUANTITY,
        ),
        above_zero(
            "SEI-13",
            "net_kg",
            "NET_KG is above zero where ASSET is drug or precursor.",
            _ANNEX,
            where=_IS_WEIGHED,
        ),
        filled(
            "SEI-14",
            "amount_minor",
            "AMOUNT is filled where ASSET is cash or bank_account, with a point and at most two "
            "decimals.",
            _ANNEX,
            where=_IS_CASH,
        ),
        above_zero(
            "SEI-15",
            "amount_minor",
            "AMOUNT is above zero where ASSET is cash or bank_account.",
            _ANNEX,
            where=_IS_CASH,
        ),
        filled(
            "SEI-16",
            "currency_code",
            "CURRENCY is filled wherever AMOUNT is.",
            _ANNEX,
            where=Column("amount_minor").is_not_null(),
        ),
        known_currency("SEI-17", "CURRENCY"),
        told_once("SEI-18", FEED, "An item of an act stands once in a file.", _ANNEX),
        case_number("SEI-19", severity="warning"),
        readable(
            "SEI-20",
            "KATO is a code of 2 or 9 digits, or empty; NET_KG, QUANTITY and AMOUNT are numbers, "
            "or empty.",
            _ANNEX,
            where=OrCondition(
                conditions=[
                    is_filled(*mandatory(FEED), "net_kg") & _IS_WEIGHED,
                    is_filled(*mandatory(FEED), "amount_minor") & _IS_CASH,
                    is_filled(*mandatory(FEED)) & Column("asset_code").is_in(_VALUED),
                    is_filled(*mandatory(FEED), "quantity")
                    & Column("asset_code").is_in((*_WEIGHED, "crypto")),
                ]
            ),
        ),
        rule(
            gxe.ExpectColumnValuesToNotBeNull,
            "SEI-21",
            "AMOUNT is the estimated value where ASSET is a vehicle, equipment or real estate.",
            _ANNEX,
            severity="warning",
            column="amount_minor",
            where=(Column("asset_code").is_in(_VALUED) & Column("as_delivered").is_null()),
        ),
        at_most(
            "SEI-22",
            "net_kg",
            10_000,
            "NET_KG over ten tonnes of a drug is confirmed: it is kilograms, not grams.",
            _ANNEX,
            where=Column("asset_code") == "drug",
        ),
        filled(
            "SEI-23",
            "quantity",
            "QUANTITY is filled where ASSET is crypto: a number with a point and no sign.",
            _ANNEX,
            where=_IS_CRYPTO,
        ),
        above_zero("SEI-24", "quantity", "QUANTITY is above zero.", _ANNEX),
        filled(
            "SEI-25",
            "unit_code",
            "UNIT is filled wherever QUANTITY is.",
            _ANNEX,
            where=Column("quantity").is_not_null(),
        ),
        one_of(
            "SEI-26",
            "unit_code",
            "UNIT",
            _ASSETS_OF_CRYPTO,
            "Assets that have a reference price",
            where=_IS_CRYPTO,
        ),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "SEI-27",
            "STATUS is withdrawn or empty.",
            _ANNEX,
            column="status_code",
            value_set=["withdrawn"],
        ),
    ],
)
