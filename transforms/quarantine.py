"""Rows set aside, as people look at them: counted by file and rule, or shown with cells masked."""

import re
from collections.abc import Mapping

import polars as pl

from transforms.feeds.feed import Feed

MASK = "•••"

_IIN = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]\d{5}"
_IBAN = r"KZ\d\d[0-9A-Z]{16}"
_CARD = r"\d{16}"
_PERSONAL = re.compile(rf"(?<![0-9A-Z])(?:{_IIN}|{_IBAN}|{_CARD})(?![0-9A-Z])", re.IGNORECASE)

_FILE = ("business_date", "institution", "delivery")


def set_aside(rows: pl.LazyFrame, run: str) -> pl.LazyFrame:
    """Rows that broke rules, as a run puts them in quarantine."""
    return rows.with_columns(run=pl.lit(run))


def counts_by_rule(quarantined: pl.LazyFrame, deliveries: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of each file that break each rule.

    Args:
        quarantined: rows of a quarantine table.
        deliveries: receipts of the files that count.

    Returns:
        `business_date`, `institution`, `delivery`, `file_name`, `run`, `rows` of the file set
        aside, `code`, `code_rows` of them that break the rule; in that order. A row that breaks
        two rules is in the `code_rows` of both.
    """
    by = [*_FILE, "run"]
    all_ = quarantined.group_by(by).agg(rows=pl.len().cast(pl.Int64))
    return (
        quarantined.select(*by, code="violated_rules")
        .explode("code")
        .group_by(*by, "code")
        .agg(code_rows=pl.len().cast(pl.Int64))
        .join(all_, on=by, how="left", validate="m:1")
        .join(deliveries.select(*_FILE, "file_name"), on=_FILE, how="left", validate="m:1")
        .select(*_FILE, "file_name", "run", "rows", "code", "code_rows")
        .sort(*_FILE, "code")
    )


def masked(feed: Feed, cells: Mapping[str, str | None]) -> dict[str, str | None]:
    """Cells by wire column with all that is personal hidden, also where it does not belong.

    Columns that the feed declares personal are hidden whole. In the others, which a shifted row
    fills with anything, what looks like an IIN, an account or a card number is.
    """
    personal = {field.wire for field in feed.fields if field.column.is_personal}
    return {
        name: MASK if text and name in personal else text and _PERSONAL.sub(MASK, text)
        for name, text in cells.items()
    }
