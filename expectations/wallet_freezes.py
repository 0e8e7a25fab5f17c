"""What we hold an exchange to in its file of wallets frozen by order.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx

from expectations.rules import (
    case_number,
    filled,
    instant_told,
    known_crypto_asset,
    known_network,
    known_region,
    not_negative,
    one_of,
    right_address,
    told_once,
)
from transforms.feeds.wallet_freezes import FEED

_ANNEX = "Exchange agreement, annex 6 (assumed)"

suite = gx.ExpectationSuite(
    name="wallet_freezes",
    expectations=[
        filled("WFR-01", "measure_id", "measure_id is the number of the measure.", _ANNEX),
        filled("WFR-02", "case_no", "case_no names the case of the measure.", _ANNEX),
        filled("WFR-03", "stage_code", "stage says how far the measure has come.", _ANNEX),
        filled(
            "WFR-04",
            "frozen_at",
            "frozen_at is a time with its UTC offset, as 2025-08-18T10:15:00+05:00.",
            _ANNEX,
        ),
        filled("WFR-05", "network_code", "network names the chain of the wallet.", _ANNEX),
        filled("WFR-06", "address", "address is the wallet's.", _ANNEX),
        filled("WFR-07", "asset_code", "asset names what the wallet holds.", _ANNEX),
        filled(
            "WFR-08",
            "quantity",
            "quantity is a number of whole units with a point and at most 18 decimals.",
            _ANNEX,
        ),
        filled("WFR-09", "region_code", "kato is a KATO code of 2 or 9 digits.", _ANNEX),
        case_number("WFR-10"),
        one_of("WFR-11", "stage_code", "stage", ("arrested", "measures_taken"), _ANNEX),
        instant_told("WFR-12", "frozen_at", "frozen_at", _ANNEX),
        known_network("WFR-13", _ANNEX),
        right_address("WFR-14", "bitcoin"),
        right_address("WFR-15", "ethereum"),
        right_address("WFR-16", "tron"),
        known_crypto_asset("WFR-17", "asset", _ANNEX),
        not_negative("WFR-18", "quantity", "quantity is not below zero.", _ANNEX),
        known_region("WFR-19", "kato"),
        told_once("WFR-20", FEED, "A wallet and asset stand once under a measure.", _ANNEX),
    ],
)
