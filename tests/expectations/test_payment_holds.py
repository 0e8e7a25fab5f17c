from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.payment_holds import FEED

DELIVERED = """
breaks | HOLD_NO | BLOCKED_ON | BLOCKED_BY        | BANK_BIC | ACCOUNT              | CARD_TOKEN       | AMOUNT_KZT      | STATUS   | ENDED_ON   | ORDER_NO | KATO
-----------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | 1       | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
-      | 2       | 2025-08-15 | anti_fraud_centre | CASPKZKA | KZ72722S000000000001 | -                | 1500.25         | released | 2025-08-18 | -        | -
-      | 3       | 2025-08-15 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | arrested | 2025-08-18 | 75-1/25  | 75
PHD-01 | -       | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-02 | 5       | yesterday  | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-03 | 6       | 2025-08-18 | -                 | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-04 | 7       | 2025-08-18 | bank              | -        | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-05 | 8       | 2025-08-18 | bank              | CASPKZKA | -                    | tok              | 1500.25         | held     | -          | -        | 75
PHD-06 | 9       | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.255        | held     | -          | -        | 75
PHD-07 | 10      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | -        | -          | -        | 75
PHD-08 | 11      | 2025-08-19 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-09 | 12      | 2025-08-18 | court             | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-10 | 13      | 2025-08-18 | bank              | CASPKZKX | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-11 | 14      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000002 | tok              | 1500.25         | held     | -          | -        | 75
PHD-12 | 15      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | frozen   | -          | -        | 75
PHD-13 | 16      | 2025-08-15 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | returned | -          | -        | 75
PHD-14 | 17      | 2025-08-15 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | arrested | 2025-08-18 | -        | 75
PHD-15 | 18      | 2025-08-15 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | released | 2025-08-14 | -        | 75
PHD-16 | 19      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 99
PHD-17 | 20      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-17 | 20      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | 75
PHD-18 | 21      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | 4111111111111111 | 1500.25         | held     | -          | -        | 75
PHD-19 | 22      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 1500.25         | held     | -          | -        | Almaty
PHD-20 | 23      | 2025-08-18 | bank              | CASPKZKA | KZ72722S000000000001 | tok              | 100000000000.01 | held     | -          | -        | 75
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
