from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.asset_arrests import FEED

DELIVERED = """
breaks | MEASURE_NO | CASE_NO         | ARRESTED_ON | STAGE    | ASSET        | AMOUNT          | CURRENCY | AGENCY | KATO | ASSET_ID             | TERM_ON
-----------------------------------------------------------------------------------------------------------------------------------------------------------
-      | А-1        | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
-      | А-2        | 257500010000017 | 2025-08-18  | arrested | bank_account | 0               | KZT      | police | - | -                    | -
AAR-01 | -          | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-02 | А-4        | -               | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-03 | А-5        | 257500010000017 | -           | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-04 | А-6        | 257500010000017 | 2025-08-18  | -        | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-05 | А-7        | 257500010000017 | 2025-08-18  | arrested | -            | 1500.25         | KZT      | police | 75 | -                    | -
AAR-06 | А-8        | 257500010000017 | 2025-08-18  | arrested | bank_account | -1500           | KZT      | police | 75 | -                    | -
AAR-07 | А-9        | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | -        | police | 75 | -                    | -
AAR-08 | А-10       | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | -      | 75 | -                    | -
AAR-09 | А-11       | 25-17           | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-10 | А-12       | 257500010000017 | 2025-08-19  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-11 | А-13       | 257500010000017 | 2025-08-18  | planned  | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-12 | А-14       | 257500010000017 | 2025-08-18  | arrested | boat         | 1500.25         | KZT      | police | 75 | -                    | -
AAR-13 | А-15       | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | kzt      | police | 75 | -                    | -
AAR-14 | А-16       | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | court  | 75 | -                    | -
AAR-15 | А-17       | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 99 | -                    | -
AAR-16 | Б-1        | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-16 | Б-1        | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 75 | -                    | -
AAR-17 | А-20       | 257500010000017 | 2025-08-18  | arrested | bank_account | 1500.25         | KZT      | police | 750 | -                    | -
AAR-18 | А-21       | 257500010000017 | 2025-08-18  | arrested | bank_account | 100000000000.01 | KZT      | police | 75 | -                    | -
AAR-19 | А-22       | 257500010000017 | 2025-08-18  | ordered  | bank_account | 1500.25         | KZT      | police | 75   | KZ72722S000000000002 | -
AAR-20 | А-23       | 257500010000017 | 2025-08-18  | arrested | vehicle      | 1500.25         | KZT      | police | 75   | -                    | 2025-08-17
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
