"""Rows of banks as movements on an account: each transaction once, on the day it was booked."""

import polars as pl

from transforms.droppers.measures import KINDS, OTHER_KIND
from transforms.feeds.card_transactions import FEED
from transforms.periods import civil_date
from transforms.redelivery import earliest
from transforms.valuation import TENGE

_KEY = FEED.key
_SAID = (
    "business_date",
    "booked_at",
    "account_iban",
    "card_token",
    "holder_iin",
    "direction_code",
    "amount_minor",
    "currency_code",
    "operation_code",
    "counterparty_iban",
    "counterparty_iin",
    "device_id",
    "machine_id",
    "region_code",
)


def movements(card_transactions: pl.LazyFrame) -> pl.LazyFrame:
    """Each transaction once, with `kind`, the measure that it counts in, and `is_tenge`.

    `business_date` is the day on which it was booked, in Almaty, and not that of the delivery.

    Args:
        card_transactions: accepted rows that hold every delivery of what was booked on the days
            asked for. A transaction that was delivered again with another day of booking counts
            on both.
    """
    return (
        card_transactions.select(*_KEY, *_SAID)
        .pipe(_once)
        .with_columns(
            business_date=civil_date(pl.col("booked_at")),
            is_tenge=pl.col("currency_code") == TENGE,
            kind=_kind(),
        )
    )


def _once(rows: pl.LazyFrame) -> pl.LazyFrame:
    # Few are told twice: by a short digest those that may be are found, and only they are sorted.
    rows = rows.with_columns(_digest=pl.struct(_KEY).hash())
    told_twice = rows.group_by("_digest").agg(n=pl.len()).filter(pl.col("n") > 1)
    again = rows.join(told_twice, on="_digest", how="semi").drop("_digest")
    others = rows.join(told_twice, on="_digest", how="anti").drop("_digest")
    return pl.concat([others, again.pipe(earliest, _KEY).select(*_KEY, *_SAID)])


def _kind() -> pl.Expr:
    word = pl.col("direction_code") + " " + pl.col("operation_code")
    return word.replace_strict(
        {f"{direction} {operation}": name for (direction, operation), (name, _) in KINDS.items()},
        default=pl.col("direction_code").replace_strict(OTHER_KIND, return_dtype=pl.String),
        return_dtype=pl.String,
    )
