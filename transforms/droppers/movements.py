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


def told_twice(card_transactions: pl.LazyFrame) -> pl.LazyFrame:
    """Digests of transactions that may have been delivered more than once: few, in no order.

    Where there are none, rows need not be parted: whoever asks for `movements` several times
    finds these once, collects them and hands them over.
    """
    return told_twice_of(digests(card_transactions))


def digests(card_transactions: pl.LazyFrame) -> pl.LazyFrame:
    """A short digest of each delivered transaction, `_digest`."""
    return card_transactions.select(_digest=_digest())


def told_twice_of(digests: pl.LazyFrame) -> pl.LazyFrame:
    """`told_twice`, of `digests`: of all of them, or of those at some places."""
    return digests.group_by("_digest").agg(n=pl.len()).filter(pl.col("n") > 1).select("_digest")


def place_of_digest() -> pl.Expr:
    """Where a digest belongs, from 0 to less than 1, evenly spread."""
    return pl.col("_digest") // (1 << 40) / (1 << 24)


def first_told(card_transactions: pl.LazyFrame, twice: pl.DataFrame) -> pl.LazyFrame:
    """Of transactions that may be told twice the first delivery, as `said_once` has it: few rows.

    Another delivery may name another account.

    Args:
        card_transactions: as `movements` takes them, of all accounts.
        twice: as `told_twice` gives them for these.
    """
    rows = card_transactions.select(*_KEY, *_SAID)
    return rows.clear() if twice.is_empty() else _again(rows, twice.lazy())


def said_once(
    card_transactions: pl.LazyFrame, twice: pl.DataFrame, first: pl.LazyFrame
) -> pl.LazyFrame:
    """What `movements` takes of the rows of some accounts, each transaction once.

    Args:
        card_transactions: as there, but of these accounts.
        twice: as `told_twice` gives them for all; of what this gives none are.
        first: of `first_told`, the rows of these accounts.
    """
    rows = card_transactions.select(*_KEY, *_SAID)
    return rows if twice.is_empty() else pl.concat([_others(rows, twice.lazy()), first])


def movements(card_transactions: pl.LazyFrame, twice: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Each transaction once, with `kind`, the measure that it counts in, and `is_tenge`.

    `business_date` is the day on which it was booked, in Almaty, and not that of the delivery.

    Args:
        card_transactions: accepted rows that hold every delivery of what was booked on the days
            asked for. A transaction that was delivered again with another day of booking counts
            on both.
        twice: as `told_twice` gives them for these rows; without it they are looked for.
    """
    rows = card_transactions.select(*_KEY, *_SAID)
    return rows.pipe(each_once, twice).with_columns(
        business_date=civil_date(pl.col("booked_at")),
        is_tenge=pl.col("currency_code") == TENGE,
        kind=_kind(),
    )


def each_once(rows: pl.LazyFrame, twice: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Each transaction of these rows, from the first delivery of it.

    Few are told twice: by a short digest those that may be are found, and only they are sorted.

    Args:
        rows: accepted rows, with what is needed of their columns.
        twice: as `told_twice` gives them for these rows; without it they are looked for.
    """
    if twice is not None and twice.is_empty():
        return rows
    few = told_twice(rows) if twice is None else twice.lazy()
    return pl.concat([_others(rows, few), _again(rows, few)])


def _others(rows: pl.LazyFrame, twice: pl.LazyFrame) -> pl.LazyFrame:
    return (
        rows.with_columns(_digest=_digest()).join(twice, on="_digest", how="anti").drop("_digest")
    )


def _again(rows: pl.LazyFrame, twice: pl.LazyFrame) -> pl.LazyFrame:
    again = rows.with_columns(_digest=_digest()).join(twice, on="_digest", how="semi")
    return again.drop("_digest").pipe(earliest, _KEY)


def _digest() -> pl.Expr:
    return pl.struct(_KEY).hash()


def _kind() -> pl.Expr:
    """Not `replace_strict`: it holds all rows in memory, where this takes them in pieces."""
    kind = pl.lit(None, dtype=pl.String)
    for direction in OTHER_KIND:
        is_of_it = pl.col("direction_code") == direction
        kind = pl.when(is_of_it).then(_kind_within(direction)).otherwise(kind)
    return kind


def _kind_within(direction: str) -> pl.Expr:
    kind = pl.lit(OTHER_KIND[direction])
    for (way, operation), (name, _) in KINDS.items():
        if way == direction:
            is_it = pl.col("operation_code") == operation
            kind = pl.when(is_it).then(pl.lit(name)).otherwise(kind)
    return kind
