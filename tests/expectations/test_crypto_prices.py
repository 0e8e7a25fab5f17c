from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.crypto_prices import FEED

DELIVERED = """
breaks | PRICE_ON   | ASSET | PRICE_USD
---------------------------------------
-      | 2025-08-18 | BTC   | 114000.25
-      | 2025-08-18 | USDT  | 0.9998
CPR-01 | -          | BTC   | 114000.25
CPR-02 | 2025-08-18 | -     | 114000.25
CPR-03 | 2025-08-18 | ETH   | $4300
CPR-04 | 2025-08-19 | BTC   | 114000.25
CPR-05 | 2025-08-18 | DOGE  | 114000.25
CPR-06 | 2025-08-17 | BTC   | 0
CPR-07 | 2025-08-18 | TRX   | 0.34
CPR-07 | 2025-08-18 | TRX   | 0.35
CPR-08 | 2025-08-18 | USDC  | 0.5
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
