"""Crossings: which payment a P2P order is tied to, how surely, and where the trail then leads."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn
from tests.transforms.trail.drawn import followed, seeds_of
from transforms.trail.bank_legs import told_by_banks
from transforms.trail.crossing import (
    CROSSINGS,
    Ties,
    crossed,
    crossings,
    crossings_of,
    days_beside,
    days_to_tie,
)
from transforms.trail.parameters import limits, look_back, ties
from transforms.trail.transfers import transfers

MIDNIGHT_ON = date(2026, 3, 2)
TIES = Ties(
    pays_before=timedelta(hours=1),
    pays_after=timedelta(minutes=5),
    half_life=timedelta(minutes=30),
    other_payer_share=0.25,
    unknown_payer_share=0.5,
    least_confidence=0.6,
)
BANK = """
institution | transaction_id | booked_at            | account_iban | holder_iin | direction_code | amount_minor | currency_code | operation_code | counterparty_iban
------------------------------------------------------------------------------------------------------------------------------------------------------------------
A           | 1              | 2026-03-02T01:00:00Z | KZB          | b          | debit          | 500          | KZT           | transfer       | KZS
"""
ORDERS = """
institution | p2p_order_id | completed_at         | maker_iin | taker_iin | side_code | asset_code | quantity | currency_code | amount_minor | pay_account_iban
--------------------------------------------------------------------------------------------------------------------------------------------------------------
E           | 9            | 2026-03-02T01:10:00Z | s         | b         | buy       | USDT       | 1        | KZT           | 500          | KZS
"""


def told(bank: str, orders: str) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    found = accepted("p2p_orders", orders)
    others = ("crypto_transfers", "fiat_transfers", "crypto_prices", "exchange_rates")
    none = {feed: accepted(feed) for feed in others}
    return transfers(told_by_banks(accepted("card_transactions", bank)), found, **none), found


def tied(bank: str = BANK, orders: str = ORDERS) -> pl.LazyFrame:
    return crossings(*told(bank, orders), ties=TIES)


def test_a_lone_payment_of_the_buyer_is_as_sure_as_it_is_close():
    assert_drawn(
        tied(),
        """
        business_date | order_transfer_id | transfer_id | lag_s | candidates | confidence
        ---------------------------------------------------------------------------------
        2026-03-02    | E/9               | A/1         | 600   | 1          | 0.75
        """,
    )


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("| 500          | KZT           | transfer", "| 501          | KZT           | transfer"),
        ("| KZT           | transfer ", "| USD           | transfer "),
        ("2026-03-02T01:00", "2026-03-02T00:09"),
        ("2026-03-02T01:00", "2026-03-02T01:16"),
        ("| KZS", "| KZX"),
        ("transfer       |", "salary         |"),
    ],
)
def test_another_amount_currency_time_account_or_operation_is_no_tie(was, now):
    assert was in BANK

    assert tied(BANK.replace(was, now)).collect().is_empty()


@pytest.mark.parametrize(("payer", "confidence"), [("x", 0.25 * 0.75), ("-", 0.5 * 0.75)])
def test_another_or_an_unknown_payer_makes_it_less_sure(payer, confidence):
    rows = BANK.replace("| b          |", f"| {payer}          |")

    assert tied(rows).collect()["confidence"].to_list() == [confidence]


def test_two_payments_alike_have_a_half_each_and_the_nearer_is_tied():
    second = BANK.strip().splitlines()[-1].replace("| 1  ", "| 2  ").replace("T01:00", "T01:10")

    result = tied(BANK + second)

    assert_drawn(
        result,
        """
        transfer_id | candidates | lag_s
        --------------------------------
        A/2         | 2          | 0
        """,
    )
    assert result.collect()["confidence"].to_list() == [pytest.approx(1 / 1.75)]


def test_one_payment_pays_one_order():
    second = ORDERS.strip().splitlines()[-1].replace("| 9  ", "| 8  ").replace("T01:10", "T01:00")

    result = tied(orders=ORDERS + second)

    assert result.collect()["order_transfer_id"].to_list() == ["E/8"]


def test_each_sides_money_changes_its_form():
    moved, orders = told(BANK, ORDERS)

    result = crossed(moved, crossings(moved, orders, ties=TIES), ties=TIES).sort("at")

    assert_drawn(
        result,
        """
        transfer_id | from_id | to_kind         | to_id | to_iin | amount_tiyn | confidence
        ------------------------------------------------------------------------------------
        A/1         | KZB     | exchange_client | E/b   | b      | 500         | 0.75
        E/9         | E/s     | account         | KZS   | -      | 500         | 0.75
        """,
    )


def test_an_unsure_tie_changes_nothing():
    moved, orders = told(BANK.replace("| b          |", "| x          |"), ORDERS)

    result = crossed(moved, crossings(moved, orders, ties=TIES), ties=TIES).sort("at")

    assert result.collect().equals(moved.collect())


def test_a_trail_leads_from_the_account_over_the_order_to_the_wallet():
    crypto = accepted(
        "crypto_transfers",
        """
        institution | transfer_id | completed_at         | direction_code | user_iin | network_code | address | asset_code | quantity
        ------------------------------------------------------------------------------------------------------------------------------
        E           | 5           | 2026-03-02T02:00:00Z | withdrawal     | b        | tron         | w       | USDT       | 1
        """,
    )
    prices = accepted(
        "crypto_prices", "asset_code | price_on | price_usd\n-\nUSDT | 2026-03-01 | 1"
    )
    rates = accepted(
        "exchange_rates",
        "currency_code | rate_on | quant | tenge_per_quant\n-\nUSD | 2026-03-01 | 1 | 4",
    )
    orders = accepted("p2p_orders", ORDERS)
    moved = transfers(
        told_by_banks(accepted("card_transactions", BANK)),
        orders,
        crypto,
        accepted("fiat_transfers"),
        crypto_prices=prices,
        exchange_rates=rates,
    )

    along = crossed(moved, crossings(moved, orders, ties=TIES), ties=TIES)
    result = followed(along, seeds_of("KZB")).steps.filter(pl.col("rule_code") == "haircut")

    assert_drawn(
        result,
        """
        transfer_id | to_id  | tainted_tiyn | layer | confidence
        ---------------------------------------------------------
        A/1         | E/b    | 500          | 1     | 0.75
        E/5         | tron:w | 400          | 2     | 1.0
        """,
    )


def test_the_numbers_of_the_method_are_in_the_reference_table():
    assert (limits().most_hops, ties().pays_before, look_back().days) == (8, timedelta(hours=2), 90)


_minutes = st.integers(-150, 150)
_eves_and_mornings = st.lists(
    st.tuples(_minutes, st.sampled_from("bx")), min_size=1, max_size=4, unique_by=lambda p: p[0]
)


@settings(max_examples=10, deadline=None)
@given(_eves_and_mornings, _eves_and_mornings, st.permutations([-1, 0]))
def test_midnight_parts_no_pair_whichever_day_is_told_first(paid, ordered, days_told):
    bank = [
        f"A | {n} | {_at(m)} | KZB | {who} | debit | 500 | KZT | transfer | KZS"
        for n, (m, who) in enumerate(paid)
    ]
    orders = [
        f"E | {n} | {_at(m)} | s | b | buy | USDT | 1 | KZT | 500 | KZS"
        for n, (m, _) in enumerate(ordered)
    ]
    moved, found = told(
        *(
            "\n".join([*head.strip().splitlines()[:2], *rows])
            for head, rows in ((BANK, bank), (ORDERS, orders))
        )
    )
    moved, found = moved.collect().lazy(), found.collect().lazy()
    at_once = crossings(moved, found, ties=TIES).collect()

    known, standing = set(), {}
    for day in (MIDNIGHT_ON + timedelta(days=n) for n in days_told):
        known.add(day)
        is_known = pl.col("business_date").is_in(known)
        for one in days_to_tie([day], known):
            beside = is_known & pl.col("business_date").is_in(days_beside(one))
            standing[one] = crossings_of(one, moved.filter(beside), found, ties=TIES).collect()

    assert_frame_equal(pl.concat(standing.values()).sort(CROSSINGS.key), at_once)
    assert at_once.height or not any(-5 <= o - p <= 60 for p, _ in paid for o, _ in ordered)


def _at(minutes: int) -> str:
    """So many minutes after midnight in Almaty."""
    begins = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Almaty")) + timedelta(minutes=minutes)
    return begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
