from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.criminal_cases import FEED

DELIVERED = """
breaks | CASE_NO         | REGISTERED_ON | ARTICLE | SCHEME    | AGENCY | KATO
--------------------------------------------------------------------------------
-      | 257500010000001 | 2025-08-18    | 297     | drug_shop | police | 75
-      | 257500010000002 | 2025-08-18    | 299-1   | drug_shop | police | -
CRC-01 | -               | 2025-08-18    | 297     | drug_shop | police | 75
CRC-02 | 257500010000004 | 2025-02-30    | 297     | drug_shop | police | 75
CRC-03 | 257500010000005 | 2025-08-18    | -       | drug_shop | police | 75
CRC-04 | 257500010000006 | 2025-08-18    | 297     | -         | police | 75
CRC-05 | 257500010000007 | 2025-08-18    | 297     | drug_shop | -      | 75
CRC-06 | 25750001000006  | 2025-08-18    | 297     | drug_shop | police | 75
CRC-07 | 257500010000009 | 2025-08-19    | 297     | drug_shop | police | 75
CRC-08 | 257500010000010 | 2025-08-18    | 297 ч.3 | drug_shop | police | 75
CRC-09 | 257500010000011 | 2025-08-18    | 297     | theft     | police | 75
CRC-10 | 257500010000012 | 2025-08-18    | 297     | drug_shop | court  | 75
CRC-11 | 257500010000013 | 2025-08-18    | 297     | drug_shop | police | 99
CRC-12 | 257500010000099 | 2025-08-18    | 297     | drug_shop | police | 75
CRC-12 | 257500010000099 | 2025-08-18    | 297     | drug_shop | police | 75
CRC-13 | 257500010000016 | 2025-08-18    | 297     | drug_shop | police | Almaty
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
