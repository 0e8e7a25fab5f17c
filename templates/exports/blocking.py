"""The blocking list as tables, and drafts of arrest orders, one file for each bank."""

from contextlib import suppress
from dataclasses import replace

import polars as pl

from templates.blocking import Listed, reasons
from templates.exports.sheets import TooLong, csv, xlsx
from templates.typology_terms import typology_name
from templates.wording import wording
from transforms.contracts import Column, Table
from transforms.droppers.blocking import BLOCKING, draft_orders
from transforms.droppers.evidence import EVIDENCE
from transforms.droppers.typologies import TYPOLOGIES
from transforms.feeds import FEED_BY_NAME

_ORDERS = FEED_BY_NAME["card_arrest_orders"]
IN_WORDS = replace(
    BLOCKING,
    columns=(
        *BLOCKING.columns[:-1],
        Column("reasons", pl.String(), "Why, most points first, a reason a line."),
    ),
)


EVIDENCE_OF_LIST = Table(
    name="droppers.evidence_of_list",
    grain="one typology that counts for or against one listed account",
    key=("account_iban", "typology_code"),
    partitioned_by=(),
    columns=(
        *(column for column in EVIDENCE.columns if column.name != "rule_version"),
        Column("version", pl.Int64(), "Version of the typology."),
        Column("name", pl.String(), "Name of the typology."),
        Column("unit", pl.String(), "Of what was measured, and of the threshold."),
        Column("source", pl.String(), "Where the typology is published, or that it is ours."),
    ),
)


def tables(listed: Listed, language: str) -> dict[str, bytes]:
    """The list and its evidence as CSV and, where sheets hold them, a workbook.

    Reasons and names are in words of a language. Equal lists give equal bytes.
    """
    rows, evidence = in_words(listed, language), evidence_of(listed, language)
    found = {"blocking.csv": csv(rows), "evidence.csv": csv(evidence)}
    sheets = {"blocking": (IN_WORDS, rows), "evidence": (EVIDENCE_OF_LIST, evidence)}
    with suppress(TooLong):
        found["blocking.xlsx"] = xlsx(sheets)
    return found


def evidence_of(listed: Listed, language: str) -> pl.DataFrame:
    """The numbers behind the reasons of each account: `EVIDENCE_OF_LIST`, in the list's order."""
    words = wording(language)
    rules = pl.DataFrame(
        [
            {**rule, "code": code, "name": typology_name(rule, words)}
            for code, rule in listed.rules.items()
        ],
        schema=TYPOLOGIES.schema,
    )
    told = rules.select("version", "name", "unit", "source", typology_code="code")
    return (
        listed.rows.select("night", "account_iban", "reasons")
        .explode("reasons", empty_as_null=False)
        .unnest("reasons")
        .join(told, on="typology_code", how="left", validate="m:1", maintain_order="left")
        .select(EVIDENCE_OF_LIST.schema.names())
    )


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
