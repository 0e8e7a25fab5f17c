from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.field_reports import FEED

DELIVERED = """
breaks | REPORT_NO | LINE_NO | REPORTED_ON | KATO | EVENT                 | OBJECTS | TRANSACTIONS | AMOUNT_KZT | CASE_NO
---------------------------------------------------------------------------------------------------------------------------------
-      | ОП-1      | 1       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
-      | ОП-2      | 1       | 2025-08-18  | 75   | shop_account_examined | 1       | 40           | 900000.50  | -
-      | ОП-3      | 1       | 2025-08-18  | 75   | shop_account_examined | 1       | 0            | 0          | -
-      | ОП-4      | 1       | 2025-08-18  | 75   | advert_removed        | 0       | -            | -          | 257500010000017
FRE-01 | -         | 1       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
FRE-02 | ОП-6      | -       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
FRE-03 | ОП-7      | 1       | -           | 75   | advert_removed        | 12      | -            | -          | -
FRE-04 | ОП-8      | 1       | 2025-08-18  | -    | advert_removed        | 12      | -            | -          | -
FRE-05 | ОП-9      | 1       | 2025-08-18  | 75   | -                     | 12      | -            | -          | -
FRE-06 | ОП-10     | 1       | 2025-08-18  | 75   | advert_removed        | dozen   | -            | -          | -
FRE-07 | ОП-11     | 0       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
FRE-08 | ОП-12     | 1       | 2025-08-19  | 75   | advert_removed        | 12      | -            | -          | -
FRE-09 | ОП-13     | 1       | 2025-08-18  | 99   | advert_removed        | 12      | -            | -          | -
FRE-10 | ОП-14     | 1       | 2025-08-18  | 75   | raid                  | 12      | -            | -          | -
FRE-11 | ОП-15     | 1       | 2025-08-18  | 75   | advert_removed        | -12     | -            | -          | -
FRE-12 | ОП-16     | 1       | 2025-08-18  | 75   | shop_account_examined | 1       | -            | 900000.50  | -
FRE-12 | ОП-17     | 1       | 2025-08-18  | 75   | shop_account_examined | 1       | few          | 900000.50  | -
FRE-13 | ОП-18     | 1       | 2025-08-18  | 75   | shop_account_examined | 1       | 40           | 1.005      | -
FRE-14 | ОП-19     | 1       | 2025-08-18  | 75   | shop_account_examined | 1       | -3           | 900000.50  | -
FRE-15 | ОП-х      | 1       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
FRE-15 | ОП-х      | 1       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
-      | ОП-х      | 2       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | -
FRE-16 | ОП-23     | 1       | 2025-08-18  | 75   | advert_removed        | 12      | -            | -          | 17
FRE-17 | ОП-24     | 1       | 2025-08-18  | 75   | advert_removed        | 12      | few          | -          | -
FRE-17 | ОП-25     | 1       | 2025-08-18  | 75   | advert_removed        | 12      | -            | much       | -
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
