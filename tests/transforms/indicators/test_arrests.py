"""Arrests: accounts and holders once, time, what left, what is open."""

from datetime import date

from tests.transforms.drawings import accepted, rows_of
from tests.transforms.indicators.figures import figures
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.arrests.measures import MEASURES
from transforms.arrests.outflows import ARREST_OUTFLOWS, ORDER_OUTFLOWS
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.facts import FACT_BY_NAME
from transforms.indicators import INDICATOR_BY_ID, indicator_values
from transforms.periods import Period, PeriodKind

WEEK = Period(PeriodKind.WEEK, date(2026, 3, 2), date(2026, 3, 8))
BEFORE = Period(PeriodKind.WEEK, date(2026, 2, 23), date(2026, 3, 1))

ACCOUNTS = rows_of(
    ACCOUNT_ARRESTS,
    """
    order_id | account_iban | holder_iin | bank_bic | region_code | status_code | executed_on | executed_at
    -----------------------------------------------------------------------------------------------------------
    1        | KZ1          | p          | X        | 75          | executed    | 2026-03-04  | 2026-03-04T06:00:00Z
    2        | KZ1          | p          | X        | 10          | partly      | 2026-03-03  | 2026-03-03T06:00:00Z
    3        | KZ2          | p          | Y        | 75          | executed    | 2026-03-05  | 2026-03-05T06:00:00Z
    4        | KZ3          | q          | Y        | 75          | executed    | 2026-03-05  | 2026-03-05T06:00:00Z
    5        | KZ4          | r          | Y        | 75          | refused     | -           | -
    6        | KZ5          | r          | Y        | 75          | executed    | 2026-03-01  | 2026-03-01T06:00:00Z
    """,
)


def test_an_account_in_two_cases_is_one_account_and_its_holder_one_person():
    accounts = figures("dropper_accounts_arrested", ACCOUNTS, WEEK)
    holders = figures("dropper_holders_arrested", ACCOUNTS, WEEK)

    assert accounts == {"KZ": 3, "10": 1, "75": 2}
    assert holders == {"KZ": 2, "10": 1, "75": 1}


def test_accounts_by_bank():
    result = figures("dropper_accounts_arrested", ACCOUNTS, WEEK, dimension="bank_bic")

    assert result == {"KZ X": 1, "KZ Y": 2, "10 X": 1, "75 Y": 2}


def test_an_account_with_two_cards_is_one_account_and_two_cards():
    feeds = {
        "card_arrest_orders": accepted(
            "card_arrest_orders",
            """
            order_id | card_token | account_iban | holder_iin | bank_bic | ordered_on | region_code
            ---------------------------------------------------------------------------------------
            7        | a          | KZ1          | p          | X        | 2026-03-02 | 75
            7        | b          | KZ1          | p          | X        | 2026-03-02 | 75
            """,
        ),
        "card_arrest_confirmations": accepted(
            "card_arrest_confirmations",
            """
            order_id | card_token | result_code | answered_at          | held_tiyn
            ---------------------------------------------------------------------
            7        | a          | executed    | 2026-03-03T06:00:00Z | 5
            7        | b          | executed    | 2026-03-03T06:00:00Z | 5
            """,
        ),
    }
    cards, accounts = (
        FACT_BY_NAME[f"facts.{of}_arrests"].rows(**feeds) for of in ("card", "account")
    )

    assert figures("dropper_cards_arrested", cards, WEEK)["KZ"] == 2
    assert figures("dropper_accounts_arrested", accounts, WEEK)["KZ"] == 1
    assert figures("dropper_holders_arrested", accounts, WEEK)["KZ"] == 1


HOURS = rows_of(
    CARD_ARRESTS,
    """
    order_id    | bank_bic | region_code | status_code | ordered_on | executed_on | executed_at
    ------------------------------------------------------------------------------------------------
    1-an-hour   | X        | 75          | executed    | 2026-03-02 | 2026-03-02  | 2026-03-01T20:00:00Z
    2-and-a-bit | X        | 75          | executed    | 2026-03-02 | 2026-03-02  | 2026-03-01T20:00:01Z
    3-a-day     | X        | 10          | partly      | 2026-03-02 | 2026-03-03  | 2026-03-02T19:00:00Z
    4-two-days  | Y        | 10          | executed    | 2026-03-02 | 2026-03-04  | 2026-03-03T19:00:00Z
    5-pending   | Y        | 10          | pending     | 2026-03-02 | -           | -
    6-refused   | Y        | 10          | refused     | 2026-03-02 | -           | -
    7-before-it | Y        | 10          | executed    | 2026-03-06 | 2026-03-05  | 2026-03-05T06:00:00Z
    """,
)


