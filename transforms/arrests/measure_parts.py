"""An arrested amount cut where decisions end its parts in different ways.

The amount is a line from 0 to what is held. What is lifted or returned is taken from its
beginning, in the order of the decisions, so that money is returned which was lifted before; what
is confiscated is taken from its end. Each piece between two cuts is a part. Nothing is made or
lost: the parts of an arrest add up to what it holds.
"""

import polars as pl

from transforms.arrests.carried_over import ENDS
from transforms.arrests.measure_sources import ASSET_OF_MEASURE

_ONE = pl.lit(1, pl.Int64)


def parts(events: pl.LazyFrame, arrested: pl.LazyFrame) -> pl.LazyFrame:
    """The parts of each arrest that a decision ended, in whole or in part.

    Args:
        events: rows of `events_by_asset`.
        arrested: `ASSET_OF_MEASURE` and `held_tiyn`, each arrest once.

    Returns:
        `ASSET_OF_MEASURE`, `part` (from 0), `part_tiyn` (null where what is held is not known),
        `lifted_on`, `returned_on` and `confiscated_on`. Arrests without such a decision are
        absent.
    """
    ended = (
        events.filter(pl.col("event_code").is_in(ENDS))
        .join(arrested, on=ASSET_OF_MEASURE, validate="m:1")
        # What has no known amount has one part, which any decision ends.
        .with_columns(size=pl.max_horizontal(pl.col("held_tiyn").fill_null(0), _ONE))
        .pipe(_stretches)
    )
    pieces = ended.pipe(_pieces)
    is_within = (pl.col("from") <= pl.col("low")) & (pl.col("low") < pl.col("to"))
    dates = {
        f"{code}_on": pl.col("happened_on").filter(is_within, pl.col("event_code") == code).min()
        for code in ENDS
    }
    amount = pl.col("high") - pl.col("low")
    return (
        pieces.join(ended, on=ASSET_OF_MEASURE, validate="m:m")
        .group_by(*ASSET_OF_MEASURE, "part", "low", "high")
        .agg(**dates, held_tiyn=pl.col("held_tiyn").first())
        .select(
            *ASSET_OF_MEASURE,
            "part",
            *dates,
            part_tiyn=pl.when(pl.col("held_tiyn") > 0).then(amount).otherwise("held_tiyn"),
        )
    )


def _stretches(ended: pl.LazyFrame) -> pl.LazyFrame:
    """`from` and `to` of each decision on the line of its arrest."""
    of_kind, in_order = [*ASSET_OF_MEASURE, "event_code"], ("happened_on", "event_id")
    amount = pl.min_horizontal(pl.coalesce("tiyn", "size"), "size").cast(pl.Int128)
    to = pl.min_horizontal(amount.cum_sum().over(of_kind, order_by=in_order), "size").cast(pl.Int64)
    start = pl.col("to").shift(1).over(of_kind, order_by=in_order).fill_null(0)
    is_taken_from_the_end = pl.col("event_code") == "confiscated"
    near, far = pl.col("from"), pl.col("to")
    return (
        ended.with_columns(to=to)
        .with_columns(start.alias("from"))
        .filter(near < far)
        .with_columns(
            pl.when(is_taken_from_the_end).then(pl.col("size") - far).otherwise(near).alias("from"),
            to=pl.when(is_taken_from_the_end).then(pl.col("size") - near).otherwise(far),
        )
    )


def _pieces(ended: pl.LazyFrame) -> pl.LazyFrame:
    """`low`, `high` and `part` between all cuts of an arrest, and its two ends."""
    asset = list(ASSET_OF_MEASURE)
    zero = ended.select(*asset, cut=pl.lit(0, pl.Int64))
    cuts = [zero, *(ended.select(*asset, cut=pl.col(c)) for c in ("from", "to", "size"))]
    return (
        pl.concat(cuts)
        .unique()
        .sort(*asset, "cut")
        .with_columns(
            low="cut",
            high=pl.col("cut").shift(-1).over(asset),
            part=pl.int_range(pl.len(), dtype=pl.Int64).over(asset),
        )
        .drop_nulls("high")
        .drop("cut")
    )
