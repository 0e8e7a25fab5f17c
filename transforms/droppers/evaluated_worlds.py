"""Rules, and a model beside them, measured on pretend worlds that chose none of their numbers."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from transforms.droppers.boosted import model_scores
from transforms.droppers.evaluation import EVALUATION, evaluation
from transforms.droppers.trial import Tried, of_one_country, tried
from transforms.droppers.typologies import rule_version

TOPS = (10, 50, 100, 200, 500)


class World(NamedTuple):
    """`ACCOUNT_WINDOWS`, `LINK_WINDOWS` and `TRUTH` of one world as of its last night."""

    windows: pl.LazyFrame
    links: pl.LazyFrame
    truth: pl.LazyFrame


class FittedModel(NamedTuple):
    """`MODEL_TREES` and `MODEL_STEPS` of one model, and from which probability on it lists."""

    version: str
    trees: pl.DataFrame
    steps: pl.DataFrame
    least_probability: float


def evaluation_of_worlds(
    worlds: Mapping[str, World],
    *,
    rules: pl.DataFrame,
    seed: int,
    model: FittedModel | None = None,
    trail_roles: pl.DataFrame | None = None,
) -> pl.LazyFrame:
    """What the rules find in all worlds taken as one country, ranked in one list.

    Args:
        worlds: by name, which accounts and networks then bear; nights are the same in all.
        rules: `TYPOLOGIES` that count on that night, one version each.
        seed: of the draws for the interval.
        model: lists accounts beside the rules, and its version is told beside theirs.
        trail_roles: rows of `role_counts` of these worlds.

    Returns:
        `EVALUATION`, in order of its key.
    """
    lists = {name: _list(world, rules, model) for name, world in worlds.items()}
    version = rule_version(rules) + (f"+{model.version}" if model else "")
    return evaluation(
        of_one_country({name: made.alerts for name, made in lists.items()}),
        of_one_country({name: made.evidence for name, made in lists.items()}),
        of_one_country({name: world.truth for name, world in worlds.items()}),
        rule_version=version,
        tops=TOPS,
        seed=seed,
        trail_roles=trail_roles,
    )


def with_earlier(kept: pl.LazyFrame, new: pl.LazyFrame) -> pl.LazyFrame:
    """What is kept of a night after an evaluation: other versions of the rules stay."""
    versions = new.select("rule_version").unique()
    return (
        pl.concat([kept.join(versions, on="rule_version", how="anti"), new])
        .sort(EVALUATION.key)
        .pipe(EVALUATION.require)
    )


def _list(world: World, rules: pl.DataFrame, model: FittedModel | None) -> Tried:
    if model is None:
        return tried(world.windows, world.links, rules=rules)
    scores = model_scores(world.windows, model.trees, model.steps)
    return tried(
        world.windows,
        world.links,
        rules=rules,
        scores=scores,
        least_probability=model.least_probability,
    )
