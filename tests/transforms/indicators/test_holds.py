"""Payments on hold: what stands, what ends soon, what nobody ended."""

from datetime import date

from tests.transforms.drawings import rows_of
from tests.transforms.indicators.figures import figures
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.periods import Period, PeriodKind

WEEK = Period(PeriodKind.WEEK, date(2026, 3, 2), date(2026, 3, 8))

HOLDS = rows_of(
    PAYMENT_HOLDS,
    """
    hold_id        | blocked_by_code   | bank_bic | region_code | blocked_on | due_on     | ended_on   | blocked_tiyn
    ----------------------------------------------------------------------------------------------------------------
    1-runs         | bank              | X        | 75          | 2026-03-06 | 2026-03-13 | -          | 1
    2-ends-next    | bank              | X        | 75          | 2026-03-02 | 2026-03-10 | -          | 20
    3-ended-later  | anti_fraud_centre | Y        | 10          | 2026-03-02 | 2026-03-09 | 2026-03-09 | 300
    4-ended        | bank              | Y        | 10          | 2026-03-02 | 2026-03-09 | 2026-03-05 | 4000
    5-lapsed       | anti_fraud_centre | Y        | 10          | 2026-02-20 | 2026-02-27 | -          | 50000
    6-without-term | bank              | Y        | 10          | 2010-02-20 | -          | -          | 600000
    7-not-yet      | bank              | Y        | 10          | 2026-03-09 | 2026-03-16 | -          | 7000000
    """,
)


def test_what_was_not_ended_by_the_end_of_the_period_stands():
    assert figures("payment_holds", HOLDS, WEEK) == {"KZ": 5, "75": 2, "10": 3}
    assert figures("payment_holds_amount", HOLDS, WEEK) == {"KZ": 650321, "75": 21, "10": 650300}
    by_whom = figures("payment_holds", HOLDS, WEEK, dimension="blocked_by_code")
    assert by_whom["KZ anti_fraud_centre"] == 2


def test_the_eighth_of_march_and_the_day_in_its_place_are_no_working_days():
    # 8 March 2026 is a Sunday; Monday 9 March is off in its place, Tuesday is the next to work.
    assert figures("payment_holds_ending", HOLDS, WEEK) == {"KZ": 2, "75": 1, "10": 1}


def test_a_term_that_passed_without_an_end_is_over():
    assert figures("payment_holds_lapsed", HOLDS, WEEK) == {"KZ": 1, "10": 1}
