"""Whether tonight's accounts still look like those that a model learned from, and who decides.

Rules always give an answer. A model decides only while it exists, is recent enough and sees what
it has learned from; the reason is told either way.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.accuracy import Numbers
from transforms.droppers.boosted import explained, features_of, matrix
from transforms.droppers.confirmed import may_list
from transforms.droppers.model_bins import SCORE, counted

DRIFT = Table(
    name="droppers.drift",
    grain="one feature of one model on one night, or its score",
    key=("night", "model_version", "feature_code"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("model_version", pl.String(), "Version of the model."),
        Column("feature_code", pl.String(), f"Feature, or {SCORE} for the model's score."),
        Column(
            "stability_index",
            pl.Float64(),
            "Population stability index (PSI) of the night against training: the sum over classes "
            "of the difference of shares times its logarithm. 0 where nothing moved.",
        ),
        Column("unknown_share", pl.Float64(), "Accounts without the feature.", unit="ratio"),
        Column("rows", pl.Int64(), "Accounts of the night.", unit="accounts"),
    ),
)

PRODUCERS = Table(
    name="droppers.producers",
    grain="one night",
    key=("night",),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("produced_by_code", pl.String(), "model or rules: who made the night's alerts."),
        Column(
            "reason_code",
            pl.String(),
            "in_use: the model decides. Else rules do: no_model, without_threshold (none kept the "
            "precision asked for), not_validated (it knows simulations only, and no confirmed "
            "cases bore it out: it scores, and lists nobody), stale, no_drift_measured or drift.",
        ),
        Column("model_version", pl.String(), "The model that was looked at.", nullable=True),
        Column("most_drift", pl.Float64(), "Largest stability index of the night.", nullable=True),
    ),
)


def drift(
    windows: Iterable[pl.LazyFrame], trees: pl.DataFrame, bins: pl.DataFrame, *, night: date
) -> pl.LazyFrame:
    """How far each feature of the model, and its score, moved since training. Collects.

    An empty class counts as half an account: a share of nothing has no logarithm. No accounts at
    all give no rows: nothing was measured.

    Args:
        windows: `ACCOUNT_WINDOWS`, in parts of which one is held at a time.
        trees: `MODEL_TREES` of the model.
        bins: `MODEL_BINS` of it.
        night: whose accounts are looked at.

    Returns:
        `DRIFT`, in order of its key.
    """
    known = {str(name): of_name.sort("bin") for (name,), of_name in bins.group_by("feature_code")}
    counts, rows = _counts(windows, trees, known, night)
    found = []
    for name, classes in counts.items() if rows else ():
        least = 0.5 / rows
        was, is_now = (
            np.maximum(s, least) for s in (known[name]["share"].to_numpy(), classes / rows)
        )
        index = float(np.sum((is_now - was) * np.log(is_now / was)))
        found.append((name, index, float(classes[0]) / rows))
    said = ("feature_code", "stability_index", "unknown_share")
    return (
        pl.LazyFrame(found, {name: DRIFT.schema[name] for name in said}, orient="row")
        .with_columns(
            night=pl.lit(night),
            model_version=pl.lit(trees["model_version"].first(), pl.String),
            rows=pl.lit(rows, pl.Int64),
        )
        .select(DRIFT.schema.names())
        .sort(DRIFT.key)
        .pipe(DRIFT.require)
    )


def _counts(
    windows: Iterable[pl.LazyFrame], trees: pl.DataFrame, bins: Mapping[str, pl.DataFrame], on: date
) -> tuple[dict[str, Numbers], int]:
    """Accounts in each class of each feature and of the score, and how many accounts there are."""
    features, rows = features_of(trees), 0
    counts = {name: np.zeros(bins[name].height) for name in (*features, SCORE)}
    for part in windows:
        of_part = part.filter(pl.col("night") == on).select(features).collect()
        measured, rows = matrix(of_part, features), rows + of_part.height
        columns = {name: measured[:, place] for place, name in enumerate(features)}
        columns[SCORE] = explained(trees, measured, features).log_odds
        for name, values in columns.items():
            counts[name] += counted(values, bins[name]["upto"].drop_nulls().to_numpy())
    return counts, rows


def producer(
    card: pl.DataFrame | None,
    drifts: pl.LazyFrame,
    *,
    night: date,
    oldest: timedelta,
    most_drift: float,
) -> pl.LazyFrame:
    """Who makes the alerts of the night, and why.

    Args:
        card: `MODEL_CARDS` rows of one model; None where there is none.
        drifts: `DRIFT`; rows of other nights and models are passed over.
        night: business date.
        oldest: how old a model may be on the night.
        most_drift: largest stability index that is still believed.

    Returns:
        `PRODUCERS`, one row.
    """
    version = None if card is None else str(card["model_version"][0])
    index = _most(drifts, night, version)
    reason = _reason(card, index, night, oldest, most_drift)
    row = (night, "model" if reason == "in_use" else "rules", reason, version, index)
    return pl.LazyFrame([row], PRODUCERS.schema, orient="row").pipe(PRODUCERS.require)


def reason_of_night(producers: pl.LazyFrame, night: date) -> str:
    """Why the model or the rules made the list of a night; no model where nothing was said."""
    said = producers.filter(pl.col("night") == night).select("reason_code").collect()
    return "no_model" if said.is_empty() else str(said["reason_code"][0])


def _most(drifts: pl.LazyFrame, night: date, version: str | None) -> float | None:
    of_model = drifts.filter(pl.col("night") == night, pl.col("model_version").is_in([version]))
    found = of_model.select(pl.col("stability_index").max()).collect().item()
    return None if found is None else float(found)


def _reason(
    card: pl.DataFrame | None,
    index: float | None,
    night: date,
    oldest: timedelta,
    most_drift: float,
) -> str:
    if card is None:
        return "no_model"
    threshold = card.filter(pl.col("section_code") == "threshold", pl.col("name") == "probability")[
        "value"
    ]
    age = night - card["fitted_on"][0]
    if threshold.drop_nulls().is_empty():
        return "without_threshold"
    if not may_list(card):
        return "not_validated"
    if not timedelta() <= age <= oldest:
        return "stale"
    if index is None:
        return "no_drift_measured"
    return "drift" if index > most_drift else "in_use"
