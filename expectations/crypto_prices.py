"""What we hold the daily reference prices of crypto assets to.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    above_zero,
    day_told,
    filled,
    known_crypto_asset,
    rule,
    told_once,
)
from transforms.feeds.crypto_prices import FEED

_ANNEX = "Exchange agreement, annex 14 (assumed)"

suite = gx.ExpectationSuite(
    name="crypto_prices",
    expectations=[
        filled("CPR-01", "price_on", "PRICE_ON is a day, as 2025-08-18.", _ANNEX),
        filled("CPR-02", "asset_code", "ASSET names the asset.", _ANNEX),
        filled(
            "CPR-03",
            "price_usd",
            "PRICE_USD is a price with a point and at most 18 decimals.",
            _ANNEX,
        ),
        day_told("CPR-04", "price_on", "PRICE_ON", _ANNEX),
        known_crypto_asset("CPR-05", "ASSET", _ANNEX),
        above_zero("CPR-06", "price_usd", "PRICE_USD is above zero.", _ANNEX),
        told_once("CPR-07", FEED, "An asset has one price a day.", _ANNEX),
        rule(
            gxe.ExpectColumnValuesToBeBetween,
            "CPR-08",
            "PRICE_USD of USDT and USDC is near one dollar: from 0.90 to 1.10, else confirm it.",
            f"{_ANNEX}; both are issued against dollars",
            severity="warning",
            column="price_usd",
            min_value=0.9,
            max_value=1.1,
            where=Column("asset_code").is_in(["USDT", "USDC"]),
        ),
    ],
)
