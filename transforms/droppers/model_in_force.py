"""Which model a night looks at, and the dated numbers by which models are fitted and believed."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.droppers.confirmed import SIMULATED_ONLY
from transforms.droppers.model_card import Way
from transforms.droppers.parameters import in_force
from transforms.reference import reference

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Belief:
    """Until when, and up to which stability index, a model decides; reasons told of an alert.

    `horizon` after a night orders confirm its accounts; with `least_cases` such accounts, and the
    lower end of precision at `least_precision`, they bear a model out.
    """

    oldest: timedelta
    most_drift: float
    reasons: int
    horizon: timedelta
    least_cases: int
    least_precision: float


@dataclass(frozen=True, slots=True)
class Deciding:
    """What the alerts of a night take from the model: nothing, unless it decides."""

    scores: pl.LazyFrame | None = None
    least_probability: float = math.inf


def way_of_fitting(on: date) -> Way:
    """How a model is fitted on a day."""
    return Way(
        trees=_number("trees", on),
        most_leaves=_number("most_leaves", on),
        learning_rate=_number("learning_rate_percent", on) / _PERCENT,
        fewest_rows_in_a_leaf=_number("fewest_rows_in_a_leaf", on),
        folds=_number("folds", on),
        least_precision=_number("least_precision_percent", on) / _PERCENT,
        seed=_number("seed", on),
    )


def belief(on: date) -> Belief:
    """How far models are believed on a night."""
    return Belief(
        timedelta(days=_number("oldest_days", on)),
        _number("most_drift_percent", on) / _PERCENT,
        _number("reasons", on),
        timedelta(days=_number("confirmed_horizon_days", on)),
        _number("confirmed_least_cases", on),
        _number("confirmed_least_precision_percent", on) / _PERCENT,
    )


def model_of_night(cards: pl.LazyFrame, night: date) -> str | None:
    """The version last fitted by the night; null where there was none.

    So that a night computed again looks at the model that it looked at then.
    """
    known = cards.filter(pl.col("fitted_on") <= night).select("fitted_on", "model_version")
    last = known.sort("fitted_on", "model_version").last().collect()
    return None if last.is_empty() else str(last["model_version"][0])


def others_of_the_day(cards: pl.LazyFrame, version: str, fitted_on: date) -> list[str]:
    """Versions of the same day: which of them is the last could not be told."""
    same = cards.filter(pl.col("fitted_on") == fitted_on, pl.col("model_version") != version)
    return sorted(same.select("model_version").unique().collect()["model_version"])


def least_probability(card: pl.DataFrame) -> float | None:
    """From which probability on the model lists an account; null: it lists nobody."""
    is_told = (pl.col("section_code") == "threshold") & (pl.col("name") == "probability")
    found: float | None = card.filter(is_told)["value"].item()
    return found


def deciding_model(producers: pl.LazyFrame, night: date) -> str | None:
    """The version that decides on the night; null where rules do, or nothing was said."""
    said = producers.filter(pl.col("night") == night, pl.col("produced_by_code") == "model")
    found = said.select("model_version").collect()["model_version"]
    return None if found.is_empty() else str(found[0])


def listed_by_model(windows: pl.LazyFrame, alerts: pl.LazyFrame) -> pl.LazyFrame:
    """Windows of the accounts that the model pointed at, whether the rules did as well or not."""
    pointed = alerts.filter(pl.col("produced_by_code").is_in(["model", "both"]))
    return windows.join(pointed, on=["night", "account_iban"], how="semi")


def learned_from(card: pl.DataFrame) -> frozenset[int]:
    """Seeds of the pretend worlds that the model has seen: it must not be measured on them."""
    seeds = card.filter(pl.col("section_code") == "limit")["name"].str.extract(r"^world_(\d+)$")
    return frozenset(int(seed) for seed in seeds.drop_nulls())


def limits_of_worlds(seeds: list[int]) -> list[str]:
    """What a model of pretend worlds must not be believed in, for its card."""
    return [SIMULATED_ONLY, *(f"world_{seed}" for seed in seeds)]


def _number(name: str, on: date) -> int:
    found = pl.select(in_force(reference("model_parameters"), name, pl.lit(on))).item()
    return int(found)
