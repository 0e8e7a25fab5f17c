"""Money that left after the arrest: of whose accounts, from which moment, until when."""

from datetime import date

import polars as pl

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.left_since import arrested_in_full, first_day, left_since
from transforms.arrests.measures import MEASURES
from transforms.droppers.alerts import ALERTS

NIGHT = date(2026, 3, 5)
LISTED = """
account_iban | freshest_at
------------------------------------
KZ1          | 2026-03-05T05:00:00Z
KZ2          | 2026-03-03T06:00:00Z
KZ3          | 2026-03-05T05:00:00Z
"""
ORDERS = """
order_id | account_iban | status_code | executed_at
-------------------------------------------------------------
7-1      | KZ1          | executed    | 2026-03-03T06:00:00Z
7-2      | KZ1          | executed    | 2026-03-04T06:00:00Z
7-3      | KZ2          | executed    | 2026-03-03T06:00:00Z
7-4      | KZ3          | partly      | 2026-03-03T06:00:00Z
7-5      | KZ9          | executed    | 2026-03-03T06:00:00Z
"""
LIVES = """
measure_id | asset_id | asset_code   | result_code | part | lifted_on
---------------------------------------------------------------------
7-1        | KZ1      | bank_account | executed    | 0    | -
7-2        | KZ1      | bank_account | executed    | 0    | -
7-3        | KZ2      | bank_account | executed    | 0    | -
7-4        | KZ3      | bank_account | partly      | 0    | -
7-5        | KZ9      | bank_account | executed    | 0    | -
"""
BOOKED = """
institution | transaction_id | account_iban | direction_code | currency_code | amount_minor | booked_at
--------------------------------------------------------------------------------------------------------------
X           | 1-before       | KZ1          | debit          | KZT           | 1            | 2026-03-03T06:00:00Z
X           | 2-after        | KZ1          | debit          | KZT           | 20           | 2026-03-03T06:00:01Z
X           | 2-after        | KZ1          | debit          | KZT           | 20           | 2026-03-03T06:00:01Z
X           | 3-credit       | KZ1          | credit         | KZT           | 300          | 2026-03-04T05:00:00Z
X           | 4-dollars      | KZ1          | debit          | USD           | 4000         | 2026-03-04T05:00:00Z
X           | 5-last-moment  | KZ1          | debit          | KZT           | 50000        | 2026-03-05T18:59:59Z
X           | 6-next-day     | KZ1          | debit          | KZT           | 600000       | 2026-03-05T19:00:00Z
X           | 7-in-part-only | KZ3          | debit          | KZT           | 7000000      | 2026-03-05T05:00:00Z
"""


def arrested(lives: str = LIVES) -> pl.DataFrame:
    ordered = rows_of(MEASURES, lives).with_columns(
        ordered_on=pl.date(2026, 3, 2), answered_on=pl.date(2026, 3, 3)
    )
    listed, orders = rows_of(ALERTS, LISTED), rows_of(ACCOUNT_ARRESTS, ORDERS)
    return arrested_in_full(listed, ordered, orders, NIGHT).collect()


def test_what_leaves_after_the_first_arrest_in_full_counts_until_the_end_of_the_night():
    booked = accepted("card_transactions", BOOKED)

    assert_drawn(
        left_since(booked, arrested(), NIGHT),
        """
        account_iban | left_since_tiyn
        ------------------------------
        KZ1          | 50020
        KZ2          | 0
        """,
    )


def test_an_order_of_which_a_part_was_lifted_says_nothing_of_what_may_leave():
    lifted = LIVES.replace(
        "7-1        | KZ1      | bank_account | executed    | 0    | -",
        "7-1        | KZ1      | bank_account | executed    | 0    | -\n"
        "7-1        | KZ1      | bank_account | executed    | 1    | 2026-03-04",
    )

    assert_drawn(
        arrested(lifted).lazy(),
        """
        account_iban | arrested_at
        ------------------------------------
        KZ1          | 2026-03-04T06:00:00Z
        KZ2          | 2026-03-03T06:00:00Z
        """,
    )


def test_transactions_are_asked_for_from_the_first_arrest_after_which_anything_was_booked():
    assert first_day(arrested(), NIGHT) == date(2026, 3, 3)
    assert first_day(arrested().filter(account_iban="KZ2"), NIGHT) == NIGHT
