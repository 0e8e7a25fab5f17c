"""Beside the drugs seized: the few seizures that carry a weight, and what was only counted."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from templates.material import Material
from templates.measures import told
from templates.terms import member_name, unit_told
from templates.wording import Wording

_MOST = 12
_LEAST_G = 1000
_DIGITS = 5


def carried(material: Material) -> pl.DataFrame:
    """Drugs whose weight a few seizures carry, the heaviest first: `LARGEST_SEIZURES`."""
    return (
        material.found.seizures.filter("is_carried", pl.col("net_g") >= _LEAST_G)
        .sort("net_g", "substance_code", descending=[True, False])
        .head(_MOST)
    )


def counted(material: Material) -> pl.DataFrame:
    """Drugs that were counted, the heaviest first: `COUNTED_DRUGS`."""
    order = ("net_g", "substance_code", "unit_code")
    rows = material.found.counted.sort(order, descending=[True, False, False], nulls_last=True)
    return rows.head(_MOST)


def seizures_told(material: Material) -> Iterable[str]:
    """Sentences on the table of drugs, the heaviest drug first."""
    yield from _carried(material)
    yield from _counted(material)


def _carried(material: Material) -> Iterable[str]:
    words = material.words
    for row in carried(material).iter_rows(named=True):
        yield words.say(
            "%(drug)s: the %(few)s largest of %(all)s are %(share)s of %(weight)s: %(named)s.",
            drug=member_name("substance_code", row["substance_code"], words),
            few=words.whole(len(row["largest_ids"])),
            all=told(row["seizures"], "seizures", words),
            share=words.percent(Decimal(row["largest_g"]) / row["net_g"]),
            weight=told(row["net_g"], "gram", words),
            named="; ".join(_named(row, words)),
        )


def _named(row: Mapping[str, Any], words: Wording) -> Iterable[str]:
    for act, grams in zip(row["largest_ids"], row["largest_each_g"], strict=True):
        agency, number = act.split("/", 1)
        who = member_name("agency_code", agency, words)
        yield f"{who}, {number} ({told(grams, 'gram', words)})"


def _counted(material: Material) -> Iterable[str]:
    words = material.words
    for row in counted(material).iter_rows(named=True):
        said = {
            "drug": member_name("substance_code", row["substance_code"], words),
            "quantity": unit_told(row["unit_code"], row["quantity"], words),
        }
        if row["net_g"] is None:
            yield words.say("%(drug)s: %(quantity)s, of which no weight is known.", **said)
            continue
        factor = f"{Decimal(str(row['grams_per_unit'])).normalize():f}"
        digits = min(len(factor.partition(".")[2]), _DIGITS)
        yield words.say(
            "%(drug)s: %(quantity)s count as %(weight)s, %(factor)s g each.",
            weight=told(row["net_g"], "gram", words),
            factor=words.decimal(Decimal(factor), digits),
            **said,
        )
