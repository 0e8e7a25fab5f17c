from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.legal_entities import FEED

DELIVERED = """
breaks | BIN          | STATUS     | REGISTERED_ON | ENDED_ON   | HEAD_IIN     | ADDRESS | NAME
-------------------------------------------------------------------------------------------
-      | 940140000385 | active     | 1994-01-12    | -          | 871231100006 | Абая, 1 | ТОО «А»
-      | 000140005122 | liquidated | 1994-01-12    | 2024-02-01 | -            | -       | -
-      | 871231100006 | not_found  | -             | -          | -            | -       | -
LEN-01 | -            | active     | 1994-01-12    | -          | -            | -       | -
LEN-02 | 040840007002 | -          | 1994-01-12    | -          | -            | -       | -
LEN-03 | 210740007015 | asleep     | 1994-01-12    | -          | -            | -       | -
LEN-04 | 940140000380 | active     | 1994-01-12    | -          | -            | -       | -
LEN-05 | 080540007029 | active     | -             | -          | -            | -       | -
LEN-06 | 030540007041 | liquidated | 1994-01-12    | -          | -            | -       | -
LEN-07 | 210640007041 | liquidated | 1994-01-12    | 1994-01-11 | -            | -       | -
LEN-08 | 150840007055 | active     | 1994-01-12    | -          | 871231100007 | -       | -
LEN-09 | 190740007069 | active     | 1994-01-12    | -          | -            | -       | -
LEN-09 | 190740007069 | not_found  | -             | -          | -            | -       | -
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
