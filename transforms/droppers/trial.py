"""Rules tried on windows as they are, apart from the night: for evaluation and in shadow."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from transforms.droppers.alerts import alerts, parameters_of_alerts
from transforms.droppers.evidence import evidence
from transforms.droppers.exemptions import EXEMPTED
from transforms.droppers.persons import persons


class Tried(NamedTuple):
    """`ALERTS` and `EVIDENCE` as some rules would have made them."""

    alerts: pl.LazyFrame
    evidence: pl.LazyFrame


def tried(
    windows: pl.LazyFrame,
    links: pl.LazyFrame,
    *,
    rules: pl.DataFrame,
    scores: pl.LazyFrame | None = None,
    least_probability: float = 1.0,
) -> Tried:
    """Whom these rules list, and why. Exemptions are left out: people make them, not rules.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night.
        links: `LINK_WINDOWS` of the same night.
        rules: `TYPOLOGIES` that count on it, one version each.
        scores: `MODEL_SCORES` of the same night; None: rules alone make the list.
        least_probability: from which probability on the model lists an account.
    """
    shown = evidence(windows, persons(windows, links), links, rules=rules).collect().lazy()
    nobody = pl.LazyFrame(schema=EXEMPTED.schema)
    listed = alerts(
        windows,
        shown,
        nobody,
        parameters=parameters_of_alerts(),
        scores=scores,
        least_probability=least_probability,
    )
    return Tried(listed.collect().lazy(), shown)


def of_one_country(worlds: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """Rows of several worlds together: accounts, and networks if any, bear their world's name."""
    return pl.concat(
        rows.with_columns(
            pl.concat_str(pl.lit(f"{world}:"), name).alias(name)
            for name in ("account_iban", "network")
            if name in rows.collect_schema()
        )
        for world, rows in worlds.items()
    )
