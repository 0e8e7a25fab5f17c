"""What a delivery comes to: its sums by currency, and the days that it covers."""

import polars as pl

from transforms.feeds.feed import Feed

_MINOR = 100
_EXACT = pl.Decimal(38, 18)


def sums(rows: pl.LazyFrame, feed: Feed) -> pl.LazyFrame:
    """Sum of the feed's amounts by currency or asset, whatever the direction.

    This is what ISO 20022 calls the sum of all entries (TotalNumberAndSum) and control files
    state. Rows without an amount are left out.

    Returns:
        `code` (ISO 4217 or an asset; XXX where none is told) and `total` in whole units of it, in
        order of code; no row for a feed that has no amounts.
    """
    if feed.adds_up is None:
        return pl.LazyFrame(schema={"code": pl.String(), "total": _EXACT})
    amount, currency = feed.adds_up
    is_column = currency in feed.staged_table.schema
    return (
        rows.select(
            code=pl.col(currency).fill_null("XXX") if is_column else pl.lit(currency),
            amount=pl.col(amount),
        )
        .drop_nulls("amount")
        .group_by("code")
        .agg(total=_total(feed.staged_table.schema[amount]))
        .sort("code")
    )


def period(rows: pl.LazyFrame, feed: Feed) -> pl.LazyFrame:
    """One row with `first` and `last`: civil days in Almaty of the earliest and latest row."""
    days = [_day(name, feed.staged_table.schema[name]) for name in feed.happens]
    day = pl.coalesce(days) if days else pl.lit(None, pl.Date())
    return rows.select(first=day.min(), last=day.max())


def _total(dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Int64():
        whole = pl.col("amount").cast(pl.Int128).sum()
        return (whole.cast(pl.Decimal(38, 2)) / _MINOR).cast(_EXACT)
    return pl.col("amount").cast(_EXACT).sum()


def _day(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date():
        return pl.col(name)
    return pl.col(name).dt.convert_time_zone("Asia/Almaty").dt.date()
