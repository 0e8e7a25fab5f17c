"""Transfers: both banks' sides are one, services and cash are told, crypto has its value."""

import random
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn
from transforms.trail.bank_legs import told_by_banks
from transforms.trail.transfers import TRANSFERS, transfers

RATES = """
currency_code | rate_on    | quant | tenge_per_quant
----------------------------------------------------
USD           | 2026-03-01 | 1     | 500
RUB           | 2026-03-01 | 100   | 600
"""
PRICES = """
asset_code | price_on   | price_usd
-----------------------------------
USDT       | 2026-03-01 | 1
BTC        | 2026-03-01 | 100000.5
"""
BOTH_SIDES = """
institution | transaction_id | booked_at            | account_iban | holder_iin   | direction_code | amount_minor | currency_code | operation_code | counterparty_iban | counterparty_iin
---------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
A           | 1              | 2026-03-02T06:00:00Z | KZ1          | 900101300001 | debit          | 500          | KZT           | transfer       | KZ2               | -
B           | 7              | 2026-03-02T06:05:00Z | KZ2          | 900101300002 | credit         | 500          | KZT           | transfer       | KZ1               | -
"""


def moved(
    bank: str | pl.LazyFrame | None = None,
    orders: str | None = None,
    crypto: str | None = None,
    fiat: str | pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    told = bank if isinstance(bank, pl.LazyFrame) else accepted("card_transactions", bank)
    return transfers(
        told_by_banks(told),
        accepted("p2p_orders", orders),
        accepted("crypto_transfers", crypto),
        fiat if isinstance(fiat, pl.LazyFrame) else accepted("fiat_transfers", fiat),
        crypto_prices=accepted("crypto_prices", PRICES),
        exchange_rates=accepted("exchange_rates", RATES),
    ).sort("at", "transfer_id")


def test_both_banks_sides_of_a_transfer_are_one_row_with_what_each_knows():
    assert_drawn(
        moved(BOTH_SIDES),
        """
        business_date | transfer_id | at                   | from_kind | from_id | to_kind | to_id | amount_tiyn | from_iin     | to_iin       | confidence
        -----------------------------------------------------------------------------------------------------------------------------------------------------
        2026-03-02    | A/1         | 2026-03-02T06:00:00Z | account   | KZ1     | account | KZ2   | 500         | 900101300001 | 900101300002 | 1.0
        """,
    )


def test_the_second_of_equal_transfers_is_paired_with_the_second_and_a_third_stands_alone():
    result = moved(
        """
        institution | transaction_id | booked_at            | account_iban | holder_iin   | direction_code | amount_minor | currency_code | operation_code | counterparty_iban
        ------------------------------------------------------------------------------------------------------------------------------------------------------------------------
        A           | 1              | 2026-03-02T06:00:00Z | KZ1          | 900101300001 | debit          | 500          | KZT           | transfer       | KZ2
        A           | 2              | 2026-03-02T07:00:00Z | KZ1          | 900101300001 | debit          | 500          | KZT           | transfer       | KZ2
        B           | 7              | 2026-03-02T06:05:00Z | KZ2          | 900101300002 | credit         | 500          | KZT           | transfer       | KZ1
        B           | 8              | 2026-03-02T07:05:00Z | KZ2          | 900101300002 | credit         | 500          | KZT           | transfer       | KZ1
        B           | 9              | 2026-03-02T08:05:00Z | KZ2          | 900101300002 | credit         | 500          | KZT           | transfer       | KZ1
        """
    )

    assert result.collect()["transfer_id"].to_list() == ["A/1", "A/2", "B/9"]


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("amount_minor", "501"),
        ("currency_code", "USD"),
        ("booked_at", "2026-03-03T06:05:00Z"),
        ("counterparty_iban", "KZ3"),
        ("direction_code", "debit"),
    ],
)
def test_sides_that_differ_are_two_transfers(what, value):
    rows = accepted("card_transactions", BOTH_SIDES)
    typed = (
        pl.lit(value).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC")
        if what == "booked_at"
        else pl.lit(value).cast(rows.collect_schema()[what])
    )
    changed = rows.with_columns(
        pl.when(pl.col("institution") == "B").then(typed).otherwise(what).alias(what)
    )

    assert moved(changed).collect().height == 2


