"""From drawn deliveries to facts, as a night computes them."""

import polars as pl

from tests.transforms.drawings import accepted
from transforms.precursors.goods import listed_goods
from transforms.precursors.parameters import parameters_of_precursors
from transforms.precursors.text_matches import distinct_texts, matches_of
from transforms.precursors.violations import precursor_violations


def goods(declarations: str) -> pl.LazyFrame:
    """`LISTED_GOODS` of drawn declarations."""
    return goods_of(accepted("import_declarations", declarations))


def goods_of(rows: pl.LazyFrame) -> pl.LazyFrame:
    texts = distinct_texts(rows).collect()["goods_text"].to_list()
    found = listed_goods(rows, matches_of(texts).lazy(), parameters=parameters_of_precursors())
    return found.collect().lazy()  # a table of its own, as in the lake


def violations_of(
    import_declarations: pl.LazyFrame,
    precursor_licences: pl.LazyFrame | None = None,
    legal_entities: pl.LazyFrame | None = None,
    card_arrest_orders: pl.LazyFrame | None = None,
    exchange_rates: pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    """All typed facts; a feed that is not given delivered nothing."""

    def told(feed: str, rows: pl.LazyFrame | None) -> pl.LazyFrame:
        return accepted(feed) if rows is None else rows

    return precursor_violations(
        goods_of(import_declarations),
        precursor_licences=told("precursor_licences", precursor_licences),
        legal_entities=told("legal_entities", legal_entities),
        card_arrest_orders=told("card_arrest_orders", card_arrest_orders),
        exchange_rates=told("exchange_rates", exchange_rates),
        parameters=parameters_of_precursors(),
    )


def violations(
    declarations: str, licences: str | None = None, *, code: str = "unlicensed"
) -> pl.LazyFrame:
    """Facts of one kind of drawn declarations and licences."""
    facts = violations_of(
        accepted("import_declarations", declarations), accepted("precursor_licences", licences)
    )
    return facts.filter(pl.col("violation_code") == code)
