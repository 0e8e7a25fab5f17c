"""What we hold the Committee on Legal Statistics to in its file of criminal cases.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx

from expectations.rules import (
    case_number,
    day_told,
    filled,
    is_filled,
    known_region,
    mandatory,
    one_of,
    readable,
    shaped,
    told_once,
)
from transforms.feeds.criminal_cases import FEED

_ANNEX = "Exchange agreement, annex 4 (assumed)"
_SCHEMES = (
    "drug_shop",
    "cash_out",
    "dropper_network",
    "drug_advert",
    "laboratory",
    "smuggling",
    "laundering",
)
_AGENCIES = (
    "police",
    "national_security",
    "special_prosecutors",
    "financial_monitoring",
    "customs",
)

suite = gx.ExpectationSuite(
    name="criminal_cases",
    expectations=[
        filled("CRC-01", "case_no", "CASE_NO is the case's number in the register.", _ANNEX),
        filled("CRC-02", "registered_on", "REGISTERED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("CRC-03", "article_code", "ARTICLE names the article of the Criminal Code.", _ANNEX),
        filled("CRC-04", "scheme_code", "SCHEME names the kind of crime.", _ANNEX),
        filled("CRC-05", "agency_code", "AGENCY names who investigates.", _ANNEX),
        case_number("CRC-06"),
        day_told("CRC-07", "registered_on", "REGISTERED_ON", _ANNEX),
        shaped(
            "CRC-08",
            "article_code",
            r"^[1-9][0-9]{1,2}(-[1-9][0-9]?)?$",
            "ARTICLE is an article number without its part, as 297 or 299-1.",
            "Criminal Code of 3 July 2014 No. 226-V",
        ),
        one_of("CRC-09", "scheme_code", "SCHEME", _SCHEMES, _ANNEX),
        one_of("CRC-10", "agency_code", "AGENCY", _AGENCIES, _ANNEX),
        known_region("CRC-11", "KATO"),
        told_once("CRC-12", FEED, "A case stands once in a file.", _ANNEX),
        readable(
            "CRC-13",
            "KATO is a KATO code of 2 or 9 digits, or empty while the case has no region.",
            _ANNEX,
            where=is_filled(*mandatory(FEED)),
        ),
    ],
)
