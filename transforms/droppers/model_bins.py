"""How features and scores were spread when a model learned: what drift is measured against."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.accuracy import Numbers

SCORE = "log_odds"
BINS = 10

MODEL_BINS = Table(
    name="droppers.model_bins",
    grain="one class of values of one feature of one model, or of its score",
    key=("model_version", "feature_code", "bin"),
    partitioned_by=("model_version",),
    columns=(
        Column("model_version", pl.String(), "Version of the model."),
        Column("feature_code", pl.String(), f"Feature, or {SCORE} for the model's score."),
        Column("bin", pl.Int32(), "Number of the class; 0 for values that are not known."),
        Column(
            "upto",
            pl.Float64(),
            "Values up to this, and above the class before; null for class 0.",
            nullable=True,
        ),
        Column("share", pl.Float64(), "Rows of training in the class.", unit="ratio"),
    ),
)


def model_bins(rows: pl.DataFrame, features: Sequence[str], log_odds: Numbers) -> pl.DataFrame:
    """Classes of about equally many rows for each feature and the score; no version yet."""
    spread = rows.select(pl.col(name).cast(pl.Float64) for name in features)
    scored = spread.with_columns(pl.Series(SCORE, log_odds))
    return pl.concat([_of(scored[name].to_numpy(), name) for name in scored.columns])


def counted(values: Numbers, edges: Numbers) -> Numbers:
    """How many values are in each class, the unknown ones first."""
    is_unknown = np.isnan(values)
    place = np.searchsorted(edges[:-1], values[~is_unknown], side="left")
    return np.append(is_unknown.sum(), np.bincount(place, minlength=edges.size)).astype(np.float64)


def _of(values: Numbers, name: str) -> pl.DataFrame:
    known = values[~np.isnan(values)]
    inner = np.quantile(known, np.arange(1, BINS) / BINS) if known.size else known
    edges = np.append(np.unique(inner), np.inf)
    return pl.DataFrame(
        {
            "feature_code": [name] * (edges.size + 1),
            "bin": np.arange(edges.size + 1, dtype=np.int32),
            "upto": [None, *edges],
            "share": counted(values, edges) / max(1, values.size),
        }
    )
