"""Assets, digital assets, field events, precursors and seizures: what each figure counts."""

from datetime import date

import pytest

from tests.transforms.drawings import rows_of
from tests.transforms.indicators.figures import figures
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.periods import Period, PeriodKind
from transforms.precursors.violations import PRECURSOR_VIOLATIONS
from transforms.prevention import CRIMINAL_CASES, FIELD_EVENTS
from transforms.seizures.items import SEIZURES

WEEK = Period(PeriodKind.WEEK, date(2026, 3, 2), date(2026, 3, 8))

ASSETS = rows_of(
    ASSET_ARRESTS,
    """
    agency_code         | scheme_code | stage_code | asset_code | region_code | arrested_on | value_tiyn
    --------------------------------------------------------------------------------------------------
    special_prosecutors | cash_out  | arrested            | cash         | 47 | 2026-03-08 | 1
    special_prosecutors | cash_out  | arrested            | bank_account | 79 | 2026-03-02 | 20
    special_prosecutors | cash_out  | arrested            | vehicle      | 79 | 2026-03-02 | 300
    special_prosecutors | drug_shop | arrested            | cash         | 79 | 2026-03-02 | 4000
    special_prosecutors | drug_shop | arrested            | crypto       | 10 | 2026-03-02 | 50000
    special_prosecutors | cash_out  | arrested            | cash         | unknown | 2026-03-02 | -
    police              | cash_out  | arrested            | cash         | 11 | 2026-03-02 | 600000
    special_prosecutors | cash_out  | under_investigation | cash         | 15 | 2026-03-02 | 7000000
    special_prosecutors | cash_out  | arrested            | cash         | 15 | 2026-03-09 | 80000000
    police              | unknown   | under_investigation | crypto       | unknown | 2026-03-02 | 9
    """,
).with_columns(value_usd_cent="value_tiyn")

WALLETS = rows_of(
    WALLET_FREEZES,
    """
    measure_id | address | asset_code | stage_code | region_code | frozen_on | value_usd_cent | value_tiyn
    ---------------------------------------------------------------------------------------------------
    1          | t1      | USDT | arrested       | 62 | 2026-03-02 | 1000 | 500000
    2          | t2      | USDT | measures_taken | 71 | 2026-03-02 | 20   | 10000
    3          | t2      | TRX  | measures_taken | 75 | 2026-03-03 | -    | -
    4          | b1      | BTC  | measures_taken | 71 | 2026-03-08 | 3    | 1500
    5          | b2      | BTC  | measures_taken | 71 | 2026-03-09 | 400  | 200000
    """,
)

EVENTS = rows_of(
    FIELD_EVENTS,
    """
    line_no | event_code            | region_code | reported_on | objects | transactions | amount_tiyn
    ------------------------------------------------------------------------------------------------
    1       | shop_account_examined | 79          | 2026-03-02  | 2       | 500          | 70000
    2       | shop_account_examined | 79          | 2026-03-08  | 1       | -            | -
    3       | laboratory_dismantled | 79          | 2026-03-02  | 2       | -            | -
    4       | participant_arrested  | 79          | 2026-03-02  | 24      | -            | -
    5       | member_detained       | 47          | 2026-03-02  | 9       | -            | -
    6       | advert_removed        | 75          | 2026-03-02  | 35      | -            | -
    7       | advertiser_detained   | 75          | 2026-03-02  | 22      | -            | -
    8       | advert_removed        | 75          | 2026-03-09  | 1000    | -            | -
    """,
)

VIOLATIONS = rows_of(
    PRECURSOR_VIOLATIONS,
    """
    declaration_no | item_no | violation_code | substance_id | registered_on | consignee_bin | region_code | net_g | reason_code | substance_g | product_g | product_doses | product_code | origin_country_code | office_code
    ------------------------------------------------------------------------------------------------
    2 | 1 | unlicensed      | acetone          | 2026-03-03 | A | 10 | 5   | expired        | 4   | -   | -    | -        | CN | 1
    1 | 1 | unlicensed      | acetone          | 2026-03-03 | A | 75 | 30  | expired        | 30  | -   | -    | -        | RU | 2
    1 | 1 | misdeclared     | acetone          | 2026-03-03 | A | 75 | 30  | price          | 30  | -   | -    | -        | RU | 2
    1 | 2 | unlicensed      | norfentanyl      | 2026-03-04 | B | 75 | 700 | never_licensed | 700 | 950 | -    | fentanyl | CN | 2
    1 | 2 | misdeclared     | norfentanyl      | 2026-03-04 | B | 75 | 700 | price          | 700 | 950 | -    | fentanyl | CN | 2
    4 | 1 | over_quota      | safrole          | 2026-03-04 | D | 10 | 20  | cumulative_in_year | 10 | 11 | 88  | mdma     | -  | 1
    3 | 1 | unlicensed      | acetic_anhydride | 2026-03-09 | C | 75 | 1   | never_licensed | 1   | 1   | 1    | heroin   | CN | 2
    """,
)

