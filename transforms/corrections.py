"""What people decided about rows that were set aside: cells corrected, rules waived, or neither.

Decisions are only ever added. Of each row the last one counts, whole: it replaces those before
it, so that one without cells and rules leaves the row as delivered. The delivered file stays as
it is; a correction stands between its text and the staged row.
"""

from collections.abc import Mapping

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.feed import CORRECTED_CELLS, Feed, is_unreadable_as

ROW = ("business_date", "institution", "delivery", "line")


def corrections_table(feed: Feed) -> Table:
    """Every decision about a row of the feed, with who, when and why; kept for good."""
    return Table(
        name=f"corrections.{feed.name}",
        grain="one decision about one delivered row",
        key=("delivery", "line", "decided_at"),
        columns=(
            Column("business_date", pl.Date(), "The day, in Almaty, that the delivery is for."),
            Column("institution", pl.String(), "Who delivered."),
            Column("delivery", pl.String(), "SHA-256 of the delivered file, hexadecimal."),
            Column("line", pl.Int64(), "Row of the delivered file."),
            Column(
                "cells",
                pl.String(),
                "Corrected cells: JSON object of the file's columns and their right text.",
                is_personal=True,
            ),
            Column(
                "cells_before",
                pl.String(),
                "The same cells as delivered; null for one that was not there.",
                is_personal=True,
            ),
            Column(
                "waived_rules",
                pl.List(pl.String()),
                "Codes of rules that the row need not keep.",
            ),
            Column("decided_by", pl.String(), "Who decided: name or login of one of us."),
            Column("reason", pl.String(), "Why, in that person's words."),
            Column("decided_at", pl.Datetime("us", "UTC"), "When."),
        ),
        is_append_only=True,
    )


def last_corrections(corrections: pl.LazyFrame) -> pl.LazyFrame:
    """The decision that counts for each row: the last."""
    return (
        corrections.sort(*ROW, "decided_at", "cells", "decided_by", "reason")
        .unique(ROW, keep="last", maintain_order=True)
        .sort(ROW)
    )


def with_corrections(wire: pl.LazyFrame, corrections: pl.LazyFrame) -> pl.LazyFrame:
    """Delivered text, with what `Feed.staged` needs to know of the decisions about each row.

    Args:
        wire: text columns with `business_date`, `institution`, `delivery` and `line`.
        corrections: one decision a row, as `last_corrections` gives them. Those about rows that
            are not there change nothing.
    """
    says_something = (pl.col("cells") != "{}") | (pl.col("waived_rules").list.len() > 0)
    telling = corrections.filter(says_something).select(
        *ROW,
        pl.col("cells").alias(CORRECTED_CELLS),
        waived_rules=pl.when(pl.col("waived_rules").list.len() > 0).then("waived_rules"),
        corrected_by="decided_by",
    )
    return wire.join(telling, on=ROW, how="left", validate="m:1", maintain_order="left")


def unreadable_cells(feed: Feed, cells: Mapping[str, str]) -> list[str]:
    """Wire columns whose text says something, but not what the column is for."""
    told = [field for field in feed.fields if field.wire in cells]
    row = pl.LazyFrame({name: [text] for name, text in cells.items()})
    found = row.select(**{field.wire: is_unreadable_as(field) for field in told}).collect()
    return [name for name in found.columns if found[name].item()]
