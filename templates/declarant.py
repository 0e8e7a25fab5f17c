"""The page of a declarant: what it imported that is listed, what was wrong with it, and its papers.

It is for analysts: it names the entity, and is written for its reader only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from templates.dossier_model import Amount, Cell, Dossier, DossierTable
from templates.model import Fact, LanguageLink
from templates.precursor_reasons import recognised, why
from templates.terms import member_name
from templates.wording import LANGUAGE_NAMES, Wording, message, wording

_Row = Mapping[str, Any]
_KILOGRAM = 1000


@dataclass(frozen=True, slots=True)
class Declarant:
    """All that is known of one consignee: rows of the tables of precursors that are its own."""

    entity_bin: str
    night: date
    entity: pl.DataFrame
    violations: pl.DataFrame
    goods: pl.DataFrame
    licences: pl.DataFrame
    changes: pl.DataFrame


def declarant_page(
    known: Declarant, *, language: str, pages: Mapping[str, str], files: tuple[str, ...]
) -> Dossier:
    """The page in one language. Equal inputs give an equal page.

    Args:
        pages: address of the page in each language, seen from this one.
        files: names of what lies beside it.

    Raises:
        UnknownLanguage: there is no such language.
    """
    words = wording(language)
    say = words.say
    tables = (_violations, _goods, _licences, _changes)
    return Dossier(
        language=language,
        languages=tuple(
            LanguageLink(other, LANGUAGE_NAMES[other], href, other == language)
            for other, href in pages.items()
        ),
        issuer=say("General Prosecutor's Office of the Republic of Kazakhstan"),
        marking=say("For official use. Names a legal entity; a sign is not yet guilt."),
        title=say("Importer of precursors"),
        subject=known.entity_bin,
        period=say("as of %(date)s", date=words.long_date(known.night)),
        method=_standing(known, words),
        lead=tuple(_lead(known, words)),
        amounts=tuple(_amounts(known, words)),
        diagram=None,
        tables=tuple(table(known, words) for table in tables),
        reading=(
            say("A score says how surely the goods are the substance, never that a law is broken."),
            say("Possible product is an upper bound: one mole makes one mole and none is lost."),
        ),
        provenance=(Fact(say("Facts as of the night of"), words.long_date(known.night)),),
        files=files,
    )


def _standing(known: Declarant, words: Wording) -> str:
    if known.entity.is_empty():
        return words.say("The register told nothing of it")
    row = known.entity.row(0, named=True)
    if row["founded_on"] is None:
        return words.say("Not in the register")
    return words.say("Registered on %(date)s", date=words.long_date(row["founded_on"]))


def _lead(known: Declarant, words: Wording) -> list[str]:
    return [
        words.say(
            "%(facts)s facts in %(items)s items; %(listed)s items of listed goods were imported.",
            facts=words.whole(known.violations.height),
            items=words.whole(known.violations.select("declaration_no", "item_no").n_unique()),
            listed=words.whole(known.goods.select("declaration_no", "item_no").n_unique()),
        )
    ]


def _amounts(known: Declarant, words: Wording) -> list[Amount]:
    say = words.say
    items = known.violations.unique(
        ["declaration_no", "item_no"], keep="first", maintain_order=True
    )
    unlicensed = known.violations.filter(pl.col("violation_code") == "unlicensed")
    return [
        Amount(
            say("Imports without a licence"),
            words.whole(unlicensed.height),
            say("of %(all)s facts", all=words.whole(known.violations.height)),
            is_leading=True,
        ),
        Amount(
            say("Weight of goods with a violation, kg"),
            words.whole(int(items["net_g"].sum()) // _KILOGRAM),
            say("each item once"),
            is_leading=True,
        ),
        *(
            Amount(
                say(
                    "Possible product, kg: %(drug)s", drug=member_name("product_code", drug, words)
                ),
                words.whole(int(grams) // _KILOGRAM),
                say("at most"),
                is_leading=False,
            )
            for drug, grams in items.drop_nulls("product_g")
            .group_by("product_code")
            .agg(pl.col("product_g").sum())
            .sort("product_code")
            .iter_rows()
        ),
    ]


def _violations(known: Declarant, words: Wording) -> DossierTable:
    rows = known.violations.sort("registered_on", "declaration_no", "item_no", "violation_code")
    headings = (
        message("Day"),
        message("Declaration"),
        message("Violation"),
        message("Reason"),
        message("Substance"),
        message("Net weight, kg"),
        message("Why"),
    )
    return _table(
        words,
        "violations",
        message("Violations and signs"),
        headings,
        [
            (
                *(_day(row, "registered_on", words), _code(row)),
                Cell("text", member_name("violation_code", row["violation_code"], words)),
                Cell("text", member_name("reason_code", row["reason_code"], words)),
                Cell("text", member_name("substance_id", row["substance_id"], words)),
                _kilograms(row["net_g"], words),
                Cell("reasons", "", _reasons(row, words)),
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def _goods(known: Declarant, words: Wording) -> DossierTable:
    rows = known.goods.sort("registered_on", "declaration_no", "item_no", "listed_id")
    headings = (
        message("Day"),
        message("Declaration"),
        message("Goods"),
        message("Substance"),
        message("Score"),
        message("Net weight, kg"),
        message("Evidence"),
    )
    return _table(
        words,
        "goods",
        message("Listed goods imported"),
        headings,
        [
            (
                *(_day(row, "registered_on", words), _code(row)),
                *(_text(row, "goods_text"),),
                Cell("text", member_name("substance_id", row["listed_id"], words)),
                Cell("number", f"{row['score']:.2f}"),
                _kilograms(row["net_g"], words),
                Cell("reasons", "", tuple(recognised(row["evidence"], words))),
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def _licences(known: Declarant, words: Wording) -> DossierTable:
    rows = known.licences.sort("valid_from", "licence_no", "substance_id", "business_date")
    headings = (
        message("Licence"),
        message("Substance"),
        message("From"),
        message("To"),
        message("State"),
        message("Quota, kg a year"),
    )
    return _table(
        words,
        "licences",
        message("Licences as told"),
        headings,
        [
            (
                Cell("code", row["licence_no"]),
                Cell("text", member_name("substance_id", row["substance_id"], words)),
                *(_day(row, name, words) for name in ("valid_from", "valid_to")),
                Cell("text", member_name("status_code", row["status_code"], words)),
                Cell("number", "" if row["quota_kg"] is None else f"{row['quota_kg']:f}"),
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def _changes(known: Declarant, words: Wording) -> DossierTable:
    rows = known.changes.sort("night", "declaration_no", "item_no", "violation_code", "change_no")
    headings = (
        message("Night"),
        message("Declaration"),
        message("Violation"),
        message("Change"),
        message("Cause"),
    )
    return _table(
        words,
        "changes",
        message("History of the facts"),
        headings,
        [
            (
                *(_day(row, "night", words), _code(row)),
                Cell("text", member_name("violation_code", row["violation_code"], words)),
                Cell("text", member_name("change_code", row["change_code"], words)),
                Cell("text", member_name("cause_code", row["cause_code"], words)),
            )
            for row in rows.iter_rows(named=True)
        ],
    )


def _table(
    words: Wording,
    name: str,
    title: str,
    headings: tuple[str, ...],
    rows: list[tuple[Cell, ...]],
) -> DossierTable:
    numbers = {message("Net weight, kg"), message("Score"), message("Quota, kg a year")}
    return DossierTable(
        id=name,
        title=words.say(title),
        note="",
        headings=tuple(
            ("number" if heading in numbers else "text", words.say(heading)) for heading in headings
        ),
        rows=tuple(rows),
        empty=words.say("None."),
        more="",
    )


def _reasons(row: _Row, words: Wording) -> tuple[str, ...]:
    return (
        why(row["reason_code"], row["explanation"], words),
        *recognised(row["evidence"], words),
    )


def _text(row: _Row, name: str) -> Cell:
    return Cell("text", "" if row[name] is None else f"{row[name]}")


def _day(row: _Row, name: str, words: Wording) -> Cell:
    return Cell("text", "" if row[name] is None else words.day(row[name]))


def _code(row: _Row) -> Cell:
    return Cell("code", f"{row['declaration_no']} / {row['item_no']}")


def _kilograms(grams: int | None, words: Wording) -> Cell:
    if grams is None:
        return Cell("number", "")
    return Cell("number", words.decimal(Decimal(grams) / _KILOGRAM, 3 if grams % _KILOGRAM else 0))
