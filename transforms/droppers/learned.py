"""A learned model beside the rules: gradient boosting on the same features, kept as tables.

Networks are held out whole: no account of a network that a tree has seen is ever scored to
measure the model, or to calibrate it. What is fitted leaves this module as rows only; `boosted`
scores and explains from them, and `drift` says whether the model still decides.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import isotonic_regression
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from transforms.droppers.accuracy import Flags, Numbers
from transforms.droppers.boosted import MODEL_STEPS, MODEL_TREES, calibrated, explained, matrix
from transforms.droppers.model_bins import MODEL_BINS, model_bins
from transforms.droppers.model_card import MODEL_CARDS, Held, Way, model_card

NOT_FEATURES = frozenset(
    {
        *("night", "account_iban", "holder_iin", "bank_bic", "region_code"),
        *("is_member", "network"),
        "known_distance",
    }
)
"""Columns that say who, where and when; the truth, in rows of training; and what is known already.

An account beside an arrested card is near the truth: a model would learn who was caught before,
and find nobody new. The rules weigh that distance openly.
"""


class NothingToLearn(ValueError):
    """There are too few networks, or no ordinary accounts, to learn from and to hold out."""


@dataclass(frozen=True, slots=True)
class Model:
    """One fitted model: `MODEL_TREES`, `MODEL_STEPS`, `MODEL_BINS` and `MODEL_CARDS` rows."""

    version: str
    trees: pl.DataFrame
    steps: pl.DataFrame
    bins: pl.DataFrame
    card: pl.DataFrame


def feature_names(windows: pl.LazyFrame) -> tuple[str, ...]:
    """Columns that a model may learn from: numbers and flags of the account, in order of name."""
    schema = windows.collect_schema()
    return tuple(
        sorted(
            name
            for name, dtype in schema.items()
            if name not in NOT_FEATURES and (dtype.is_numeric() or dtype == pl.Boolean())
        )
    )


def training_rows(windows: pl.LazyFrame, truth: pl.LazyFrame, *, world: str) -> pl.LazyFrame:
    """Accounts of one simulated world with what they really are, as `fitted` takes them.

    Members are held out with their network, all others with the other nights of their account.
    Several worlds are put together by `pl.concat`.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night or more.
        truth: `account_iban`, `is_member` and `network` of the world's accounts; an account that
            is not named is no member.
        world: tells the networks of this world from those of others.
    """
    told = truth.select("account_iban", "is_member", "network")
    held_together = pl.col("network").fill_null(pl.col("account_iban"))
    return windows.join(told, on="account_iban", how="left", validate="m:1").with_columns(
        pl.col("is_member").fill_null(value=False),
        network=pl.concat_str(pl.lit(f"{world}:"), held_together),
    )


def fitted(
    rows: pl.LazyFrame,
    *,
    features: Sequence[str],
    way: Way,
    fitted_on: date,
    limits: Sequence[str] = (),
) -> Model:
    """A model of who belongs to a network, with what it did on networks that it had not seen.

    Args:
        rows: accounts with `features`, `is_member`, and `network`: what must be held out as a
            whole. For a member the network; for others the household, world or account that
            repeats over nights.
        features: columns to learn from. Unknown values stay unknown: each node says where an
            account goes of which its feature is not known.
        way: how to fit.
        fitted_on: the day told in version and card.
        limits: codes of what the model must not be believed in, for the card.

    Raises:
        NothingToLearn: fewer networks with members than folds, or no other accounts.
    """
    known = rows.select(*features, "is_member", "network").sort("network", *features).collect()
    is_member = known["is_member"].to_numpy().astype(np.bool_)
    measured = matrix(known, features)
    groups = known["network"].to_list()
    folds = held_out(groups, is_member, folds=way.folds)
    held = _held_out_scores(measured, is_member, folds, way)
    trees = grown(measured, is_member, features, way)
    steps = calibration(held, is_member)
    final = explained(trees, measured, features)
    version = f"{fitted_on:%Y-%m-%d}-{_digest(trees, steps)}"
    parts = dict(zip(features, np.abs(final.contributions).mean(axis=0), strict=True))
    results = Held(held, _cross_calibrated(held, is_member, folds), is_member, tuple(groups))
    return Model(
        version,
        trees=_stamped(trees, version, MODEL_TREES.schema),
        steps=_stamped(steps, version, MODEL_STEPS.schema),
        bins=_stamped(model_bins(known, features, final.log_odds), version, MODEL_BINS.schema),
        card=_stamped(
            model_card(results, parts=parts, way=way, fitted_on=fitted_on, limits=limits),
            version,
            MODEL_CARDS.schema,
        ),
    )


def held_out(groups: Sequence[str], is_member: Flags, *, folds: int) -> npt.NDArray[np.int64]:
    """The fold of each row: whole groups, dealt out so that each fold gets its share of members.

    Raises:
        NothingToLearn: see `fitted`.
    """
    names = pl.DataFrame({"group": groups, "is_member": is_member})
    sizes = (
        names.group_by("group")
        .agg(members=pl.col("is_member").sum(), rows=pl.len())
        .with_columns(digest=pl.col("group").map_batches(_digests, return_dtype=pl.String))
        .sort("members", "digest", descending=[True, False])
        .with_columns(fold=pl.int_range(pl.len()) % folds)
    )
    if (sizes["members"] > 0).sum() < folds or is_member.all():
        raise NothingToLearn(
            f"{(sizes['members'] > 0).sum()} networks with members and {(~is_member).sum()} other "
            f"accounts, for {folds} folds. Nothing was fitted. Give at least as many networks as "
            "folds, and ordinary accounts beside them."
        )
    return np.asarray(
        names.join(sizes, on="group", how="left", maintain_order="left")["fold"].to_numpy()
    ).astype(np.int64)


def grown(measured: Numbers, is_member: Flags, features: Sequence[str], way: Way) -> pl.DataFrame:
    """The trees that scikit-learn grows, as nodes; without a version yet.

    A feature that is known of nobody is not asked for: nothing can be learned from it.
    """
    is_known: Flags = np.asarray(~np.isnan(measured).all(axis=0))
    features = [name for name, known in zip(features, is_known, strict=True) if known]
    model = HistGradientBoostingClassifier(
        max_iter=way.trees,
        max_leaf_nodes=way.most_leaves,
        learning_rate=way.learning_rate,
        min_samples_leaf=way.fewest_rows_in_a_leaf,
        categorical_features=None,
        early_stopping=False,
        random_state=way.seed,
    )
    # Its threads wait for each other by spinning: beside other work, one is many times faster.
    with threadpool_limits(limits=1, user_api="openmp"):
        model.fit(measured[:, is_known], is_member)
    start = float(model._baseline_prediction[0, 0])
    nodes = [_leaf(start, len(is_member))]
    nodes += [
        _nodes(tree + 1, one_class.nodes, features)
        for tree, (one_class,) in enumerate(model._predictors)
    ]
    return pl.concat(nodes)


def _leaf(value: float, rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        [(0, 0, None, None, None, None, None, value, rows)], _NODE_SCHEMA, orient="row"
    )


_NODE_SCHEMA = pl.Schema((k, v) for k, v in MODEL_TREES.schema.items() if k != "model_version")


def _nodes(tree: int, nodes: np.ndarray, features: Sequence[str]) -> pl.DataFrame:
    is_leaf = pl.Series(nodes["is_leaf"].astype(bool))
    asked = pl.Series([features[f] for f in nodes["feature_idx"]], dtype=pl.String)
    columns = {
        "tree": np.full(nodes.size, tree),
        "node": np.arange(nodes.size),
        "feature_code": asked,
        "threshold": nodes["num_threshold"],
        "is_unknown_left": nodes["missing_go_to_left"].astype(bool),
        "left_node": nodes["left"],
        "right_node": nodes["right"],
        "value": _means(nodes),
        "rows": nodes["count"],
    }
    inside = ("feature_code", "threshold", "is_unknown_left", "left_node", "right_node")
    return (
        pl.DataFrame(columns)
        .with_columns(pl.when(~is_leaf).then(pl.col(inside)))
        .cast(_NODE_SCHEMA)
        .select(_NODE_SCHEMA.names())
    )


def _means(nodes: np.ndarray) -> Numbers:
    """Each node's mean over the rows that came to it; children stand behind their parent."""
    value = nodes["value"].astype(np.float64)
    count = nodes["count"].astype(np.float64)
    for place in range(nodes.size - 1, -1, -1):
        if not nodes["is_leaf"][place]:
            sides = [int(nodes["left"][place]), int(nodes["right"][place])]
            value[place] = np.average(value[sides], weights=count[sides])
    return value


