"""Persons across banks: who is one person, and what is counted of one."""

from datetime import date

import polars as pl

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.droppers.persons import persons
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS

NIGHT = date(2026, 3, 31)


def people(accounts: str, cards: str | None = None) -> pl.LazyFrame:
    on = {"night": pl.lit(NIGHT)}
    links = rows_of(LINK_WINDOWS, cards).with_columns(**on, link_code=pl.lit("card"))
    return persons(rows_of(ACCOUNT_WINDOWS, accounts).with_columns(**on), links)


def test_a_person_is_one_at_all_banks_and_an_unknown_holder_is_nobody():
    result = people(
        """
        account_iban | holder_iin   | bank_bic
        --------------------------------------
        A            | 850101300104 | X
        B            | 850101300104 | Y
        C            | 850101300104 | Y
        D            | -            | X
        """
    )

    assert_drawn(
        result,
        """
        account_iban | person_id    | person_accounts_90d | person_banks_90d
        -----------------------------------------------------------------------
        A            | 850101300104 | 3                   | 2
        B            | 850101300104 | 3                   | 2
        C            | 850101300104 | 3                   | 2
        """,
    )


def test_a_number_of_a_foreign_paper_is_a_person_within_its_bank_only():
    result = people(
        """
        account_iban | holder_iin | bank_bic
        ------------------------------------
        A            | 777        | X
        B            | 777        | Y
        C            | 777        | -
        """
    )

    assert_drawn(
        result,
        """
        account_iban | person_id | person_accounts_90d | person_banks_90d
        --------------------------------------------------------------------
        A            | X:777     | 1                   | 1
        B            | Y:777     | 1                   | 1
        C            | ?:777     | 1                   | 0
        """,
    )


def test_cards_are_counted_once_for_each_person_and_bank():
    result = people(
        """
        account_iban | holder_iin   | bank_bic
        --------------------------------------
        A            | 850101300104 | X
        B            | 850101300104 | X
        C            | 850101300104 | Y
        """,
        """
        account_iban | other
        --------------------
        A            | t1
        A            | t2
        B            | t2
        B            | t3
        Z            | t4
        """,
    )

    assert_drawn(
        result,
        """
        account_iban | bank_cards_90d
        -----------------------------
        A            | 3
        B            | 3
        C            | 0
        """,
    )