def test_the_median_is_a_time_that_a_card_took_and_half_took_no_longer():
    assert figures("arrest_hours_median", HOURS, WEEK) == {"KZ": 2, "10": 24, "75": 1}
    assert figures("arrest_hours_median", HOURS, WEEK, dimension="bank_bic")["KZ X"] == 2


def test_one_in_ten_took_longer_than_the_ninetieth_percentile():
    assert figures("arrest_hours_p90", HOURS, WEEK) == {"KZ": 48, "10": 48, "75": 2}


def test_an_account_takes_as_long_as_the_first_of_its_cards():
    accounts = rows_of(
        ACCOUNT_ARRESTS,
        """
        order_id | account_iban | bank_bic | region_code | status_code | ordered_on | executed_on | executed_at
        -----------------------------------------------------------------------------------------------------
        1        | KZ1          | X        | 75          | executed    | 2026-03-02 | 2026-03-02  | 2026-03-01T20:00:00Z
        2        | KZ2          | X        | 75          | partly      | 2026-03-02 | 2026-03-03  | 2026-03-02T19:00:00Z
        3        | KZ3          | Y        | 75          | executed    | 2026-03-02 | 2026-03-04  | 2026-03-03T19:00:00Z
        """,
    )

    assert figures("account_arrest_hours_median", accounts, WEEK)["KZ"] == 24
    by_bank = figures("account_arrest_hours_p90", accounts, WEEK, dimension="bank_bic")
    assert (by_bank["KZ X"], by_bank["KZ Y"]) == (24, 48)


def test_days_of_property_and_wallets_are_known_where_who_carried_it_out_told():
    lives = rows_of(
        MEASURES,
        """
        measure_id | asset_code | asset_id | part | region_code | agency_code | executor_code | answered_by_code | ordered_on | executed_on
        --------------------------------------------------------------------------------------------------------------------------------
        1          | vehicle    | a        | 0    | 75          | mvd         | -             | executor         | 2026-02-28 | 2026-03-02
        2          | vehicle    | b        | 0    | 75          | mvd         | -             | executor         | 2026-03-02 | 2026-03-06
        2          | vehicle    | b        | 1    | 75          | mvd         | -             | executor         | 2026-03-02 | 2026-03-06
        3          | vehicle    | c        | 0    | 75          | mvd         | -             | register         | 2026-03-02 | 2026-03-02
        4          | wallet     | w        | 0    | 75          | mvd         | -             | executor         | 2026-03-01 | 2026-03-02
        5          | wallet     | v        | 0    | 75          | -           | -             | executor         | 2026-03-02 | 2026-03-02
        6          | bank_account | x      | 0    | 75          | mvd         | X             | executor         | 2026-02-02 | 2026-03-02
        """,
    )

    median, most = (
        figures(f"asset_arrest_days_{which}", lives, WEEK, dimension="asset_code")
        for which in ("median", "p90")
    )
    assert median == {"KZ vehicle": 2, "75 vehicle": 2, "KZ wallet": 1, "75 wallet": 1}
    assert most["KZ vehicle"] == 4
    assert figures("asset_arrest_days_median", lives, WEEK) == {"KZ": 2, "75": 2}


def test_a_period_or_bank_without_arrests_has_no_time_rather_than_none_at_all():
    assert figures("arrest_hours_median", HOURS, BEFORE) == {}
    assert "KZ Z" not in figures("arrest_hours_median", HOURS, WEEK, dimension="bank_bic")


def test_what_waits_for_an_answer_is_told_as_of_the_end_of_the_period():
    cards = rows_of(
        CARD_ARRESTS,
        """
        order_id      | bank_bic | region_code | status_code | ordered_on | answered_on
        -------------------------------------------------------------------------------
        1-of-february | X        | 75          | pending     | 2026-02-23 | -
        2-later       | X        | 75          | executed    | 2026-03-06 | 2026-03-09
        3-by-then     | X        | 75          | refused     | 2026-03-06 | 2026-03-08
        4-not-yet     | X        | 75          | pending     | 2026-03-09 | -
        """,
    )

    assert figures("dropper_cards_pending", cards, WEEK) == {"KZ": 2, "75": 2}
    assert figures("dropper_cards_pending", cards, BEFORE) == {"KZ": 1, "75": 1}


def test_money_that_left_counts_on_its_day_and_once_over_orders():
    left = rows_of(
        ARREST_OUTFLOWS,
        """
        business_date | order_id | bank_bic | region_code | left_tiyn | counted_tiyn
        ----------------------------------------------------------------------------
        2026-03-02    | 1        | X        | 75          | 100       | 100
        2026-03-08    | 2        | Y        | 10          | 30        | 20
        2026-03-09    | 2        | Y        | 10          | 7000      | 7000
        """,
    )

    assert figures("amount_left_before_arrest", left, WEEK) == {"KZ": 120, "75": 100, "10": 20}
    assert figures("amount_left_before_arrest", left, WEEK, dimension="bank_bic")["KZ Y"] == 20


