"""Where money came from: the same trail, followed through transfers that run the other way.

Time is mirrored within the days, payer and payee change places. So a payment is explained by the
latest money that came before it (FIFO: the latest first; haircut: in its share), and what no
money explains was there before, or nobody told of it.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from transforms.feeds.cells import INSTANT

_ALMATY = ZoneInfo("Asia/Almaty")
_ENDS = ("kind", "id", "iin")
_INSTANTS = ("at", "first_at", "last_at", "seed_from_at")


def mirrored(rows: pl.LazyFrame, *, about: date) -> pl.LazyFrame:
    """Transfers, steps or crossings with time running back from a day, payer and payee changed.

    Done twice it gives the same rows.
    """
    columns = rows.collect_schema().names()
    changed = {"from": "to", "to": "from"}
    ends = {
        f"{side}_{what}": pl.col(f"{other}_{what}")
        for side, other in changed.items()
        for what in _ENDS
        if f"{side}_{what}" in columns
    }
    instants = {
        c: mirrored_at(pl.col(c), about=about)
        for c in ("at", "first_at", "last_at", "seed_from_at")
        if c in columns
    }
    if "business_date" in columns:
        ends["business_date"] = _day(pl.col("business_date"), about)
    return rows.with_columns(**ends, **instants)


def mirrored_at(at: pl.Expr, *, about: date) -> pl.Expr:
    """The instant as far before the middle of a day as it was after it."""
    begins = datetime(about.year, about.month, about.day, tzinfo=_ALMATY)
    last = begins + timedelta(days=1) - timedelta(microseconds=1)
    both = sum((pl.lit(end).cast(INSTANT).dt.epoch("us") for end in (begins, last)), pl.lit(0))
    return pl.from_epoch(both - at.dt.epoch("us"), "us").cast(INSTANT)


def mirrored_day(day: date, *, about: date) -> date:
    return about + (about - day)


def _day(day: pl.Expr, about: date) -> pl.Expr:
    return pl.lit(about) + (pl.lit(about) - day)
