"""Arrests of accounts: cards of one account taken together."""

from tests.transforms.drawings import accepted, assert_drawn
from transforms.facts import FACT_BY_NAME

TWO_ACCOUNTS = """
business_date | order_id | card_token | account_iban | bank_bic | ordered_on | region_code
------------------------------------------------------------------------------------------
2026-03-03    | 7-1      | a          | KZ1          | X        | 2026-03-02 | 75
2026-03-02    | 7-1      | b          | KZ1          | X        | 2026-03-02 | 75
2026-03-02    | 7-1      | c          | KZ2          | X        | 2026-03-02 | -
"""


def facts(answers: str | None = None):
    return FACT_BY_NAME["facts.account_arrests"].rows(
        card_arrest_orders=accepted("card_arrest_orders", TWO_ACCOUNTS),
        card_arrest_confirmations=accepted("card_arrest_confirmations", answers),
    )


def test_two_cards_of_an_account_are_one_account_of_its_first_delivery():
    assert_drawn(
        facts(),
        """
        business_date | order_id | account_iban | cards | status_code | settled_at | region_code
        ----------------------------------------------------------------------------------------
        2026-03-02    | 7-1      | KZ1          | 2     | pending     | -          | 75
        2026-03-02    | 7-1      | KZ2          | 1     | pending     | -          | unknown
        """,
    )


def test_an_account_is_arrested_with_its_first_card_and_its_balance_counts_once():
    result = facts(
        """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        7-1      | a          | executed    | 2026-03-03T06:00:00Z | 500
        7-1      | b          | partly      | 2026-03-02T20:00:00Z | 300
        7-1      | c          | partly      | 2026-03-04T06:00:00Z | 9
        """
    )

    assert_drawn(
        result,
        """
        account_iban | status_code | executed_at          | executed_on | settled_at           | held_tiyn
        -------------------------------------------------------------------------------------------------
        KZ1          | executed    | 2026-03-02T20:00:00Z | 2026-03-03  | 2026-03-02T20:00:00Z | 500
        KZ2          | partly      | 2026-03-04T06:00:00Z | 2026-03-04  | 2026-03-04T06:00:00Z | 9
        """,
    )


def test_an_account_waits_while_one_card_waits_and_is_refused_with_the_last():
    first_refused = """
        order_id | card_token | result_code | answered_at          | held_tiyn
        ---------------------------------------------------------------------
        7-1      | a          | refused     | 2026-03-03T06:00:00Z | 0
        """
    both = first_refused + "7-1 | b | not_found | 2026-03-04T06:00:00Z | 0"

    assert_drawn(
        facts(first_refused),
        """
        account_iban | status_code | settled_at
        ---------------------------------------
        KZ1          | pending     | -
        KZ2          | pending     | -
        """,
    )
    assert_drawn(
        facts(both),
        """
        account_iban | status_code | settled_at           | held_tiyn
        -------------------------------------------------------------
        KZ1          | refused     | 2026-03-04T06:00:00Z | -
        KZ2          | pending     | -                    | -
        """,
    )
