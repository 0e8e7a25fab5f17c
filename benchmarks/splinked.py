"""The same reports linked by splink, to compare: its comparisons, its training, its threshold.

It is given what our own model is given, folded place names included; only pairs of different
agencies are compared, and each report is joined to its likeliest partner only.
"""

import logging

import polars as pl
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI
from splink.internals.exceptions import EMTrainingException, SplinkException

from transforms.place_names import place_tokens
from transforms.seizures.parameters import LinkRules

_DAYS = "abs(datediff('day', l.seized_on, r.seized_on)) <= {days}"
_OTHERS = "coalesce(l.agency_code <> r.agency_code, true)"
_AMOUNT = [
    cll.NullLevel("amount"),
    cll.ExactMatchLevel("amount", term_frequency_adjustments=True),
    cll.PercentageDifferenceLevel("amount", 0.01),
    cll.PercentageDifferenceLevel("amount", 0.05),
    cll.ElseLevel(),
]


def splinked_pairs(reports: pl.DataFrame, rules: LinkRules) -> list[tuple[str, str]]:
    """Pairs of `report_id` that splink joins; none where it cannot learn from so few."""
    rows = reports.select(
        "scope",
        "kind",
        "agency_code",
        "amount",
        "seized_on",
        unique_id="report_id",
        place=place_tokens(pl.col("place")).list.join(" ").replace("", None),
        circumstances=pl.col("circumstances").list.join(" ").replace("", None),
    )
    linker = Linker(
        DuckDBAPI().register(rows.to_arrow()), _settings(rules), log_level=logging.ERROR
    )
    try:
        _train(linker)
    except (ValueError, SplinkException, EMTrainingException):
        return []
    scored = linker.inference.predict(threshold_match_probability=rules.least)
    return _likeliest(pl.from_arrow(scored.as_pyarrow_table()))


def _train(linker: Linker) -> None:
    linker.training.estimate_probability_two_random_records_match(
        [block_on("scope", "kind", "seized_on", "amount", "place")], recall=0.4
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (
        block_on("scope", "kind", "amount"),
        block_on("scope", "kind", "seized_on", "place"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)


def _settings(rules: LinkRules) -> SettingsCreator:
    blocking = f"l.scope = r.scope and l.kind = r.kind and {_DAYS} and {_OTHERS}".format(
        days=rules.within_days
    )
    return SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[blocking],
        comparisons=[
            cl.CustomComparison(output_column_name="amount", comparison_levels=_AMOUNT),
            cl.AbsoluteDateDifferenceAtThresholds(
                "seized_on", input_is_string=False, metrics=["day", "day"], thresholds=[1, 3]
            ),
            cl.JaroWinklerAtThresholds("place", [0.92, 0.8]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("circumstances"),
        ],
    )


def _likeliest(scored: pl.DataFrame) -> list[tuple[str, str]]:
    order = ["match_probability", "unique_id_l", "unique_id_r"]
    taken: set[str] = set()
    pairs = []
    for one, other in (
        scored.sort(order, descending=[True, False, False])
        .select("unique_id_l", "unique_id_r")
        .iter_rows()
    ):
        if not {one, other} & taken:
            taken |= {one, other}
            pairs.append((one, other))
    return pairs
