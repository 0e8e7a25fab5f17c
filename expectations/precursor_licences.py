"""What we hold the Interior Ministry to in its file of precursor licences.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.rules import (
    BIN,
    IIN,
    filled,
    is_filled,
    mandatory,
    one_of,
    readable,
    rule,
    told_once,
)
from expectations.vocabulary import ExpectColumnValuesToBeValidIinOrBin
from transforms.feeds.precursor_licences import FEED
from transforms.reference import reference

_ANNEX = "Exchange agreement, annex 10 (assumed)"

suite = gx.ExpectationSuite(
    name="precursor_licences",
    expectations=[
        filled("PLI-01", "licence_no", "LICENCE_NO is the number of the licence.", _ANNEX),
        filled("PLI-02", "holder_bin", "BIN is the holder's.", _ANNEX),
        filled("PLI-03", "substance_id", "SUBSTANCE names what may be imported.", _ANNEX),
        filled("PLI-04", "valid_from", "VALID_FROM is a day, as 2025-08-18.", _ANNEX),
        filled("PLI-05", "valid_to", "VALID_TO is a day, as 2026-08-17.", _ANNEX),
        filled("PLI-06", "status_code", "STATUS says whether the licence stands.", _ANNEX),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "PLI-07",
            "BIN is a BIN, or a sole trader's IIN, its control digit right.",
            f"{BIN}; {IIN}",
            column="holder_bin",
        ),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "PLI-08",
            "SUBSTANCE is a name of the list of precursors, as potassium_permanganate.",
            f"{_ANNEX}: list of precursors",
            column="substance_id",
            value_set=reference("precursors")["id"].to_list(),
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "PLI-09",
            "VALID_TO is not before VALID_FROM.",
            _ANNEX,
            column_A="valid_to",
            column_B="valid_from",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        one_of("PLI-10", "status_code", "STATUS", ("issued", "withdrawn"), _ANNEX),
        # An archive tells of a licence twice if it was withdrawn in the same year.
        told_once(
            "PLI-11",
            FEED,
            "A substance on a licence stands once with one STATUS in a file.",
            _ANNEX,
            also=("status_code",),
        ),
        readable(
            "PLI-12",
            "QUOTA_KG, where there is one, is a weight in kilograms, as 1500.5.",
            _ANNEX,
            where=is_filled(*mandatory(FEED)),
        ),
        one_of(
            "PLI-13",
            "end_use_code",
            "END_USE",
            ("production", "laboratory", "medicine", "trade", "none"),
            _ANNEX,
        ),
    ],
)
