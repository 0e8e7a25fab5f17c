from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.seizures import FEED

DELIVERED = """
breaks | ACT_NO | ITEM_NO | AGENCY  | SEIZED_ON  | CASE_NO         | KATO   | ASSET     | SUBSTANCE | NET_KG       | AMOUNT  | CURRENCY | QUANTITY | UNIT
-------------------------------------------------------------------------------------------------------------------------------------------------------
-      | ДП-1   | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
-      | ДП-2   | 1       | police  | 2025-08-18 | 257500010000017 | 75     | precursor | acetone   | 20000        | -       | - | -        | -
-      | ДП-3   | 1       | police  | 2025-08-18 | 257500010000017 | 75     | cash      | -         | -            | 5000    | USD | -        | -
-      | ДП-4   | 1       | police  | 2025-08-18 | -               | -      | vehicle   | -         | -            | 9000000 | KZT | -        | -
SEI-01 | -      | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-02 | ДП-6   | 1a      | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-03 | ДП-7   | 1       | -       | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-04 | ДП-8   | 1       | police  | -          | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-05 | ДП-9   | 1       | police  | 2025-08-18 | 257500010000017 | 75     | -         | hashish   | 0.35         | -       | - | -        | -
SEI-06 | ДП-10  | 0       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-07 | ДП-11  | 1       | court   | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-08 | ДП-12  | 1       | police  | 2025-08-19 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-09 | ДП-13  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | boat      | hashish   | 0.35         | -       | - | -        | -
SEI-10 | ДП-14  | 1       | police  | 2025-08-18 | 257500010000017 | 99     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-11 | ДП-15  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | -         | 0.35         | -       | - | -        | -
SEI-12 | ДП-16  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | -            | -       | - | -        | -
SEI-12 | ДП-17  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | -0.35        | -       | - | -        | -
SEI-13 | ДП-18  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0            | -       | - | -        | -
SEI-14 | ДП-19  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | cash      | -         | -            | -       | USD | -        | -
SEI-14 | ДП-20  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | cash      | -         | -            | 5 000   | USD | -        | -
SEI-15 | ДП-21  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | cash      | -         | -            | 0       | USD | -        | -
SEI-16 | ДП-22  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | cash      | -         | -            | 5000    | - | -        | -
SEI-17 | ДП-23  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | cash      | -         | -            | 5000    | XXX | -        | -
SEI-18 | НБ-1   | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-18 | НБ-1   | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
-      | НБ-1   | 2       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
-      | НБ-1   | 1       | customs | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-19 | ДП-28  | 1       | police  | 2025-08-18 | 17              | 75     | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-20 | ДП-29  | 1       | police  | 2025-08-18 | 257500010000017 | Almaty | drug      | hashish   | 0.35         | -       | - | -        | -
SEI-20 | ДП-30  | 1       | police  | 2025-08-18 | 257500010000017 | 750    | cash      | -         | -            | 5000    | USD | -        | -
SEI-20 | ДП-31  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | vehicle   | -         | -            | much    | KZT | -        | -
SEI-20 | ДП-32  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 0.35         | much    | - | -        | -
SEI-21 | ДП-33  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | vehicle   | -         | -            | -       | - | -        | -
SEI-22 | ДП-34  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | hashish   | 10000.000001 | -       | - | -        | -
-      | ДП-35  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | mdma      | -            | -       | -        | 40       | tablet
-      | ДП-36  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | crypto    | -         | -            | -       | -        | 0.5      | BTC
SEI-23 | ДП-37  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | crypto    | -         | -            | -       | -        | -        | BTC
SEI-24 | ДП-38  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | mdma      | -            | -       | -        | -40      | tablet
SEI-25 | ДП-39  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | drug      | mdma      | -            | -       | -        | 40       | -
SEI-26 | ДП-40  | 1       | police  | 2025-08-18 | 257500010000017 | 75     | crypto    | -         | -            | -       | -        | 0.5      | DOGE
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
