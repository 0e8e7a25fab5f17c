"""What we hold customs to in tables of import declarations and messages of any declarations.

Tables come from the State Revenue Committee and hold imports as they stand: every rule is for
their rows, which tell no action. A message may say less and still be whole: a cancellation has no
goods, a partial amendment only what changes, transit no procedure, net weight or importer, and
importers in other countries have no BIN.

Codes are for good: a retired code is never used again. `critical` sets a row aside; `warning` is
reported only.
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column, OrCondition

from expectations.rules import (
    BIN,
    IIN,
    above_zero,
    day_told,
    filled,
    is_filled,
    known_currency,
    known_region,
    mandatory,
    one_of,
    readable,
    rule,
    shaped,
)
from expectations.vocabulary import (
    ExpectColumnValuesToBeValidHsCode,
    ExpectColumnValuesToBeValidIinOrBin,
)
from transforms.feeds.import_declarations import FEED
from transforms.regions import COUNTRY

_ANNEX = "Exchange agreement, annex 9 (assumed)"
_MESSAGES = "WCO data model; EAEU album of formats; ASYCUDA World; EU customs data model"
_NOMENCLATURE = "HS 2022; EAEU commodity nomenclature (TN VED)"

_IN_TABLE = Column("action_code").is_null()
_HAS_GOODS = (Column("action_code") != "cancellation") & Column("is_partial").is_null()
_HERE = (
    Column("lodged_country_code").is_null(),
    Column("lodged_country_code") == COUNTRY,
)
_IS_IMPORT = _HAS_GOODS & (Column("movement_code") == "import")

_TELLS_GOODS = OrCondition(conditions=[_IN_TABLE, _HAS_GOODS])
_TELLS_CLEARANCE = OrCondition(
    conditions=[
        _IN_TABLE,
        _HAS_GOODS & Column("movement_code").is_null(),
        _HAS_GOODS & (Column("movement_code") != "transit"),
    ]
)
_TELLS_REGISTRATION = OrCondition(conditions=[_IN_TABLE, *(_HAS_GOODS & here for here in _HERE)])
_TELLS_IMPORTER = OrCondition(conditions=[_IN_TABLE, *(_IS_IMPORT & here for here in _HERE)])

suite = gx.ExpectationSuite(
    name="import_declarations",
    expectations=[
        filled("IMD-01", "declaration_no", "DECLARATION_NO is the registration number.", _ANNEX),
        filled(
            "IMD-02",
            "item_no",
            "ITEM_NO is the item's number, in digits.",
            _ANNEX,
            where=_TELLS_GOODS,
        ),
        filled(
            "IMD-03",
            "registered_on",
            "REGISTERED_ON is a day, as 2025-08-18.",
            _ANNEX,
            where=_TELLS_REGISTRATION,
        ),
        filled(
            "IMD-04",
            "procedure_code",
            "PROCEDURE is the customs procedure's code.",
            _ANNEX,
            where=_TELLS_CLEARANCE,
        ),
        filled(
            "IMD-05",
            "office_code",
            "OFFICE is the customs office's code.",
            _ANNEX,
            where=_TELLS_REGISTRATION,
        ),
        filled(
            "IMD-06",
            "consignee_bin",
            "CONSIGNEE_BIN is the consignee's number.",
            _ANNEX,
            where=_TELLS_IMPORTER,
        ),
        filled(
            "IMD-07",
            "consignee_name",
            "CONSIGNEE names the consignee.",
            _ANNEX,
            where=_TELLS_IMPORTER,
        ),
        filled(
            "IMD-08",
            "region_code",
            "CONSIGNEE_KATO is a code of 2 or 9 digits.",
            _ANNEX,
            where=_IN_TABLE,
        ),
        filled(
            "IMD-09",
            "hs_code",
            "HS_CODE is the commodity code of the item.",
            _ANNEX,
            where=_TELLS_GOODS,
        ),
        filled(
            "IMD-10",
            "goods_text",
            "GOODS describes the goods of the item.",
            _ANNEX,
            where=_TELLS_GOODS,
        ),
        filled(
            "IMD-11",
            "net_kg",
            "NET_KG is a weight in kilograms with a point, at most six decimals and no sign.",
            _ANNEX,
            where=_TELLS_CLEARANCE,
        ),
        filled(
            "IMD-12",
            "origin_country_code",
            "ORIGIN names the country of origin.",
            _ANNEX,
            where=_TELLS_CLEARANCE,
        ),
        filled(
            "IMD-13",
            "invoice_minor",
            "INVOICE is an amount with a point and at most two decimals.",
            _ANNEX,
            where=_TELLS_GOODS,
        ),
        filled(
            "IMD-14",
            "currency_code",
            "CURRENCY is that of the invoice.",
            _ANNEX,
            where=_TELLS_GOODS,
        ),
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
            where=OrCondition(conditions=list(_HERE)),
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
        rule(
            gxe.ExpectCompoundColumnsToBeUnique,
            "IMD-23",
            "An item of a declaration stands once in a file.",
            _ANNEX,
            where=_IN_TABLE,
            column_list=["business_date", "institution", *FEED.key],
            ignore_row_if="any_value_is_missing",
        ),
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
        one_of("IMD-26", "movement_code", "MOVEMENT", ("import", "export", "transit"), _MESSAGES),
        one_of(
            "IMD-27",
            "action_code",
            "ACTION",
            ("original", "amendment", "cancellation", "release"),
            _MESSAGES,
        ),
        rule(
            gxe.ExpectColumnValuesToBeInSet,
            "IMD-28",
            "The totals that a declaration states (items, packages, gross weight, invoice, customs "
            "value) are those of its items, but for rounding: send it whole, or correct them.",
            _MESSAGES,
            column="is_reconciled",
            value_set=[True],
            severity="warning",
        ),
        rule(
            gxe.ExpectCompoundColumnsToBeUnique,
            "IMD-29",
            "An item of a declaration stands once under an action and version of it.",
            _MESSAGES,
            where=is_filled(*FEED.key, "action_code"),
            column_list=[
                "business_date",
                "institution",
                *FEED.key,
                "action_code",
                "version_no",
            ],
            ignore_row_if="never",
        ),
        readable(
            "IMD-30",
            "Cells that may be empty are empty, or numbers, days and flags in their form.",
            _MESSAGES,
            where=is_filled(*mandatory(FEED)),
        ),
    ],
)
