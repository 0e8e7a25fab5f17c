"""What a delivery comes to is exact, by currency, and its days are those of Almaty."""

from datetime import date
from decimal import Decimal

import polars as pl

from transforms.feeds import FEED_BY_NAME
from transforms.feeds.summary import period, sums

TRANSACTIONS = FEED_BY_NAME["card_transactions"]
FROZEN = FEED_BY_NAME["wallet_freezes"]
MOST = 2**63 - 1


def rows(feed, **columns):
    schema = {name: feed.staged_table.schema[name] for name in columns}
    return pl.LazyFrame(columns, schema=schema)


def test_minor_units_add_up_beyond_64_bits():
    told = rows(
        TRANSACTIONS,
        amount_minor=[MOST, MOST, 5, None],
        currency_code=["KZT", "KZT", "USD", "KZT"],
    )

    assert dict(sums(told, TRANSACTIONS).collect().iter_rows()) == {
        "KZT": Decimal(2 * MOST) / 100,
        "USD": Decimal("0.05"),
    }


def test_an_amount_of_no_currency_is_not_lost():
    told = rows(TRANSACTIONS, amount_minor=[150], currency_code=[None])

    assert dict(sums(told, TRANSACTIONS).collect().iter_rows()) == {"XXX": Decimal("1.50")}


def test_quantities_keep_all_their_decimals():
    told = rows(FROZEN, quantity=["0.000000000000000001"] * 3, asset_code=["ETH"] * 3)

    assert dict(sums(told, FROZEN).collect().iter_rows()) == {
        "ETH": Decimal("0.000000000000000003")
    }


def test_a_feed_without_amounts_has_no_sums():
    licences = FEED_BY_NAME["precursor_licences"]

    assert sums(pl.LazyFrame(), licences).collect().is_empty()


def test_an_evening_in_utc_is_the_next_day_in_almaty():
    told = rows(TRANSACTIONS, booked_at=["2025-08-17T20:00:00"]).with_columns(
        pl.col("booked_at").cast(TRANSACTIONS.staged_table.schema["booked_at"])
    )

    assert period(told, TRANSACTIONS).collect().row(0) == (date(2025, 8, 18), date(2025, 8, 18))
