"""Rows of one feed as institutions tell them, before they are cut into files."""

from dataclasses import dataclass

import polars as pl

from transforms.sentences import sentence

# Beside the columns of the file, told rows carry who tells them, the day of the event (the file
# of that day or of the next day with a delivery holds it) and, where planted bad, the reason.
INSTITUTION = "_institution"
EVENT_ON = "_event_on"
WHY_BAD = "_why_bad"


@dataclass(frozen=True, slots=True)
class Told:
    """All rows of one feed, in the order in which they stand in its files."""

    feed: str
    rows: pl.DataFrame


def amount_text(minor: pl.Expr) -> pl.Expr:
    """Minor units as written in a file: 123456 → 1234.56."""
    return sentence("{}.{}", minor // 100, (minor % 100).cast(pl.String).str.zfill(2))


def quantity_text(units: pl.Expr, places: int) -> pl.Expr:
    """Smallest units as a decimal: 1234567 with six places → 1.234567."""
    scale: int = 10**places
    return (
        (units // scale).cast(pl.String) + "." + (units % scale).cast(pl.String).str.zfill(places)
    )
