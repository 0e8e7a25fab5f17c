"""Exemptions: which decision counts on a day, and which accounts it reaches."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.droppers.exemptions import (
    EXEMPTIONS,
    Decision,
    UnknownReason,
    decided,
    exempted,
    standing,
)
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS

NIGHT = date(2026, 3, 31)
TWO_OF_A_PERSON = """
account_iban | holder_iin
-------------------------
A            | a
B            | a
C            | c
D            | -
"""


CARDS = """
account_iban | link_code | other
--------------------------------
C            | card      | t1
C            | card      | t2
D            | device    | t1
"""


def stand(decisions: str, on: date = NIGHT) -> pl.LazyFrame:
    return standing(rows_of(EXEMPTIONS, decisions), on=on)


def accounts(decisions: str, night: date = NIGHT) -> pl.LazyFrame:
    windows = rows_of(ACCOUNT_WINDOWS, TWO_OF_A_PERSON)
    return exempted(rows_of(EXEMPTIONS, decisions), windows, rows_of(LINK_WINDOWS, CARDS), night)


UNTIL_THE_31ST = """
business_date | kind    | id | reason_code | expires_on | decided_at
----------------------------------------------------------------------------
2026-03-10    | account | A  | wages       | 2026-03-31 | 2026-03-10T05:00:00Z
"""


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2026, 3, 9), False),
        (date(2026, 3, 10), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
    ],
)
def test_an_exemption_counts_from_its_decision_to_its_last_day(on, counts):
    assert stand(UNTIL_THE_31ST, on).collect().height == counts


def test_of_two_decisions_on_one_account_the_later_counts():
    result = stand(
        """
        business_date | kind    | id | reason_code  | expires_on | decided_at
        -----------------------------------------------------------------------------
        2026-03-10    | account | A  | investigator | 2026-03-09 | 2026-03-10T06:00:00Z
        2026-03-10    | account | A  | wages        | 2026-04-30 | 2026-03-10T05:00:00Z
        2026-03-10    | account | B  | wages        | 2026-03-12 | 2026-03-10T05:00:00Z
        2026-03-11    | account | B  | charity      | 2026-04-30 | 2026-03-11T05:00:00Z
        """
    )

    assert_drawn(
        result,
        """
        kind    | id | reason_code
        --------------------------
        account | B  | charity
        """,
    )


def test_an_exempted_person_takes_all_their_accounts_along():
    result = accounts(
        """
        business_date | kind   | id | reason_code     | expires_on | decided_at
        ------------------------------------------------------------------------------
        2026-03-10    | person | a  | close_relatives | 2026-04-30 | 2026-03-10T05:00:00Z
        """
    )

    assert_drawn(
        result,
        """
        night      | account_iban | exemption_code  | exempt_until_on
        -------------------------------------------------------------
        2026-03-31 | A            | close_relatives | 2026-04-30
        2026-03-31 | B            | close_relatives | 2026-04-30
        """,
    )


def test_an_exempted_card_exempts_the_account_that_it_is_on():
    result = accounts(
        """
        business_date | kind | id | reason_code | expires_on | decided_at
        -------------------------------------------------------------------------
        2026-03-10    | card | t1 | wages       | 2026-04-30 | 2026-03-10T05:00:00Z
        """
    )

    assert_drawn(result, "account_iban | exemption_code\n-\nC | wages")


def test_of_an_account_and_its_holder_the_exemption_that_lasts_longer_is_told():
    result = accounts(
        """
        business_date | kind    | id | reason_code     | expires_on | decided_at
        -------------------------------------------------------------------------------
        2026-03-10    | person  | a  | close_relatives | 2026-04-30 | 2026-03-10T05:00:00Z
        2026-03-11    | account | A  | wages           | 2026-05-31 | 2026-03-11T05:00:00Z
        2026-03-11    | account | Z  | wages           | 2026-05-31 | 2026-03-11T05:00:00Z
        """
    )

    assert_drawn(
        result,
        """
        account_iban | exemption_code
        -----------------------------
        A            | wages
        B            | close_relatives
        """,
    )


def test_a_decision_for_no_known_reason_is_refused():
    with pytest.raises(UnknownReason, match="nothing was noted"):
        Decision("account", "A", "a friend", NIGHT, "asked", "me")


def test_decisions_become_rows_of_their_day():
    one = Decision("person", "a", "wages", NIGHT, "letter 5", "prosecutor")

    result = decided([one], on=NIGHT, at=datetime(2026, 3, 31, 5, tzinfo=UTC))

    assert_drawn(
        result,
        """
        business_date | kind   | id | reason_code | expires_on | decided_by | decided_at
        -----------------------------------------------------------------------------------------
        2026-03-31    | person | a  | wages       | 2026-03-31 | prosecutor | 2026-03-31T05:00:00Z
        """,
    )
