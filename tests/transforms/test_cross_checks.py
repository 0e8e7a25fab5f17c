"""Rules between feeds, each with rows that keep it and rows that break it."""

from datetime import date

import polars as pl
import pytest

from tests.transforms.drawings import accepted
from transforms.cross_checks import CROSS_CHECK_BY_CODE, CROSS_CHECKS, cross_checks
from transforms.feeds import FEEDS

TUESDAY = date(2026, 3, 3)

DRAWN = {
    "XCK-01": {
        "card_arrest_confirmations": """
            business_date | line | order_id | card_token
            2026-03-03    | 1    | A1       | t1
            2026-03-03    | 2    | A1       | t2
            2026-03-03    | 3    | A9       | t1
            2026-03-02    | 4    | A9       | t1
        """,
        "card_arrest_orders": """
            business_date | order_id | card_token
            2026-02-02    | A1       | t1
        """,
    },
    "XCK-02": {
        "card_transactions": """
            business_date | institution | line | transaction_id
            2026-03-03    | bank        | 1    | T1
            2026-03-03    | bank        | 2    | T2
            2026-03-03    | bank        | 3    | T3
            2026-03-02    | bank        | 1    | T2
            2026-02-24    | bank        | 1    | T3
            2026-02-23    | bank        | 1    | T1
            2026-03-02    | other       | 1    | T1
        """,
    },
    "XCK-03": {
        "card_transactions": """
            business_date | institution | line | account_iban
            2026-03-03    | bank        | 1    | KZ1
            2026-03-03    | bank        | 2    | KZ2
            2026-03-03    | bank        | 3    | KZ3
            2026-03-03    | silent      | 1    | KZ2
        """,
        "account_holders": """
            business_date | institution | account_id
            2026-01-01    | bank        | KZ1
            2026-01-01    | another     | KZ2
        """,
    },
    "XCK-04": {
        "card_arrest_orders": """
            business_date | line | case_no
            2026-03-03    | 1    | 100
            2026-03-03    | 2    | 200
            2026-03-03    | 3    | 300
            2026-03-03    | 4    | -
        """,
        "criminal_cases": "business_date | case_no\n2026-01-01 | 100",
    },
    "XCK-05": {
        "asset_arrests": """
            business_date | line | case_no
            2026-03-03    | 1    | 100
            2026-03-03    | 2    | 200
            2026-03-03    | 3    | 300
        """,
        "criminal_cases": "business_date | case_no\n2026-01-01 | 100",
    },
    "XCK-06": {
        "account_movements": """
            business_date | line | account_id | statement_id | currency_code | direction_code | amount | status_code | opening_balance | closing_balance
            2026-03-03    | 1    | right      | 1            | KZT           | credit         | 10.5   | booked      | 100             | 106.5
            2026-03-03    | 2    | right      | 1            | KZT           | debit          | 4      | booked      | 100             | 106.5
            2026-03-03    | 3    | right      | 1            | KZT           | debit          | 9      | pending     | 100             | 106.5
            2026-03-03    | 4    | silent     | 1            | KZT           | debit          | 9      | booked      | 100             | -
            2026-03-03    | 5    | wrong      | 1            | KZT           | debit          | 9      | booked      | 100             | 92
            2026-03-03    | 6    | wrong      | 2            | KZT           | credit         | 9      | booked      | 92              | 101
            2026-03-03    | 7    | wrong      | 3            | KZT           | credit         | 9      | booked      | 92              | 100
        """,
    },
    "XCK-07": {
        "account_movements": """
            business_date | line | account_id | statement_id | currency_code | direction_code | amount | status_code | opening_balance | closing_balance
            2026-03-02    | 1    | right      | 1            | KZT           | credit         | 1      | booked      | 99              | 100
            2026-02-27    | 1    | right      | 0            | KZT           | credit         | 1      | booked      | 6               | 7
            2026-03-03    | 1    | right      | 2            | KZT           | credit         | 1      | booked      | 100             | 101
            2026-03-03    | 2    | wrong      | 2            | KZT           | credit         | 1      | booked      | 100             | 101
            2026-03-02    | 2    | wrong      | 1            | KZT           | credit         | 1      | booked      | 99              | 100.01
            2026-03-03    | 3    | wrong      | 2            | USD           | credit         | 1      | booked      | 5               | 6
            2026-03-02    | 3    | wrong      | 1            | USD           | credit         | 1      | booked      | 3               | 4
            2026-03-03    | 4    | new        | 1            | KZT           | credit         | 1      | booked      | 5               | 6
        """,
    },
}  # fmt: skip
BROKEN = {
    "XCK-01": [2, 3],
    "XCK-02": [2, 3],
    "XCK-03": [2, 3],
    "XCK-04": [2, 3],
    "XCK-05": [2, 3],
    "XCK-06": [5, 7],
    "XCK-07": [2, 3],
}


def with_rule(drawing: str) -> str:
    header, *rows = [line.strip() for line in drawing.strip().splitlines()]
    return "\n".join([header, "-" * 80, *rows])


def drawn(code: str) -> dict[str, pl.LazyFrame]:
    told = DRAWN.get(code, {})
    return {
        feed.name: accepted(feed.name, told.get(feed.name) and with_rule(told[feed.name]))
        for feed in FEEDS
    }


@pytest.mark.parametrize("code", sorted(CROSS_CHECK_BY_CODE))
def test_a_rule_is_broken_by_the_rows_meant_for_it_and_no_others(code):
    found = cross_checks(drawn(code), TUESDAY).collect()

    (row,) = found.filter(code=code).to_dicts()
    assert row["lines"] == BROKEN[code]
    assert row["rows_broken"] == len(BROKEN[code])
    assert row["feed"] == CROSS_CHECK_BY_CODE[code].feeds[0]


def test_nothing_is_found_where_nothing_came():
    assert cross_checks(drawn("none"), TUESDAY).collect().is_empty()


def test_codes_are_told_once_and_name_feeds_that_there_are():
    assert len(CROSS_CHECK_BY_CODE) == len(CROSS_CHECKS)
    names = {feed.name for feed in FEEDS}
    assert all(set(check.feeds) <= names for check in CROSS_CHECKS)
