"""The blocking list as tables, and drafts of arrest orders, one file for each bank."""

from contextlib import suppress
from dataclasses import replace

import polars as pl

from templates.blocking import Listed, reasons
from templates.exports.sheets import TooLong, csv, xlsx
from templates.wording import wording
from transforms.contracts import Column
from transforms.droppers.blocking import BLOCKING, draft_orders
from transforms.feeds import FEED_BY_NAME

_ORDERS = FEED_BY_NAME["card_arrest_orders"]
IN_WORDS = replace(
    BLOCKING,
    columns=(
        *BLOCKING.columns[:-1],
        Column("reasons", pl.String(), "Why, most points first, a reason a line."),
    ),
)


def tables(listed: Listed, language: str) -> dict[str, bytes]:
    """The list as CSV and, where a sheet holds it, a workbook; reasons in words of a language.

    Equal lists give equal bytes.
    """
    rows = in_words(listed, language)
    found = {"blocking.csv": csv(rows)}
    with suppress(TooLong):
        found["blocking.xlsx"] = xlsx({"blocking": (IN_WORDS, rows)})
    return found


def in_words(listed: Listed, language: str) -> pl.DataFrame:
    """The list with its reasons in words of a language, a reason a line."""
    words = wording(language)
    said = ["\n".join(reasons(row, listed, words)) for row in listed.rows.iter_rows(named=True)]
    return listed.rows.with_columns(reasons=pl.Series(said, dtype=pl.String))


def drafts(listed: Listed) -> dict[str, bytes]:
    """For each bank, orders in the layout of `card_arrest_orders`, a card a row.

    `ORDER_NO`, `CASE_NO` with its `KATO`, `ORDERED_ON` and `AGENCY` are empty: no rule accepts a
    row before a prosecutor has filled them in.
    """
    known = draft_orders(listed.rows.lazy()).collect()
    rows = known.select(
        _text(known, field.column.name).alias(field.wire)
        for field in _ORDERS.fields
        if field.in_tables
    )
    by_bank = rows.partition_by("BANK_BIC", maintain_order=True, as_dict=True)
    return {
        f"draft-{bank}-{listed.night}.csv": found.write_csv(separator=";").encode()
        for (bank,), found in sorted(by_bank.items())
    }


def _text(known: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column) if column in known.columns else pl.lit("", pl.String)
