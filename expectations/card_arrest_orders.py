"""What we hold the Committee on Legal Statistics to in its file of card arrest orders.

Codes are for good: a retired code is never used again, so that findings from years apart can be
counted together. `critical` sets a row aside; `warning` is reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.rules import (
    IBAN,
    IIN,
    case_number,
    day_told,
    filled,
    known_region,
    one_of,
    rule,
    told_once,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeNoCardNumbers,
    ExpectColumnValuesToBeValidIin,
    ExpectColumnValuesToBeValidKzIban,
)
from transforms.feeds.card_arrest_orders import FEED
from transforms.reference import reference

_ANNEX = "Exchange agreement, annex 2 (assumed)"
_AGENCIES = ("police", "national_security", "special_prosecutors", "financial_monitoring")

suite = gx.ExpectationSuite(
    name="card_arrest_orders",
    expectations=[
        filled("CAO-01", "order_id", "ORDER_NO is the number of the order.", _ANNEX),
        filled("CAO-02", "case_no", "CASE_NO names the case of the order.", _ANNEX),
        filled("CAO-03", "ordered_on", "ORDERED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("CAO-04", "bank_bic", "BANK_BIC names the bank that has to act.", _ANNEX),
        filled("CAO-05", "card_token", "CARD_TOKEN is the bank's token for the card.", _ANNEX),
        filled("CAO-06", "account_iban", "ACCOUNT is the account behind the card.", _ANNEX),
        filled("CAO-07", "holder_iin", "IIN is the card holder's.", _ANNEX),
        filled("CAO-08", "region_code", "KATO is a KATO code of 2 or 9 digits.", _ANNEX),
        filled("CAO-09", "agency_code", "AGENCY names who asked for the arrest.", _ANNEX),
        case_number("CAO-10"),
        day_told("CAO-11", "ordered_on", "ORDERED_ON", _ANNEX),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "CAO-12",
            "BANK_BIC is a BIC of eight signs from the directory of banks.",
            "Directory of banks (BIC) of the National Bank",
            column="bank_bic",
            value_set=reference("banks")["bic"].to_list(),
        ),
        rule(
            ExpectColumnValuesToBeValidKzIban,
            "CAO-13",
            "ACCOUNT is a Kazakh IBAN without blanks, its check digits right.",
            IBAN,
            column="account_iban",
        ),
        rule(
            ExpectColumnValuesToBeValidIin,
            "CAO-14",
            "IIN is a person's number of 12 digits, its control digit right.",
            IIN,
            column="holder_iin",
        ),
        known_region("CAO-15", "KATO"),
        one_of("CAO-16", "agency_code", "AGENCY", _AGENCIES, _ANNEX),
        told_once("CAO-17", FEED, "A card stands once in an order.", _ANNEX),
        rule(
            ExpectColumnValuesToBeNoCardNumbers,
            "CAO-18",
            "CARD_TOKEN is a token: no card's number is sent.",
            "PCI DSS 4.0, requirement 3",
            severity="warning",
            column="card_token",
        ),
    ],
)
