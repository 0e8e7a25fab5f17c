"""The largest single case behind an amount."""

from datetime import date

from tests.transforms.drawings import rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.facts import ALL_FACTS
from transforms.indicators import INDICATORS, largest
from transforms.periods import Period, PeriodKind

DAY = Period.ending(PeriodKind.DAY, date(2026, 3, 9))


def test_the_largest_case_is_given_by_region_and_for_sums_of_parts():
    facts = {fact.table.name: rows_of(fact.table) for fact in ALL_FACTS}
    facts[ASSET_ARRESTS.name] = rows_of(
        ASSET_ARRESTS,
        """
        measure_id | arrested_on | stage_code | agency_code         | asset_code | region_code | value_tiyn
        ----------------------------------------------------------------------------------------------
        1          | 2026-03-09  | arrested   | special_prosecutors | cash       | 75          | 700
        2          | 2026-03-09  | arrested   | special_prosecutors | cash       | 75          | 200
        3          | 2026-03-09  | arrested   | special_prosecutors | cash       | 10          | 300
        4          | 2026-03-08  | arrested   | special_prosecutors | cash       | 10          | 999
        """,
    )
    facts[ACCOUNT_ARRESTS.name] = rows_of(
        ACCOUNT_ARRESTS,
        """
        account_iban | executed_on | status_code | region_code | held_tiyn
        -----------------------------------------------------------------
        a            | 2026-03-09  | executed    | 75          | 50
        """,
    )

    found = largest(INDICATORS, facts, [DAY], DAY.end).collect()

    shown = {
        (i, r): (n, v)
        for i, r, n, v in found.select("indicator", "region_code", "rows", "largest").rows()
    }
    assert shown["followmoney_case_amount", "KZ"] == (3, 700)
    assert shown["followmoney_case_amount", "10"] == (1, 300)
    assert shown["drug_assets_arrested_total", "75"] == (3, 700)
    assert ("seized_value", "KZ") not in shown
