from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.exchange_rates import FEED

DELIVERED = """
breaks | date       | title | quant | description
-------------------------------------------------
-      | 18.08.2025 | USD   | 1     | 538.71
-      | 18.08.2025 | IRR   | 10000 | 128.5
-      | 19.08.2025 | USD   | 1     | 538.71
EXR-01 | -          | USD   | 1     | 538.71
EXR-02 | 18.08.2025 | -     | 1     | 538.71
EXR-03 | 18.08.2025 | AED   | -     | 538.71
EXR-04 | 18.08.2025 | CNY   | 1     | 74,9
EXR-05 | 18.08.2025 | euro  | 1     | 538.71
EXR-06 | 18.08.2025 | KRW   | 0     | 538.71
EXR-07 | 18.08.2025 | UZS   | 1     | 0
EXR-08 | 18.08.2025 | EUR   | 1     | 538.71
EXR-08 | 18.08.2025 | EUR   | 1     | 631
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
