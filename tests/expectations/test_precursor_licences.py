from tests.expectations.drawn import assert_each_row_breaks_its_rule_and_no_other
from transforms.feeds.precursor_licences import FEED

DELIVERED = """
breaks | LICENCE_NO | BIN          | SUBSTANCE | VALID_FROM | VALID_TO   | STATUS | QUOTA_KG | END_USE
------------------------------------------------------------------------------------
-      | ПР-1       | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued | 1500.5   | production
-      | ПР-2       | 871231100006 | acetone   | 2025-08-19 | 2025-08-19 | issued | -        | -
PLI-01 | -          | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-02 | ПР-4       | -            | acetone   | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-03 | ПР-5       | 940140000385 | -         | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-04 | ПР-6       | 940140000385 | acetone   | -          | 2026-08-17 | issued | -        | -
PLI-05 | ПР-7       | 940140000385 | acetone   | 2025-08-18 | -          | issued | -        | -
PLI-06 | ПР-8       | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | - | -        | -
PLI-07 | ПР-9       | 940140000380 | acetone   | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-08 | ПР-10      | 940140000385 | water     | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-09 | ПР-11      | 940140000385 | acetone   | 2025-08-18 | 2025-08-17 | issued | -        | -
PLI-10 | ПР-12      | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | void | -        | -
PLI-11 | ПР-х       | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-11 | ПР-х       | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued | -        | -
PLI-12 | ПР-13      | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued    | many     | trade
PLI-13 | ПР-14      | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued    | 5        | fun
-      | ПР-15      | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | issued    | 5        | none
-      | ПР-х       | 940140000385 | safrole   | 2025-08-18 | 2026-08-17 | issued | -        | -
-      | ПР-х       | 940140000385 | acetone   | 2025-08-18 | 2026-08-17 | withdrawn | -        | -
"""


def test_each_rule_has_a_row_that_breaks_it_and_no_other():
    assert_each_row_breaks_its_rule_and_no_other(FEED, DELIVERED)
