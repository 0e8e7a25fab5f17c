"""What each account did on each day: every rule with a row that keeps it and one that does not."""

from collections import deque
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn
from tests.transforms.droppers.rows import any_bank_rows, bank_rows
from transforms.droppers.activity import account_days, account_links
from transforms.droppers.measures import KINDS, MEASURE_NAMES
from transforms.droppers.movements import (
    digests,
    first_told,
    place_of_digest,
    said_once,
    told_twice,
)
from transforms.droppers.parameters import in_force, parameters_of_activity
from transforms.feeds.card_transactions import FEED

PARAMETERS = parameters_of_activity()
SOON = timedelta(minutes=60)
MOST = 92_233_720_368_547_758


def days(drawing: str | None, orders: str | None = None) -> pl.LazyFrame:
    return account_days(bank_rows(drawing), accepted("p2p_orders", orders), parameters=PARAMETERS)


def of(rows: pl.DataFrame, twice: pl.DataFrame | None = None) -> pl.DataFrame:
    orders = accepted("p2p_orders")
    return account_days(rows.lazy(), orders, parameters=PARAMETERS, twice=twice).collect()


def test_nothing_booked_is_no_row():
    assert days(None).collect().is_empty()
    assert account_links(bank_rows(), parameters=PARAMETERS).collect().is_empty()


def test_each_kind_of_row_counts_in_one_measure():
    rows = [
        *((direction, operation, name) for (direction, operation), (name, _) in KINDS.items()),
        ("debit", "salary", "other_out"),
        ("credit", "purchase", "other_in"),
        ("credit", "exchange_topup", "other_in"),
    ]
    for direction, operation, name in rows:
        result = days(
            f"""
            booked_at            | direction_code | operation_code | amount_minor
            ---------------------------------------------------------------------
            2026-03-02T07:00:00Z | {direction}    | {operation}    | 123
            """
        ).collect()

        kinds = [n for n in MEASURE_NAMES if n.endswith(("_in_tiyn", "_out_tiyn"))]
        assert result[name].to_list() == [1], name
        assert result[f"{name}_tiyn"].to_list() == [123], name
        assert result.select(kinds).sum_horizontal()[0] in (0, 123)


def test_the_day_is_the_day_of_booking_in_almaty_and_not_that_of_the_delivery():
    result = days(
        """
        business_date | booked_at            | amount_minor
        ---------------------------------------------------
        2026-03-05    | 2026-03-02T18:59:59Z | 1
        2026-03-05    | 2026-03-02T19:00:00Z | 10
        """
    )

    assert_drawn(
        result,
        """
        business_date | account_iban | transfers_in_tiyn | first_at             | last_at
        -------------------------------------------------------------------------------------------
        2026-03-02    | A            | 1                 | 2026-03-02T18:59:59Z | 2026-03-02T18:59:59Z
        2026-03-03    | A            | 10                | 2026-03-02T19:00:00Z | 2026-03-02T19:00:00Z
        """,
    )


def test_a_transaction_delivered_again_counts_once_as_it_was_first_told():
    result = days(
        """
        business_date | institution | transaction_id | booked_at            | amount_minor
        ----------------------------------------------------------------------------------
        2026-03-03    | X           | 1              | 2026-03-02T07:00:00Z | 10
        2026-03-02    | X           | 1              | 2026-03-02T07:00:00Z | 5
        2026-03-02    | Y           | 1              | 2026-03-02T07:00:00Z | 100
        """
    )

    assert_drawn(
        result,
        """
        transfers_in | transfers_in_tiyn
        --------------------------------
        2            | 105
        """,
    )


def test_other_currencies_are_counted_apart_and_nowhere_else():
    result = days(
        """
        booked_at            | currency_code | amount_minor
        ---------------------------------------------------
        2026-03-02T20:00:00Z | USD           | 100000
        2026-03-02T20:00:00Z | EUR           | 100000
        """
    ).collect()

    assert result["other_currency_transactions"].to_list() == [2]
    measured = result.select(n for n in MEASURE_NAMES if n != "other_currency_transactions")
    assert measured.sum_horizontal().to_list() == [0]


