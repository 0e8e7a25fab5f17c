"""How long rows about persons are kept, and what holds them back.

`reference/retention_rules.csv` says it by table, dated and with its source; `quarantine` is that
table of every feed. Rules are about tables that no edition is made from: accepted rows and facts
have to give every figure again, deliveries are evidence, and transfers are what money of a case
that is yet to come is followed along.
A row that names anybody of a case, or anybody who was listed, is held back: no register tells
that a case was closed, so that each counts as open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.contracts import Table
from transforms.droppers.activity import ACCOUNT_DAYS, ACCOUNT_LINKS
from transforms.droppers.alerts import ALERTS
from transforms.droppers.boosted import MODEL_REASONS, MODEL_SCORES
from transforms.droppers.evidence import EVIDENCE
from transforms.droppers.persons import PERSONS
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEEDS
from transforms.reference import reference

QUARANTINE = "quarantine"

_TABLES = {
    table.name: table
    for table in (
        ACCOUNT_WINDOWS,
        LINK_WINDOWS,
        PERSONS,
        EVIDENCE,
        MODEL_SCORES,
        MODEL_REASONS,
        ALERTS,
        ACCOUNT_DAYS,
        ACCOUNT_LINKS,
    )
}


@dataclass(frozen=True, slots=True)
class Retention:
    """Rows of a table about persons go once their day is so long ago."""

    table: Table
    kept: timedelta
    source: str

    def whole_from(self, today: date) -> date:
        """The first day of which all rows are kept."""
        return today - self.kept


def retentions(today: date) -> list[Retention]:
    """What is in force on a day, by table.

    Raises:
        KeyError: a rule names a table that personal data are not removed from.
    """
    rules = reference("retention_rules").with_columns(
        pl.col("in_force_from", "in_force_to").str.to_date(), pl.col("kept_days").cast(pl.Int64)
    )
    is_in_force = (pl.col("in_force_from") <= today) & (
        pl.col("in_force_to").is_null() | (pl.col("in_force_to") >= today)
    )
    return [
        Retention(table, timedelta(days=rule["kept_days"]), rule["source"])
        for rule in rules.filter(is_in_force).iter_rows(named=True)
        for table in _tables(rule["table"])
    ]


def whole_since(table: Table, days: Iterable[date]) -> date:
    """The first day of which nothing was removed by rule, the latest of these being today's.

    Args:
        table: which.
        days: of which it has rows, or had.
    """
    latest = max(days, default=date.min)
    kept = [rule.whole_from(latest) for rule in retentions(latest) if rule.table == table]
    return max(kept, default=date.min)


def persons_held(tables: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """Everybody whom these rows name, by any identifier: `id`, each once.

    Args:
        tables: rows of `CARD_ARRESTS`, `ACCOUNT_ARRESTS`, the latest `HOLDINGS`, and `ALERTS`;
            of each the columns that identify somebody.
    """
    ids = [
        rows.select(pl.col(name).alias("id"))
        for rows in tables
        for name in rows.collect_schema().names()
    ]
    none = pl.LazyFrame(schema={"id": pl.String})
    return pl.concat([none, *ids]).drop_nulls().unique()


def rows_held(table: Table, rows: pl.LazyFrame, held: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of a table that name, in any column about persons, somebody who is held back.

    Args:
        table: whose rows they are.
        rows: those of the days whose time is over.
        held: as `persons_held` gives them.

    Returns:
        The table's columns, in order of its key.
    """
    named = [c.name for c in table.columns if c.is_personal and c.dtype == pl.String()]
    kept = [
        rows.join(held, left_on=name, right_on="id", how="semi").select(table.key) for name in named
    ]
    return (
        rows.join(pl.concat(kept).unique(), on=table.key, how="semi", nulls_equal=True)
        .sort(table.key)
        .pipe(table.require)
    )


def _tables(name: str) -> list[Table]:
    return [f.quarantine_table for f in FEEDS] if name == QUARANTINE else [_TABLES[name]]
