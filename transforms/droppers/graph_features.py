"""The shapes that an account's transfers make with those of others: the published typologies.

Fan-in, fan-out, gather-scatter, scatter-gather, pass-through and repeated transfers are those of
FATF (Professional Money Laundering, 2018) as drawn in IBM's AMLSim and AMLworld; rings come from
`rings`. Each shape is measured in its own unit and as surprise: minus the decimal logarithm of
how often it would be met by chance, so that unlike shapes can be added without weights.
"""

from datetime import timedelta

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.bursts import bursts
from transforms.droppers.equal_sums import equal_sums, tempered
from transforms.droppers.hops import hops, legs

BURST_DAYS = (7, 30)
"""Windows of bursts: those of the rules that are neither a day nor the whole."""

_SURPRISE = "decimal orders of magnitude"
_SHAPES = {
    "fan_in": "Many payers at once against its own pace, or it is one of such payers.",
    "fan_out": "Many payees at once likewise, or it is one of such payees.",
    "pass_through": "Nearly the same amount in and out, with what came before and went after.",
    "end_of_chain": "Nearly the same amount reached it through another account.",
    "parallel": "Several accounts passed nearly the same amounts between the same two.",
    "repetition": "Equal transfers between the same two accounts on one day.",
    "equal_in": "The very same amount from different payers, or it is one of them.",
    "equal_out": "The very same amount to different payees, or it is one of them.",
    "ring": "Rings of similar amounts that it is in.",
}

GRAPH_FEATURES = Table(
    name="droppers.graph_features",
    grain="one account that sent or got a transfer",
    key=("account_id",),
    columns=(
        Column("account_id", pl.String(), "Account, as in the transfers.", is_personal=True),
        Column("payers", pl.Int64(), "Most different payers in one window.", unit="accounts"),
        Column("payees", pl.Int64(), "Most different payees in one window.", unit="accounts"),
        Column("in_tiyn", pl.Int64(), "All that came in.", unit="tiyn"),
        Column("out_tiyn", pl.Int64(), "All that went out.", unit="tiyn"),
        Column(
            "passed_on_share",
            pl.Float64(),
            "The smaller of the two sums over the larger.",
            unit="ratio",
        ),
        Column("matched_hops", pl.Int64(), "Pairs of in and out in nearly one amount.", "pairs"),
        Column("repeats", pl.Int64(), "Most equal transfers with one other in a day.", "transfers"),
        Column("equal_payers", pl.Int64(), "Most payers of the very same amount.", "accounts"),
        Column("middlemen", pl.Int64(), "Most accounts side by side that it is among.", "accounts"),
        *(
            Column(f"{name}_surprise", pl.Float64(), says, unit=_SURPRISE)
            for name, says in _SHAPES.items()
        ),
        Column("surprise", pl.Float64(), "Sum over all shapes, tempered.", unit=_SURPRISE),
    ),
    partitioned_by=(),
)


def graph_features(
    transfers: pl.LazyFrame,
    rings: pl.LazyFrame,
    *,
    within: timedelta,
    most_lost_share: float,
    most_counterparties: int,
    is_order_kept: bool,
) -> pl.LazyFrame:
    """Each account's shapes.

    Args:
        transfers: `facts.transfers`, or any frame of `from_id`, `to_id`, `at`, `amount_tiyn`.
        rings: `RINGS` of the same transfers.
        within: length of a window, and longest stay of money on an account.
        most_lost_share: by how much an amount passed on may differ from that which came.
        most_counterparties: an account with more payers or payees is a service: its own figures
            are counted, but money is not followed through it.
        is_order_kept: money comes before it goes.

    Returns:
        `GRAPH_FEATURES`, in order of account. An account without a shape has 0 for it.
    """
    of_legs = legs(transfers, most_counterparties=most_counterparties)
    matched = hops(
        of_legs, within=within, most_lost_share=most_lost_share, is_order_kept=is_order_kept
    ).filter(pl.col("surprise") > 0)
    parts = (
        _sums(transfers),
        _fan(transfers, "to_id", "from_id", "payers", within),
        _fan(transfers, "from_id", "to_id", "payees", within),
        _passed_through(matched),
        _ends(matched),
        _parallel(matched),
        _repeated(of_legs),
        *(_equal(of_legs, *sides) for sides in (("to_id", "from_id"), ("from_id", "to_id"))),
        *(_burst(of_legs, *sides) for sides in (("to_id", "from_id"), ("from_id", "to_id"))),
        _in_rings(rings),
    )
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, on="account_id", how="left", validate="1:1")
    return (
        joined.with_columns(
            pl.col(
                "payers", "payees", "matched_hops", "middlemen", "repeats", "equal_payers"
            ).fill_null(0),
            pl.col("^.*_surprise$").fill_null(0.0),
        )
        .pipe(_with_sum)
        .select(GRAPH_FEATURES.schema.names())
        .sort("account_id")
        .pipe(GRAPH_FEATURES.require)
    )


