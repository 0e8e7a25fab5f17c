from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.account_movements import FEED

DELIVERED = """
breaks | ACCOUNT              | DIRECTION | AMOUNT   | CURRENCY | STATUS      | BOOKED_ON  | VALUE_ON   | KNP  | KBE | HOLDER_IIN   | COUNTERPARTY_IIN | IS_RECONCILED | ACCOUNT_BANK | COUNTERPARTY_BANK
-------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | 2025-08-19 | 119  | 19  | 940140000385 | 871231100006     | true | - | -
-      | FI7433010001222090   | debit     | 0        | EUR      | information | -          | -          | SALA | -   | -            | -                | - | - | -
-      | 106068381            | debit     | 7.12345  | USD      | pending     | 2025-08-21 | -          | -    | -   | -            | -                | - | - | -
ACM-01 | -                    | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-02 | KZ86125KZT5004100100 | -         | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-03 | KZ86125KZT5004100100 | credit    | 1 500,25 | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-04 | KZ86125KZT5004100100 | credit    | 1500.25  | -        | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-05 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | -           | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-06 | KZ86125KZT5004100100 | CREDIT    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-07 | KZ86125KZT5004100100 | credit    | -0.01    | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-08 | KZ86125KZT5004100100 | credit    | 1500.25  | tenge    | booked      | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-09 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | -                | false | - | -
ACM-10 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | HOLD        | 2025-08-18 | -          | -    | -   | -            | -                | - | - | -
ACM-11 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | 19   | -   | -            | -                | - | - | -
ACM-12 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | 1   | -            | -                | - | - | -
ACM-13 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | -   | 940140000380 | -                | - | - | -
ACM-14 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | -          | -    | -   | -            | 871231100007     | - | - | -
ACM-15 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-19 | -          | -    | -   | -            | -                | - | - | -
ACM-16 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | yesterday  | -    | -   | -            | -                | - | - | -
-      | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | 2025-08-19 | 119  | 19  | 940140000385 | 871231100006     | true | CASPKZKA | HSBKKZKXXXX
ACM-17 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | 2025-08-19 | 119  | 19  | 940140000385 | 871231100006     | true | Kaspi Bank | -
ACM-18 | KZ86125KZT5004100100 | credit    | 1500.25  | KZT      | booked      | 2025-08-18 | 2025-08-19 | 119  | 19  | 940140000385 | 871231100006     | true | - | 722
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
