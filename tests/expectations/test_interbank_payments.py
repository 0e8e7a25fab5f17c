from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.interbank_payments import FEED

DELIVERED = """
breaks | MESSAGE_ID | PAYMENT_ID | SETTLED_ON | AMOUNT   | CURRENCY | KNP  | KBE | PAYER_IIN    | PAYEE_IIN    | INSTRUCTED_AMOUNT | IS_RECONCILED | PAYER_BANK | PAYEE_BANK
---------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | M1         | P1         | 2025-08-18 | 1500.25  | KZT      | 119  | 19  | 940140000385 | 871231100006 | -                 | true | - | -
-      | M1         | P2         | 2025-08-18 | 7.12345  | EUR      | SALA | -   | -            | -            | 8                 | - | - | -
-      | -          | -          | 2025-08-18 | 0        | USD      | -    | -   | -            | -            | -                 | - | - | -
IBP-01 | M1         | P4         | -          | 1500.25  | KZT      | -    | -   | -            | -            | -                 | - | - | -
IBP-02 | M1         | P5         | 2025-08-18 | 1 500,25 | KZT      | -    | -   | -            | -            | -                 | - | - | -
IBP-03 | M1         | P6         | 2025-08-18 | 1500.25  | -        | -    | -   | -            | -            | -                 | - | - | -
IBP-04 | M1         | P7         | 2025-08-18 | -0.01    | KZT      | -    | -   | -            | -            | -                 | - | - | -
IBP-05 | M1         | P8         | 2025-08-18 | 1500.25  | tenge    | -    | -   | -            | -            | -                 | - | - | -
IBP-06 | M1         | P9         | 2025-08-18 | 1500.25  | KZT      | -    | -   | -            | -            | -                 | false | - | -
IBP-07 | M1         | P10        | 2025-08-18 | 1500.25  | KZT      | 19   | -   | -            | -            | -                 | - | - | -
IBP-08 | M1         | P11        | 2025-08-18 | 1500.25  | KZT      | -    | 1   | -            | -            | -                 | - | - | -
IBP-09 | M1         | P12        | 2025-08-18 | 1500.25  | KZT      | -    | -   | 940140000380 | -            | -                 | - | - | -
IBP-10 | M1         | P13        | 2025-08-18 | 1500.25  | KZT      | -    | -   | -            | 871231100007 | -                 | - | - | -
IBP-11 | M1         | P          | 2025-08-18 | 1500.25  | KZT      | -    | -   | -            | -            | -                 | - | - | -
IBP-11 | M1         | P          | 2025-08-18 | 1500.25  | KZT      | -    | -   | -            | -            | -                 | - | - | -
-      | M2         | P          | 2025-08-18 | 1500.25  | KZT      | -    | -   | -            | -            | -                 | - | - | -
IBP-12 | M1         | P17        | 2025-08-18 | 1500.25  | KZT      | -    | -   | -            | -            | 1 500             | - | - | -
-      | M1         | P30 | 2025-08-18 | 7.12345  | EUR      | SALA | -   | -            | -            | 8                 | - | CASPKZKA | HSBKKZKXXXX
IBP-13 | M1         | P31 | 2025-08-18 | 7.12345  | EUR      | SALA | -   | -            | -            | 8                 | - | Kaspi | -
IBP-14 | M1         | P32 | 2025-08-18 | 7.12345  | EUR      | SALA | -   | -            | -            | 8                 | - | - | 722
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