def _with_sum(found: pl.LazyFrame) -> pl.LazyFrame:
    names = [f"{name}_surprise" for name in _SHAPES]
    at_hand = found.collect()
    sums = at_hand.lazy().pipe(tempered, names).select(surprise=pl.sum_horizontal(names)).collect()
    return at_hand.hstack(sums).lazy()


def _sums(transfers: pl.LazyFrame) -> pl.LazyFrame:
    sides = [
        transfers.select(
            account_id=own,
            in_tiyn=pl.col("amount_tiyn") if is_in else pl.lit(0, pl.Int64),
            out_tiyn=pl.lit(0, pl.Int64) if is_in else pl.col("amount_tiyn"),
        )
        for own, is_in in (("to_id", True), ("from_id", False))
    ]
    larger = pl.max_horizontal("in_tiyn", "out_tiyn")
    return (
        pl.concat(sides)
        .group_by("account_id")
        .agg(pl.col("in_tiyn", "out_tiyn").cast(pl.Int128).sum().cast(pl.Int64))
        .with_columns(passed_on_share=pl.min_horizontal("in_tiyn", "out_tiyn") / larger)
        .with_columns(pl.col("passed_on_share").fill_nan(0.0))
    )


def _fan(
    transfers: pl.LazyFrame, own: str, other: str, name: str, within: timedelta
) -> pl.LazyFrame:
    return (
        transfers.select("at", own, other)
        .sort(own, "at")
        .rolling(index_column="at", period=within, group_by=own)
        .agg(others=pl.col(other).n_unique())
        .group_by(account_id=own)
        .agg(pl.col("others").max().cast(pl.Int64).alias(name))
    )


def _passed_through(matched: pl.LazyFrame) -> pl.LazyFrame:
    before = matched.group_by(leg="next_leg").agg(before=pl.col("surprise").max())
    after = matched.group_by(next_leg="leg").agg(after=pl.col("surprise").max())
    whole = pl.sum_horizontal("surprise", "before", "after")
    return (
        matched.join(before, on="leg", how="left", validate="m:1")
        .join(after, on="next_leg", how="left", validate="m:1")
        .group_by(account_id="account")
        .agg(matched_hops=pl.len().cast(pl.Int64), pass_through_surprise=whole.max())
    )


def _ends(matched: pl.LazyFrame) -> pl.LazyFrame:
    return matched.group_by(account_id="payee").agg(end_of_chain_surprise=pl.col("surprise").max())


def _parallel(matched: pl.LazyFrame) -> pl.LazyFrame:
    one_each = matched.group_by("payer", "payee", "account").agg(pl.col("surprise").max())
    pairs = (
        one_each.filter(pl.col("payer") != pl.col("payee"))
        .group_by("payer", "payee")
        .agg("account", middlemen=pl.len().cast(pl.Int64), total=pl.col("surprise").sum())
        .filter(pl.col("middlemen") > 1)
    )
    members = pl.concat_list(pl.col("account"), "payer", "payee")
    return (
        pairs.select(account_id=members, middlemen="middlemen", total="total")
        .explode("account_id")
        .group_by("account_id")
        .agg(pl.col("middlemen").max(), parallel_surprise=pl.col("total").max())
    )


def _repeated(of_legs: pl.LazyFrame) -> pl.LazyFrame:
    """Each further equal transfer of a day, against how often the payer pays that payee at all.

    A payer of so many transfers, spread evenly over its payees and over the days, would pay the
    same one again on the same day at `again`: who pays often repeats easily.
    """
    days = (pl.col("day").max() - pl.col("day").min()).dt.total_days() + 1
    again = pl.col("repeats").sum().over("from_id") / (
        pl.col("to_id").n_unique().over("from_id") * days
    )
    told = of_legs.select(
        "repeats",
        rarity=(pl.col("repeats") - 1) * -again.clip(upper_bound=1.0).log10(),
        account_id=pl.concat_list("from_id", "to_id"),
    )
    return (
        told.explode("account_id")
        .group_by("account_id")
        .agg(pl.col("repeats").max().cast(pl.Int64), repetition_surprise=pl.col("rarity").max())
    )


def _equal(of_legs: pl.LazyFrame, own: str, other: str) -> pl.LazyFrame:
    found = equal_sums(of_legs, own, other)
    if own == "from_id":
        return found.select("account_id", equal_out_surprise="surprise")
    return found.select("account_id", equal_in_surprise="surprise", equal_payers="others")


def _burst(of_legs: pl.LazyFrame, own: str, other: str) -> pl.LazyFrame:
    name = "fan_in_surprise" if own == "to_id" else "fan_out_surprise"
    return bursts(of_legs, own, other, windows=BURST_DAYS).rename({"surprise": name})


def _in_rings(rings: pl.LazyFrame) -> pl.LazyFrame:
    return (
        rings.select("surprise", account_id="accounts")
        .explode("account_id")
        .group_by("account_id")
        .agg(ring_surprise=pl.col("surprise").max())
    )
