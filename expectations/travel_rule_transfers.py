"""What we hold exchanges to in what they tell each other under the travel rule.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only. Names never stand in a finding.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import (
    IIN,
    above_zero,
    day_told,
    filled,
    instant_told,
    readable,
    rule,
    shaped,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidIin
from transforms.feeds.travel_rule_transfers import FEED

_IVMS = "interVASP messaging standard IVMS101"
_FATF = "FATF Recommendation 16; IVMS101"
_SIDES = ("originator", "beneficiary")

suite = gx.ExpectationSuite(
    name="travel_rule_transfers",
    expectations=[
        *(
            filled(
                code,
                f"{side}_address",
                f"{side}_address is told where {side}_name is not: one of them says who it is.",
                _FATF,
                where=Column(f"{side}_name").is_null(),
            )
            for code, side in zip(("TRT-01", "TRT-02"), _SIDES, strict=True)
        ),
        *(
            rule(
                gxe.ExpectColumnValuesToNotBeNull,
                code,
                f"{side}_name is told, not only the wallet.",
                _FATF,
                severity="warning",
                where=Column(f"{side}_address").is_not_null(),
                column=f"{side}_name",
            )
            for code, side in zip(("TRT-03", "TRT-04"), _SIDES, strict=True)
        ),
        *(
            shaped(
                code,
                f"{side}_kind_code",
                r"^(natural|legal)$",
                f"{side}_kind is natural or legal.",
                _IVMS,
                severity="warning",
            )
            for code, side in zip(("TRT-05", "TRT-06"), _SIDES, strict=True)
        ),
        *(
            shaped(
                code,
                f"{side}_country_code",
                r"^[A-Z]{2}$",
                f"{side}_country is a code of two capital letters, as KZ.",
                "ISO 3166-1 alpha-2 (form only)",
                severity="warning",
            )
            for code, side in zip(("TRT-07", "TRT-08"), _SIDES, strict=True)
        ),
        *(
            rule(
                ExpectColumnValuesToBeValidIin,
                code,
                f"{side}_id, where Kazakhstan issued it to a person, is an IIN with the right "
                f"control digit.",
                IIN,
                severity="warning",
                where=(Column(f"{side}_id_country_code") == "KZ")
                & (Column(f"{side}_kind_code") == "natural"),
                column=f"{side}_id",
            )
            for code, side in zip(("TRT-09", "TRT-10"), _SIDES, strict=True)
        ),
        *(
            day_told(code, f"{side}_born_on", f"{side}_born_on", _IVMS)
            for code, side in zip(("TRT-11", "TRT-12"), _SIDES, strict=True)
        ),
        instant_told("TRT-13", "sent_at", "sent_at", _IVMS),
        above_zero("TRT-14", "quantity", "quantity, where it is told, is above zero.", _FATF),
        shaped(
            "TRT-15",
            "asset_code",
            r"^[A-Z0-9]{2,15}$",
            "asset is a code of capital letters and digits, as USDT.",
            _IVMS,
            severity="warning",
        ),
        told_once("TRT-16", FEED, "A message stands once in a file.", _IVMS),
        readable(
            "TRT-17",
            "Cells that may be empty are empty, or times, days and numbers in their form.",
            _IVMS,
            where=Column("delivery").is_not_null(),
        ),
    ],
)