def test_round_repeated_near_threshold_and_night_are_told_at_their_bounds():
    result = days(
        """
        account_iban | booked_at            | direction_code | operation_code  | amount_minor
        --------------------------------------------------------------------------------------
        night        | 2026-03-02T17:59:59Z | debit          | purchase        | 1
        night        | 2026-03-02T18:00:00Z | debit          | purchase        | 1
        night        | 2026-03-02T00:59:59Z | debit          | purchase        | 1
        night        | 2026-03-02T01:00:00Z | debit          | purchase        | 1
        repeated     | 2026-03-02T07:00:00Z | credit         | transfer        | 750001
        repeated     | 2026-03-02T08:00:00Z | credit         | transfer        | 750001
        repeated     | 2026-03-02T08:00:00Z | credit         | transfer        | 750002
        repeated     | 2026-03-02T08:00:00Z | debit          | transfer        | 750002
        round        | 2026-03-02T07:00:00Z | credit         | transfer        | 300000
        round        | 2026-03-02T07:00:00Z | credit         | transfer        | 350000
        round        | 2026-03-02T07:00:00Z | debit          | transfer        | 300000
        under        | 2026-03-02T07:00:00Z | credit         | transfer        | 50000001
        under        | 2026-03-02T07:00:00Z | credit         | transfer        | 50000000
        under        | 2026-03-02T07:00:00Z | credit         | transfer        | 45000001
        under        | 2026-03-02T07:00:00Z | credit         | transfer        | 45000000
        under        | 2026-03-02T07:00:00Z | debit          | cash_withdrawal | 20000000
        under        | 2026-03-02T07:00:00Z | debit          | cash_withdrawal | 18000000
        """
    )

    assert_drawn(
        result,
        """
        account_iban | night_transactions | repeated_transfers_in | round_transfers_in | transfers_in_just_under | cash_out_just_under
        --------------------------------------------------------------------------------------------------------------------------
        night        | 2                  | 0                     | 0                  | 0                       | 0
        repeated     | 0                  | 2                     | 0                  | 0                       | 0
        round        | 0                  | 0                     | 1                  | 0                       | 0
        under        | 0                  | 0                     | 2                  | 2                       | 1
        """,
    )


def test_money_passed_on_is_the_oldest_of_the_day_and_soon_means_within_the_hour():
    result = days(
        """
        account_iban | booked_at            | direction_code | operation_code  | amount_minor
        --------------------------------------------------------------------------------------
        A            | 2026-03-02T06:00:00Z | debit          | transfer        | 50
        A            | 2026-03-02T07:00:00Z | credit         | transfer        | 100
        A            | 2026-03-02T07:30:00Z | credit         | transfer        | 100
        A            | 2026-03-02T08:00:00Z | debit          | cash_withdrawal | 70
        A            | 2026-03-02T08:00:01Z | debit          | exchange_topup  | 60
        A            | 2026-03-02T08:00:02Z | debit          | purchase        | 60
        A            | 2026-03-02T08:30:01Z | debit          | transfer        | 500
        B            | 2026-03-02T07:00:00Z | credit         | salary          | 100
        B            | 2026-03-02T07:30:00Z | debit          | cash_withdrawal | 100
        """
    )

    assert_drawn(
        result,
        """
        account_iban | passed_on_same_day_tiyn | passed_on_soon_tiyn | cash_out_after_transfers_in_tiyn | exchange_topups_after_transfers_in_tiyn
        --------------------------------------------------------------------------------------------------------------------------------------
        A            | 200                     | 100                 | 70                               | 60
        B            | 0                       | 0                   | 0                                | 0
        """,
    )


