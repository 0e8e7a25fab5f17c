"""What must be known of a model before it is believed: its data, its figures, its limits."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.accuracy import (
    Flags,
    Numbers,
    average_precision,
    calibration_error,
    hits_at,
    resampled,
    wilson,
)

MODEL_CARDS = Table(
    name="droppers.model_cards",
    grain="one thing said of one model",
    key=("model_version", "section_code", "name"),
    partitioned_by=("model_version",),
    columns=(
        Column("model_version", pl.String(), "Version of the model."),
        Column("fitted_on", pl.Date(), "Day on which it was fitted, as its maker said."),
        Column(
            "section_code",
            pl.String(),
            "data: what it learned from. way: how. feature: by how much it moved the "
            "log-odds of a row of training, in mean. metric: on networks held out whole. "
            "threshold: where an alert begins. limit: what it must not be believed in. "
            "validation: on confirmed cases that it had not seen.",
        ),
        Column("name", pl.String(), "What is said: a count, a setting, a measure."),
        Column("value", pl.Float64(), "How much; null where it cannot be told.", nullable=True),
        Column("low", pl.Float64(), "Lower end of the 95% interval, if any.", nullable=True),
        Column("high", pl.Float64(), "Upper end of it, if any.", nullable=True),
    ),
)

_TOPS = (100, 500)


@dataclass(frozen=True, slots=True)
class Way:
    """How a model is fitted. The caller says all of it, and the card repeats it."""

    trees: int
    most_leaves: int
    learning_rate: float
    fewest_rows_in_a_leaf: int
    folds: int
    least_precision: float
    seed: int


@dataclass(frozen=True, slots=True)
class Held:
    """Rows held out: scores, probabilities calibrated on the other folds, truth, groups."""

    log_odds: Numbers
    probability: Numbers
    is_member: Flags
    groups: tuple[str, ...]


def model_card(
    held: Held,
    *,
    parts: Mapping[str, float],
    way: Way,
    fitted_on: date,
    limits: Sequence[str],
) -> pl.DataFrame:
    """The card's rows; no version yet. `parts`: how much each feature moved a score, in mean."""
    said = [
        *_data(held, parts),
        *(("feature", name, float(part), None, None) for name, part in parts.items()),
        *(("limit", name, None, None, None) for name in limits),
        *(("way", name, float(value), None, None) for name, value in asdict(way).items()),
        *_metrics(held, way.seed),
        *_threshold(held, way.least_precision),
    ]
    names = ("section_code", "name", "value", "low", "high")
    types = {name: MODEL_CARDS.schema[name] for name in names}
    return pl.DataFrame(said, types, orient="row").with_columns(
        pl.col("value", "low", "high").fill_nan(None), fitted_on=pl.lit(fitted_on)
    )


_Row = tuple[str, str, float | None, float | None, float | None]


def _data(held: Held, features: Mapping[str, float]) -> list[_Row]:
    groups = np.asarray(held.groups)
    counts: dict[str, Any] = {
        "rows": held.is_member.size,
        "member_rows": held.is_member.sum(),
        "networks": np.unique(groups[held.is_member]).size,
        "other_groups": np.unique(groups[~held.is_member]).size,
        "features": len(features),
    }
    return [("data", name, float(count), None, None) for name, count in counts.items()]


def _metrics(held: Held, seed: int) -> list[_Row]:
    scores, truth = held.log_odds, held.is_member
    members = int(truth.sum())
    low, high = resampled(scores, truth, held.groups, seed=seed)
    rows: list[_Row] = [
        ("metric", "average_precision", average_precision(scores, truth), low, high),
        ("metric", "brier", float(np.mean((held.probability - truth) ** 2)), None, None),
        (
            "metric",
            "calibration_error",
            calibration_error(held.probability, truth),
            None,
            None,
        ),
    ]
    for name, top in [*((str(top), top) for top in _TOPS), ("members", members)]:
        listed = min(top, scores.size)
        hits = math.floor(hits_at(scores, truth, top))
        for what, cases in (("precision", listed), ("recall", members)):
            share = wilson(hits, cases)
            row = ("metric", f"{what}_at_{name}", share.value, share.low, share.high)
            rows.append(row)
    return rows


def _threshold(held: Held, least_precision: float) -> list[_Row]:
    """The lowest probability from which on the list kept the precision asked for, held out."""
    order = np.argsort(-held.probability, kind="stable")
    ordered = held.probability[order]
    hits = np.cumsum(held.is_member[order])
    is_last = np.append(ordered[1:] != ordered[:-1], True)
    listed = np.arange(1, ordered.size + 1)
    kept = np.flatnonzero(is_last & (hits >= least_precision * listed))
    if kept.size == 0:
        return [("threshold", "probability", None, None, None)]
    last = int(kept[-1])
    precision = wilson(int(hits[last]), last + 1)
    recall = wilson(int(hits[last]), int(held.is_member.sum()))
    return [
        ("threshold", "probability", float(ordered[last]), None, None),
        ("threshold", "precision", precision.value, precision.low, precision.high),
        ("threshold", "recall", recall.value, recall.low, recall.high),
    ]