def test_a_transaction_delivered_again_counts_once():
    rows = accepted("card_transactions", BOTH_SIDES)
    again = rows.with_columns(business_date=pl.date(2026, 3, 9), delivery=pl.lit("b"))

    assert_frame_equal(moved(pl.concat([again, rows])), moved(rows))


def test_cash_services_and_abroad_are_nodes_of_their_own_kind():
    result = moved(
        """
        institution | transaction_id | booked_at            | account_iban | holder_iin   | direction_code | amount_minor | currency_code | operation_code  | counterparty_iban | counterparty_iin | region_code
        ----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
        A           | 1              | 2026-03-02T01:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | cash_withdrawal | -                 | -                | 79
        A           | 2              | 2026-03-02T02:00:00Z | KZ1          | 900101300001 | credit         | 100          | KZT           | cash_deposit    | -                 | -                | 79
        A           | 3              | 2026-03-02T03:00:00Z | KZ1          | 900101300001 | credit         | 100          | KZT           | salary          | KZ8               | 990140000011     | 79
        A           | 4              | 2026-03-02T04:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | purchase        | -                 | -                | 79
        A           | 5              | 2026-03-02T05:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | exchange_topup  | KZ9               | 990140000022     | 79
        A           | 6              | 2026-03-02T06:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | transfer        | DE1               | -                | 79
        A           | 7              | 2026-03-02T07:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | transfer        | KZ7               | 990140000033     | 79
        A           | 8              | 2026-03-02T08:00:00Z | KZ1          | 900101300001 | credit         | 100          | KZT           | purchase        | -                 | -                | 79
        A           | 9              | 2026-03-02T09:00:00Z | KZ8          | 990140000011 | debit          | 100          | KZT           | salary          | KZ5               | 900101300005     | 79
        """
    )

    assert_drawn(
        result,
        """
        from_kind | from_id               | to_kind | to_id
        ---------------------------------------------------------------------
        account   | KZ1                   | cash    | cash:79
        cash      | cash:79               | account | KZ1
        service   | service:990140000011  | account | KZ1
        account   | KZ1                   | service | service:purchase at A
        account   | KZ1                   | service | service:990140000022
        account   | KZ1                   | abroad  | abroad:DE1
        account   | KZ1                   | account | KZ7
        service   | service:purchase at A | account | KZ1
        service   | service:990140000011  | account | KZ5
        """,
    )


def test_foreign_money_is_tenge_at_the_rate_of_the_day_and_unknown_without_one():
    result = moved(
        """
        institution | transaction_id | booked_at            | account_iban | direction_code | amount_minor | currency_code | operation_code | counterparty_iban
        -------------------------------------------------------------------------------------------------------------------------------------------------------
        A           | 1              | 2026-03-02T01:00:00Z | KZ1          | debit          | 250          | RUB           | transfer       | KZ2
        A           | 2              | 2026-03-02T02:00:00Z | KZ1          | debit          | 250          | TRY           | transfer       | KZ2
        """
    )

    assert_drawn(
        result,
        """
        asset_code | amount_tiyn
        ------------------------
        RUB        | 1500
        TRY        | -
        """,
    )


def test_an_order_moves_crypto_from_seller_to_buyer_whoever_took_it():
    result = moved(
        orders="""
        institution | p2p_order_id | completed_at         | maker_iin | taker_iin | side_code | asset_code | quantity | currency_code | amount_minor | buyer_nickname | seller_id | status_code
        --------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
        EXCH01      | 1            | 2026-03-02T01:00:00Z | m         | t         | buy       | USDT       | 10.5     | KZT           | 525000       | -              | -         | -
        EXCH01      | 2            | 2026-03-02T02:00:00Z | m         | t         | sell      | USDT       | 10.5     | KZT           | 525000       | -              | -         | completed
        EXCH01      | 3            | 2026-03-02T03:00:00Z | -         | -         | -         | USDT       | 10.5     | KZT           | 525000       | nick           | 77        | completed
        EXCH01      | 4            | 2026-03-02T04:00:00Z | m         | t         | buy       | USDT       | 10.5     | KZT           | 525000       | -              | -         | failed
        EXCH01      | 5            | 2026-03-02T05:00:00Z | -         | -         | -         | USDT       | 10.5     | KZT           | 525000       | nick           | -         | completed
        """
    )

    assert_drawn(
        result,
        """
        transfer_id | from_kind       | from_id        | to_kind         | to_id       | amount_tiyn | quantity
        -----------------------------------------------------------------------------------------------------
        EXCH01/1    | exchange_client | EXCH01/m       | exchange_client | EXCH01/t    | 525000      | 10.5
        EXCH01/2    | exchange_client | EXCH01/t       | exchange_client | EXCH01/m    | 525000      | 10.5
        EXCH01/3    | exchange_client | EXCH01/77      | exchange_client | EXCH01/nick | 525000      | 10.5
        EXCH01/5    | service         | service:EXCH01 | exchange_client | EXCH01/nick | 525000      | 10.5
        """,
    )


