"""The learned model: held-out networks, tables that say what scikit-learn says, reasons that add up."""

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score

from transforms.droppers.accuracy import average_precision
from transforms.droppers.boosted import (
    MODEL_REASONS,
    MODEL_SCORES,
    MODEL_STEPS,
    MODEL_TREES,
    calibrated,
    explained,
    features_of,
    matrix,
    model_reasons,
    model_scores,
)
from transforms.droppers.learned import (
    Model,
    NothingToLearn,
    calibration,
    feature_names,
    fitted,
    grown,
    held_out,
)
from transforms.droppers.model_bins import MODEL_BINS
from transforms.droppers.model_card import MODEL_CARDS, Way

FEATURES = ("payers_7d", "passed_on_share_7d", "is_of_firm", "age_years")
WAY = Way(
    trees=20,
    most_leaves=6,
    learning_rate=0.2,
    fewest_rows_in_a_leaf=5,
    folds=3,
    least_precision=0.8,
    seed=7,
)
NIGHT = date(2026, 3, 2)


@cache
def rows(seed: int = 1, networks: int = 9) -> pl.DataFrame:
    """Accounts of networks, who get from many and pass it on, among ordinary ones."""
    dice = np.random.default_rng(seed)
    members = np.arange(600) < networks * 8
    share = np.where(members, dice.beta(8, 2, 600), dice.beta(2, 4, 600))
    place = np.arange(600)
    return pl.DataFrame(
        {
            "night": [NIGHT] * 600,
            "account_iban": [f"KZ{n:018}" for n in place],
            "holder_iin": ["-"] * 600,
            "payers_7d": dice.poisson(np.where(members, 9, 3)),
            "passed_on_share_7d": share,
            "is_of_firm": dice.random(600) < 0.1,
            "age_years": dice.integers(18, 80, 600),
            "is_member": members,
            "network": [f"net-{n % networks}" if m else f"own-{n}" for n, m in enumerate(members)],
        }
    ).with_columns(
        pl.when(pl.int_range(pl.len()) % 3 != 0).then("passed_on_share_7d"),
        pl.when(pl.int_range(pl.len()) % 5 != 0).then("age_years"),
    )


@cache
def model() -> Model:
    return fitted(rows().lazy(), features=FEATURES, way=WAY, fitted_on=date(2026, 3, 1))


def said(card: pl.DataFrame, name: str, section: str = "metric") -> dict[str, float]:
    return card.filter(pl.col("name") == name, pl.col("section_code") == section).row(0, named=True)


def test_tables_score_as_scikit_learn_does_to_the_last_digits_unknown_values_too():
    x, y = matrix(rows(), FEATURES), rows()["is_member"].to_numpy()
    library = HistGradientBoostingClassifier(
        max_iter=20,
        max_leaf_nodes=6,
        learning_rate=0.2,
        min_samples_leaf=5,
        early_stopping=False,
        random_state=7,
    ).fit(x, y)

    ours = explained(grown(x, y, FEATURES, WAY), x, FEATURES)

    assert np.isnan(x).any()
    np.testing.assert_allclose(ours.log_odds, library.decision_function(x), atol=1e-12)


def test_contributions_and_the_starting_point_add_up_to_the_log_odds():
    found = explained(model().trees, matrix(rows(), FEATURES), FEATURES)
    scores = model_scores(rows().lazy(), model().trees, model().steps).collect()

    assert np.array_equal(found.log_odds, found.starting_point + found.contributions.sum(axis=1))
    reasons = model_reasons(rows().lazy(), model().trees, most=99).collect()
    summed = scores.join(
        reasons.group_by("account_iban").agg(pl.col("contribution").sum()), on="account_iban"
    )
    assert summed.height > 500
    np.testing.assert_allclose(
        summed["contribution"] + found.starting_point, summed["log_odds"], atol=1e-12
    )


def test_the_starting_point_is_the_mean_of_the_scores_in_training():
    found = explained(model().trees, matrix(rows(), FEATURES), FEATURES)

    assert found.starting_point == pytest.approx(found.log_odds.mean(), abs=1e-9)


def test_reasons_are_the_largest_first_with_what_was_measured():
    reasons = model_reasons(rows().lazy(), model().trees, most=2)

    result = reasons.pipe(MODEL_REASONS.require).collect()
    assert result.group_by("account_iban").len()["len"].max() == 2
    first, second = (result.filter(pl.col("rank") == n) for n in (1, 2))
    both = first.join(second, on="account_iban", suffix="_2")
    assert (both["contribution"].abs() >= both["contribution_2"].abs()).all()
    asked = result.filter(pl.col("feature_code") == "payers_7d").join(rows(), on="account_iban")
    assert (asked["measured"] == asked["payers_7d"]).all()
    unknown = result.filter(pl.col("feature_code") == "passed_on_share_7d").join(
        rows(), on="account_iban"
    )
    assert (unknown["measured"].is_null() == unknown["passed_on_share_7d"].is_null()).all()


def test_what_is_fitted_is_four_tables_of_one_version():
    tables = {
        MODEL_TREES: model().trees,
        MODEL_STEPS: model().steps,
        MODEL_BINS: model().bins,
        MODEL_CARDS: model().card,
    }

    for contract, rows_of_it in tables.items():
        contract.require(rows_of_it.lazy())
        assert rows_of_it["model_version"].unique().to_list() == [model().version]
        assert rows_of_it.select(contract.key).is_duplicated().sum() == 0
    assert model().version.startswith("2026-03-01-")