SEIZED = rows_of(
    SEIZURES,
    """
    agency_code | act_no | item_no | seizure_id | is_counted | asset_code | substance_code | region_code | seized_on | net_g | value_tiyn
    --------------------------------------------------------------------------------------------
    police  | 1 | 1 | a | true  | drug      | mephedrone | 75      | 2026-03-02 | 100 | -
    police  | 1 | 2 | a | true  | drug      | -          | unknown | 2026-03-02 | 20  | -
    police  | 1 | 3 | a | true  | precursor | acetone    | 75      | 2026-03-02 | 999 | 7
    knb     | 8 | 1 | a | false | drug      | mephedrone | 75      | 2026-03-02 | 101 | -
    customs | 1 | 1 | b | true  | cash      | -          | 75      | 2026-03-08 | -   | 4000
    knb     | 9 | 1 | b | false | cash      | -          | 75      | 2026-03-08 | -   | 4000
    customs | 2 | 1 | c | true  | cash      | -          | 75      | 2026-03-09 | -   | 5
    """,
)


@pytest.mark.parametrize(
    ("indicator", "facts", "expected"),
    [
        ("followmoney_case_amount", ASSETS, {"KZ": 4321, "47": 1, "79": 4320}),
        ("followmoney_regions", ASSETS, {"KZ": 2, "47": 1, "79": 1}),
        ("cashout_amount_cash", ASSETS, {"KZ": 600001, "47": 1, "11": 600000}),
        ("cashout_amount_on_accounts", ASSETS, {"KZ": 20, "79": 20}),
        ("crypto_case_amount", ASSETS, {"KZ": 9, "unknown": 9}),
        ("crypto_arrested", WALLETS, {"KZ": 1000, "62": 1000}),
        ("crypto_arrested_tenge", WALLETS, {"KZ": 500000, "62": 500000}),
        ("crypto_arrest_measures", WALLETS, {"KZ": 23, "71": 23}),
        ("crypto_wallets", WALLETS, {"KZ": 2, "71": 2}),
        ("shop_transactions", EVENTS, {"KZ": 500, "79": 500}),
        ("shop_transaction_amount", EVENTS, {"KZ": 70000, "79": 70000}),
        ("labs_dismantled", EVENTS, {"KZ": 2, "79": 2}),
        ("participants_arrested", EVENTS, {"KZ": 24, "79": 24}),
        ("ocg_members_detained", EVENTS, {"KZ": 9, "47": 9}),
        ("drug_adverts_removed", EVENTS, {"KZ": 35, "75": 35}),
        ("drug_advertisers_detained", EVENTS, {"KZ": 22, "75": 22}),
        ("precursor_import_violations", VIOLATIONS, {"KZ": 3, "10": 1, "75": 2}),
        ("precursor_other_violations", VIOLATIONS, {"KZ": 3, "10": 1, "75": 2}),
        ("precursor_misdeclared", VIOLATIONS, {"KZ": 2, "75": 2}),
        ("precursor_over_quota", VIOLATIONS, {"KZ": 1, "10": 1}),
        ("precursor_no_end_use", VIOLATIONS, {}),
        ("precursor_entities_of_any_violation", VIOLATIONS, {"KZ": 3, "10": 1, "75": 2}),
        ("precursor_substance_weight", VIOLATIONS, {"KZ": 744, "10": 14, "75": 730}),
        ("precursor_possible_product", VIOLATIONS, {"KZ": 961, "10": 11, "75": 950}),
        ("precursor_possible_doses", VIOLATIONS, {"KZ": 88, "10": 88}),
        ("precursor_substances", VIOLATIONS, {"KZ": 3, "10": 2, "75": 2}),
        ("precursor_countries", VIOLATIONS, {"KZ": 2, "10": 1, "75": 2}),
        ("precursor_offices", VIOLATIONS, {"KZ": 2, "10": 1, "75": 1}),
        ("precursor_entities_liable", VIOLATIONS, {"KZ": 2, "75": 2}),
        ("precursor_net_weight", VIOLATIONS, {"KZ": 735, "10": 5, "75": 730}),
        ("seizure_acts", SEIZED, {"KZ": 2, "75": 2}),
        ("drug_seizures", SEIZED, {"KZ": 2, "75": 1, "unknown": 1}),
        ("drugs_seized", SEIZED, {"KZ": 120, "75": 100, "unknown": 20}),
        ("seized_value", SEIZED, {"KZ": 4007, "75": 4007}),
    ],
)
def test_an_indicator_counts_what_its_definition_says(indicator, facts, expected):
    assert figures(indicator, facts, WEEK) == expected


def test_advert_cases_are_those_registered_under_their_article():
    cases = rows_of(
        CRIMINAL_CASES,
        """
        case_no | registered_on | article_code | region_code | agency_code
        ------------------------------------------------------------------
        1       | 2026-03-02    | 299-1        | 75          | police
        2       | 2026-03-02    | 299          | 75          | police
        3       | 2026-03-09    | 299-1        | 75          | police
        """,
    )

    assert figures("drug_advert_cases", cases, WEEK) == {"KZ": 1, "75": 1}


def test_a_member_that_is_not_known_is_shown_as_unknown():
    result = figures("drugs_seized", SEIZED, WEEK, dimension="substance_code")

    assert result == {
        "KZ mephedrone": 100,
        "75 mephedrone": 100,
        "KZ unknown": 20,
        "unknown unknown": 20,
    }


def test_violations_are_given_by_reason_and_by_substance():
    by_reason = figures("precursor_import_violations", VIOLATIONS, WEEK, dimension="reason_code")
    by_substance = figures(
        "precursor_import_violations", VIOLATIONS, WEEK, dimension="substance_id"
    )

    assert by_reason["KZ expired"] == 2
    assert by_substance["KZ acetone"] == 2
