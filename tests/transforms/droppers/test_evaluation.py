"""Evaluation: what alerts found of what was planted, with the intervals of few cases."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sklearn.metrics import average_precision_score

from tests.tables import table
from transforms.droppers.accuracy import hits_at, wilson
from transforms.droppers.evaluation import (
    EVALUATION,
    TRUTH,
    TruthUnknown,
    evaluation,
    last_of_rules,
)

NIGHT = date(2026, 3, 2)

WORLD = """
account_iban | is_member | role      | network | scheme
-------------------------------------------------------
a            | true      | dropper   | net-1   | fan_in
b            | true      | dropper   | net-1   | fan_in
c            | true      | collector | net-2   | slow
d            | true      | dropper   | net-2   | slow
e            | false     | shop      | -       | -
f            | false     | courier   | -       | -
g            | false     | family    | -       | -
"""
LIST = """
account_iban | score
--------------------
a            | 90
e            | 80
c            | 70
b            | 60
"""
SIGNS = """
account_iban | typology_code | points
-------------------------------------
a            | fan_in        | 40
a            | pass_through  | 50
e            | fan_in        | 80
c            | pass_through  | 70
b            | pass_through  | 60
f            | fan_in        | 0
"""


def evaluated(listed: str = LIST, world: str = WORLD, signs: str = SIGNS) -> pl.DataFrame:
    frames = [table(drawn).with_columns(night=pl.lit(NIGHT)) for drawn in (listed, signs)]
    found = evaluation(*frames, table(world), rule_version="3", tops=(2, 9), seed=5)
    return found.collect()


def counts(result: pl.DataFrame, part: str) -> dict[str, tuple[int, int, int]]:
    rows = result.filter(pl.col("part_code") == part)
    return {r["name"]: (r["planted"], r["listed"], r["found"]) for r in rows.iter_rows(named=True)}


def test_the_list_finds_three_of_four_and_lists_one_shop():
    row = evaluated().row(by_predicate=pl.col("part_code") == "list", named=True)

    assert (row["planted"], row["listed"], row["found"]) == (4, 4, 3)
    assert (row["precision"], row["recall"]) == (0.75, 0.75)
    assert row["rule_version"] == "3"
    truth, scores = [1, 1, 1, 1, 0, 0, 0], [90, 60, 70, 0, 80, 0, 0]
    assert row["average_precision"] == pytest.approx(average_precision_score(truth, scores))
    assert row["average_precision_low"] <= row["average_precision"]


def test_a_typology_lists_those_with_points_for_it():
    assert counts(evaluated(), "typology") == {"fan_in": (4, 2, 1), "pass_through": (4, 3, 3)}


def test_each_network_has_its_recall():
    result = evaluated()

    assert counts(result, "network") == {"net-1": (2, 2, 2), "net-2": (2, 1, 1)}
    networks = result.filter(pl.col("part_code") == "network")
    assert networks["recall"].to_list() == [1.0, 0.5]


def test_networks_that_work_alike_are_told_together():
    assert counts(evaluated(), "scheme") == {"fan_in": (2, 2, 2), "slow": (2, 1, 1)}


def test_each_role_tells_how_often_it_was_listed_hard_negatives_too():
    assert counts(evaluated(), "role") == {
        "dropper": (3, 2, 2),
        "collector": (1, 1, 1),
        "shop": (0, 1, 0),
        "courier": (0, 0, 0),
        "family": (0, 0, 0),
    }
    shop = evaluated().row(by_predicate=pl.col("name") == "shop", named=True)
    assert (shop["accounts"], shop["precision"], shop["recall"]) == (1, 0.0, None)


def test_the_top_of_the_list_is_no_longer_than_the_list():
    assert counts(evaluated(), "top") == {"2": (4, 2, 1), "9": (4, 4, 3)}


def test_of_equal_scores_at_the_edge_members_count_in_their_share():
    tied = LIST.replace("| 90", "| 80").replace("| 70", "| 80")

    assert counts(evaluated(tied), "top")["2"] == (4, 2, 1)  # 2 places, 2 members of 3


def test_an_account_without_truth_stops_the_measurement_and_is_not_named():
    with pytest.raises(TruthUnknown, match="1 of 5 listed accounts") as caught:
        evaluated(LIST + "zebra | 10")

    assert "zebra" not in str(caught.value)


def test_two_nights_are_not_mixed():
    both = table(LIST).with_columns(
        night=pl.when(pl.col("score") > 75).then(pl.lit(NIGHT)).otherwise(pl.lit(date(2026, 3, 3)))
    )
    signs = table(SIGNS).with_columns(night=pl.lit(NIGHT))

    with pytest.raises(ValueError, match="2 nights"):
        evaluation(both, signs, table(WORLD), rule_version="3", tops=(2,), seed=5)


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (0, 0, 0.0, 1.0)],
)
def test_intervals_are_those_of_wilson(hits, cases, low, high):
    share = wilson(hits, cases)

    assert (share.low, share.high) == pytest.approx((low, high), abs=5e-5)


def test_more_hits_than_cases_are_refused():
    with pytest.raises(ValueError, match="3 hits of 2 cases"):
        wilson(3, 2)


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 3), st.integers(-1, 4)), min_size=2, max_size=30
    )
)
@settings(deadline=None, max_examples=40)
def test_networks_and_roles_add_up_to_the_list_in_any_order(drawn):
    truth = pl.LazyFrame(
        {
            "account_iban": [f"i{n}" for n in range(len(drawn))],
            "is_member": [m for m, _, _ in drawn],
            "role": ["dropper" if m else "courier" for m, _, _ in drawn],
            "network": [f"n{g}" if m else None for m, g, _ in drawn],
            "scheme": [f"s{g % 2}" if m else None for m, g, _ in drawn],
        },
        TRUTH.schema,
    )
    scored = [(NIGHT, f"i{n}", s) for n, (_, _, s) in enumerate(drawn) if s >= 0]
    names = {"night": pl.Date, "account_iban": pl.String, "score": pl.Int64}
    signs = pl.LazyFrame(
        schema={
            "night": pl.Date,
            "account_iban": pl.String,
            "typology_code": pl.String,
            "points": pl.Int64,
        }
    )
    if not scored:
        return
    listed = pl.LazyFrame(scored, names, orient="row")

    found, turned = (
        evaluation(a, signs, t, rule_version="1", tops=(3,), seed=1).collect()
        for a, t in ((listed, truth), (listed.reverse(), truth.reverse()))
    )

    assert_frame_equal(found, turned)
    assert found.schema == EVALUATION.schema
    whole = counts(found, "list")["all"]
    for part in ("network", "scheme", "role"):
        added = [sum(c) for c in zip(*counts(found, part).values(), strict=True)]
        assert (added or [0, 0, 0])[::2] == [whole[0], whole[2]]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=30),
    st.integers(1, 35),
)
def test_hits_at_the_top_never_fall_as_the_top_grows(drawn, top):
    scores, members = (np.array(c) for c in zip(*drawn, strict=True))
    scores = scores.astype(float)

    assert hits_at(scores, members, top) <= hits_at(scores, members, top + 1) + 1e-9
    assert hits_at(scores, members, len(drawn)) == members.sum()


KEPT = ("night", "rule_version", "name")


def test_of_a_version_the_last_night_measured_counts():
    rows = [("2026-03-01", "a", "old"), ("2026-03-02", "a", "new"), ("2026-03-03", "b", "other")]
    told = pl.LazyFrame(
        [{"night": date.fromisoformat(n), "rule_version": v, "name": name} for n, v, name in rows]
    )
    others = [pl.lit(None, t).alias(c) for c, t in EVALUATION.schema.items() if c not in KEPT]
    kept = told.with_columns(others).select(EVALUATION.schema.names())

    assert last_of_rules(kept, "a").collect()["name"].to_list() == ["new"]
    assert last_of_rules(kept, "c").collect().is_empty()
