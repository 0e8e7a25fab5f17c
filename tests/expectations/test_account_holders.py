from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.account_holders import FEED

DELIVERED = """
breaks | ACCOUNT              | CARD_TOKEN | CURRENCY | ROLE       | HOLDER_NAME | HOLDER_IIN   | OPENED_ON  | CLOSED_ON  | SINCE      | UNTIL | PHONE | ADDRESS
-----------------------------------------------------------------------------------------------------------------------------------------------------------
-      | KZ86125KZT5004100100 | T1         | KZT      | owner      | -           | 871231100006 | 2020-01-31 | -          | 2020-01-31 | - | - | -
-      | KZ86125KZT5004100100 | T1         | KZT      | authorised | -           | 871231100006 | 2020-01-31 | 2020-01-31 | 2020-01-31 | 2020-01-31 | - | -
-      | FI2447066587000379   | -          | -        | owner      | Super Oyj   | -            | -          | -          | -          | - | - | -
-      | -                    | -          | -        | customer   | Super Oyj   | -            | -          | -          | 1987-07-08 | - | - | -
ACH-01 | -                    | T2         | KZT      | owner      | -           | 871231100006 | 2020-01-31 | -          | -          | - | - | -
ACH-02 | KZ86125KZT5004100100 | T2         | KZT      | -          | -           | 871231100006 | 2020-01-31 | -          | -          | - | - | -
ACH-03 | KZ86125KZT5004100100 | T3         | KZT      | TRUS       | -           | 871231100006 | 2020-01-31 | -          | -          | - | - | -
ACH-04 | KZ86125KZT5004100100 | T4         | KZT      | owner      | -           | -            | 2020-01-31 | -          | -          | - | - | -
ACH-05 | KZ86125KZT5004100100 | T5         | KZT      | owner      | -           | 871231100007 | 2020-01-31 | -          | -          | - | - | -
ACH-06 | KZ86125KZT5004100100 | T6         | tenge    | owner      | -           | 871231100006 | 2020-01-31 | -          | -          | - | - | -
ACH-07 | KZ86125KZT5004100100 | T7         | KZT      | owner      | -           | 871231100006 | 2025-08-19 | -          | -          | - | - | -
ACH-08 | KZ86125KZT5004100100 | T8         | KZT      | owner      | -           | 871231100006 | 2020-01-31 | 2020-01-30 | -          | - | - | -
ACH-09 | KZ86125KZT5004100100 | T9         | KZT      | owner      | -           | 871231100006 | 2020-01-31 | -          | 2020-01-31 | 2020-01-30 | - | -
ACH-10 | KZ86125KZT5004100100 | T10        | KZT      | cardholder | -           | 871231100006 | 2020-01-31 | -          | -          | - | - | -
ACH-10 | KZ86125KZT5004100100 | T10        | KZT      | cardholder | -           | 871231100006 | 2020-01-31 | -          | -          | - | - | -
ACH-11 | KZ86125KZT5004100100 | T11        | KZT      | owner      | -           | 871231100006 | long ago   | -          | -          | - | - | -
-      | KZ86125KZT5004100100 | T12        | KZT      | owner      | -           | 871231100006 | 2020-01-31 | -          | -          | - | 8 (701) 234-56-78 | Astana, Kenesary 4/2
ACH-11 | KZ86125KZT5004100100 | T13        | KZT      | owner      | -           | 871231100006 | 2020-01-31 | -          | -          | - | ask at the counter | -
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
