"""Figures that changed after they were out: the earlier figure, the new one, and the cause.

Computed from the values before and after alone, so that restating twice is restating once.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl

from transforms.contracts import Column, Table
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.indicators.input_changes import CODE

UNEXPLAINED = "unexplained"
LATE = "late_delivery"
LATER = "later_delivery"

_CELL = INDICATOR_TABLE.key
_OF_CELL = tuple(column for column in INDICATOR_TABLE.columns if column.name in _CELL)

INDICATOR_REVISIONS = Table(
    name="indicator_revisions",
    grain="one change of one figure that had been computed before",
    key=(*_CELL, "revision_no"),
    columns=(
        *_OF_CELL,
        Column("revision_no", pl.Int64(), "Counts the changes of this figure, from 1."),
        Column(
            "value_before",
            pl.Int64(),
            "The earlier figure, in the unit of its indicator; null where nothing was known.",
            nullable=True,
        ),
        Column("value", pl.Int64(), "The figure since; null where nothing is known.", None, True),
        Column("unit", pl.String(), "Unit of both."),
        Column("restated_on", pl.Date(), "Business date of the night that changed it."),
        Column(
            "cause_codes",
            pl.List(pl.String()),
            "Why, as far as the inputs tell: late_delivery (a file for a day up to the figure's "
            "night came after it), corrected_delivery, withdrawn_delivery, decided_rows, "
            "later_delivery (only files for days after that night are new: they tell of events "
            "before it), code, or unexplained.",
        ),
        Column("feeds", pl.List(pl.String()), "Feeds whose files are the cause."),
        Column("institutions", pl.List(pl.String()), "Who delivered them."),
        Column("first_day", pl.Date(), "First business date of those files.", nullable=True),
        Column("last_day", pl.Date(), "Last of them.", nullable=True),
        Column("deliveries", pl.Int64(), "How many files are the cause.", unit="files"),
    ),
    partitioned_by=("business_date", "period"),
)


def restated(
    before: pl.LazyFrame,
    now: pl.LazyFrame,
    noted: pl.LazyFrame,
    changes: pl.LazyFrame,
    *,
    indicators: Sequence[Indicator],
    night: date,
    restated_on: date,
) -> pl.LazyFrame:
    """All revisions of the figures of one night and kind of period: those noted, and new ones.

    Args:
        before: `INDICATOR_TABLE` rows as they were; none when they were never computed.
        now: as they are.
        noted: `INDICATOR_REVISIONS` of the same night and kind of period.
        changes: `INPUT_CHANGES` since `before` was computed.
        indicators: the catalogue.
        night: the night as of which they are.
        restated_on: business date of the night that computes them anew.

    Returns:
        `INDICATOR_REVISIONS`, in order of its key. A member that was not there counts as zero
        where its figure has zeros. A figure that was not computed for a period before
        is new, not revised.
    """
    found = (
        _differences(before, now, indicators)
        .join(_last_of(noted), on=_CELL, how="left", validate="1:1")
        .filter(_is_news())
        .join(_causes(changes, indicators, night), on="indicator", how="left", validate="m:1")
        .with_columns(
            revision_no=pl.col("last_no").fill_null(0) + 1,
            restated_on=pl.lit(restated_on),
            cause_codes=pl.col("cause_codes").fill_null([UNEXPLAINED]),
            feeds=pl.col("feeds").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            institutions=pl.col("institutions").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            deliveries=pl.col("deliveries").fill_null(0),
        )
        .select(INDICATOR_REVISIONS.schema.names())
    )
    return (
        pl.concat([noted.select(INDICATOR_REVISIONS.schema.names()), found])
        .sort(INDICATOR_REVISIONS.key)
        .pipe(INDICATOR_REVISIONS.require)
    )


def revisions_told(revisions: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """What an edition of a night tells: revisions of its own figures, and those that it made."""
    is_of_night = pl.col("business_date") == night
    return revisions.filter(is_of_night | (pl.col("restated_on") == night))


def _differences(
    before: pl.LazyFrame, now: pl.LazyFrame, indicators: Sequence[Indicator]
) -> pl.LazyFrame:
    with_zeros = [i.id for i in indicators if i.has_zeros]
    figure = ("indicator", "period_start", "period_end")
    known = before.select(figure).unique()
    both = before.select(*_CELL, "unit", value_before="value").join(
        now.join(known, on=figure, how="semi").select(*_CELL, "unit", "value"),
        on=(*_CELL, "unit"),
        how="full",
        coalesce=True,
        validate="1:1",
    )
    has_zeros = pl.col("indicator").is_in(with_zeros)
    return both.with_columns(
        pl.when(has_zeros).then(pl.col(name).fill_null(0)).otherwise(name).alias(name)
        for name in ("value_before", "value")
    ).filter(pl.col("value_before").ne_missing(pl.col("value")))


def _last_of(noted: pl.LazyFrame) -> pl.LazyFrame:
    return noted.group_by(_CELL).agg(
        last_no=pl.col("revision_no").max(),
        last_before=pl.col("value_before").sort_by("revision_no").last(),
        last_value=pl.col("value").sort_by("revision_no").last(),
    )


def _is_news() -> pl.Expr:
    """Not what a run that broke off between noting and storing has noted already."""
    is_noted = pl.col("last_before").eq_missing(pl.col("value_before")) & pl.col(
        "last_value"
    ).eq_missing(pl.col("value"))
    return pl.col("last_no").is_null() | ~is_noted


def _causes(changes: pl.LazyFrame, indicators: Sequence[Indicator], night: date) -> pl.LazyFrame:
    """By indicator: the changes of its feeds. Later days are named only where nothing else is."""
    is_later = (pl.col("business_date") > night).fill_null(value=False)
    named = changes.with_columns(
        cause_code=pl.when(is_later)
        .then(pl.lit(LATER))
        .when(pl.col("cause_code") == "delivery")
        .then(pl.lit(LATE))
        .otherwise("cause_code")
    )
    is_file = pl.col("cause_code") != CODE
    is_later = pl.col("cause_code") == LATER
    is_kept = ~is_later | (is_later | ~is_file).all().over("indicator")
    return (
        _feeds(indicators)
        .join(named, on="feed", validate="m:m")
        .filter(is_kept)
        .group_by("indicator")
        .agg(
            cause_codes=pl.col("cause_code").unique().sort(),
            feeds=pl.col("feed").filter(is_file).unique().sort(),
            institutions=pl.col("institution").filter(is_file).unique().sort(),
            first_day=pl.col("business_date").min(),
            last_day=pl.col("business_date").max(),
            deliveries=is_file.sum().cast(pl.Int64),
        )
    )


def _feeds(indicators: Sequence[Indicator]) -> pl.LazyFrame:
    """Each indicator with the feeds it rests on in the end, and with the code, which has none."""
    by_id = {indicator.id: indicator for indicator in indicators}
    resting = {
        (i.id, feed)
        for i in indicators
        for part in (i, *(by_id[name] for name in i.made_of))
        for feed in ("", *(part.fact.feeds if part.fact else ()))
    }
    return pl.LazyFrame(
        sorted(resting), schema={"indicator": pl.String, "feed": pl.String}, orient="row"
    )
