from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.card_arrest_orders import FEED

DELIVERED = """
breaks | ORDER_NO | CASE_NO         | ORDERED_ON | BANK_BIC | CARD_TOKEN | ACCOUNT              | IIN          | KATO      | AGENCY
------------------------------------------------------------------------------------------------------------------------------------
-      | 7-1      | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
-      | 7-2      | 257500010000017 | 15.08.2025 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 10        | police
CAO-01 | -        | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-02 | 7-4      | -               | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-03 | 7-5      | 257500010000017 | 18/08      | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-04 | 7-6      | 257500010000017 | 2025-08-18 | -        | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-05 | 7-7      | 257500010000017 | 2025-08-18 | CASPKZKA | -          | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-06 | 7-8      | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | -                    | 871231100006 | 750000000 | police
CAO-07 | 7-9      | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | -            | 750000000 | police
CAO-08 | 7-10     | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750       | police
CAO-09 | 7-11     | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | -
CAO-10 | 7-12     | 25750001000017  | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-11 | 7-13     | 257500010000017 | 2025-08-19 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-12 | 7-14     | 257500010000017 | 2025-08-18 | CASPKZKB | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-13 | 7-15     | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100101 | 871231100006 | 750000000 | police
CAO-14 | 7-16     | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100007 | 750000000 | police
CAO-15 | 7-17     | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 99        | police
CAO-16 | 7-18     | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | customs
CAO-17 | 8-1      | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
CAO-17 | 8-1      | 257500010000017 | 2025-08-18 | CASPKZKA | tok        | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
-      | 8-1      | 257500010000017 | 2025-08-18 | CASPKZKA | tok2       | KZ86125KZT5004100100 | 871231100006 | 750000000 | police
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
