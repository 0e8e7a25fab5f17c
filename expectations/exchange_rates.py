"""What we hold the National Bank's official rates to.

A rate may be dated after the business date: it is set on the day before it is in force. Codes
are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx

from expectations.rules import above_zero, filled, shaped, told_once
from transforms.feeds.exchange_rates import FEED

_RATES = "Official rates of the National Bank, element item"

suite = gx.ExpectationSuite(
    name="exchange_rates",
    expectations=[
        filled("EXR-01", "rate_on", "date is the day of the rate, as 18.08.2025.", _RATES),
        filled("EXR-02", "currency_code", "title is the currency.", _RATES),
        filled("EXR-03", "quant", "quant is the number of units, in digits.", _RATES),
        filled(
            "EXR-04",
            "tenge_per_quant",
            "description is the rate in tenge: digits with a decimal point and no blanks.",
            _RATES,
        ),
        shaped(
            "EXR-05",
            "currency_code",
            r"^[A-Z]{3}$",
            "title is a currency code of three capital letters, as USD.",
            "ISO 4217 (form only)",
        ),
        above_zero("EXR-06", "quant", "quant is 1 or more.", _RATES),
        above_zero("EXR-07", "tenge_per_quant", "description is above zero.", _RATES),
        told_once("EXR-08", FEED, "A currency has one rate a day.", _RATES),
    ],
)