def queued(rows: pl.DataFrame) -> dict[str, tuple[int, int]]:
    """The same by a queue, payment after payment."""
    left: dict[str, deque] = {}
    found: dict[str, tuple[int, int]] = {}
    tenge = rows.filter(
        pl.col("currency_code") == "KZT",
        (pl.col("operation_code") == "transfer")
        | (
            (pl.col("direction_code") == "debit")
            & pl.col("operation_code").is_in(["cash_withdrawal", "exchange_topup"])
        ),
    ).sort("booked_at", "direction_code")
    for row in tenge.iter_rows(named=True):
        queue = left.setdefault(row["account_iban"], deque())
        at, amount = row["booked_at"], row["amount_minor"]
        if row["direction_code"] == "credit":
            queue.append([at, amount])
            continue
        soon, same_day = found.get(row["account_iban"], (0, 0))
        while amount and queue:
            taken = min(amount, queue[0][1])
            amount, same_day = amount - taken, same_day + taken
            soon += taken if at - queue[0][0] <= SOON else 0
            queue[0][1] -= taken
            if not queue[0][1]:
                queue.popleft()
        found[row["account_iban"]] = soon, same_day
    return {account: sums for account, sums in found.items() if sums[1]}


@settings(max_examples=25)
@given(any_bank_rows())
def test_passing_on_equals_a_queue_replayed_payment_by_payment(rows):
    result = of(rows).filter(pl.col("passed_on_same_day_tiyn") > 0)

    columns = ["account_iban", "passed_on_soon_tiyn", "passed_on_same_day_tiyn"]
    assert {a: (soon, day) for a, soon, day in result.select(columns).iter_rows()} == queued(rows)


@settings(max_examples=20)
@given(any_bank_rows(days=3))
def test_kinds_add_up_to_all_that_was_booked(rows):
    result = of(rows)

    kinds = [*(name for name, _ in KINDS.values()), "other_in", "other_out"]
    tenge = rows.filter(pl.col("currency_code") == "KZT")
    assert sum(result[k].sum() for k in kinds) == result["transactions"].sum() == tenge.height
    assert sum(result[f"{k}_tiyn"].sum() for k in kinds) == tenge["amount_minor"].sum()
    assert result["other_currency_transactions"].sum() == rows.height - tenge.height


