"""Drift of features and scores, and who decides: the model while it may be believed, else rules."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.transforms.droppers.test_learned import NIGHT, model, rows
from transforms.droppers.boosted import features_of
from transforms.droppers.drift import DRIFT, drift, producer

A_QUARTER = timedelta(days=92)


def night_of(windows: pl.DataFrame) -> dict[str, float]:
    found = drift([windows.lazy()], model().trees, model().bins, night=NIGHT).collect()
    return dict(found.select("feature_code", "stability_index").iter_rows())


def decided(
    windows: pl.DataFrame, card: pl.DataFrame | None, night: date = NIGHT
) -> tuple[str, str]:
    at_night = windows.with_columns(night=pl.lit(night))
    drifts = drift([at_night.lazy()], model().trees, model().bins, night=night)
    found = producer(card, drifts, night=night, oldest=A_QUARTER, most_drift=0.25).collect()
    return found.select("produced_by_code", "reason_code").row(0)


def test_the_rows_of_training_have_not_moved():
    result = night_of(rows())

    assert set(result) == {*features_of(model().trees), "log_odds"}
    assert result == pytest.approx(dict.fromkeys(result, 0.0))


def test_accounts_in_parts_have_moved_as_far_as_the_whole():
    moved = rows().with_columns(pl.col("payers_7d") * 3)
    parts = [moved[:7].lazy(), moved[:0].lazy(), moved[7:].lazy()]

    found = drift(parts, model().trees, model().bins, night=NIGHT)

    whole = drift([moved.lazy()], model().trees, model().bins, night=NIGHT)
    assert_frame_equal(found.collect(), whole.collect(), check_exact=True)


def test_a_feature_that_moved_is_told_and_the_others_are_not():
    moved = rows().with_columns(pl.col("payers_7d") * 3)

    result = night_of(moved)

    assert result["payers_7d"] > 0.25
    assert result["passed_on_share_7d"] == pytest.approx(0)


def test_a_feature_that_is_not_known_any_more_has_moved():
    lost = rows().with_columns(passed_on_share_7d=pl.lit(None, pl.Float64))

    found = drift([lost.lazy()], model().trees, model().bins, night=NIGHT).collect()

    row = found.row(by_predicate=pl.col("feature_code") == "passed_on_share_7d", named=True)
    assert row["unknown_share"] == 1
    assert row["stability_index"] > 0.25


def test_the_index_is_the_sum_of_differences_times_their_logarithms():
    was = rows()["passed_on_share_7d"].is_null().mean()
    every_other = rows().with_columns(
        pl.when(pl.int_range(pl.len()) % 2 == 0).then(0.0).alias("passed_on_share_7d")
    )

    result = night_of(every_other)

    # Half are unknown, half in the lowest class; the other classes hold half an account at most.
    none, lowest = 0.5 / 600, (1 - was) / 10
    moves = [(0.5, was), (0.5, lowest)] + [(none, lowest)] * 9
    expected = sum((now - then) * np.log(now / then) for now, then in moves)
    assert result["passed_on_share_7d"] == pytest.approx(expected)


def test_nobody_tonight_is_nothing_measured():
    found = drift([rows().clear().lazy()], model().trees, model().bins, night=NIGHT).collect()

    assert found.height == 0
    assert found.schema == DRIFT.schema


def test_the_model_decides_while_it_may_be_believed():
    assert decided(rows(), model().card) == ("model", "in_use")


@pytest.mark.parametrize(
    ("reason", "windows", "card", "night"),
    [
        ("no_model", rows(), None, NIGHT),
        ("stale", rows(), model().card, date(2026, 7, 1)),
        ("stale", rows(), model().card, date(2026, 2, 1)),
        ("drift", rows().with_columns(pl.col("payers_7d") * 3), model().card, NIGHT),
        ("no_drift_measured", rows().clear(), model().card, NIGHT),
        (
            "without_threshold",
            rows(),
            model().card.filter(pl.col("section_code") != "threshold"),
            NIGHT,
        ),
    ],
)
def test_else_rules_decide_and_say_why(reason, windows, card, night):
    assert decided(windows, card, night) == ("rules", reason)
