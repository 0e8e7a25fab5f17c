"""Dropper cards: what each figure counts, and what it leaves out."""

from datetime import date

from tests.transforms.drawings import accepted, rows_of
from tests.transforms.indicators.figures import figures
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.facts import FACT_BY_NAME
from transforms.periods import Period, PeriodKind

FIRST_WEEK = Period(PeriodKind.WEEK, date(2026, 3, 2), date(2026, 3, 8))
SECOND_WEEK = Period(PeriodKind.WEEK, date(2026, 3, 9), date(2026, 3, 15))

EXECUTED = rows_of(
    CARD_ARRESTS,
    """
    order_id | card_token | bank_bic | region_code | status_code | executed_on | held_tiyn
    -------------------------------------------------------------------------------------
    1        | a          | X        | 75          | executed    | 2026-03-03  | 100
    2        | b          | X        | 10          | partly      | 2026-03-05  | 30
    2        | a          | Y        | 10          | executed    | 2026-03-05  | 5
    3        | c          | Y        | unknown     | executed    | 2026-03-08  | 7
    4        | d          | Y        | 75          | executed    | 2026-03-09  | 8
    5        | e          | Y        | 75          | executed    | 2026-03-01  | 9
    6        | f          | Y        | 75          | refused     | -           | -
    """,
)

ARRESTED_TWICE = rows_of(
    CARD_ARRESTS,
    """
    order_id | card_token | region_code | status_code | executed_on | executed_at          | held_tiyn
    --------------------------------------------------------------------------------------------------
    1        | a          | 75          | executed    | 2026-03-05  | 2026-03-05T06:00:00Z | 100
    2        | a          | 10          | partly      | 2026-03-03  | 2026-03-03T06:00:00Z | 30
    3        | a          | 11          | executed    | 2026-03-09  | 2026-03-09T06:00:00Z | 7
    """,
)

DUE = rows_of(
    CARD_ARRESTS,
    """
    order_id     | bank_bic | region_code | due_on     | status_code | executed_on
    -----------------------------------------------------------------------------
    1-in-time    | X        | 75          | 2026-03-03 | executed    | 2026-03-03
    2-late       | X        | 75          | 2026-03-03 | executed    | 2026-03-06
    3-very-late  | Y        | 10          | 2026-03-06 | executed    | 2026-03-09
    4-refused    | Y        | 10          | 2026-03-06 | refused     | -
    5-unanswered | Y        | 75          | 2026-03-08 | pending     | -
    6-not-due    | Y        | 75          | 2026-03-10 | pending     | -
    7-no-term    | Y        | 75          | -          | pending     | -
    """,
)


def test_cards_arrested_in_full_or_in_part_count_on_the_day_of_execution():
    result = figures("dropper_cards_arrested", EXECUTED, FIRST_WEEK)

    assert result == {"KZ": 4, "75": 1, "10": 2, "unknown": 1}


def test_cards_are_also_counted_by_bank():
    result = figures("dropper_cards_arrested", EXECUTED, FIRST_WEEK, dimension="bank_bic")

    assert result == {"KZ X": 2, "KZ Y": 2, "75 X": 1, "10 X": 1, "10 Y": 1, "unknown Y": 1}


def test_the_amount_is_what_arrests_in_full_or_in_part_hold_on_accounts():
    accounts = rows_of(
        ACCOUNT_ARRESTS,
        """
        order_id | account_iban | bank_bic | region_code | status_code | executed_on | held_tiyn
        ---------------------------------------------------------------------------------------
        1        | A            | X        | 75          | executed    | 2026-03-03  | 100
        2        | B            | X        | 10          | partly      | 2026-03-05  | 30
        3        | C            | Y        | unknown     | executed    | 2026-03-08  | 7
        4        | D            | Y        | 75          | executed    | 2026-03-09  | 8
        5        | E            | Y        | 75          | executed    | 2026-03-01  | 9
        6        | F            | Y        | 75          | refused     | -           | -
        """,
    )

    assert figures("dropper_amount_arrested", accounts, FIRST_WEEK) == {
        "KZ": 137,
        "75": 100,
        "10": 30,
        "unknown": 7,
    }
    assert figures("dropper_amount_arrested", accounts, FIRST_WEEK, dimension="bank_bic") == {
        "KZ X": 130,
        "75 X": 100,
        "10 X": 30,
        "KZ Y": 7,
        "unknown Y": 7,
    }