@settings(max_examples=20)
@given(any_bank_rows(days=2), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_sending_them_twice_change_nothing(rows, dice):
    order = list(range(rows.height))
    dice.shuffle(order)
    again = pl.concat(
        [rows[order], rows.with_columns(business_date=pl.col("business_date") + timedelta(days=1))]
    )

    doubled, single = (told_twice(sent.lazy()).collect() for sent in (again, rows))
    assert doubled.height == rows.height
    assert_frame_equal(of(again, doubled), of(rows))
    assert_frame_equal(of(rows, single), of(again))
    assert_frame_equal(
        account_links(again.lazy(), parameters=PARAMETERS),
        account_links(rows.lazy(), parameters=PARAMETERS, twice=single),
    )


@settings(max_examples=20)
@given(any_bank_rows(days=2), st.randoms(use_true_random=False))
def test_accounts_in_parts_say_each_transaction_once_also_under_another_account(rows, dice):
    accounts = rows["account_iban"].unique().sort().to_list()
    moved = rows.with_columns(
        account_iban=pl.Series(
            [dice.choice(accounts) for _ in range(rows.height)], dtype=pl.String
        ),
        business_date=pl.col("business_date") + timedelta(days=1),
    )
    every, half = pl.concat([moved, rows]).lazy(), accounts[len(accounts) // 2] if accounts else ""
    twice = told_twice(every).collect()
    first = first_told(every, twice).collect().lazy()

    parts = [
        said_once(every.filter(part), twice, first.filter(part)).collect()
        for part in (pl.col("account_iban") < half, pl.col("account_iban") >= half)
    ]

    said = [name for name in parts[0].columns if name in rows.columns]
    assert_frame_equal(pl.concat(parts).select(said), rows.select(said), check_row_order=False)


def test_places_of_digests_are_spread_evenly():
    found = (
        digests(pl.LazyFrame({name: [f"{n}" for n in range(5_000)] for name in FEED.key}))
        .select(place=place_of_digest())
        .collect()["place"]
    )

    assert found.is_between(0, 1, closed="left").all()
    assert all(abs((found < part).mean() - part) < 0.05 for part in (0.25, 0.5, 0.75))


@settings(max_examples=15)
@given(any_bank_rows(days=3))
def test_each_day_is_computed_from_its_own_rows_alone(rows):
    parts = rows.partition_by("business_date")

    alone = [of(part) for part in parts]

    assert_frame_equal(
        pl.concat([of(rows).clear(), *alone]).sort("business_date", "account_iban"), of(rows)
    )


def test_a_sale_at_an_exchange_is_of_the_account_that_was_paid():
    result = days(
        """
        booked_at            | account_iban | holder_iin | amount_minor | counterparty_iban
        ----------------------------------------------------------------------------------
        2026-03-02T07:00:00Z | S            | seller     | 500          | B
        """,
        """
        institution | p2p_order_id | completed_at         | maker_iin | taker_iin | side_code | currency_code | amount_minor | pay_account_iban | status_code
        --------------------------------------------------------------------------------------------------------------------------------
        X           | 1            | 2026-03-02T07:01:00Z | seller    | buyer     | buy       | KZT           | 500          | S                | -
        X           | 1            | 2026-03-02T07:01:00Z | seller    | buyer     | buy       | KZT           | 500          | S                | -
        X           | 2            | 2026-03-02T09:00:00Z | buyer     | other     | sell      | KZT           | 40           | T                | completed
        X           | 3            | 2026-03-02T09:00:00Z | seller    | buyer     | buy       | KZT           | 900          | S                | pending
        X           | 4            | 2026-03-02T09:00:00Z | seller    | buyer     | buy       | USD           | 900          | S                | -
        X           | 5            | 2026-03-02T09:00:00Z | seller    | buyer     | buy       | KZT           | 900          | -                | -
        """,
    )

    assert_drawn(
        result,
        """
        account_iban | holder_iin | bank_bic | region_code | transactions | p2p_sales | p2p_sales_tiyn | other_currency_transactions | last_at
        -----------------------------------------------------------------------------------------------------------------------------
        S            | seller     | BANK     | 75          | 1            | 1         | 500            | 1                           | 2026-03-02T09:00:00Z
        T            | other      | -        | unknown     | 0            | 1         | 40             | 0                           | 2026-03-02T09:00:00Z
        """,
    )


def test_a_purchase_at_an_exchange_is_of_the_account_that_paid_its_very_amount():
    result = days(
        """
        booked_at            | account_iban | holder_iin | direction_code | amount_minor | counterparty_iban
        ---------------------------------------------------------------------------------------------------
        2026-03-02T07:00:00Z | A            | buyer      | debit          | 500          | S
        2026-03-02T07:00:01Z | B            | buyer      | debit          | 500          | S
        2026-03-02T07:00:00Z | C            | buyer      | debit          | 501          | S
        2026-03-02T07:00:00Z | D            | another    | debit          | 500          | S
        2026-03-03T07:00:00Z | E            | buyer      | debit          | 500          | S
        """,
        """
        institution | p2p_order_id | completed_at         | maker_iin | taker_iin | side_code | currency_code | amount_minor | pay_account_iban
        ---------------------------------------------------------------------------------------------------------------
        X           | 1            | 2026-03-02T07:01:00Z | buyer     | seller    | sell      | KZT           | 500          | S
        """,
    ).filter(pl.col("p2p_purchases") > 0)

    assert_drawn(
        result,
        """
        account_iban | p2p_purchases | p2p_purchases_tiyn
        -------------------------------------------------
        A            | 1             | 500
        """,
    )


def test_links_tell_who_paid_whom_and_by_what():
    result = account_links(
        bank_rows(
            """
            booked_at            | direction_code | operation_code  | amount_minor | counterparty_iban | counterparty_iin | device_id | card_token | currency_code
            ------------------------------------------------------------------------------------------------------------------------------------
            2026-03-02T07:00:00Z | credit         | transfer        | 1            | P                 | p                | d1        | t          | KZT
            2026-03-02T07:00:00Z | credit         | transfer        | 2            | P                 | -                | -         | -          | KZT
            2026-03-02T07:00:00Z | credit         | transfer        | 4            | -                 | q                | -         | -          | KZT
            2026-03-02T07:00:00Z | credit         | transfer        | 8            | -                 | -                | -         | -          | KZT
            2026-03-02T07:00:00Z | debit          | transfer        | 16           | P                 | p                | d2        | -          | KZT
            2026-03-02T07:00:00Z | debit          | transfer        | 32           | O                 | a                | -         | -          | KZT
            2026-03-02T07:00:00Z | credit         | salary          | 64           | F                 | f                | -         | -          | KZT
            2026-03-02T07:00:00Z | debit          | cash_withdrawal | 128          | -                 | -                | -         | t          | KZT
            2026-03-02T07:00:00Z | credit         | transfer        | 256          | P                 | p                | -         | t          | USD
            """
        ),
        parameters=PARAMETERS,
    )

    assert_drawn(
        result,
        """
        account_iban | link_code | other | other_iin | transactions | amount_tiyn
        -------------------------------------------------------------------------
        A            | card      | t     | -         | 2            | 129
        A            | device    | d2    | -         | 1            | 16
        A            | firm      | F     | f         | 1            | 64
        A            | own       | O     | a         | 1            | 32
        A            | payee     | P     | p         | 1            | 16
        A            | payer     | P     | p         | 2            | 3
        A            | payer     | q     | q         | 1            | 4
        """,
    )


def test_sums_too_large_are_an_error_and_never_wrap_round():
    rows = bank_rows(
        f"""
        booked_at            | amount_minor
        -----------------------------------
        2026-03-02T07:00:00Z | {MOST * 99}
        2026-03-02T07:00:00Z | {MOST * 99}
        """
    )

    with pytest.raises(pl.exceptions.InvalidOperationError):
        account_days(rows, accepted("p2p_orders"), parameters=PARAMETERS).collect()


def test_a_parameter_counts_on_the_days_on_which_it_is_in_force():
    dated = pl.DataFrame(
        {
            "parameter": ["x", "x"],
            "value": ["1", "2"],
            "in_force_from": ["2026-01-01", "2026-03-01"],
            "in_force_to": ["2026-01-31", None],
        }
    )
    on = pl.Series(["2025-12-31", "2026-01-31", "2026-02-01", "2026-03-01"]).str.to_date()

    assert pl.select(in_force(dated, "x", pl.lit(on)))["literal"].to_list() == [None, 1, None, 2]
    with pytest.raises(KeyError, match="no parameter y"):
        in_force(dated, "y", pl.col("on"))


def test_cash_in_turn_ties_accounts_that_one_hand_may_hold():
    result = account_links(
        bank_rows(
            """
            booked_at            | account_iban | direction_code | operation_code  | amount_minor | machine_id | card_token
            ------------------------------------------------------------------------------------------------------------------
            2026-03-02T07:00:00Z | A            | debit          | cash_withdrawal | 1            | M          | -
            2026-03-02T07:01:00Z | A            | debit          | cash_withdrawal | 2            | M          | -
            2026-03-02T07:04:00Z | B            | debit          | cash_withdrawal | 4            | M          | -
            2026-03-02T07:06:00Z | A            | debit          | cash_withdrawal | 8            | M          | -
            2026-03-02T07:12:00Z | C            | debit          | cash_withdrawal | 16           | M          | -
            2026-03-02T07:05:00Z | D            | debit          | cash_withdrawal | 32           | N          | -
            2026-03-02T07:04:30Z | E            | credit         | cash_deposit    | 64           | M          | -
            2026-03-02T07:05:00Z | F            | debit          | cash_withdrawal | 128          | -          | -
            """
        ),
        parameters=PARAMETERS,
    ).collect()

    turns = result.filter(link_code="turn")
    assert turns.select("account_iban", "other", "transactions", "amount_tiyn").rows() == [
        ("A", "B", 1, 0),
        ("B", "A", 1, 0),
    ]