def test_the_same_rows_in_another_order_give_the_same_model():
    turned = rows().reverse().lazy()

    again = fitted(turned, features=FEATURES, way=WAY, fitted_on=date(2026, 3, 1))

    assert again.version == model().version
    assert_frame_equal(again.card, model().card)


def test_a_score_is_the_same_alone_and_among_others():
    whole = model_scores(rows().lazy(), model().trees, model().steps).collect()
    alone = model_scores(rows()[5:6].lazy(), model().trees, model().steps)

    assert_frame_equal(
        alone.pipe(MODEL_SCORES.require).collect(),
        whole.filter(pl.col("account_iban") == rows()["account_iban"][5]),
    )


def test_nights_without_accounts_have_neither_scores_nor_reasons():
    nobody = rows().clear().lazy()

    assert model_scores(nobody, model().trees, model().steps).collect().height == 0
    assert model_reasons(nobody, model().trees, most=3).collect().height == 0


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=30, max_size=80),
    st.integers(2, 4),
)
@settings(deadline=None)
def test_no_network_is_in_two_folds(drawn, folds):
    groups = [f"n{g}" for g, _ in drawn]
    members = np.array([m for _, m in drawn])
    having = len({g for g, (_, m) in zip(groups, drawn, strict=True) if m})

    if having < folds or members.all():
        with pytest.raises(NothingToLearn, match="Nothing was fitted"):
            held_out(groups, members, folds=folds)
        return
    found = held_out(groups, members, folds=folds)

    assert len(set(zip(groups, found, strict=True))) == len(set(groups))
    assert {f for f, m in zip(found, members, strict=True) if m} == set(range(folds))


def test_a_model_learns_nothing_of_who_and_when_and_where():
    assert feature_names(rows().lazy()) == tuple(sorted(FEATURES))
    assert set(features_of(model().trees)) <= set(FEATURES)


def test_a_feature_known_of_nobody_is_not_asked_for_and_shifts_no_other():
    lost = rows().with_columns(age_years=pl.lit(None, pl.Int64))
    without = tuple(name for name in FEATURES if name != "age_years")
    y = rows()["is_member"].to_numpy()

    found = grown(matrix(lost, ("age_years", *without)), y, ("age_years", *without), WAY)

    assert_frame_equal(found, grown(matrix(lost, without), y, without, WAY))


def test_a_feature_that_names_the_network_does_not_help_on_another_network():
    """Rows of a network share a number: split by row it would be learnt by heart."""
    noise = rows().with_columns(
        payers_7d=pl.lit(1), passed_on_share_7d=pl.lit(0.5), is_of_firm=pl.lit(value=False)
    )
    of_networks = noise.with_columns(
        age_years=pl.when("is_member")
        .then(pl.col("network").str.slice(4).cast(pl.Int64, strict=False) * 2 + 1)
        .otherwise(pl.int_range(pl.len()) % 10 * 2)
    )
    card = fitted(of_networks.lazy(), features=FEATURES, way=WAY, fitted_on=NIGHT).card

    assert said(card, "average_precision")["value"] < 0.5


def test_probabilities_rise_with_scores_and_are_never_certain():
    steps = model().steps

    assert (steps["probability"].diff().drop_nulls() >= 0).all()
    assert 0 < steps["probability"].min() < steps["probability"].max() < 1
    assert steps["rows"].sum() == 600
    assert steps["members"].sum() == 72
    said = calibrated(steps, np.array([-99.0, 99.0]))
    assert said.tolist() == [steps["probability"][0], steps["probability"][-1]]


def test_a_step_counts_one_row_more_at_the_overall_share():
    scores, truth = np.array([1.0, 2.0, 3.0, 3.0]), np.array([False, False, True, True])

    steps = calibration(scores, truth)

    assert steps.select("log_odds_from", "rows", "members").rows() == [(1.0, 2, 0), (3.0, 2, 2)]
    assert steps["probability"].to_list() == pytest.approx([0.5 / 3, 2.5 / 3])


def test_the_card_tells_data_way_metrics_with_intervals_and_threshold():
    card = model().card

    assert said(card, "member_rows", "data")["value"] == 72
    assert said(card, "networks", "data")["value"] == 9
    assert said(card, "trees", "way")["value"] == 20
    ap = said(card, "average_precision")
    assert 0.5 < ap["low"] < ap["value"] < ap["high"] <= 1
    recall = said(card, "recall_at_members")
    assert recall["low"] < recall["value"] < recall["high"]
    assert 0 <= said(card, "calibration_error")["value"] < 0.1
    assert said(card, "precision", "threshold")["value"] >= 0.8
    assert card.filter(pl.col("section_code") == "feature").height == len(FEATURES)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=40).filter(
        lambda rows: any(m for _, m in rows)
    )
)
def test_average_precision_is_that_of_scikit_learn(drawn):
    scores = np.array([float(s) for s, _ in drawn])
    truth = np.array([m for _, m in drawn])

    assert average_precision(scores, truth) == pytest.approx(average_precision_score(truth, scores))
