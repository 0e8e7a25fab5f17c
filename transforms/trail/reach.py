"""Which nodes money can have come to from given ones, or from which it can have come to them.

Money goes on with a transfer only where it has arrived no later. What counts of an arrival is
when and after how many transfers: a later one after fewer transfers is kept beside an earlier
one after more, so that the limit of hops is exact.
"""

from dataclasses import dataclass

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import INSTANT

ENDS_AT = ("service", "cash", "abroad")

REACHED = Table(
    name="trail.reached",
    grain="one node that money of a case can have come to, by one arrival",
    key=("case_no", "node_id", "layer"),
    partitioned_by=(),
    columns=(
        Column("case_no", pl.String(), "Case, or whatever the starting points were told apart by."),
        Column("node_id", pl.String(), "As in `facts.transfers`.", is_personal=True),
        Column("at", INSTANT, "Earliest arrival after so many transfers; backward, latest leave."),
        Column("layer", pl.Int32(), "Transfers from a starting point; 0 is one.", unit="hops"),
    ),
)

_ARRIVAL = ("case_no", "node", "clock", "layer")
_NO_LATER = (pl.col("clock_right") <= pl.col("clock")) & (pl.col("layer_right") <= pl.col("layer"))
_DIFFERS = (
    (pl.col("clock_right") != pl.col("clock"))
    | (pl.col("layer_right") != pl.col("layer"))
    | (pl.col("goes_on_right") & ~pl.col("goes_on"))
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Where trails end though the money does not.

    `most_poison_hops` is for poison, which nothing else would end. A node that pays more than
    `most_payees` others on one day is busy: a shop's till, an exchange, a payroll. `stops` are
    nodes at which an investigator ends the trail; seeds are none.
    """

    most_hops: int
    most_poison_hops: int
    least_tiyn: int
    most_payees: int
    stops: tuple[str, ...] = ()


def reached(
    transfers: pl.LazyFrame, starts: pl.LazyFrame, *, limits: Limits, is_backward: bool = False
) -> pl.LazyFrame:
    """Nodes reachable along time-respecting transfers, frontier by frontier; it collects.

    Services, cash and accounts abroad are reached and not passed, and so are busy nodes: forward
    those that pay too many others on the day, backward those that too many pay.

    Args:
        transfers: `facts.transfers` of the days wanted.
        starts: `case_no`, `node_id` and `at`: from then on, backward until then.
        limits: hops and least amount; poison's are not used.
        is_backward: against the direction of the money.

    Returns:
        `REACHED`, in order of its key. An arrival that another beats in time and in layer is
        left out: of a node, the first row is the nearest, the last the earliest.
    """
    ahead, behind, sign = ("from", "to", -1) if is_backward else ("to", "from", 1)
    rows = (
        transfers.filter(moves_something())
        .select(
            "business_date",
            payer=f"{behind}_id",
            payee=f"{ahead}_id",
            clock=pl.col("at").dt.epoch("us") * sign,
            goes_on=~pl.col(f"{ahead}_kind").is_in(ENDS_AT)
            & (pl.col("amount_tiyn") >= limits.least_tiyn),
        )
        .collect()
    )
    first = starts.select(
        "case_no",
        node="node_id",
        clock=pl.col("at").dt.epoch("us") * sign,
        layer=pl.lit(0, pl.Int32),
    ).collect()
    return (
        arrivals(with_busy(rows, most_payees=limits.most_payees), first, most_hops=limits.most_hops)
        .lazy()
        .unique(["case_no", "node", "clock", "layer"])
        .select(
            "case_no",
            node_id="node",
            at=pl.from_epoch(pl.col("clock") * sign, "us").cast(INSTANT),
            layer="layer",
        )
        .sort(REACHED.key)
        .pipe(REACHED.require)
    )


def moves_something() -> pl.Expr:
    """The transfer has a known amount and leads from one node to another."""
    return (pl.col("amount_tiyn") > 0) & (pl.col("from_id") != pl.col("to_id"))


def with_busy(rows: pl.DataFrame, *, most_payees: int) -> pl.DataFrame:
    """`rows` with `is_by_busy` and `is_to_busy`: an end pays too many different others that day.

    Args:
        rows: `business_date`, `payer`, `payee`; all transfers of the days.
        most_payees: of how many a node is not yet busy.
    """
    day = "business_date"
    many = rows.group_by(day, "payer").len().filter(pl.col("len") > most_payees)
    busy = (
        rows.join(many, on=[day, "payer"], how="semi")
        .group_by(day, node="payer")
        .agg(payees=pl.col("payee").n_unique())
        .filter(pl.col("payees") > most_payees)
        .select(day, "node", is_busy=pl.lit(value=True))
    )
    for end, name in (("payer", "is_by_busy"), ("payee", "is_to_busy")):
        rows = (
            rows.join(busy, left_on=[day, end], right_on=[day, "node"], how="left", validate="m:1")
            .with_columns(pl.col("is_busy").fill_null(value=False).alias(name))
            .drop("is_busy")
        )
    return rows


def arrivals(rows: pl.DataFrame, starts: pl.DataFrame, *, most_hops: int) -> pl.DataFrame:
    """When and after how many transfers each case's money can have come to each node.

    Args:
        rows: `payer`, `payee`, `clock`, `goes_on`, `is_by_busy`, `is_to_busy`. Nodes may be of
            any type that joins, time of any that is ordered.
        starts: `case_no`, `node`, `clock`, `layer`; layer 0 is never busy.
        most_hops: after so many transfers nothing goes on.

    Returns:
        `case_no`, `node`, `clock`, `layer` and whether the money can go on from there.
    """
    moves = rows.select(
        "payer",
        "payee",
        "is_by_busy",
        clock_of_move="clock",
        goes_on=pl.col("goes_on") & ~pl.col("is_to_busy"),
    )
    known = fresh = starts.select(*_ARRIVAL, goes_on=pl.lit(value=True))
    while not fresh.is_empty():
        found = (
            fresh.filter(pl.col("layer") < most_hops)
            .drop("goes_on")
            .join(moves, left_on="node", right_on="payer", how="inner")
            .filter(
                pl.col("clock_of_move") >= pl.col("clock"),
                (pl.col("layer") == 0) | ~pl.col("is_by_busy"),
            )
            .group_by("case_no", "goes_on", node="payee", layer=pl.col("layer") + 1)
            .agg(clock=pl.col("clock_of_move").min())
            .select(known.columns)
        )
        fresh = _unbeaten(found, known, is_beaten_by=_NO_LATER)
        known = pl.concat([known, fresh])
        fresh = fresh.filter("goes_on")
    return _unbeaten(known.unique(), known, is_beaten_by=_NO_LATER & _DIFFERS)


def _unbeaten(found: pl.DataFrame, known: pl.DataFrame, *, is_beaten_by: pl.Expr) -> pl.DataFrame:
    """Arrivals that no known one beats. One that ended beats none that goes on."""
    beaten = found.join(known, on=["case_no", "node"], how="inner").filter(
        is_beaten_by, pl.col("goes_on_right") | ~pl.col("goes_on")
    )
    return found.join(beaten, on=found.columns, how="anti")
