"""Which days of booking rows belong to, whatever day they were delivered for.

Daily figures lie under the day of booking. A bank may deliver what it booked on one day under
several business dates, so a night looks at what its changed partitions say of days, and computes
those days from all rows that were booked on them.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from transforms.feeds import FEED_BY_NAME
from transforms.periods import CIVIL_TIME_ZONE, civil_date

ACTIVITY_FEEDS = ("card_transactions", "p2p_orders")


def days_booked(changed: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Each day on which any of these rows was booked, once, in order: `business_date`.

    Args:
        changed: rows by name of feed, as they are and as they were.
    """
    days = [
        rows.select(business_date=civil_date(_moment(feed))).unique()
        for feed, rows in changed.items()
    ]
    none = pl.LazyFrame(schema={"business_date": pl.Date})
    return pl.concat([none, *days]).drop_nulls().unique().sort("business_date")


def booked_on(rows: pl.LazyFrame, feed: str, day: date) -> pl.LazyFrame:
    """The rows of a feed that were booked on a day in Almaty."""
    return booked_within(rows, feed, day, day)


def booked_within(rows: pl.LazyFrame, feed: str, first_day: date, last_day: date) -> pl.LazyFrame:
    """The rows of a feed that were booked on days in Almaty, from the first to the last."""
    since, until = (
        datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(CIVIL_TIME_ZONE)).astimezone(UTC)
        for on in (first_day, last_day + timedelta(days=1))
    )
    first, *others = FEED_BY_NAME[feed].happens
    # One comparison a column, so that files without such rows are not opened.
    is_on = _is_within(first, since, until)
    for column in others:
        is_on |= pl.col(first).is_null() & _is_within(column, since, until)
    return rows.filter(is_on)


def _moment(feed: str) -> pl.Expr:
    return pl.coalesce(FEED_BY_NAME[feed].happens)


def _is_within(column: str, since: datetime, until: datetime) -> pl.Expr:
    return (pl.col(column) >= since) & (pl.col(column) < until)
