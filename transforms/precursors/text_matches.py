"""Which listed things each description of goods mentions: kept, a night reads new ones only."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date

import polars as pl

from transforms.contracts import Column, Table
from transforms.precursors.mentions import Mention, mentions

TEXT_MATCHES = Table(
    name="precursors.text_matches",
    grain="one listed thing that one description of goods mentions, and how it tells of it",
    key=("rules", "goods_text", "listed_id", "basis_code"),
    columns=(
        Column("rules", pl.String(), "Digest of the names, words and code that it was read by."),
        Column("read_on", pl.Date(), "Night on which the description was first seen."),
        Column("goods_text", pl.String(), "Description of the goods, as declared."),
        Column(
            "listed_id",
            pl.String(),
            "What it mentions; null in the one row of a description that mentions nothing.",
            nullable=True,
        ),
        Column(
            "basis_code",
            pl.String(),
            "How: cas, name, transliteration, abbreviation, formula, or spelling where letters "
            "differ from the name.",
            nullable=True,
        ),
        Column("matched_text", pl.String(), "The words that mention it.", nullable=True),
        Column(
            "listed_name", pl.String(), "The name or number that they stand for.", nullable=True
        ),
        Column(
            "similarity",
            pl.Float64(),
            "Share of the letters of the name that are right.",
            unit="share",
            nullable=True,
        ),
        Column(
            "role_code",
            pl.String(),
            "What it is in the goods: main, component, product (something ready made with it), "
            "mention (named after other words), "
            "purpose (only what the goods are for) or negated (said not to be in them).",
            nullable=True,
        ),
        Column("told_percent", pl.Float64(), "Share that the description tells.", "percent", True),
    ),
    partitioned_by=("rules", "read_on"),
)

_OF_A_TEXT = ("listed_id", "basis_code", "matched_text", "listed_name", "similarity", "role_code")
_ROLES = ("main", "component", "product", "mention", "purpose", "negated")


def distinct_texts(import_declarations: pl.LazyFrame) -> pl.LazyFrame:
    """Each description of goods once: `goods_text`, in order."""
    return import_declarations.select("goods_text").drop_nulls().unique().sort("goods_text")


def of_rules(kept: pl.LazyFrame, rules: str) -> pl.LazyFrame:
    """What was read by these rules."""
    return kept.filter(pl.col("rules") == rules)


def unread(texts: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Descriptions that are not among the known ones, in order."""
    return texts.join(known, on="goods_text", how="anti").sort("goods_text")


def text_matches(
    texts: Sequence[str], kept: pl.LazyFrame, *, rules: str, night: date
) -> pl.LazyFrame:
    """What these descriptions mention, beside what the night has read already.

    Args:
        texts: descriptions that were not read yet by `rules`.
        kept: rows of `TEXT_MATCHES` of these rules and this night.

    Returns:
        `TEXT_MATCHES` of these rules and this night, in order of its key.
    """
    new = text_matches_of(texts, rules=rules, night=night)
    return pl.concat([kept, new]).sort(TEXT_MATCHES.key).pipe(TEXT_MATCHES.require)


def text_matches_of(texts: Sequence[str], *, rules: str, night: date) -> pl.LazyFrame:
    """`TEXT_MATCHES` of these descriptions alone, read by these rules on this night."""
    told = {"rules": pl.lit(rules), "read_on": pl.lit(night, pl.Date)}
    return matches_of(texts).lazy().with_columns(**told).select(TEXT_MATCHES.schema.names())


def matches_of(texts: Sequence[str]) -> pl.DataFrame:
    """What each of these descriptions mentions: `TEXT_MATCHES` without `rules` and `read_on`.

    A thing that is mentioned twice in one way stands once: as what says most of the goods, then
    the nearest.
    """
    schema = {
        name: TEXT_MATCHES.schema[name] for name in ("goods_text", *_OF_A_TEXT, "told_percent")
    }
    rows = [row for text, found in mentions(texts).items() for row in _rows(text, found)]
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .with_columns(
            _role=pl.col("role_code").replace_strict(_ranks(), default=None, return_dtype=pl.Int64)
        )
        .sort(
            *("goods_text", "listed_id", "basis_code", "_role"),
            *(pl.col("similarity") * -1, "matched_text"),
        )
        .unique(["goods_text", "listed_id", "basis_code"], keep="first", maintain_order=True)
        .drop("_role")
    )


def _rows(text: str, found: Sequence[Mention]) -> list[tuple[object, ...]]:
    nothing = (text, *(None for _ in (*_OF_A_TEXT, "told_percent")))
    return [(text, *astuple(mention)) for mention in found] or [nothing]


def _ranks() -> Mapping[str, int]:
    return {role: rank for rank, role in enumerate(_ROLES)}
