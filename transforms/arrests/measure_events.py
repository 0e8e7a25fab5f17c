"""Answers and decisions on arrests, each brought to the asset of the measure that it is about."""

import polars as pl

from transforms.arrests.carried_over import EVENT_COLUMNS, carried_over
from transforms.arrests.identity import asset_identity
from transforms.arrests.measure_sources import ASSET_OF_MEASURE
from transforms.redelivery import latest
from transforms.valuation import TENGE

ANSWERS = ("executed", "partly", "refused", "not_found")


def events_by_asset(measure_events: pl.LazyFrame, sources: pl.LazyFrame) -> pl.LazyFrame:
    """Each answer or decision with the asset under the measure that it is about.

    What names no asset is about all assets of its kind under the measure. Between an account and
    its cards decisions are carried over (`carried_over`). What is about no known measure is left
    out: `break_rules` tells of it.

    Args:
        measure_events: accepted rows, the whole feed; one told again counts as last told.
        sources: rows of `measure_sources.sources`.

    Returns:
        `EVENT_COLUMNS`. `tiyn` is the amount in the tenge of the day of the measure; null where
        all is meant, or the amount is in a currency that the measure is not valued in.
    """
    told = told_events(measure_events)
    assets = sources.select(
        *ASSET_OF_MEASURE, "told_id", "held_tiyn", "amount_minor", _in="currency_code"
    )
    kind = ["measure_id", "asset_code"]
    named = told.drop_nulls("told_id").join(assets, on=[*kind, "told_id"], validate="m:m")
    of_all = told.filter(pl.col("told_id").is_null()).join(
        assets.drop("told_id"), on=kind, validate="m:m"
    )
    by_name = pl.concat(
        [rows.with_columns(tiyn=_tiyn()).select(EVENT_COLUMNS) for rows in (named, of_all)]
    ).cache()
    return pl.concat([by_name, carried_over(by_name, sources)])


def told_events(measure_events: pl.LazyFrame) -> pl.LazyFrame:
    """Each answer or decision once, as last told, with `told_id`: the asset that it names."""
    return (
        measure_events.pipe(latest, ("event_id",))
        .with_columns(told_id=asset_identity(pl.col("asset_code"), pl.col("asset_id")))
        .rename({"amount_minor": "event_minor"})
        .drop("asset_id")
    )


def answers(events: pl.LazyFrame) -> pl.LazyFrame:
    """What who carries it out answered: `event_sent_on`, `event_answered_on`, `event_result_code`
    and `event_held_tiyn` of each asset: the first `executed`, else the first `partly`, else the
    last answer.
    """
    rank = pl.col("event_code").replace_strict({"executed": 0, "partly": 1}, default=2)
    days = pl.col("happened_on").to_physical()
    decisive = (
        events.filter(pl.col("event_code").is_in(ANSWERS))
        .sort(*ASSET_OF_MEASURE, rank, pl.when(rank < 2).then(days).otherwise(-days), "event_id")
        .group_by(ASSET_OF_MEASURE, maintain_order=True)
        .agg(
            event_answered_on=pl.col("happened_on").first(),
            event_result_code=pl.col("event_code").first(),
            event_held_tiyn=pl.col("tiyn").first(),
        )
    )
    sent = (
        events.filter(pl.col("event_code") == "sent")
        .group_by(ASSET_OF_MEASURE)
        .agg(event_sent_on=pl.col("happened_on").min())
    )
    return decisive.join(sent, on=ASSET_OF_MEASURE, how="full", coalesce=True, validate="1:1")


def extensions(events: pl.LazyFrame, terms: pl.LazyFrame) -> pl.LazyFrame:
    """The last day of each arrest that was extended in time: `extended_until_on`.

    What is decided after the last day extends nothing: the arrest was over.

    Args:
        terms: `ASSET_OF_MEASURE` and `term_on` as the order names it; null: no term yet.
    """
    in_order = ("happened_on", "event_id")
    until_then = pl.max_horizontal(
        pl.col("until_on").cum_max().shift(1).over(ASSET_OF_MEASURE, order_by=in_order), "term_on"
    )
    is_late = (pl.col("happened_on") > until_then).fill_null(value=False)
    late_before = is_late.cast(pl.Int32).cum_sum().over(ASSET_OF_MEASURE, order_by=in_order)
    return (
        events.filter(pl.col("event_code") == "extended")
        .join(terms, on=ASSET_OF_MEASURE, how="left", validate="m:1")
        .with_columns(late_before=late_before)
        .filter(pl.col("late_before") == 0)
        .group_by(ASSET_OF_MEASURE)
        .agg(extended_until_on=pl.col("until_on").max())
    )


def _tiyn() -> pl.Expr:
    """Tenge as told; another currency at the rate that the measure is valued at."""
    same = pl.col("currency_code") == pl.col("_in")
    amount, whole = pl.col("event_minor"), pl.col("amount_minor")
    share = (amount.cast(pl.Int128) * pl.col("held_tiyn") // whole).cast(pl.Int64)
    return (
        pl.when(pl.col("currency_code") == TENGE).then(amount).when(same & (whole > 0)).then(share)
    )
