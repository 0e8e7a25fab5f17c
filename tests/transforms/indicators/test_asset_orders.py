"""Orders to arrest accounts, wallets and property: each asset once, by what was answered."""

from datetime import date

import pytest

from tests.transforms.drawings import rows_of
from tests.transforms.indicators.figures import figures
from transforms.arrests.measures import MEASURES
from transforms.periods import Period, PeriodKind

WEEK = Period.ending(PeriodKind.WEEK, date(2026, 3, 8))
LIVES = rows_of(
    MEASURES,
    """
    measure_id | asset_code   | asset_id | part | region_code | ordered_on | sent_on    | answered_on | result_code | lifted_on
    ----------------------------------------------------------------------------------------------------------------------------
    1          | card         | t        | 0    | 75          | 2026-03-02 | -          | -           | -           | -
    1          | bank_account | KZ1      | 0    | 75          | 2026-03-02 | -          | -           | -           | -
    2          | bank_account | KZ1      | 0    | 75          | 2026-03-03 | -          | 2026-03-04  | executed    | -
    3          | bank_account | KZ2      | 0    | 75          | 2026-03-02 | -          | 2026-03-09  | refused     | -
    4          | bank_account | KZ3      | 0    | 10          | 2026-02-27 | -          | 2026-03-02  | not_found   | -
    5          | vehicle      | v        | 0    | 75          | 2026-03-02 | -          | 2026-03-03  | partly      | -
    5          | vehicle      | v        | 1    | 75          | 2026-03-02 | -          | 2026-03-03  | partly      | 2026-03-04
    6          | vehicle      | u        | 0    | 75          | 2026-03-02 | -          | 2026-03-03  | partly      | 2026-03-08
    7          | wallet       | w        | 0    | 75          | 2026-02-27 | 2026-02-27 | -           | -           | -
    8          | wallet       | x        | 0    | 75          | 2026-03-09 | -          | -           | -           | -
    """,
)


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("assets_ordered", {"KZ bank_account": 2, "KZ vehicle": 2}),
        ("assets_not_answered", {"KZ bank_account": 2, "KZ wallet": 1}),
        ("assets_arrested_partly", {"KZ vehicle": 1}),
        ("assets_refused", {"KZ bank_account": 1}),
    ],
)
def test_each_asset_counts_once_by_the_state_of_its_orders_and_cards_apart(indicator, expected):
    by_kind = figures(indicator, LIVES, WEEK, dimension="asset_code")

    assert {of: n for of, n in by_kind.items() if of.startswith("KZ")} == expected
    assert figures(indicator, LIVES, WEEK)["KZ"] == sum(expected.values())
