"""Which days' transfers change when rows of banks, exchanges, prices or rates did."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from transforms.droppers.booking_days import days_booked

TRANSFER_FEEDS = ("card_transactions", "p2p_orders", "crypto_transfers", "fiat_transfers")
RATES = {"crypto_prices": "price_on", "exchange_rates": "rate_on"}


def days_to_tell(changed: Mapping[str, pl.LazyFrame], known: Sequence[date]) -> pl.LazyFrame:
    """Each day whose transfers are told anew, once, in order: `business_date`.

    A price or a rate counts until the next one, so that it changes all known days from its own.

    Args:
        changed: rows by name of feed, as they are and as they were.
        known: days that have transfers.
    """
    told = pl.LazyFrame({"business_date": known}, schema={"business_date": pl.Date})
    booked = days_booked({feed: rows for feed, rows in changed.items() if feed in TRANSFER_FEEDS})
    valued = [
        told.join(changed[feed].select(first=pl.col(on).min()), how="cross")
        .filter(pl.col("business_date") >= pl.col("first"))
        .select("business_date")
        for feed, on in RATES.items()
        if feed in changed
    ]
    return pl.concat([booked, *valued]).unique().sort("business_date")
