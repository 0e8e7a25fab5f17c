"""A case traced on demand: trails by every rule, and all that a dossier and the exports show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from transforms.trail.backward import mirrored, mirrored_at, mirrored_day
from transforms.trail.crossing import CROSSINGS, Ties, crossed, is_sure
from transforms.trail.dossier import case_figures, conserved_figures, links
from transforms.trail.held import HELD_MONEY, case_measures, held_money, wallets
from transforms.trail.persons import exits, persons
from transforms.trail.reach import Limits
from transforms.trail.role_signs import Signs
from transforms.trail.roles import roles, roles_by_kind
from transforms.trail.trails import HOLDINGS, STEPS, Told, Trails, trails


@dataclass(frozen=True, slots=True)
class Measures:
    """`arrests.measures`, the facts that tell what it leaves out, and `arrests.case_wallets`."""

    lives: pl.LazyFrame
    account_arrests: pl.LazyFrame
    asset_arrests: pl.LazyFrame
    wallet_freezes: pl.LazyFrame
    case_wallets: pl.LazyFrame


@dataclass(frozen=True, slots=True)
class Traced:
    """One case: `figures` by every rule, everything else by `rule_code`. Collected.

    `seeds` are all nodes that were to be followed; one that moved nothing is in no table.
    """

    case_no: str
    rule_code: str
    is_backward: bool
    since: date
    night: date
    limits: Limits
    seeds: int
    seeds_moved: int
    steps: pl.DataFrame
    roles: pl.DataFrame
    persons: pl.DataFrame
    held: pl.DataFrame
    exits: pl.DataFrame
    links: pl.DataFrame
    figures: pl.DataFrame
    measures: pl.DataFrame
    wallets: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """No transfer carried anything: the seeds moved nothing in these days."""
        return self.steps.is_empty()


def traced(
    told: Told,
    seeds: pl.LazyFrame,
    measures: Measures,
    *,
    rule: str,
    limits: Limits,
    ties: Ties,
    signs: Signs,
    since: date,
    night: date,
    is_backward: bool = False,
) -> Traced:
    """Follow the money of one case from its seeds, forward or backward; it collects.

    Args:
        told: as for `trails`.
        seeds: `SEED_NODES` of one case; backward, their money is followed from the end of `night`.
        measures: of all cases; their wallets as of `night`.
        rule: poison, haircut or fifo.
        limits: where trails end.
        ties: from which confidence on trails cross.
        signs: thresholds of roles, which only forward trails tell.
        since: first day.
        night: last day.
        is_backward: against the direction of the money.

    Raises:
        NotConserved: the money of the trail does not add up.
    """
    on, eve = pl.col("business_date"), since - timedelta(days=1)
    known = Told(
        told.transfers.filter(on.is_between(since, night)),
        told.crossings.filter(on.is_between(eve, night)),
        told.wallet_labels,
    )
    follow = _backward if is_backward else _forward
    trail = follow(known, seeds, limits=limits, ties=ties, since=since, night=night)
    has_moved = pl.col("came_in_tiyn") > 0
    steps, holdings = (
        rows.collect().lazy() for rows in (trail.steps, trail.holdings.filter(has_moved))
    )
    found = (
        roles_by_kind(known.transfers, holdings)
        if is_backward
        else roles(known.transfers, steps, holdings, _ordered(measures, night), signs=signs)
    )
    found = found.collect().lazy()
    held = held_money(holdings, found, measures.lives, measures.wallet_freezes, night=night)
    if is_backward:  # what no money explains is an origin, and lies nowhere
        held = pl.LazyFrame(schema=HELD_MONEY.schema)
    figures = case_figures(steps, holdings, found, held)
    sown = seeds.collect()
    case_no = sown.item(0, "case_no")
    of = pl.col("rule_code") == rule
    steps_of, holdings_of, roles_of = (rows.filter(of) for rows in (steps, holdings, found))
    return Traced(
        case_no=case_no,
        rule_code=rule,
        is_backward=is_backward,
        since=since,
        night=night,
        limits=limits,
        seeds=sown.height,
        seeds_moved=holdings_of.drop_nulls("seed_from_at").collect().height,
        steps=steps_of.collect(),
        roles=roles_of.collect(),
        persons=persons(roles_of).collect(),
        held=held.filter(of).collect(),
        exits=exits(_turned(steps_of) if is_backward else steps_of, roles_of).collect(),
        links=links(steps_of, holdings_of, roles_of).collect(),
        figures=conserved_figures(figures.collect()),
        measures=_measures_of(case_no, measures, night).collect(),
        wallets=_wallets_of(case_no, measures, night).collect(),
    )


def _ordered(measures: Measures, night: date) -> pl.LazyFrame:
    """What was ordered later is not known on the night."""
    return measures.account_arrests.filter(pl.col("ordered_on") <= night)


def _turned(steps: pl.LazyFrame) -> pl.LazyFrame:
    """`steps` with payer and payee changed: where a backward trail left the banks."""
    ends = {"from": "to", "to": "from"}
    changed = {f"{a}_{what}": f"{b}_{what}" for a, b in ends.items() for what in ("kind", "id")}
    return steps.rename(changed).select(STEPS.schema.names())


def _measures_of(case_no: str, measures: Measures, night: date) -> pl.LazyFrame:
    every = case_measures(
        measures.lives, measures.asset_arrests, measures.wallet_freezes, night=night
    )
    return every.filter(pl.col("case_no") == case_no)


def _wallets_of(case_no: str, measures: Measures, night: date) -> pl.LazyFrame:
    of_case = measures.case_wallets.filter(pl.col("case_no") == case_no)
    return wallets(of_case, measures.lives, measures.wallet_freezes, night=night)


def _forward(
    told: Told, seeds: pl.LazyFrame, *, limits: Limits, ties: Ties, since: date, night: date
) -> Trails:
    none = pl.LazyFrame(schema=HOLDINGS.schema)
    return trails(told, seeds, none, limits=limits, ties=ties, since=since, night=night)


def _backward(
    told: Told, seeds: pl.LazyFrame, *, limits: Limits, ties: Ties, since: date, night: date
) -> Trails:
    end = datetime(night.year, night.month, night.day, tzinfo=ZoneInfo("Asia/Almaty"))
    last = pl.lit(end + timedelta(days=1)).cast(seeds.collect_schema()["from_at"])
    found = _forward(
        Told(
            mirrored(_with_crossings(told, ties), about=night),
            pl.LazyFrame(schema=CROSSINGS.schema),
            told.wallet_labels,
        ),
        seeds.with_columns(from_at=mirrored_at(last, about=night)),
        limits=limits,
        ties=ties,
        since=night,
        night=mirrored_day(since, about=night),
    )
    holdings = mirrored(found.holdings, about=night).with_columns(
        night=pl.lit(night),
        first_at=pl.min_horizontal("first_at", "last_at"),
        last_at=pl.max_horizontal("first_at", "last_at"),
    )
    return Trails(mirrored(found.steps, about=night), holdings)


def _with_crossings(told: Told, ties: Ties) -> pl.LazyFrame:
    """Transfers with all sure crossings taken: mirrored, payment and crypto part ways no more."""
    found = told.crossings.filter(is_sure(ties)).collect()
    if found.is_empty():
        return told.transfers
    is_tied = pl.col("transfer_id").is_in([*found["transfer_id"], *found["order_transfer_id"]])
    tied = crossed(told.transfers.filter(is_tied), found.lazy(), ties=ties).collect()
    return pl.concat([told.transfers.filter(~is_tied), tied.lazy()])
