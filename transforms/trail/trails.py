"""Trails of cases: from their seeds, step by step, to what is still there and where it ended."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT
from transforms.trail.crossing import Ties, crossed, is_sure
from transforms.trail.following import Following
from transforms.trail.labels import labelled_wallets, with_label
from transforms.trail.reach import Limits

IN_ORDER = ("case_no", "rule_code", "at", "transfer_id")

_CASE = Column("case_no", pl.String(), "Register number (ERDR), 15 digits.")
_RULE = Column(
    "rule_code",
    pl.String(),
    "By which tainted money is told from clean: poison, haircut or fifo. The figures of one rule "
    "are never added to another's.",
)
_LABEL = Column(
    "label_code",
    pl.String(),
    "What is publicly known of the wallet: exchange, mixer, market, sanction or as the source "
    "names it; null for others.",
    nullable=True,
)

STEPS = Table(
    name="trail.steps",
    grain="one transfer that carried tainted money, in one case by one rule",
    key=("case_no", "rule_code", "transfer_id"),
    columns=(
        Column("business_date", pl.Date(), "Day of the transfer, in Almaty."),
        _CASE,
        _RULE,
        Column("transfer_id", pl.String(), "As in `facts.transfers`."),
        Column("at", INSTANT, "When."),
        Column("from_kind", pl.String(), "As in `facts.transfers`, as all of the two nodes."),
        Column("from_id", pl.String(), "Payer.", is_personal=True),
        Column("to_kind", pl.String(), "Kind of the payee."),
        Column("to_id", pl.String(), "Payee.", is_personal=True),
        Column("amount_tiyn", pl.Int64(), "The whole transfer.", unit="tiyn"),
        Column("tainted_tiyn", pl.Int64(), "The part of it that is tainted.", unit="tiyn"),
        Column("layer", pl.Int32(), "Transfers from the nearest seed, this one counted.", "hops"),
        Column(
            "ended_by_code",
            pl.String(),
            "Why the trail ends with this step: service, cash, abroad, busy (the payee pays too "
            "many others), hops or amount (the limit of the trail), label (of the wallet), stop "
            "(named by whoever asked); null where it goes on.",
            nullable=True,
        ),
        _LABEL,
        Column(
            "confidence",
            pl.Float64(),
            "1 for a told transfer; below 1 where a P2P order ties tenge to crypto.",
            unit="ratio",
        ),
    ),
)

HOLDINGS = Table(
    name="trail.holdings",
    grain="one node that tainted money of a case reached by a rule, as of a night",
    key=("night", "case_no", "rule_code", "node_id"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night; all its transfers are counted."),
        _CASE,
        _RULE,
        Column("node_kind", pl.String(), "As in `facts.transfers`."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column(
            "came_in_tiyn",
            pl.Int64(),
            "Tainted money that came, and what became tainted here: at a seed all money but "
            "wages and benefits, under poison all that mixes. Equals went out + held + ended.",
            unit="tiyn",
        ),
        Column("went_out_tiyn", pl.Int64(), "Tainted money that left.", unit="tiyn"),
        Column("held_tiyn", pl.Int64(), "Tainted money still there.", unit="tiyn"),
        Column("ended_tiyn", pl.Int64(), "Tainted money whose trail ended here.", unit="tiyn"),
        Column(
            "entered_tiyn",
            pl.Int64(),
            "The part of what came in that became tainted here. Over all nodes of a case, by "
            "haircut or FIFO: entered = held + ended.",
            unit="tiyn",
        ),
        Column(
            "balance_tiyn",
            pl.Int64(),
            "All money seen to come and not to leave since the first tainted arrival; what was "
            "there before is not known and not counted.",
            unit="tiyn",
        ),
        Column("layer", pl.Int32(), "Transfers from the nearest seed; 0 is a seed.", "hops"),
        Column(
            "hops",
            pl.Int32(),
            "The same of the money that is there now, by which trails are limited; null where "
            "none is.",
            "hops",
            nullable=True,
        ),
        _LABEL,
        Column(
            "seed_from_at",
            INSTANT,
            "From when on it is a seed; null for what is none.",
            nullable=True,
        ),
        Column("first_at", INSTANT, "First tainted money; of a seed, when it is followed from."),
        Column("last_at", INSTANT, "Last movement of tainted money here."),
        Column(
            "lots_tiyn",
            pl.List(pl.Int64()),
            "FIFO only: the balance by lots, oldest first; a clean lot is negative.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What trails are followed along: `facts.transfers`, `CROSSINGS`, and the labels accepted."""

    transfers: pl.LazyFrame
    crossings: pl.LazyFrame
    wallet_labels: pl.LazyFrame


