"""Asset and wallet arrests: valued on the day of the measure, with the day of the rate."""

import polars as pl

from tests.transforms.drawings import accepted, assert_drawn
from transforms.facts import FACT_BY_NAME

RATES = """
currency_code | rate_on    | quant | tenge_per_quant
----------------------------------------------------
USD           | 2026-03-06 | 1     | 500
UZS           | 2026-03-06 | 100   | 4
IRR           | 2026-03-06 | 10000 | 5.25
USD           | 2026-03-09 | 1     | 600
"""

PRICES = """
asset_code | price_on   | price_usd
-----------------------------------
BTC        | 2026-03-06 | 60000.125
USDT       | 2026-03-06 | 0.9999
"""


def assets(measures: str, cases: str | None = None) -> pl.LazyFrame:
    return FACT_BY_NAME["facts.asset_arrests"].rows(
        asset_arrests=accepted("asset_arrests", measures),
        criminal_cases=accepted("criminal_cases", cases),
        exchange_rates=accepted("exchange_rates", RATES),
    )


def wallets(freezes: str) -> pl.LazyFrame:
    return FACT_BY_NAME["facts.wallet_freezes"].rows(
        wallet_freezes=accepted("wallet_freezes", freezes),
        crypto_prices=accepted("crypto_prices", PRICES),
        exchange_rates=accepted("exchange_rates", RATES),
    )


def test_an_asset_is_valued_at_the_rate_of_the_last_day_on_or_before():
    result = assets(
        """
        measure_id | arrested_on | amount_minor | currency_code
        -------------------------------------------------------
        1-friday   | 2026-03-06  | 100          | USD
        2-sunday   | 2026-03-08  | 100          | USD
        3-monday   | 2026-03-09  | 100          | USD
        4-before   | 2026-03-05  | 100          | USD
        """
    )

    assert_drawn(
        result,
        """
        measure_id | rate_on    | value_tiyn | value_usd_cent
        ------------------------------------------------------
        1-friday   | 2026-03-06 | 50000      | 100
        2-sunday   | 2026-03-06 | 50000      | 100
        3-monday   | 2026-03-09 | 60000      | 100
        4-before   | -          | -          | 100
        """,
    )


def test_a_rate_may_be_for_a_hundred_or_ten_thousand_units():
    result = assets(
        """
        measure_id | arrested_on | amount_minor | currency_code
        -------------------------------------------------------
        1          | 2026-03-08  | 1000000      | UZS
        2          | 2026-03-08  | 1000000      | IRR
        3          | 2026-03-08  | 1000000      | KZT
        4          | 2026-03-08  | 1000000      | XAU
        """
    )

    assert_drawn(
        result,
        """
        currency_code | amount_minor | rate_on    | value_tiyn | value_usd_cent
        ------------------------------------------------------------------------
        UZS           | 1000000      | 2026-03-06 | 40000      | 80
        IRR           | 1000000      | 2026-03-06 | 525        | 1
        KZT           | 1000000      | 2026-03-08 | 1000000    | 2000
        XAU           | 1000000      | -          | -          | -
        """,
    )


def test_the_scheme_is_that_of_the_case_as_last_registered():
    result = assets(
        """
        measure_id | case_no | arrested_on | region_code
        ------------------------------------------------
        1          | 100     | 2026-03-08  | 75
        2          | 200     | 2026-03-08  | -
        3          | -       | 2026-03-08  | 10
        """,
        """
        business_date | case_no | scheme_code
        -------------------------------------
        2026-03-03    | 100     | cash_out
        2026-03-02    | 100     | laundering
        """,
    )

    assert_drawn(
        result,
        """
        measure_id | scheme_code | region_code
        --------------------------------------
        1          | cash_out    | 75
        2          | unknown     | unknown
        3          | unknown     | 10
        """,
    )


MEASURE_SENT_TWICE = """
business_date | measure_id | arrested_on | stage_code          | amount_minor | currency_code
---------------------------------------------------------------------------------------------
2026-03-09    | 1          | 2026-03-08  | arrested            | 200          | KZT
2026-03-08    | 1          | 2026-03-08  | under_investigation | 300          | KZT
"""


def test_a_measure_delivered_again_counts_as_last_delivered():
    result = assets(MEASURE_SENT_TWICE)

    assert_drawn(
        result,
        """
        business_date | measure_id | stage_code | value_tiyn
        ----------------------------------------------------
        2026-03-09    | 1          | arrested   | 200
        """,
    )


def test_a_wallet_is_valued_on_the_day_in_almaty_first_in_cents_then_in_tiyn():
    result = wallets(
        """
        measure_id | address | asset_code | frozen_at            | quantity
        ---------------------------------------------------------------------------------
        1          | bc1     | BTC        | 2026-03-08T18:59:59Z | 0.123456789012345678
        2          | bc1     | BTC        | 2026-03-08T19:00:00Z | 0.123456789012345678
        3          | t1      | USDT       | 2026-03-08T12:00:00Z | 12345678901.000000000000000001
        4          | t1      | TRX        | 2026-03-08T12:00:00Z | 1
        5          | bc1     | BTC        | 2026-03-05T12:00:00Z | 1
        """
    )

    assert_drawn(
        result,
        """
        measure_id | frozen_on  | price_on   | value_usd_cent | rate_on    | value_tiyn
        --------------------------------------------------------------------------------
        1          | 2026-03-08 | 2026-03-06 | 740742         | 2026-03-06 | 370371000
        2          | 2026-03-09 | 2026-03-06 | 740742         | 2026-03-09 | 444445200
        3          | 2026-03-08 | 2026-03-06 | 1234444433311  | 2026-03-06 | 617222216655500
        4          | 2026-03-08 | -          | -              | 2026-03-06 | -
        5          | 2026-03-05 | -          | -              | -          | -
        """,
    )


def test_a_wallet_arrested_after_measures_were_taken_is_one_fact():
    result = wallets(
        """
        business_date | measure_id | address | asset_code | stage_code     | quantity
        -----------------------------------------------------------------------------
        2026-03-03    | 1          | t1      | USDT       | measures_taken | 10
        2026-03-05    | 1          | t1      | USDT       | arrested       | 11
        2026-03-05    | 1          | t1      | TRX        | arrested       | 12
        """
    )

    assert_drawn(
        result,
        """
        business_date | asset_code | stage_code | quantity
        --------------------------------------------------
        2026-03-05    | TRX        | arrested   | 12
        2026-03-05    | USDT       | arrested   | 11
        """,
    )
