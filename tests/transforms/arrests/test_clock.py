"""The clock: terms of holds by the law of their day, days left, warning, lapse."""

from datetime import date

import polars as pl
import pytest

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.clock import terms
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.arrests.measures import MEASURES
from transforms.arrests.open_terms import REGISTERS, open_terms
from transforms.facts import FACT_BY_NAME

FACT = FACT_BY_NAME["facts.payment_holds"]


def holds(drawing: str) -> pl.LazyFrame:
    return FACT.rows(payment_holds=accepted("payment_holds", drawing))


def clock(*rows: pl.LazyFrame, night: date) -> pl.LazyFrame:
    return terms(open_terms(dict(zip(REGISTERS, rows, strict=True)), night), night)


def test_a_hold_lasts_three_working_days_and_five_since_25_august_2025():
    result = holds(
        """
        hold_id    | blocked_on | status_code | region_code
        ---------------------------------------------------
        1-monday   | 2025-08-18 | held        | 75
        2-thursday | 2025-08-21 | held        | 75
        3-sunday   | 2025-08-24 | held        | -
        4-new-law  | 2025-08-25 | held        | 75
        5-holiday  | 2025-08-26 | held        | 75
        """
    )

    assert_drawn(
        result,
        """
        hold_id    | due_on     | region_code
        --------------------------------------
        1-monday   | 2025-08-21 | 75
        2-thursday | 2025-08-26 | 75
        3-sunday   | 2025-08-27 | unknown
        4-new-law  | 2025-09-02 | 75
        5-holiday  | 2025-09-03 | 75
        """,
    )


def test_an_end_stands_whatever_is_told_after_it_without_one():
    result = holds(
        """
        business_date | hold_id | blocked_on | status_code | ended_on   | order_id
        -------------------------------------------------------------------------
        2025-08-20    | 1       | 2025-08-18 | released    | 2025-08-20 | 7
        2025-08-21    | 1       | 2025-08-18 | held        | 2025-08-21 | -
        2025-08-20    | 2       | 2025-08-18 | held        | -          | -
        2025-08-20    | 2       | 2025-08-18 | arrested    | 2025-08-20 | 75-1/25
        """
    )

    assert_drawn(
        result,
        """
        business_date | hold_id | status_code | ended_on   | order_id
        --------------------------------------------------------------
        2025-08-20    | 1       | released    | 2025-08-20 | -
        2025-08-20    | 2       | arrested    | 2025-08-20 | 75-1/25
        """,
    )


HELD = """
business_date | hold_id | bank_bic | region_code | blocked_on | due_on     | ended_on
------------------------------------------------------------------------------------
2025-08-15    | 1       | X        | 75          | 2025-08-15 | 2025-08-20 | -
2025-08-15    | 2-ended | X        | 75          | 2025-08-15 | 2025-08-20 | 2025-08-18
2025-08-15    | 3-later | X        | 75          | 2025-08-15 | 2025-08-20 | 2025-08-25
"""


@pytest.mark.parametrize(
    ("night", "days_left", "state"),
    [
        (date(2025, 8, 15), 3, "running"),
        (date(2025, 8, 17), 3, "running"),
        (date(2025, 8, 18), 2, "running"),
        (date(2025, 8, 19), 1, "warned"),
        (date(2025, 8, 20), 0, "warned"),
        (date(2025, 8, 21), -1, "lapsed"),
        (date(2025, 8, 24), -2, "lapsed"),
    ],
)
def test_the_clock_counts_working_days_and_warns_before_the_term_ends(night, days_left, state):
    result = clock(
        rows_of(PAYMENT_HOLDS, HELD),
        rows_of(CARD_ARRESTS, None),
        rows_of(MEASURES, None),
        night=night,
    ).collect()

    assert result.filter(hold_id="1").select("days_left", "state_code").row(0) == (days_left, state)
    assert ("2-ended" in result["hold_id"].to_list()) == (night < date(2025, 8, 18))
    assert "3-later" in result["hold_id"].to_list()


