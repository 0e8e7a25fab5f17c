"""Wallets of cases: then and tonight, and the same wallet in two cases."""

from datetime import date

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from transforms.arrests.case_wallets import case_wallets
from transforms.arrests.wallets import WALLET_FREEZES

NIGHT = date(2026, 3, 8)

PRICES = """
asset_code | price_on   | price_usd
-----------------------------------
BTC        | 2026-03-02 | 100
BTC        | 2026-03-06 | 150.005
BTC        | 2026-03-09 | 900
"""
RATES = """
currency_code | rate_on    | tenge_per_quant | quant
----------------------------------------------------
USD           | 2026-03-02 | 500             | 1
USD           | 2026-03-07 | 512.5           | 1
"""


def wallets(measures: str):
    return case_wallets(
        rows_of(WALLET_FREEZES, measures),
        accepted("crypto_prices", PRICES),
        accepted("exchange_rates", RATES),
        NIGHT,
    )


def test_a_wallet_has_its_value_of_the_measure_and_of_the_night_with_their_days():
    result = wallets(
        """
        measure_id | address | asset_code | case_no | stage_code | frozen_on  | quantity | price_on   | value_usd_cent | rate_on    | value_tiyn
        ----------------------------------------------------------------------------------------------------------------------------------------
        m1         | w1      | BTC        | 100     | arrested   | 2026-03-02 | 2        | 2026-03-02 | 20000          | 2026-03-02 | 10000000
        """
    )

    assert_drawn(
        result,
        """
        business_date | value_usd_cent | value_tiyn | price_on   | rate_on    | night_value_usd_cent | night_value_tiyn | night_price_on | night_rate_on
        ---------------------------------------------------------------------------------------------------------------------------------------------
        2026-03-08    | 20000          | 10000000   | 2026-03-02 | 2026-03-02 | 30001                | 15375513         | 2026-03-06     | 2026-03-07
        """,
    )


def test_a_wallet_in_two_cases_is_counted_in_the_first():
    result = wallets(
        """
        measure_id | address | asset_code | case_no | stage_code     | frozen_on  | quantity
        -----------------------------------------------------------------------------------
        m3         | w1      | BTC        | 100     | arrested       | 2026-03-05 | 3
        m2         | w1      | BTC        | 200     | measures_taken | 2026-03-04 | 2
        m1         | w1      | BTC        | 100     | measures_taken | 2026-03-02 | 1
        m4         | w1      | ETH        | 200     | measures_taken | 2026-03-05 | 1
        m5         | w2      | BTC        | 200     | arrested       | 2026-03-09 | 1
        """
    )

    assert_drawn(
        result,
        """
        case_no | address | asset_code | stage_code     | measures | quantity | is_first_case | night_value_usd_cent
        --------------------------------------------------------------------------------------------------------------
        100     | w1      | BTC        | arrested       | 2        | 3        | true          | 45002
        200     | w1      | BTC        | measures_taken | 1        | 2        | false         | 30001
        200     | w1      | ETH        | measures_taken | 1        | 1        | true          | -
        """,
    )
