"""Precision and recall of the facts of precursors on simulated imports, with what was missed.

`python -m benchmarks.precursors [SEED …]`. The worlds word goods in their own ways, some of which
no list knows; the code that looks for precursors cannot see which items are wrong.
"""

import sys
from collections.abc import Sequence

import polars as pl

from infra.synthetic.worlds.imports import WRITTEN, Imports, imports
from transforms.precursors.evaluation import accuracy, judged
from transforms.precursors.goods import listed_goods
from transforms.precursors.parameters import parameters_of_precursors
from transforms.precursors.text_matches import distinct_texts, matches_of
from transforms.precursors.violations import precursor_violations
from transforms.sentences import sentence

SEEDS = (601, 602, 603)
LEAST_PRECISION = 0.9
_SHOWN = 40


def main(seeds: Sequence[int]) -> int:
    """The exit code: 0 where the facts are precise enough in all wordings."""
    return max(_one(seeds, written) for written in range(len(WRITTEN)))


def _one(seeds: Sequence[int], written: int) -> int:
    worlds = [(seed, imports(seed, written=written)) for seed in seeds]
    facts = [(seed, world, facts_of(world)) for seed, world in worlds]
    truth = pl.concat([_of(seed, world.truth) for seed, world in worlds])
    told = pl.concat([_of(seed, found) for seed, _, found in facts])
    table = accuracy(told.lazy(), truth.lazy()).collect()
    items = pl.concat(
        [
            _of(
                seed,
                w.import_declarations.select(
                    "declaration_no", "item_no", "hs_code", "goods_text"
                ).collect(),
            )
            for seed, w in worlds
        ]
    )
    wrong = judged(told.lazy(), truth.lazy()).filter(pl.col("is_told") != pl.col("is_so")).collect()
    texts = (
        wrong.join(items, on=["declaration_no", "item_no"], how="left")
        .group_by("violation_code", "is_so", "hs_code", "goods_text")
        .len()
        .sort("len", "goods_text", descending=[True, False])
    )
    is_unseen = written == len(WRITTEN) - 1
    kind = (
        "Wordings never looked at" if is_unseen else f"Wordings seen, written as set {written + 1}"
    )
    wrong_items = truth.select("declaration_no").n_unique()
    print(f"{kind}, seeds {seeds}: {items.height} items, of which {wrong_items} are wrong")
    with pl.Config(
        tbl_rows=_SHOWN, fmt_str_lengths=60, tbl_width_chars=150, tbl_hide_dataframe_shape=True
    ):
        print(table)
        print("Missed:", texts.filter("is_so").drop("is_so").head(_SHOWN), sep="\n")
        print(
            "Told and not so:", texts.filter(~pl.col("is_so")).drop("is_so").head(_SHOWN), sep="\n"
        )
    precision = table.filter(pl.col("violation_code") == "all")["precision"][0]
    return int(precision is None or precision < LEAST_PRECISION)


def facts_of(world: Imports) -> pl.DataFrame:
    """The facts that a night would compute from the feeds of a world."""
    rows, parameters = world.import_declarations, parameters_of_precursors()
    texts = distinct_texts(rows).collect()["goods_text"].to_list()
    return precursor_violations(
        listed_goods(rows, matches_of(texts).lazy(), parameters=parameters),
        precursor_licences=world.precursor_licences,
        legal_entities=world.legal_entities,
        card_arrest_orders=world.card_arrest_orders,
        exchange_rates=world.exchange_rates,
        parameters=parameters,
    ).collect()


def _of(seed: int, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(declaration_no=sentence("{} {}", pl.lit(seed), "declaration_no"))


if __name__ == "__main__":
    sys.exit(main([int(seed) for seed in sys.argv[1:]] or SEEDS))