def test_an_order_has_a_clock_until_its_bank_answers():
    cards = rows_of(
        CARD_ARRESTS,
        """
        business_date | order_id   | card_token | bank_bic | region_code | ordered_on | due_on     | answered_on
        ------------------------------------------------------------------------------------------------------
        2025-08-15    | 1-waits    | a          | X        | 75          | 2025-08-15 | 2025-08-18 | -
        2025-08-15    | 2-answered | a          | X        | 75          | 2025-08-15 | 2025-08-18 | 2025-08-15
        2025-08-15    | 3-no-term  | a          | X        | 75          | 2025-08-15 | -          | -
        2025-08-15    | 4-lapsed   | a          | Y        | 75          | 2025-08-13 | 2025-08-14 | -
        2025-08-18    | 5-tomorrow | a          | Y        | 75          | 2025-08-18 | 2025-08-19 | -
        """,
    )

    result = clock(
        rows_of(PAYMENT_HOLDS, None),
        cards,
        rows_of(MEASURES, None),
        night=date(2025, 8, 15),
    )

    assert_drawn(
        result,
        """
        kind_code | order_id | began_on   | due_on     | days_left | state_code
        ---------------------------------------------------------------------
        order     | 1-waits  | 2025-08-15 | 2025-08-18 | 1         | warned
        order     | 4-lapsed | 2025-08-13 | 2025-08-14 | -1        | lapsed
        """,
    )


def test_an_arrest_warns_a_week_before_its_term_and_until_somebody_ends_it():
    arrests = rows_of(
        MEASURES,
        """
        business_date | measure_id | asset_code  | asset_id | part | agency_code | region_code | ordered_on | executed_on | answered_on | result_code | term_on    | expired_on | lifted_on
        ---------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
        2025-08-01    | 1-week     | vehicle     | A        | 0    | police      | 75          | 2025-08-01 | 2025-08-01  | 2025-08-01  | executed    | 2025-08-22 | -          | -
        2025-08-01    | 1-week     | vehicle     | A        | 1    | police      | 75          | 2025-08-01 | 2025-08-01  | 2025-08-01  | executed    | 2025-08-22 | -          | -
        2025-08-01    | 2-longer   | vehicle     | B        | 0    | police      | 75          | 2025-08-01 | 2025-08-01  | 2025-08-01  | executed    | 2025-08-26 | -          | -
        2025-08-01    | 3-over     | real_estate | C        | 0    | police      | 75          | 2025-08-01 | 2025-08-01  | 2025-08-01  | executed    | 2025-08-14 | 2025-08-15 | -
        2025-08-01    | 4-lifted   | real_estate | D        | 0    | police      | 75          | 2025-08-01 | 2025-08-01  | 2025-08-01  | executed    | 2025-08-22 | -          | 2025-08-12
        2025-08-01    | 5-refused  | real_estate | E        | 0    | police      | 75          | 2025-08-01 | -           | 2025-08-01  | refused     | 2025-08-22 | -          | -
        2025-08-01    | 6-no-term  | real_estate | F        | 0    | police      | 75          | 2025-08-01 | 2025-08-01  | 2025-08-01  | executed    | -          | -          | -
        """,
    )

    result = clock(rows_of(PAYMENT_HOLDS), rows_of(CARD_ARRESTS), arrests, night=date(2025, 8, 15))

    assert_drawn(
        result,
        """
        kind_code | order_id | asset_id | agency_code | due_on     | days_left | state_code
        ---------------------------------------------------------------------------------
        arrest    | 1-week   | A        | police      | 2025-08-22 | 5         | warned
        arrest    | 2-longer | B        | police      | 2025-08-26 | 7         | running
        arrest    | 3-over   | C        | police      | 2025-08-14 | -1        | lapsed
        """,
    )