def test_where_no_day_was_judged_it_is_not_known_what_left_and_where_one_was_it_may_be_nothing():
    left = rows_of(
        ARREST_OUTFLOWS,
        """
        business_date | order_id | bank_bic | region_code | counted_tiyn
        ----------------------------------------------------------------
        2026-03-02    | 1        | X        | 75          | 0
        """,
    )
    this, before = (
        indicator_values(
            INDICATOR_BY_ID["amount_left_before_arrest"],
            left,
            period,
            date(2026, 3, 10),
            status="final",
            sources=[],
        ).collect()
        for period in (WEEK, BEFORE)
    )

    assert before.is_empty()
    assert this.filter(dimension="").select("region_code", "value").rows() == [("75", 0), ("KZ", 0)]


def test_accounts_with_a_day_that_can_not_be_judged_are_told():
    waits = rows_of(
        ORDER_OUTFLOWS,
        """
        order_id | bank_bic | region_code | ordered_on | days | days_judged
        -------------------------------------------------------------------
        1        | X        | 75          | 2026-03-02 | 2    | 2
        2        | X        | 75          | 2026-03-02 | 2    | 1
        3        | Y        | 10          | 2026-03-08 | 1    | 0
        4        | Y        | 10          | 2026-03-09 | 1    | 0
        """,
    )

    result = figures("accounts_not_judged_before_arrest", waits, WEEK)

    assert result == {"KZ": 2, "75": 1, "10": 1}


def test_breaks_count_while_they_are_open():
    breaks = rows_of(
        ARREST_BREAKS,
        """
        break_code          | order_id | region_code | since_on   | ended_on
        -------------------------------------------------------------------
        order_not_answered  | 1-old    | 75          | 2026-02-24 | -
        order_not_answered  | 2-ended  | 75          | 2026-02-24 | 2026-03-08
        order_not_answered  | 3-after  | 75          | 2026-02-24 | 2026-03-09
        case_without_orders | -        | unknown     | 2026-03-08 | -
        card_in_two_cases   | 5-later  | 75          | 2026-03-09 | -
        """,
    )

    assert figures("arrest_breaks", breaks, WEEK) == {"KZ": 3, "75": 2, "unknown": 1}
    assert figures("arrest_breaks", breaks, WEEK, dimension="break_code") == {
        "KZ order_not_answered": 2,
        "KZ case_without_orders": 1,
        "75 order_not_answered": 2,
        "unknown case_without_orders": 1,
    }
    assert figures("arrest_breaks", breaks, BEFORE) == {"KZ": 3, "75": 3}


def test_an_address_arrested_in_two_cases_or_assets_is_one_wallet():
    freezes = rows_of(
        WALLET_FREEZES,
        """
        measure_id | address | asset_code | stage_code     | region_code | frozen_on
        ----------------------------------------------------------------------------
        1          | w1      | BTC        | arrested       | 75          | 2026-03-03
        2          | w1      | USDT       | arrested       | 10          | 2026-03-02
        3          | w2      | BTC        | measures_taken | 10          | 2026-03-02
        4          | w3      | BTC        | arrested       | 75          | 2026-03-02
        """,
    )

    assert figures("crypto_wallets_arrested", freezes, WEEK) == {"KZ": 2, "75": 1, "10": 1}


def test_wallets_are_valued_at_the_arrest_and_as_the_last_night_has_them():
    wallets = rows_of(
        CASE_WALLETS,
        """
        business_date | case_no | address | asset_code | stage_code     | region_code | is_first_case | frozen_on  | value_usd_cent | night_value_usd_cent
        ----------------------------------------------------------------------------------------------------------------------------------------------
        2026-03-08    | 100     | w1      | BTC        | arrested       | 75          | true          | 2026-03-03 | 100            | 50
        2026-03-09    | 100     | w1      | BTC        | arrested       | 75          | true          | 2026-03-03 | 100            | 70
        2026-03-09    | 200     | w1      | BTC        | arrested       | 10          | false         | 2026-03-04 | 900            | 900
        2026-03-09    | 200     | w2      | BTC        | measures_taken | 10          | true          | 2026-03-04 | 900            | 900
        2026-03-09    | 200     | w3      | BTC        | arrested       | 10          | true          | 2026-03-01 | 900            | 900
        """,
    )

    assert figures("crypto_held_at_arrest", wallets, WEEK) == {"KZ": 100, "75": 100}
    assert figures("crypto_held_tonight", wallets, WEEK) == {"KZ": 70, "75": 70}