def test_deposits_and_withdrawals_have_the_value_of_their_day_once_completed():
    result = moved(
        crypto="""
        institution | transfer_id | completed_at         | direction_code | user_iin | user_id | network_code | address | asset_code | quantity | status_code
        -----------------------------------------------------------------------------------------------------------------------------------------------
        EXCH01      | 1           | 2026-03-02T01:00:00Z | deposit        | p        | -       | tron         | T1      | USDT       | 2.5      | -
        EXCH01      | 2           | 2026-03-02T02:00:00Z | withdrawal     | -        | 55      | bitcoin      | b1      | BTC        | 0.5      | completed
        EXCH01      | 3           | 2026-03-02T03:00:00Z | withdrawal     | p        | -       | ton          | x       | TON        | 1        | completed
        EXCH01      | 4           | 2026-03-02T04:00:00Z | withdrawal     | p        | -       | tron         | T1      | USDT       | 1        | pending
        EXCH01      | 5           | 2026-03-02T05:00:00Z | withdrawal     | p        | -       | -            | -       | USDT       | 1        | completed
        """
    )

    assert_drawn(
        result,
        """
        transfer_id | from_kind       | from_id   | to_kind         | to_id          | amount_tiyn | asset_code
        ------------------------------------------------------------------------------------------------------
        EXCH01/1    | wallet          | tron:T1   | exchange_client | EXCH01/p       | 125000      | USDT
        EXCH01/2    | exchange_client | EXCH01/55 | wallet          | bitcoin:b1     | 2500012500  | BTC
        EXCH01/3    | exchange_client | EXCH01/p  | wallet          | ton:x          | -           | TON
        EXCH01/5    | exchange_client | EXCH01/p  | service         | service:EXCH01 | 50000       | USDT
        """,
    )


def test_a_wallet_is_one_node_however_exchanges_write_it():
    tron, ethereum = (
        "TTeBtp5HtgjwBk7J756oQzmCDK1JfC8H3B",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    )
    told = [
        ("tron", tron),
        ("TRX", tron),
        ("-", tron),
        ("ethereum", ethereum),
        ("-", ethereum.lower()),
    ]
    rows = "".join(
        f"E | {n} | 2026-03-02T0{n}:00:00Z | deposit | p | {network} | {address} | USDT | 1\n"
        for n, (network, address) in enumerate(told)
    )
    heading = "institution | transfer_id | completed_at | direction_code | user_iin | network_code | address | asset_code | quantity"
    result = moved(crypto=f"{heading}\n-\n{rows}").collect()

    assert set(result["from_id"]) == {f"tron:{tron}", f"ethereum:{ethereum.lower()}"}


TOP_UPS = """
institution | transaction_id | booked_at            | account_iban | holder_iin   | direction_code | amount_minor | currency_code | operation_code | counterparty_iban | counterparty_iin
---------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
A           | 1              | 2026-03-02T05:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | exchange_topup | KZ9               | 990140000022
A           | 2              | 2026-03-02T06:00:00Z | KZ1          | 900101300001 | debit          | 100          | KZT           | exchange_topup | KZ9               | 990140000022
A           | 3              | 2026-03-02T07:00:00Z | KZ2          | 900101300002 | debit          | 100          | KZT           | exchange_topup | KZ9               | 990140000022
A           | 4              | 2026-03-02T08:00:00Z | KZ2          | 900101300002 | credit         | 70           | KZT           | transfer       | KZ9               | 990140000022
A           | 5              | 2026-03-02T09:00:00Z | KZ2          | 900101300002 | debit          | 70           | KZT           | transfer       | KZ9               | 990140000022
"""


