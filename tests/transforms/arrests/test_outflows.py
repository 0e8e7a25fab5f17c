"""Money that left between order and arrest: what counts, how often, and what can't be judged."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.outflows import (
    ARREST_OUTFLOWS,
    ORDER_OUTFLOWS,
    bank_days,
    booked_on_days,
    days_waited,
    days_watched,
    order_outflows,
    outflows,
    waits,
)
from transforms.arrests.parameters import numbers_of_arrests, parameters_of_arrests
from transforms.arrests.told import told
from transforms.arrests.touched import Turn, in_place_of
from transforms.arrests.touched_outflows import may_wait_since, order_outflows_renewed
from transforms.verification import differing

NIGHT = date(2026, 3, 5)
DAYS = [date(2026, 3, day) for day in range(2, 6)]
PARAMETERS = parameters_of_arrests()

ONE_ACCOUNT = """
order_id | account_iban | bank_bic | region_code | case_no | ordered_on | settled_at
-----------------------------------------------------------------------------------------
7-1      | KZ1          | X        | 75          | 100     | 2026-03-02 | 2026-03-03T06:00:00Z
"""
DEBITS = """
institution | transaction_id | account_iban | direction_code | currency_code | amount_minor | booked_at
--------------------------------------------------------------------------------------------------------------
X           | 1-too-early    | KZ1          | debit          | KZT           | 1            | 2026-03-01T18:59:59Z
X           | 2-first-moment | KZ1          | debit          | KZT           | 20           | 2026-03-01T19:00:00Z
X           | 3-credit       | KZ1          | credit         | KZT           | 300          | 2026-03-02T05:00:00Z
X           | 4-dollars      | KZ1          | debit          | USD           | 4000         | 2026-03-02T05:00:00Z
X           | 5-other        | KZ9          | debit          | KZT           | 50000        | 2026-03-02T05:00:00Z
X           | 6-last-moment  | KZ1          | debit          | KZT           | 600000       | 2026-03-03T05:59:59Z
X           | 7-arrested     | KZ1          | debit          | KZT           | 7000000      | 2026-03-03T06:00:00Z
"""


def arrests(drawing: str) -> pl.LazyFrame:
    return rows_of(ACCOUNT_ARRESTS, drawing)


def left(
    ordered: str = ONE_ACCOUNT,
    debits: str | None = DEBITS,
    days: list[date] = DAYS,
    night: date = NIGHT,
) -> pl.LazyFrame:
    booked = booked_on_days(accepted("card_transactions", debits), days)
    return outflows(booked, watched(arrests(ordered), booked, night))


def test_what_leaves_from_the_first_moment_of_the_order_to_the_arrest_counts():
    assert_drawn(
        left(),
        """
        business_date | order_id | account_iban | bank_bic | transactions | left_tiyn | counted_tiyn
        --------------------------------------------------------------------------------------------
        2026-03-02    | 7-1      | KZ1          | X        | 1            | 20        | 20
        2026-03-03    | 7-1      | KZ1          | X        | 1            | 600000    | 600000
        """,
    )


def test_a_day_of_which_the_bank_delivered_nothing_is_not_judged_and_told():
    of_two_banks = """
    order_id | account_iban | bank_bic | region_code | ordered_on | settled_at
    -------------------------------------------------------------------------------
    7-1      | KZ1          | X        | 75          | 2026-03-02 | 2026-03-03T06:00:00Z
    8-1      | KZ2          | Y        | 75          | 2026-03-02 | 2026-03-04T06:00:00Z
    9-1      | KZ3          | X        | 75          | 2026-03-02 | 2026-03-04T06:00:00Z
    """
    judged = left(of_two_banks)

    result = order_outflows(arrests(of_two_banks), judged, NIGHT, parameters=PARAMETERS)

    assert_drawn(
        result,
        """
        order_id | ordered_on | waited_until | days | days_judged | transactions | left_tiyn
        ------------------------------------------------------------------------------------
        7-1      | 2026-03-02 | 2026-03-03   | 2    | 2           | 2            | 600020
        8-1      | 2026-03-02 | 2026-03-04   | 3    | 0           | -            | -
        9-1      | 2026-03-02 | 2026-03-04   | 3    | 2           | 0            | 0
        """,
    )


def test_money_that_two_orders_wait_for_counts_once_with_the_earlier():
    result = left(
        """
        order_id | account_iban | bank_bic | region_code | case_no | ordered_on | settled_at
        -----------------------------------------------------------------------------------------
        2        | KZ1          | X        | 75          | 200     | 2026-03-02 | 2026-03-03T06:00:00Z
        3        | KZ1          | X        | 10          | 300     | 2026-03-03 | -
        """
    )

    assert_drawn(
        result,
        """
        business_date | order_id | left_tiyn | counted_tiyn
        ---------------------------------------------------
        2026-03-02    | 2        | 20        | 20
        2026-03-03    | 2        | 600000    | 600000
        2026-03-03    | 3        | 7600000   | 7000000
        """,
    )


def test_a_wait_ends_with_the_night_the_answer_or_the_limit():
    waiting = waits(
        arrests(
            """
            business_date | order_id      | account_iban | ordered_on | settled_at
            --------------------------------------------------------------------
            2026-03-02    | 1-answered    | KZ1          | 2026-03-02 | 2026-03-02T19:00:00Z
            2026-03-02    | 2-open        | KZ1          | 2026-03-02 | -
            2026-01-05    | 3-forgotten   | KZ1          | 2026-01-05 | -
            2026-03-02    | 4-too-soon    | KZ1          | 2026-03-02 | 2026-02-25T06:00:00Z
            2026-03-02    | 5-tomorrow    | KZ1          | 2026-03-06 | -
            2026-03-06    | 6-told-late   | KZ1          | 2026-03-02 | -
            """
        ),
        NIGHT,
        parameters=PARAMETERS,
    ).sort("order_id")

    assert_drawn(
        waiting,
        """
        order_id    | waited_until
        --------------------------
        1-answered  | 2026-03-03
        2-open      | 2026-03-05
        3-forgotten | 2026-02-03
        4-too-soon  | 2026-03-02
        """,
    )


def test_the_days_to_look_at_are_those_on_which_somebody_waited():
    result = days_waited(arrests(ONE_ACCOUNT), NIGHT, parameters=PARAMETERS).collect()

    assert result["business_date"].to_list() == [date(2026, 3, 2), date(2026, 3, 3)]


def test_a_transaction_delivered_twice_left_once():
    twice = DEBITS + "X | 6-last-moment | KZ1 | debit | KZT | 600000 | 2026-03-03T05:59:59Z"

    assert_frame_equal(left(debits=twice), left())


transactions = st.lists(
    st.fixed_dictionaries(
        {
            "transaction_id": st.integers(1, 30).map(str),
            "institution": st.sampled_from(["X", "Y"]),
            "account_iban": st.sampled_from(["KZ1", "KZ2"]),
            "direction_code": st.sampled_from(["debit", "debit", "credit"]),
            "currency_code": st.sampled_from(["KZT", "KZT", "USD"]),
            "amount_minor": st.integers(1, 10**6),
            "hours": st.integers(0, 4 * 24 - 1),
        }
    ),
    max_size=12,
    unique_by=lambda row: (row["institution"], row["transaction_id"]),
)
ordered = st.lists(
    st.fixed_dictionaries(
        {
            "order_id": st.sampled_from(["1", "2", "3"]),
            "account_iban": st.sampled_from(["KZ1", "KZ2"]),
            "ordered": st.integers(0, 3),
            "hours": st.one_of(st.none(), st.integers(0, 4 * 24)),
        }
    ),
    max_size=5,
    unique_by=lambda row: (row["order_id"], row["account_iban"]),
)
FIRST_MOMENT = datetime(2026, 3, 1, 19, tzinfo=UTC)


def drawn_transactions(rows: list[dict]) -> pl.LazyFrame:
    nothing = accepted("card_transactions")
    given_ = pl.DataFrame(
        [
            {k: v for k, v in row.items() if k != "hours"}
            | {
                "booked_at": FIRST_MOMENT + timedelta(hours=row["hours"]),
                "business_date": DAYS[row["hours"] // 24],
            }
            for row in rows
        ],
        schema_overrides={"booked_at": pl.Datetime("us", "UTC")},
    ).lazy()
    return pl.concat([nothing, given_], how="diagonal_relaxed") if rows else nothing


def drawn_arrests(rows: list[dict]) -> pl.LazyFrame:
    given_ = [
        {
            "business_date": DAYS[row["ordered"]],
            "order_id": row["order_id"],
            "account_iban": row["account_iban"],
            "bank_bic": "X" if row["account_iban"] == "KZ1" else "Y",
            "ordered_on": DAYS[row["ordered"]],
            "settled_at": None
            if row["hours"] is None
            else FIRST_MOMENT + timedelta(hours=row["hours"]),
        }
        for row in rows
    ]
    return pl.LazyFrame(given_, schema=ACCOUNT_ARRESTS.schema)


def watched(
    accounts: pl.LazyFrame,
    booked: pl.LazyFrame,
    night: date,
    parameters: pl.DataFrame = PARAMETERS,
) -> pl.LazyFrame:
    return days_watched(accounts, bank_days(booked), night, parameters=parameters)


def left_of(
    booked: pl.LazyFrame,
    accounts: pl.LazyFrame,
    night: date = NIGHT,
    parameters: pl.DataFrame = PARAMETERS,
) -> pl.LazyFrame:
    return outflows(booked, watched(accounts, booked, night, parameters))


@settings(max_examples=40)
@given(transactions, ordered)
def test_days_one_by_one_are_all_days_at_once_and_money_is_counted_once(rows, orders):
    booked, accounts = drawn_transactions(rows), drawn_arrests(orders)

    booked = booked_on_days(booked, DAYS)
    at_once = left_of(booked, accounts).collect()

    by_day = [left_of(booked_on_days(booked, [day]), accounts) for day in DAYS]
    backwards = left_of(booked.reverse(), accounts.reverse()).collect()
    debits = booked.filter(
        pl.col("direction_code") == "debit", pl.col("currency_code") == "KZT"
    ).collect()
    assert_frame_equal(pl.concat(by_day).collect(), at_once)
    assert_frame_equal(backwards, at_once)
    assert (at_once["counted_tiyn"] <= at_once["left_tiyn"]).all()
    assert at_once["counted_tiyn"].sum() <= debits["amount_minor"].sum()


def until(
    night: date, rows: list[dict], orders: list[dict], parameters: pl.DataFrame = PARAMETERS
) -> tuple[list[pl.LazyFrame], pl.LazyFrame]:
    """Orders and what left as a night finds them; and all of it counted at once."""
    days = [day for day in DAYS if day <= night]
    accounts = drawn_arrests(orders).filter(pl.col("business_date") <= night)
    money = left_of(booked_on_days(drawn_transactions(rows), days), accounts, night, parameters)
    both = [frame.collect().lazy() for frame in (accounts, money)]
    return both, order_outflows(*both, night, parameters=parameters)


@settings(max_examples=20)
@given(
    *(transactions, transactions, ordered, ordered, st.integers(0, 3), st.integers(0, 3)),
    st.sampled_from(["1", "2", "30"]),
)
def test_accounts_that_a_night_touches_give_what_all_at_once_gives(
    rows, rows_then, orders, orders_then, one, other, most_days
):
    night, then = sorted((DAYS[one], DAYS[other]))
    is_longest = pl.col("parameter") == "outflow_most_days"
    value = pl.when(is_longest).then(pl.lit(most_days)).otherwise("value")
    parameters = PARAMETERS.with_columns(value=value)
    was, kept = until(night, rows, orders, parameters)
    now, whole = until(then, rows_then, orders_then, parameters)
    tables = {"account_arrests": ACCOUNT_ARRESTS, "outflows": ARREST_OUTFLOWS}
    changed = {
        name: differing(table, before, after)
        for (name, table), before, after in zip(tables.items(), was, now, strict=True)
    }

    told_of = told({"account_arrests": now[0]}, numbers_of_arrests())

    renewed = order_outflows_renewed(
        kept,
        changed,
        *now,
        told_of=told_of,
        turn=Turn.after(night, then),
        parameters=parameters,
    )
    waiting = may_wait_since(then, now[0], told_of, parameters=parameters)

    carried_on = in_place_of(ORDER_OUTFLOWS, kept, renewed, DAYS).sort(ORDER_OUTFLOWS.key)
    assert_frame_equal(carried_on.collect(), whole.collect())
    booked = booked_on_days(drawn_transactions(rows_then), [then])
    of_both = [left_of(booked, of, then, parameters).collect() for of in (waiting, now[0])]
    assert_frame_equal(*of_both)


def test_an_account_whose_wait_is_over_is_left_as_it_lies():
    orders = [
        {"order_id": "1", "account_iban": "KZ1", "ordered": 0, "hours": 5},
        {"order_id": "2", "account_iban": "KZ2", "ordered": 0, "hours": None},
    ]
    _, kept = until(DAYS[1], [], orders)
    now, _ = until(DAYS[2], [], orders)

    renewed = order_outflows_renewed(
        kept,
        {},
        *now,
        told_of=told({"account_arrests": now[0]}, numbers_of_arrests()),
        turn=Turn.after(DAYS[1], DAYS[2]),
        parameters=PARAMETERS,
    )

    assert [rows.collect()["order_id"].to_list() for rows in renewed] == [["2"], ["2"]]