def test_the_balance_that_cards_of_one_account_share_is_held_once():
    orders = accepted(
        "card_arrest_orders",
        """
        order_id | card_token | account_iban | ordered_on | region_code
        ---------------------------------------------------------------
        1        | a1         | A            | 2026-03-02 | 75
        1        | a2         | A            | 2026-03-02 | 75
        1        | b          | B            | 2026-03-02 | 75
        """,
    )
    answers = accepted(
        "card_arrest_confirmations",
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        1        | a1         | executed    | 2026-03-03T06:00:00Z | 100
        1        | a2         | executed    | 2026-03-03T06:00:00Z | 100
        1        | b          | partly      | 2026-03-03T06:00:00Z | 35
        """,
    )
    cards, accounts = (
        FACT_BY_NAME[name].rows(card_arrest_orders=orders, card_arrest_confirmations=answers)
        for name in ("facts.card_arrests", "facts.account_arrests")
    )

    assert figures("dropper_cards_arrested", cards, FIRST_WEEK) == {"KZ": 3, "75": 3}
    assert figures("dropper_amount_arrested", accounts, FIRST_WEEK) == {"KZ": 135, "75": 135}


def test_an_account_ordered_in_two_cases_is_held_once_by_its_first_arrest_of_the_period():
    accounts = rows_of(
        ACCOUNT_ARRESTS,
        """
        order_id | case_no | account_iban | region_code | status_code | executed_on | executed_at          | held_tiyn
        -------------------------------------------------------------------------------------------------------------
        1        | c1      | A            | 75          | executed    | 2026-03-05  | 2026-03-05T06:00:00Z | 100
        2        | c2      | A            | 10          | partly      | 2026-03-03  | 2026-03-03T06:00:00Z | 30
        3        | c3      | A            | 11          | executed    | 2026-03-09  | 2026-03-09T06:00:00Z | 7
        """,
    )

    assert figures("dropper_amount_arrested", accounts, FIRST_WEEK) == {"KZ": 30, "10": 30}
    assert figures("dropper_amount_arrested", accounts, SECOND_WEEK) == {"KZ": 7, "11": 7}


def test_a_card_arrested_twice_in_a_period_counts_once_where_it_was_first_arrested():
    assert figures("dropper_cards_arrested", ARRESTED_TWICE, FIRST_WEEK) == {"KZ": 1, "10": 1}
    assert figures("dropper_cards_partly", ARRESTED_TWICE, FIRST_WEEK) == {"KZ": 1, "10": 1}


def test_a_card_arrested_in_two_periods_counts_in_each():
    assert figures("dropper_cards_arrested", ARRESTED_TWICE, SECOND_WEEK) == {"KZ": 1, "11": 1}


def test_the_same_token_at_two_banks_is_two_cards():
    a_day = Period(PeriodKind.DAY, date(2026, 3, 3), date(2026, 3, 5))

    assert figures("dropper_cards_arrested", EXECUTED, a_day)["KZ"] == 3


def test_cards_arrested_in_part_are_those_of_the_arrested_that_were():
    assert figures("dropper_cards_partly", EXECUTED, FIRST_WEEK) == {"KZ": 1, "10": 1}


def test_a_card_is_missed_when_its_arrest_is_not_carried_out_by_the_end_of_the_period():
    result = figures("dropper_cards_missed", DUE, FIRST_WEEK)

    assert result == {"KZ": 3, "10": 2, "75": 1}


def test_a_card_that_was_late_is_missed_in_the_shorter_period_and_not_in_the_longer():
    its_day = Period(PeriodKind.DAY, date(2026, 3, 3), date(2026, 3, 3))

    assert figures("dropper_cards_missed", DUE, its_day) == {"KZ": 1, "75": 1}


def test_cards_ordered_count_on_the_day_of_the_order_and_refused_on_the_day_of_the_answer():
    cards = rows_of(
        CARD_ARRESTS,
        """
        order_id | region_code | ordered_on | answered_on | status_code
        ---------------------------------------------------------------
        1        | 75          | 2026-03-08 | 2026-03-09  | refused
        2        | 75          | 2026-03-01 | 2026-03-02  | not_found
        3        | 10          | 2026-03-02 | 2026-03-03  | executed
        4        | 10          | 2026-03-02 | -           | pending
        """,
    )

    assert figures("dropper_cards_ordered", cards, FIRST_WEEK) == {"KZ": 3, "75": 1, "10": 2}
    assert figures("dropper_cards_refused", cards, FIRST_WEEK) == {"KZ": 1, "75": 1}
    assert figures("dropper_cards_refused", cards, FIRST_WEEK, dimension="status_code") == {
        "KZ not_found": 1,
        "75 not_found": 1,
    }


def test_over_a_holiday_weekend_a_card_is_missed_after_the_next_working_day():
    orders = accepted(
        "card_arrest_orders",
        """
        order_id | card_token | ordered_on | region_code
        ------------------------------------------------
        1        | in-time    | 2026-03-20 | 75
        2        | late       | 2026-03-20 | 75
        """,
    )
    answers = accepted(
        "card_arrest_confirmations",
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        1        | in-time    | executed    | 2026-03-26T18:59:00Z | 1
        2        | late       | executed    | 2026-03-26T19:00:00Z | 1
        """,
    )
    cards = FACT_BY_NAME["facts.card_arrests"].rows(
        card_arrest_orders=orders, card_arrest_confirmations=answers
    )

    by_day = [
        figures("dropper_cards_missed", cards, Period.ending(PeriodKind.DAY, date(2026, 3, day)))
        for day in (23, 25, 26, 27)
    ]

    assert by_day == [{}, {}, {"KZ": 1, "75": 1}, {}]