def calibration(log_odds: Numbers, is_member: Flags) -> pl.DataFrame:
    """Isotonic steps from scores of held-out rows to probabilities, without a version yet.

    A step's probability counts one row more, at the overall share: three members of three are
    not certainty.
    """
    order = np.argsort(log_odds, kind="stable")
    scores, first = np.unique(log_odds[order], return_index=True)
    members = np.add.reduceat(is_member[order].astype(np.float64), first)
    rows = np.diff(np.append(first, order.size)).astype(np.float64)
    blocks = isotonic_regression(members / rows, weights=rows).blocks[:-1]
    rows, members = np.add.reduceat(rows, blocks), np.add.reduceat(members, blocks)
    careful = (members + is_member.mean()) / (rows + 1)
    return pl.DataFrame(
        {
            "log_odds_from": scores[blocks],
            "probability": isotonic_regression(careful, weights=rows).x,
            "rows": rows.astype(np.int64),
            "members": members.astype(np.int64),
        }
    )


def _held_out_scores(
    measured: Numbers, is_member: Flags, folds: npt.NDArray[np.int64], way: Way
) -> Numbers:
    features = [str(place) for place in range(measured.shape[1])]
    scores = np.zeros(len(is_member))
    for fold in range(way.folds):
        is_held = folds == fold
        trees = grown(measured[~is_held], is_member[~is_held], features, way)
        scores[is_held] = explained(trees, measured[is_held], features).log_odds
    return scores


def _cross_calibrated(scores: Numbers, is_member: Flags, folds: npt.NDArray[np.int64]) -> Numbers:
    """Probabilities of each fold by steps that were fitted on the others."""
    found = np.zeros(len(is_member))
    for fold in np.unique(folds):
        is_held = folds == fold
        steps = calibration(scores[~is_held], is_member[~is_held])
        found[is_held] = calibrated(steps, scores[is_held])
    return found


def _stamped(rows: pl.DataFrame, version: str, schema: pl.Schema) -> pl.DataFrame:
    return rows.with_columns(model_version=pl.lit(version)).cast(schema).select(schema.names())


def _digest(*tables: pl.DataFrame) -> str:
    text = "\n".join(table.write_csv() for table in tables)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _digests(groups: Iterable[str]) -> pl.Series:
    return pl.Series([hashlib.sha256(group.encode()).hexdigest() for group in groups])
