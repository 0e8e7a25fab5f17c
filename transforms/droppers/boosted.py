"""A fitted model as tables, and what it says of an account with a reason for each point.

Scores come from the rows of these tables by plain arithmetic: no object of a library is stored,
so that a score of three years ago can be computed again and read by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.contracts import Column, Table

Matrix = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MODEL_TREES = Table(
    name="droppers.model_trees",
    grain="one node of one tree of one model",
    key=("model_version", "tree", "node"),
    partitioned_by=("model_version",),
    columns=(
        Column("model_version", pl.String(), "Version of the model."),
        Column(
            "tree",
            pl.Int32(),
            "Number of the tree; tree 0 is one leaf, the log-odds before anything is known.",
        ),
        Column("node", pl.Int32(), "Number of the node in its tree; 0 is the root."),
        Column("feature_code", pl.String(), "What the node asks; null in a leaf.", nullable=True),
        Column(
            "threshold",
            pl.Float64(),
            "An account with at most so much goes left; null in a leaf.",
            nullable=True,
        ),
        Column(
            "is_unknown_left",
            pl.Boolean(),
            "Where an account goes of which the feature is not known; null in a leaf.",
            nullable=True,
        ),
        Column("left_node", pl.Int32(), "Node on the left; null in a leaf.", nullable=True),
        Column("right_node", pl.Int32(), "Node on the right; null in a leaf.", nullable=True),
        Column(
            "value",
            pl.Float64(),
            "What the tree adds to the log-odds in this leaf; in a node, the mean of its leaves "
            "over the rows of training.",
            unit="log-odds",
        ),
        Column("rows", pl.Int64(), "Rows of training that came to the node.", unit="rows"),
    ),
)

MODEL_STEPS = Table(
    name="droppers.model_steps",
    grain="one step of the calibration of one model",
    key=("model_version", "log_odds_from"),
    partitioned_by=("model_version",),
    columns=(
        Column("model_version", pl.String(), "Version of the model."),
        Column("log_odds_from", pl.Float64(), "The step begins here.", unit="log-odds"),
        Column("probability", pl.Float64(), "Calibrated probability on the step.", unit="ratio"),
        Column("rows", pl.Int64(), "Held-out rows on the step.", unit="rows"),
        Column("members", pl.Int64(), "Members of networks among them.", unit="rows"),
    ),
)

MODEL_SCORES = Table(
    name="droppers.model_scores",
    grain="one account on one night, as one model sees it",
    key=("night", "account_iban"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("model_version", pl.String(), "Version of the model."),
        Column("log_odds", pl.Float64(), "Sum of what the trees add.", unit="log-odds"),
        Column("probability", pl.Float64(), "The same, calibrated.", unit="ratio"),
    ),
)

MODEL_REASONS = Table(
    name="droppers.model_reasons",
    grain="one feature that moved the score of one account on one night",
    key=("night", "account_iban", "rank"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("model_version", pl.String(), "Version of the model."),
        Column("rank", pl.Int32(), "1 is what moved the score most, either way."),
        Column("feature_code", pl.String(), "Feature, as in `droppers.account_windows`."),
        Column("measured", pl.Float64(), "Its value; null where not known.", nullable=True),
        Column(
            "contribution",
            pl.Float64(),
            "What it added to the log-odds (or took, below 0). All features of an account and the "
            "model's starting point sum to `log_odds`.",
            unit="log-odds",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Explained:
    """Scores of rows: `starting_point` + the sum of a row's `contributions` = its `log_odds`."""

    log_odds: Matrix
    contributions: Matrix
    starting_point: float


@dataclass(frozen=True, slots=True)
class _Tree:
    feature: Places
    threshold: Matrix
    is_unknown_left: npt.NDArray[np.bool_]
    left: Places
    right: Places
    value: Matrix

    @classmethod
    def of(cls, nodes: pl.DataFrame, features: Sequence[str]) -> Self:
        places = {name: place for place, name in enumerate(features)}
        asked = nodes["feature_code"].replace_strict(places, return_dtype=pl.Int64)
        return cls(
            feature=asked.fill_null(-1).to_numpy(),
            threshold=nodes["threshold"].fill_null(0.0).to_numpy(),
            is_unknown_left=nodes["is_unknown_left"].fill_null(value=False).to_numpy(),
            left=nodes["left_node"].fill_null(0).cast(pl.Int64).to_numpy(),
            right=nodes["right_node"].fill_null(0).cast(pl.Int64).to_numpy(),
            value=nodes["value"].to_numpy(),
        )