def test_what_an_exchange_told_of_too_leads_to_its_client_and_from_it():
    result = moved(
        TOP_UPS,
        fiat="""
        institution | fiat_transfer_id | completed_at         | direction_code | user_iin     | currency_code | amount_minor | status_code
        ----------------------------------------------------------------------------------------------------------------------------------
        EXCH01      | 11               | 2026-03-02T05:01:00Z | deposit        | 900101300001 | KZT           | 100          | completed
        EXCH02      | 12               | 2026-03-02T04:00:00Z | deposit        | 900101300002 | KZT           | 100          | failed
        EXCH02      | 13               | 2026-03-02T04:00:00Z | deposit        | 900101300002 | KZT           | 101          | completed
        EXCH02      | 14               | 2026-03-02T04:00:00Z | deposit        | 900101300002 | USD           | 100          | completed
        EXCH02      | 15               | 2026-03-03T04:00:00Z | deposit        | 900101300002 | KZT           | 100          | completed
        EXCH02      | 16               | 2026-03-02T04:00:00Z | -              | 900101300002 | KZT           | 100          | completed
        EXCH02      | 17               | 2026-03-02T08:00:00Z | withdrawal     | 900101300002 | KZT           | 70           | -
        """,
    )

    assert_drawn(
        result,
        """
        transfer_id | from_kind       | from_id             | from_iin     | to_kind         | to_id                | to_iin
        -----------------------------------------------------------------------------------------------------------------------
        A/1         | account         | KZ1                 | 900101300001 | exchange_client | EXCH01/900101300001  | 900101300001
        A/2         | account         | KZ1                 | 900101300001 | service         | service:990140000022 | 990140000022
        A/3         | account         | KZ2                 | 900101300002 | service         | service:990140000022 | 990140000022
        A/4         | exchange_client | EXCH02/900101300002 | 900101300002 | account         | KZ2                  | 900101300002
        A/5         | account         | KZ2                 | 900101300002 | account         | KZ9                  | 990140000022
        """,
    )


def test_no_transfers_are_a_table_too():
    result = moved().collect()

    assert (result.height, result.schema) == (0, TRANSFERS.schema)


row = st.tuples(
    st.sampled_from("AB"),
    st.integers(0, 30),
    st.sampled_from(["KZ1", "KZ2", "KZ3"]),
    st.sampled_from(["KZ1", "KZ2", "DE1", None]),
    st.sampled_from(["debit", "credit"]),
    st.sampled_from([100, 200]),
    st.sampled_from(["transfer", "cash_withdrawal", "salary", "utility", "exchange_topup"]),
)
fiat_row = st.tuples(st.sampled_from("XY"), st.integers(0, 30), st.sampled_from([100, 200]))


@settings(max_examples=25)
@given(
    st.lists(row, max_size=25),
    st.lists(fiat_row, max_size=6),
    st.randoms(use_true_random=False),
    st.integers(0, 25),
)
def test_the_order_of_rows_and_how_days_are_cut_change_nothing(
    rows, fiats, dice: random.Random, cut
):
    drawn = [
        {
            "business_date": date(2026, 3, 2),
            "institution": bank,
            "transaction_id": str(n),
            "booked_at": datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour),
            "account_iban": own,
            "holder_iin": "900101300001",
            "counterparty_iban": other,
            "direction_code": direction,
            "amount_minor": amount,
            "currency_code": "KZT",
            "operation_code": operation,
        }
        for n, (bank, hour, own, other, direction, amount, operation) in enumerate(rows)
    ]
    late = [{**r, "business_date": date(2026, 3, 2 + (n >= cut))} for n, r in enumerate(drawn)]
    dice.shuffle(late)
    fiat = [
        {
            "business_date": date(2026, 3, 2),
            "institution": exchange,
            "fiat_transfer_id": str(n),
            "completed_at": datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour),
            "direction_code": "deposit",
            "user_iin": "900101300001",
            "currency_code": "KZT",
            "amount_minor": amount,
        }
        for n, (exchange, hour, amount) in enumerate(fiats)
    ]
    mixed = dice.sample(fiat, len(fiat))

    assert_frame_equal(
        moved(_told(late), fiat=_told(mixed, "fiat_transfers")),
        moved(_told(drawn), fiat=_told(fiat, "fiat_transfers")),
    )


def _told(drawn: list[dict], feed: str = "card_transactions") -> pl.LazyFrame:
    schema = accepted(feed).collect_schema()
    return pl.LazyFrame([{c: r.get(c) for c in schema} for r in drawn], schema=schema)