@dataclass(frozen=True, slots=True)
class Trails:
    """The new steps, and all holdings as of the night."""

    steps: pl.LazyFrame
    holdings: pl.LazyFrame


def trails(
    told: Told,
    seeds: pl.LazyFrame,
    holdings: pl.LazyFrame,
    *,
    limits: Limits,
    ties: Ties,
    since: date,
    night: date,
) -> Trails:
    """Take the trails of cases through the transfers of one or more days, up to a night.

    Night after night, each with the holdings that the night before left, gives what all days at
    once give. A day at a time is read and followed, so it collects.

    Args:
        told: what is known of transfers, over any days.
        seeds: `SEED_NODES`: all of these cases. One whose money moved before `since` needs its
            case replayed: no holdings, and all days.
        holdings: `HOLDINGS` of these cases as an earlier night left them; none at first.
        limits: where trails end.
        ties: from which confidence on trails cross.
        since: the first day that `holdings` have not counted.
        night: the last day.

    Returns:
        `STEPS` and `HOLDINGS`, in order of their keys.

    Raises:
        NotConserved: tainted money was made or lost.
    """
    labels = labelled_wallets(told.wallet_labels).collect()
    following = Following(limits, labels)
    following.resume(holdings.collect())
    following.sow(seeds.collect())
    steps = []
    for n in range((night - since).days + 1):
        day = since + timedelta(days=n)
        tied, ids = _tied_on(day, told, ties)
        is_tied = pl.col("transfer_id").is_in(ids) if ids else pl.lit(value=False)
        is_on = pl.col("business_date") == day
        steps.append(following.extend(told.transfers.filter(is_on, ~is_tied), tied))
    return Trails(_steps(steps), _holdings(following.holdings(night), labels.lazy()))


def _tied_on(day: date, told: Told, ties: Ties) -> tuple[pl.DataFrame, list[str]]:
    """The transfers of a day that a tie changes, as changed, and all that have a part in one.

    Over midnight a tie changes the payment on one of its days and the order on the other.
    """
    eve, next_day = day - timedelta(days=1), day + timedelta(days=1)
    is_of_it = pl.col("business_date").is_in([eve, day])
    found = told.crossings.filter(is_of_it, is_sure(ties)).collect()
    ids = [*found["transfer_id"], *found["order_transfer_id"]]
    is_tied = pl.col("transfer_id").is_in(ids) if ids else pl.lit(value=False)
    is_near = pl.col("business_date").is_between(eve, next_day)
    moved = crossed(told.transfers.filter(is_near, is_tied), found.lazy(), ties=ties)
    return moved.filter(pl.col("business_date") == day).collect(), ids


def _steps(parts: list[pl.DataFrame]) -> pl.LazyFrame:
    if not parts:
        return pl.LazyFrame(schema=STEPS.schema)
    return pl.concat(parts).lazy().select(STEPS.schema.names()).sort(IN_ORDER).pipe(STEPS.require)


def _holdings(standing: pl.DataFrame, labels: pl.LazyFrame) -> pl.LazyFrame:
    return (
        standing.lazy()
        .pipe(with_label, labels, node="node")
        .select(HOLDINGS.schema.names())
        .sort(HOLDINGS.key)
        .pipe(HOLDINGS.require)
    )
