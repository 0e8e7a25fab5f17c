"""Orders at exchanges between two people, as the accounts of the two see them."""

import polars as pl

from transforms.feeds.p2p_orders import FEED
from transforms.money import total
from transforms.periods import civil_date
from transforms.redelivery import earliest
from transforms.valuation import TENGE

_PAYMENT = ["business_date", "holder_iin", "counterparty_iban", "amount_minor"]


def completed_orders(p2p_orders: pl.LazyFrame) -> pl.LazyFrame:
    """Orders that moved something, each once, on the day of their completion.

    `seller_iin` and `buyer_iin` are null where the exchange does not tell who did what.
    """
    taker_bought = pl.col("side_code") == "buy"
    taker_sold = pl.col("side_code") == "sell"
    return (
        p2p_orders.pipe(earliest, FEED.key)
        .filter(pl.col("status_code").fill_null("completed") == "completed")
        .select(
            *FEED.key,
            "pay_account_iban",
            "amount_minor",
            at=pl.coalesce("completed_at", "created_at"),
            is_tenge=pl.col("currency_code") == TENGE,
            buyer_iin=pl.when(taker_bought).then("taker_iin").when(taker_sold).then("maker_iin"),
            seller_iin=pl.when(taker_bought).then("maker_iin").when(taker_sold).then("taker_iin"),
        )
        .with_columns(business_date=civil_date(pl.col("at")))
    )


def sales(orders: pl.LazyFrame) -> pl.LazyFrame:
    """For each day and account that was paid for crypto: orders, tenge, holder, first and last.

    An order that names no account paid is in no account.
    """
    return (
        orders.filter(pl.col("pay_account_iban").is_not_null(), pl.col("at").is_not_null())
        .with_columns(tenge=pl.when("is_tenge").then("amount_minor").otherwise(0))
        .group_by("business_date", account_iban="pay_account_iban")
        .agg(
            seller_iin=pl.col("seller_iin").max(),
            sold_from=pl.col("at").min(),
            sold_until=pl.col("at").max(),
            p2p_sales=pl.col("is_tenge").sum().cast(pl.Int64),
            p2p_sales_tiyn=total("tenge"),
            orders_in_other_currency=(~pl.col("is_tenge")).sum().cast(pl.Int64),
        )
    )


def awaited(orders: pl.LazyFrame) -> pl.LazyFrame:
    """Payments that `completed_orders` name: day, buyer, account, amount, and their `place`."""
    return (
        orders.filter("is_tenge", pl.col("at").is_not_null())
        .select(
            *FEED.key,
            "business_date",
            "at",
            "amount_minor",
            holder_iin="buyer_iin",
            counterparty_iban="pay_account_iban",
        )
        .drop_nulls(_PAYMENT)
        .sort(*_PAYMENT, "at", *FEED.key)
        .with_columns(place=pl.int_range(pl.len()).over(_PAYMENT))
    )


def purchases(payments: pl.LazyFrame, movements: pl.LazyFrame) -> pl.LazyFrame:
    """For each day and account from which crypto was paid: orders and tenge.

    An order is paid by a transfer of its very amount, on its day, from an account of the buyer to
    the account that it names; each transfer pays one order, in order of time.

    Args:
        payments: `awaited`; at hand where there are many movements, since a join with rows that
            are only planned gathers all movements to wait for them.
        movements: as `movements` has them.
    """
    paid = (
        movements.filter("is_tenge", pl.col("kind") == "transfers_out")
        .join(payments, on=_PAYMENT, how="semi")
        .select(*_PAYMENT, "account_iban", "booked_at", "transaction_id")
        .sort(*_PAYMENT, "booked_at", "account_iban", "transaction_id")
        .with_columns(place=pl.int_range(pl.len()).over(_PAYMENT))
    )
    return (
        paid.join(payments, on=[*_PAYMENT, "place"], validate="1:1")
        .group_by("business_date", "account_iban")
        .agg(p2p_purchases=pl.len().cast(pl.Int64), p2p_purchases_tiyn=total("amount_minor"))
    )
