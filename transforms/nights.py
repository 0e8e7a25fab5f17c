"""Which nights were held, and which of them have told something that is no longer so."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import polars as pl

from transforms.deliveries import GAPS, counting_deliveries

_PLACE = ["feed", "institution", "business_date"]
_COUNTED = ("delivery", "rows_delivered", "rows_accepted", "rows_quarantined")


def overtaken_nights(told: pl.LazyFrame, screened: pl.LazyFrame) -> pl.LazyFrame:
    """`night` of each night that counted another file, or other rows of it, than the lake does now.

    A file came that had been missing, a better one came, if only with as many rows, or rows set
    aside were released: every night that had counted the delivery otherwise gave other figures.

    Args:
        told: `COMPLETENESS` of the nights in question.
        screened: `judged_deliveries` of all feeds.
    """
    now = {name: f"{name}_now" for name in _COUNTED}
    counted = screened.select(*_PLACE, *_COUNTED).rename(now)
    # A file of which nothing was judged has no counts, on either side.
    is_other = [pl.col(name).ne_missing(pl.col(other)) for name, other in now.items()]
    return (
        told.join(counted, on=_PLACE, how="left", validate="m:1")
        .filter(pl.any_horizontal(is_other))
        .select("night")
        .unique()
        .sort("night")
    )


def missed_nights(held: Iterable[date], last_due: date) -> list[date]:
    """Nights that were due and not held, oldest first, since the first that was."""
    known = set(held)
    if not known:
        return []
    first = min(known)
    days = (first + timedelta(days=n) for n in range((last_due - first).days + 1))
    return [day for day in days if day not in known]


def judged_deliveries(
    screened: Mapping[str, pl.LazyFrame], deliveries: Mapping[str, pl.LazyFrame]
) -> pl.LazyFrame:
    """`screened_table` of several feeds in one frame, with their `feed`: files that still count.

    A file that was judged and has been followed by another, not judged yet, is left out.
    """
    return pl.concat(
        [
            rows.join(
                counting_deliveries(deliveries[feed]),
                on=["institution", "business_date", "delivery"],
                how="semi",
            ).with_columns(feed=pl.lit(feed))
            for feed, rows in screened.items()
        ]
    )


def feeds_owing(told: pl.LazyFrame) -> pl.LazyFrame:
    """`feed` of each delivery that was owed and of which nothing usable came.

    Args:
        told: `COMPLETENESS` of one night.
    """
    return told.filter(pl.col("state_code").is_in(GAPS)).select("feed").unique().sort("feed")
