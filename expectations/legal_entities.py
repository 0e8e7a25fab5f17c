"""What we hold the Ministry of Justice to in its answers from the register of legal entities.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column

from expectations.rules import BIN, IIN, filled, one_of, rule, told_once
from expectations.vocabulary import ExpectColumnValuesToBeValidIinOrBin
from transforms.feeds.legal_entities import FEED

_ANNEX = "Exchange agreement, annex 22 (assumed)"
_IS_KNOWN = Column("status_code").is_in(["active", "liquidated"])

suite = gx.ExpectationSuite(
    name="legal_entities",
    expectations=[
        filled("LEN-01", "entity_bin", "BIN is the number that was asked about.", _ANNEX),
        filled("LEN-02", "status_code", "STATUS says whether the entity stands.", _ANNEX),
        one_of("LEN-03", "status_code", "STATUS", ("active", "liquidated", "not_found"), _ANNEX),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "LEN-04",
            "BIN is a BIN, or a sole trader's IIN, its control digit right.",
            f"{BIN}; {IIN}",
            column="entity_bin",
        ),
        filled(
            "LEN-05",
            "founded_on",
            "REGISTERED_ON is a day, as 2025-08-18, of every entity that the register knows.",
            _ANNEX,
            where=_IS_KNOWN,
        ),
        filled(
            "LEN-06",
            "ended_on",
            "ENDED_ON is the day on which a liquidated entity was struck off.",
            _ANNEX,
            where=Column("status_code") == "liquidated",
        ),
        rule(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB,
            "LEN-07",
            "ENDED_ON is not before REGISTERED_ON.",
            _ANNEX,
            column_A="ended_on",
            column_B="founded_on",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "LEN-08",
            "HEAD_IIN, where there is one, has the right control digit.",
            IIN,
            severity="warning",
            column="head_iin",
        ),
        told_once("LEN-09", FEED, "A legal entity stands once in a file.", _ANNEX),
    ],
)