def matrix(rows: pl.DataFrame, features: Sequence[str]) -> Matrix:
    """The features as numbers, in this order; an unknown one is NaN, and no number stands for it.

    Raises:
        polars.exceptions.ColumnNotFoundError: the model knows a feature that the rows lack.
    """
    return rows.select(pl.col(name).cast(pl.Float64) for name in features).to_numpy().copy()


def features_of(trees: pl.DataFrame) -> tuple[str, ...]:
    """The features that a model asks for, in order of name."""
    return tuple(trees["feature_code"].drop_nulls().unique().sort())


def explained(trees: pl.DataFrame, rows: Matrix, features: Sequence[str]) -> Explained:
    """Log-odds of each row, and how much of them each feature made up.

    A step from a node to its child changes the mean of what the tree may still add: that change
    belongs to the feature that the node asked. The starting point is the mean at the roots.
    """
    contributions = np.zeros((rows.shape[0], max(1, len(features))))
    start = 0.0
    for _, nodes in trees.sort("tree", "node").group_by("tree", maintain_order=True):
        tree = _Tree.of(nodes, features)
        start += float(tree.value[0])
        _walk(tree, rows, contributions)
    return Explained(start + contributions.sum(axis=1), contributions, start)


def _walk(tree: _Tree, rows: Matrix, contributions: Matrix) -> None:
    moving = np.arange(rows.shape[0])
    at = np.zeros(rows.shape[0], dtype=np.int64)
    while moving.size:
        here = at[moving]
        is_inside = tree.feature[here] >= 0
        moving, here = moving[is_inside], here[is_inside]
        asked = tree.feature[here]
        found = rows[moving, asked]
        is_left = np.where(
            np.isnan(found), tree.is_unknown_left[here], found <= tree.threshold[here]
        )
        there = np.where(is_left, tree.left[here], tree.right[here])
        contributions[moving, asked] += tree.value[there] - tree.value[here]
        at[moving] = there


def calibrated(steps: pl.DataFrame, log_odds: Matrix) -> Matrix:
    """The probability on the step of each score; below the first step, that of the first."""
    ordered = steps.sort("log_odds_from")
    place = np.searchsorted(ordered["log_odds_from"].to_numpy(), log_odds, side="right") - 1
    return np.asarray(ordered["probability"].to_numpy()[np.maximum(place, 0)])


def model_scores(windows: pl.LazyFrame, trees: pl.DataFrame, steps: pl.DataFrame) -> pl.LazyFrame:
    """What the model says of each account; trees are walked over whole columns of these windows.

    Returns:
        `MODEL_SCORES`, in order of its key.
    """
    features, version = features_of(trees), _version(trees)

    def scored(rows: pl.DataFrame) -> pl.DataFrame:
        found = explained(trees, matrix(rows, features), features)
        return rows.select(
            "night",
            "account_iban",
            model_version=pl.lit(version),
            log_odds=pl.lit(pl.Series(found.log_odds)),
            probability=pl.lit(pl.Series(calibrated(steps, found.log_odds))),
        )

    return (
        windows.select("night", "account_iban", *features)
        .map_batches(scored, schema=MODEL_SCORES.schema)
        .sort(MODEL_SCORES.key)
        .pipe(MODEL_SCORES.require)
    )


def model_reasons(windows: pl.LazyFrame, trees: pl.DataFrame, *, most: int) -> pl.LazyFrame:
    """The features that moved the score of each of these accounts most. Give it alerts only.

    Returns:
        `MODEL_REASONS`, at most so many rows for an account, in order of its key.
    """
    features = features_of(trees)
    rows = windows.select("night", "account_iban", *features).collect()
    measured = matrix(rows, features)
    found = explained(trees, measured, features).contributions[:, : len(features)]
    times = len(features)
    size = pl.col("contribution").abs()
    return (
        pl.LazyFrame(
            {
                "place": np.repeat(np.arange(rows.height), times),
                "feature_code": pl.Series(list(features) * rows.height, dtype=pl.String),
                "measured": pl.Series(measured.ravel(), dtype=pl.Float64, nan_to_null=True),
                "contribution": pl.Series(found.ravel(), dtype=pl.Float64),
            },
            schema_overrides={"place": pl.UInt32},
        )
        .filter(size > 0)
        .sort("place", size, "feature_code", descending=[False, True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("place"))
        .filter(pl.col("rank") <= most)
        .join(rows.lazy().with_row_index("place"), on="place", validate="m:1")
        .with_columns(model_version=pl.lit(_version(trees)))
        .select(MODEL_REASONS.schema.names())
        .sort(MODEL_REASONS.key)
        .pipe(MODEL_REASONS.require)
    )


def _version(trees: pl.DataFrame) -> str:
    return str(trees["model_version"].unique().item())
