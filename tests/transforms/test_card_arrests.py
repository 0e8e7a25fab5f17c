"""Card arrests: the decisive answer, the term, and orders delivered twice."""

import polars as pl

from tests.transforms.drawings import accepted, assert_drawn
from transforms.arrests.cards import card_arrests
from transforms.facts import FACT_BY_NAME

FACT = FACT_BY_NAME["facts.card_arrests"]

ONE_ORDER = """
order_id | card_token | ordered_on | region_code
------------------------------------------------
7-1      | a          | 2026-03-02 | 75
"""


def facts(orders: str, answers: str | None = None) -> pl.LazyFrame:
    return FACT.rows(
        card_arrest_orders=accepted("card_arrest_orders", orders),
        card_arrest_confirmations=accepted("card_arrest_confirmations", answers),
    )


def test_an_order_without_an_answer_is_pending_and_holds_nothing_known():
    result = facts(ONE_ORDER)

    assert_drawn(
        result,
        """
        order_id | status_code | due_on     | executed_at | executed_on | answered_at | held_tiyn
        ------------------------------------------------------------------------------------------
        7-1      | pending     | 2026-03-03 | -           | -           | -           | -
        """,
    )


def test_the_first_execution_decides_whatever_was_answered_before_or_after():
    result = facts(
        ONE_ORDER,
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        7-1      | a          | refused     | 2026-03-02T05:00:00Z | 0
        7-1      | a          | partly      | 2026-03-02T06:00:00Z | 100
        7-1      | a          | executed    | 2026-03-04T06:00:00Z | 500
        7-1      | a          | executed    | 2026-03-03T06:00:00Z | 300
        7-1      | a          | not_found   | 2026-03-05T06:00:00Z | 0
        """,
    )

    assert_drawn(
        result,
        """
        order_id | status_code | executed_on | held_tiyn
        ------------------------------------------------
        7-1      | executed    | 2026-03-03  | 300
        """,
    )


def test_without_an_execution_the_first_partial_one_decides():
    result = facts(
        ONE_ORDER,
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        7-1      | a          | partly      | 2026-03-04T06:00:00Z | 900
        7-1      | a          | partly      | 2026-03-03T06:00:00Z | 100
        7-1      | a          | refused     | 2026-03-05T06:00:00Z | 0
        """,
    )

    assert_drawn(
        result,
        """
        status_code | executed_at          | held_tiyn
        ----------------------------------------------
        partly      | 2026-03-03T06:00:00Z | 100
        """,
    )


def test_of_refusals_the_latest_decides_and_nothing_is_held():
    result = facts(
        ONE_ORDER,
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        7-1      | a          | refused     | 2026-03-03T06:00:00Z | 0
        7-1      | a          | not_found   | 2026-03-04T06:00:00Z | 0
        """,
    )

    assert_drawn(
        result,
        """
        status_code | executed_on | answered_on | held_tiyn
        ---------------------------------------------------
        not_found   | -           | 2026-03-04  | -
        """,
    )


def test_the_day_of_execution_is_the_day_in_almaty():
    result = facts(
        ONE_ORDER,
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        7-1      | a          | executed    | 2026-03-02T19:00:00Z | 1
        """,
    )

    assert_drawn(
        result,
        """
        executed_at          | executed_on
        ----------------------------------
        2026-03-02T19:00:00Z | 2026-03-03
        """,
    )


def test_the_term_passes_over_weekends_and_holidays():
    result = facts(
        """
        order_id | card_token | ordered_on
        ----------------------------------
        1        | a          | 2026-03-05
        2        | a          | 2026-03-06
        3        | a          | 2026-03-07
        4        | a          | 2026-03-09
        5        | a          | 2026-03-20
        6        | a          | 2026-03-24
        """
    )

    assert_drawn(
        result,
        """
        order_id | due_on
        ---------------------
        1        | 2026-03-06
        2        | 2026-03-10
        3        | 2026-03-10
        4        | 2026-03-10
        5        | 2026-03-26
        6        | 2026-03-26
        """,
    )


def test_the_term_in_force_on_the_day_of_the_order_decides():
    parameters = pl.LazyFrame(
        {
            "parameter": ["card_arrest_execution_days"] * 2,
            "value": ["3", "1"],
            "in_force_from": ["2026-01-01", "2026-03-03"],
            "in_force_to": ["2026-03-01", None],
        }
    )
    orders = accepted(
        "card_arrest_orders",
        """
        order_id | card_token | ordered_on
        ----------------------------------
        1        | a          | 2025-12-31
        2        | a          | 2026-02-25
        3        | a          | 2026-03-02
        4        | a          | 2026-03-03
        """,
    )

    result = card_arrests(
        orders,
        accepted("card_arrest_confirmations"),
        legal_parameters=parameters,
        holidays=pl.Series([], dtype=pl.Date),
    )

    assert_drawn(
        result,
        """
        order_id | due_on
        ---------------------
        1        | -
        2        | 2026-03-02
        3        | -
        4        | 2026-03-04
        """,
    )


def test_an_order_delivered_again_stays_with_its_first_delivery():
    result = facts(
        """
        business_date | order_id | card_token | ordered_on | region_code
        ----------------------------------------------------------------
        2026-03-04    | 7-1      | a          | 2026-03-02 | 10
        2026-03-03    | 7-1      | a          | 2026-03-02 | 75
        2026-03-03    | 7-1      | b          | 2026-03-02 | -
        """
    )

    assert_drawn(
        result,
        """
        business_date | order_id | card_token | region_code
        ---------------------------------------------------
        2026-03-03    | 7-1      | a          | 75
        2026-03-03    | 7-1      | b          | unknown
        """,
    )


def test_an_answer_to_an_order_that_is_not_known_makes_no_fact():
    result = facts(
        ONE_ORDER,
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        9-9      | a          | executed    | 2026-03-03T06:00:00Z | 5
        """,
    )

    assert result.collect()["status_code"].to_list() == ["pending"]
