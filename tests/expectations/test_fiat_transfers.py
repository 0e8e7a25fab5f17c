from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.fiat_transfers import FEED

DELIVERED = """
breaks | transfer_no | created_at                | completed_at              | direction  | user_iin     | user_id | fiat | fiat_amount | fiat_fee | status
--------------------------------------------------------------------------------------------------------------------------------------------------------------
-      | F1          | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
-      | F2          | -                         | 2025-08-18T10:20:00+05:00 | withdrawal | -            | 7       | KZT  | 6500        | 12.50    | completed
-      | F3          | 2025-08-18T10:15:00+05:00 | -                         | -          | 871231100006 | -       | KZT  | 6500        | 0        | expired
FIT-01 | -           | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
FIT-02 | F5          | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | -    | 6500        | 12.50    | completed
FIT-03 | F6          | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6 500       | 12.50    | completed
FIT-04 | F7          | -                         | -                         | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
FIT-05 | F8          | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | -            | -       | KZT  | 6500        | 12.50    | completed
FIT-06 | F9          | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | in         | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
FIT-07 | F10         | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100007 | -       | KZT  | 6500        | 12.50    | completed
FIT-08 | F11         | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | BRLX | 6500        | 12.50    | completed
FIT-09 | F12         | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 0           | 12.50    | completed
FIT-10 | G           | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
FIT-10 | G           | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
FIT-11 | F16         | 2025-08-18T10:15:00+05:00 | 2025-08-19T00:00:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
FIT-12 | F17         | 2025-08-18T10:15:00+05:00 | 2025-08-18T10:20:00+05:00 | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | 17
FIT-13 | F18         | 2025-08-18T10:15:00+05:00 | 18.08.2025                | deposit    | 871231100006 | -       | KZT  | 6500        | 12.50    | completed
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
