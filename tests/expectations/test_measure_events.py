from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.measure_events import FEED

DELIVERED = """
breaks | EVENT_NO | MEASURE_NO | ASSET        | ASSET_ID             | EVENT       | HAPPENED_ON | UNTIL_ON   | AMOUNT          | CURRENCY | DECISION
---------------------------------------------------------------------------------------------------------------------------------------------------
-      | 1        | А-1        | bank_account | KZ72722S000000000001 | partly      | 2025-08-18  | -          | 1500.25         | KZT      | -
-      | 2        | А-1        | cash         | -                    | confiscated | 2025-08-15  | -          | -               | -        | Court 1, 2-77/25
-      | 4        | А-1        | cash         | -                    | returned    | 2025-08-15  | -          | 1500.25         | KZT      | -
-      | 3        | 75-1/25    | card         | tok                  | extended    | 2025-08-18  | 2025-10-18 | -               | -        | -
MEV-01 | -        | А-1        | vehicle      | VIN                  | executed    | 2025-08-18  | -          | -               | -        | -
MEV-02 | 5        | -          | vehicle      | VIN                  | executed    | 2025-08-18  | -          | -               | -        | -
MEV-03 | 6        | А-1        | -            | VIN                  | executed    | 2025-08-18  | -          | -               | -        | -
MEV-04 | 7        | А-1        | vehicle      | VIN                  | -           | 2025-08-18  | -          | -               | -        | -
MEV-05 | 8        | А-1        | vehicle      | VIN                  | executed    | -           | -          | -               | -        | -
MEV-06 | 9        | А-1        | boat         | VIN                  | executed    | 2025-08-18  | -          | -               | -        | -
MEV-07 | 10       | А-1        | vehicle      | VIN                  | sold        | 2025-08-18  | -          | -               | -        | -
MEV-08 | 11       | А-1        | vehicle      | VIN                  | executed    | 2025-08-19  | -          | -               | -        | -
MEV-09 | 12       | А-1        | vehicle      | VIN                  | extended    | 2025-08-18  | -          | -               | -        | -
MEV-10 | 13       | А-1        | vehicle      | VIN                  | extended    | 2025-08-18  | 2025-08-17 | -               | -        | -
MEV-11 | 14       | А-1        | vehicle      | VIN                  | confiscated | 2025-08-18  | -          | -               | -        | -
MEV-12 | 15       | А-1        | vehicle      | VIN                  | returned    | 2025-08-18  | -          | 1500.25         | -        | -
MEV-13 | 16       | А-1        | vehicle      | VIN                  | returned    | 2025-08-18  | -          | 1500.25         | kzt      | -
MEV-14 | 17       | А-1        | bank_account | KZ72722S000000000002 | executed    | 2025-08-18  | -          | -               | -        | -
MEV-15 | 18       | 75-1/25    | card         | 4111111111111111     | lifted      | 2025-08-18  | -          | -               | -        | -
MEV-16 | 19       | А-1        | vehicle      | VIN                  | executed    | 2025-08-18  | -          | -               | -        | -
MEV-16 | 19       | А-1        | vehicle      | VIN                  | executed    | 2025-08-18  | -          | -               | -        | -
MEV-17 | 20       | А-1        | vehicle      | VIN                  | executed    | 2025-08-18  | soon       | -               | -        | -
MEV-18 | 21       | А-1        | vehicle      | VIN                  | executed    | 2025-08-18  | -          | 100000000000.01 | KZT      | -
MEV-19 | 22       | А-1        | vehicle      | VIN                  | returned    | 2025-08-18  | -          | 0.00            | KZT      | -
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
