"""What we hold the State Revenue Committee to in its file of import declarations.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe

from expectations.rules import (
    BIN,
    IIN,
    above_zero,
    day_told,
    filled,
    known_currency,
    known_region,
    rule,
    shaped,
    told_once,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidHsCode,
    ExpectColumnValuesToBeValidIinOrBin,
)
from transforms.feeds.import_declarations import FEED

_ANNEX = "Exchange agreement, annex 9 (assumed)"
_NOMENCLATURE = "HS 2022; EAEU commodity nomenclature (TN VED)"

suite = gx.ExpectationSuite(
    name="import_declarations",
    expectations=[
        filled("IMD-01", "declaration_no", "DECLARATION_NO is the registration number.", _ANNEX),
        filled("IMD-02", "item_no", "ITEM_NO is the item's number, in digits.", _ANNEX),
        filled("IMD-03", "registered_on", "REGISTERED_ON is a day, as 2025-08-18.", _ANNEX),
        filled("IMD-04", "procedure_code", "PROCEDURE is the customs procedure's code.", _ANNEX),
        filled("IMD-05", "office_code", "OFFICE is the customs office's code.", _ANNEX),
        filled("IMD-06", "consignee_bin", "CONSIGNEE_BIN is the consignee's number.", _ANNEX),
        filled("IMD-07", "consignee_name", "CONSIGNEE names the consignee.", _ANNEX),
        filled("IMD-08", "region_code", "CONSIGNEE_KATO is a code of 2 or 9 digits.", _ANNEX),
        filled("IMD-09", "hs_code", "HS_CODE is the commodity code of the item.", _ANNEX),
        filled("IMD-10", "goods_text", "GOODS describes the goods of the item.", _ANNEX),
        filled(
            "IMD-11",
            "net_kg",
            "NET_KG is a weight in kilograms with a point, at most six decimals and no sign.",
            _ANNEX,
        ),
        filled("IMD-12", "origin_country_code", "ORIGIN names the country of origin.", _ANNEX),
        filled(
            "IMD-13",
            "invoice_minor",
            "INVOICE is an amount with a point and at most two decimals.",
            _ANNEX,
        ),
        filled("IMD-14", "currency_code", "CURRENCY is that of the invoice.", _ANNEX),
        above_zero("IMD-15", "item_no", "ITEM_NO counts from 1.", _ANNEX),
        day_told("IMD-16", "registered_on", "REGISTERED_ON", _ANNEX),
        shaped(
            "IMD-17",
            "procedure_code",
            r"^[0-9]{2}$",
            "PROCEDURE is a code of two digits, as 40.",
            "EAEU classifier of customs procedures (form only)",
        ),
        rule(
            ExpectColumnValuesToBeValidIinOrBin,
            "IMD-18",
            "CONSIGNEE_BIN is a BIN, or a sole trader's IIN, its control digit right.",
            f"{BIN}; {IIN}",
            column="consignee_bin",
        ),
        known_region("IMD-19", "CONSIGNEE_KATO"),
        rule(
            ExpectColumnValuesToBeValidHsCode,
            "IMD-20",
            "HS_CODE is 6 to 10 digits without blanks, chapter 01 to 97.",
            _NOMENCLATURE,
            column="hs_code",
        ),
        above_zero("IMD-21", "net_kg", "NET_KG is above zero.", _ANNEX),
        known_currency("IMD-22", "CURRENCY"),
        told_once("IMD-23", FEED, "An item of a declaration stands once in a file.", _ANNEX),
        rule(
            gxe.ExpectColumnValuesToNotMatchRegex,
            "IMD-24",
            "HS_CODE has all ten digits of the nomenclature, not only the first ones.",
            _NOMENCLATURE,
            severity="warning",
            column="hs_code",
            regex=r"^[0-9]{6,9}$",
        ),
        shaped(
            "IMD-25",
            "origin_country_code",
            r"^[A-Z]{2}$",
            "ORIGIN is a country code of two capital letters, as CN.",
            "ISO 3166-1 alpha-2 (form only)",
            severity="warning",
        ),
    ],
)
