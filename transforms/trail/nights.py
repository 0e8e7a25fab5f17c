"""A night of trails: known ones go on by what is new, those of new seeds are replayed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from transforms.periods import civil_date
from transforms.trail.crossing import Ties
from transforms.trail.reach import Limits
from transforms.trail.trails import HOLDINGS, IN_ORDER, STEPS, Told, trails


@dataclass(frozen=True, slots=True)
class Night:
    """The steps of all days that were followed, and all holdings as of the night.

    Cases in `replayed` have all their steps here; the others those from `since` on.
    """

    steps: pl.LazyFrame
    holdings: pl.LazyFrame
    replayed: tuple[str, ...]
    first: date


def night_of_trails(
    told: Told,
    seeds: pl.LazyFrame,
    holdings: pl.LazyFrame | None,
    *,
    limits: Limits,
    ties: Ties,
    earliest: date,
    since: date,
    night: date,
) -> Night:
    """Extend the trails of cases by what is new, and replay those of cases whose seeds changed.

    Args:
        told: as for `trails`.
        seeds: `SEED_NODES` of all cases; a case without is followed no more.
        holdings: of the night before `since`, of all cases; null where all is to be replayed.
        limits: as for `trails`.
        ties: as for `trails`.
        earliest: the first day of which there are transfers.
        since: as for `trails`.
        night: as for `trails`.
    """
    none = pl.LazyFrame(schema=HOLDINGS.schema)
    sown, before = seeds.collect(), (none if holdings is None else holdings).collect()
    was = before.drop_nulls("seed_from_at").select("case_no", "node_id", from_at="seed_from_at")
    now = sown.select(was.columns)
    differ = pl.concat(
        [now.join(was, on=now.columns, how="anti"), was.join(now, on=now.columns, how="anti")]
    )
    changed = sown.join(differ, on="case_no", how="semi")
    known = sown.join(differ, on="case_no", how="anti")
    going_on = before.join(known, on="case_no", how="semi")
    began = changed.select(civil_date(pl.col("from_at")).min()).item() or night
    began = max(began, earliest)
    method: dict[str, Any] = {"limits": limits, "ties": ties, "night": night}
    extended = trails(told, known.lazy(), going_on.lazy(), since=since, **method)
    replayed = trails(told, changed.lazy(), none, since=began, **method)
    return Night(
        steps=pl.concat([extended.steps, replayed.steps]).sort(IN_ORDER),
        holdings=pl.concat([extended.holdings, replayed.holdings]).sort(HOLDINGS.key),
        replayed=tuple(changed["case_no"].unique().sort()),
        first=min(began, since) if changed.height else since,
    )


def steps_of_dates(found: Night, stood: pl.LazyFrame, *, since: date) -> pl.LazyFrame:
    """`STEPS` of the days from `found.first` on: what was found, and what it leaves as it stood.

    Args:
        found: of a night.
        stood: `STEPS` of those days, as they are.
        since: as the night was given.
    """
    is_left = (pl.col("business_date") < since) & ~pl.col("case_no").is_in(found.replayed)
    return pl.concat([stood.filter(is_left), found.steps]).sort(IN_ORDER).pipe(STEPS.require)
