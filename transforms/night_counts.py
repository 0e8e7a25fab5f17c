"""How the deliveries of one business date came out, counted by feed."""

from datetime import date

import polars as pl


def rows_by_feed(told: pl.LazyFrame, business_date: date) -> pl.LazyFrame:
    """Rows of `completeness` → feed, its rows delivered, accepted and set aside on that date."""
    counts = [pl.col(f"rows_{name}").sum() for name in ("delivered", "accepted", "quarantined")]
    of_day = told.filter(pl.col("business_date") == business_date)
    return of_day.group_by("feed").agg(counts).sort("feed")


def deliveries_by_state(told: pl.LazyFrame, business_date: date) -> pl.LazyFrame:
    """Rows of `completeness` → feed, state_code, and how many deliveries for that date are so."""
    of_day = told.filter(pl.col("business_date") == business_date)
    return of_day.group_by("feed", "state_code").len().sort("feed", "state_code")
