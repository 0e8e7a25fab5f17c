"""What institutions handed over, which file counts, and what came of its rows."""

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.feed import Feed
from transforms.volumes import SHORT, SWOLLEN, Envelope, state, with_usual

_BUSINESS_DATE = Column("business_date", pl.Date(), "The day, in Almaty, that the delivery is for.")
_INSTITUTION = Column("institution", pl.String(), "Who delivered.")
_DELIVERY = Column("delivery", pl.String(), "SHA-256 of the file, hexadecimal.")

_FILE = ["business_date", "institution", "delivery"]

WHOLE = "whole"
DUPLICATE = "duplicate"
UNREADABLE = "unreadable"
CONTROL_MISMATCH = "control_mismatch"


def deliveries_table(feed: Feed) -> Table:
    """Receipts: every file taken from an institution's door, usable or not."""
    return Table(
        name=f"deliveries.{feed.name}",
        grain="one file as an institution handed it over",
        key=("institution", "file_name", "arrived_at", "delivery"),
        columns=(
            _BUSINESS_DATE,
            _INSTITUTION,
            _DELIVERY,
            Column("file_name", pl.String(), "Name under which it was handed over."),
            Column("address", pl.String(), "Where the immutable copy lies."),
            Column("bytes", pl.Int64(), "Size.", unit="bytes"),
            Column("arrived_at", pl.Datetime("us", "UTC"), "When it was handed over."),
            Column(
                "state_code",
                pl.String(),
                "whole, duplicate (same content again), unreadable or control_mismatch.",
            ),
            Column("reason", pl.String(), "What is wrong and what to do.", nullable=True),
            Column("rows", pl.Int64(), "Rows found; null when unreadable.", "rows", nullable=True),
        ),
    )


def screened_table(feed: Feed) -> Table:
    """What came of the rows of each delivery that counts; written last, so it marks a date done."""
    return Table(
        name=f"screened.{feed.name}",
        grain="one delivery that counts",
        key=("institution", "business_date"),
        columns=(
            _BUSINESS_DATE,
            _INSTITUTION,
            _DELIVERY,
            Column("rows_delivered", pl.Int64(), "Rows of the file.", unit="rows"),
            Column("rows_accepted", pl.Int64(), "Rows that broke no rejecting rule.", unit="rows"),
            Column("rows_quarantined", pl.Int64(), "Rows set aside.", unit="rows"),
            Column(
                "corrections",
                pl.Int64(),
                "Decisions about rows of the file that were known when it was screened.",
                unit="decisions",
            ),
        ),
    )


COMPLETENESS = Table(
    name="completeness",
    grain="one delivery owed or handed over, as seen on one night",
    key=("night", "feed", "institution", "business_date"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "The business date of the night that saw it so."),
        Column("feed", pl.String(), "Feed."),
        _INSTITUTION,
        _BUSINESS_DATE,
        Column(
            "state_code",
            pl.String(),
            "in_time, late, corrected, duplicate, short, swollen, missing, unreadable, "
            "control_mismatch, stopped (came, but its feed was not judged), rejected.",
        ),
        Column("rows_delivered", pl.Int64(), "Rows of the file that counts.", "rows", True),
        Column(
            "usual_rows",
            pl.Int64(),
            "Rows that this institution usually sends on that weekday; null without history.",
            unit="rows",
            nullable=True,
        ),
        Column("rows_accepted", pl.Int64(), "Rows accepted.", "rows", True),
        Column("rows_quarantined", pl.Int64(), "Rows set aside.", "rows", True),
        Column("delivery", pl.String(), "SHA-256 of the file that counts.", nullable=True),
        Column("reason", pl.String(), "What is wrong and what to do.", nullable=True),
    ),
)

REJECTED = "rejected"
STOPPED = "stopped"
REFUSED = (STOPPED, REJECTED)
GAPS = ("missing", UNREADABLE, CONTROL_MISMATCH, *REFUSED)
DOUBTFUL = (*GAPS, SHORT)
"""States of deliveries without which a figure is not final."""


def counting_deliveries(deliveries: pl.LazyFrame) -> pl.LazyFrame:
    """The file that counts for each institution and date: the last whole one handed over."""
    return (
        deliveries.filter(pl.col("state_code") == WHOLE)
        .sort("arrived_at", "file_name", maintain_order=True)
        .unique(["institution", "business_date"], keep="last", maintain_order=True)
        .sort("business_date", "institution")
    )


def with_corrections_counted(counting: pl.LazyFrame, corrections: pl.LazyFrame) -> pl.LazyFrame:
    """Deliveries that count, with how many decisions there are about rows of each."""
    made = corrections.group_by(_FILE).agg(corrections=pl.len().cast(pl.Int64))
    return counting.join(made, on=_FILE, how="left", validate="1:1").with_columns(
        pl.col("corrections").fill_null(0)
    )


def undone_dates(
    deliveries: pl.LazyFrame, screened: pl.LazyFrame, corrections: pl.LazyFrame
) -> pl.LazyFrame:
    """Business dates whose accepted rows do not come from exactly the files that count.

    Nor is a date done when more has been decided about its rows since they were screened.
    """
    seen = [*_FILE, "corrections"]
    counting = counting_deliveries(deliveries).pipe(with_corrections_counted, corrections)
    should_be, is_ = counting.select(seen), screened.select(seen)
    return (
        pl.concat(
            [should_be.join(is_, on=seen, how="anti"), is_.join(should_be, on=seen, how="anti")]
        )
        .select("business_date")
        .unique()
        .sort("business_date")
    )


def screened_deliveries(
    accepted: pl.LazyFrame, quarantined: pl.LazyFrame, counting: pl.LazyFrame
) -> pl.LazyFrame:
    """How many rows of each delivery that counts were accepted and set aside, as stored.

    Args:
        accepted: rows accepted.
        quarantined: rows set aside.
        counting: receipts of the deliveries, with their corrections counted.

    Returns:
        The columns of `screened_table`. A file without rows is there, with zeros.
    """
    return (
        counting.select(*_FILE, "corrections", rows_delivered="rows")
        .join(_rows_of(accepted, "rows_accepted"), on=_FILE, how="left", validate="1:1")
        .join(_rows_of(quarantined, "rows_quarantined"), on=_FILE, how="left", validate="1:1")
        .with_columns(pl.col("rows_accepted", "rows_quarantined").fill_null(0))
        .select(*_FILE, "rows_delivered", "rows_accepted", "rows_quarantined", "corrections")
        .sort(_FILE)
    )


def _rows_of(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    return rows.group_by(_FILE).agg(pl.len().cast(pl.Int64).alias(name))


def completeness(
    deliveries: pl.LazyFrame,
    screened: pl.LazyFrame,
    owed: pl.LazyFrame,
    *,
    feed: str,
    night: date,
    envelope: Envelope,
) -> pl.LazyFrame:
    """How complete one feed is: each delivery owed, and what became of it.

    What was handed over without being owed (an archive, a first day) is there when it cannot be
    used: its rows are in no figure, though somebody sent them to be.

    Args:
        deliveries: receipts of the feed, for the dates in question.
        screened: rows of `screened_table` for the same dates.
        owed: `institution`, `business_date`, `due_at` (UTC) of each delivery owed.
        feed: name of the feed.
        night: business date of the night that asks.
        envelope: how far from its usual rows a delivery may be.

    Returns:
        `COMPLETENESS`. Where several things are true of a delivery the gravest is told:
        nothing usable came, then too little, too much, late, corrected, handed over twice.
    """
    place = ["institution", "business_date"]
    counting = counting_deliveries(deliveries).select(*place, "delivery")
    judged = counting.join(screened, on=[*place, "delivery"], how="inner", validate="1:1")
    seen = (
        _arrivals(deliveries)
        .join(judged, on=place, how="left", validate="1:1")
        .join(_volumes(deliveries, envelope), on=place, how="left", validate="1:1")
    )
    is_judged = pl.col("rows_delivered").is_not_null()
    is_unusable = (pl.col("whole_files") == 0) | ~is_judged | _has_only_rejected_rows()
    not_owed = seen.filter(is_unusable).join(owed, on=place, how="anti").select(place)
    return (
        pl.concat([owed.select(*place, "due_at"), not_owed], how="diagonal")
        .join(seen, on=place, how="left", validate="1:1")
        .with_columns(
            night=pl.lit(night),
            feed=pl.lit(feed),
            state_code=_delivery_state(),
            reason=pl.when(pl.col("whole_files").fill_null(0) == 0).then(pl.col("last_reason")),
        )
        .select(COMPLETENESS.schema.names())
        .sort("feed", "business_date", "institution")
        .pipe(COMPLETENESS.require)
    )


def _arrivals(deliveries: pl.LazyFrame) -> pl.LazyFrame:
    """What was handed over for each institution and date, in all its files."""
    is_whole = pl.col("state_code") == WHOLE
    return (
        deliveries.sort("arrived_at", "file_name")
        .group_by("institution", "business_date", maintain_order=True)
        .agg(
            files=pl.len().cast(pl.Int64),
            whole_files=is_whole.sum().cast(pl.Int64),
            duplicates=(pl.col("state_code") == DUPLICATE).sum().cast(pl.Int64),
            last_state=pl.col("state_code").last(),
            last_reason=pl.col("reason").last(),
            first_whole_at=pl.col("arrived_at").filter(is_whole).first(),
        )
    )


def _volumes(deliveries: pl.LazyFrame, envelope: Envelope) -> pl.LazyFrame:
    place = ("institution", "business_date")
    rows = counting_deliveries(deliveries).select(*place, "rows")
    return with_usual(rows, place).select(*place, "usual_rows", volume=state(envelope))


def _has_only_rejected_rows() -> pl.Expr:
    has_only = (pl.col("rows_delivered") > 0) & (pl.col("rows_accepted") == 0)
    return has_only.fill_null(value=False)


def _delivery_state() -> pl.Expr:
    return (
        pl.when(pl.col("files").is_null())
        .then(pl.lit("missing"))
        .when(pl.col("whole_files") == 0)
        .then(pl.col("last_state"))
        .when(pl.col("rows_delivered").is_null())
        .then(pl.lit(STOPPED))
        .when(_has_only_rejected_rows())
        .then(pl.lit(REJECTED))
        .when(pl.col("volume").is_in([SHORT, SWOLLEN]))
        .then(pl.col("volume"))
        .when(pl.col("first_whole_at") > pl.col("due_at"))
        .then(pl.lit("late"))
        .when(pl.col("files") - pl.col("duplicates") > 1)
        .then(pl.lit("corrected"))
        .when(pl.col("duplicates") > 0)
        .then(pl.lit("duplicate"))
        .otherwise(pl.lit("in_time"))
    )


def owed_deliveries(owed: Iterable[tuple[str, date, datetime]]) -> pl.LazyFrame:
    """`institution`, `business_date`, `due_at` of each delivery owed, as a frame."""
    schema = {
        "institution": pl.String(),
        "business_date": pl.Date(),
        "due_at": pl.Datetime("us", "UTC"),
    }
    return pl.LazyFrame(list(owed), schema=schema, orient="row")


def every_feed(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """`COMPLETENESS` of all feeds in one frame."""
    return pl.concat(parts).sort("feed", "business_date", "institution")


def feeds_with_gaps(completeness: pl.LazyFrame, start: date, end: date) -> pl.LazyFrame:
    """Feeds of which a delivery for a day of the period cannot be counted, or may not be whole."""
    return (
        completeness.filter(
            pl.col("state_code").is_in(DOUBTFUL) & pl.col("business_date").is_between(start, end)
        )
        .select("feed")
        .unique()
        .sort("feed")
    )


def notable(completeness: pl.LazyFrame, *, business_date: date, since: date) -> pl.LazyFrame:
    """What a reader has to know: the night's own deliveries, recent oddities, every gap.

    Which file it was is no matter of the report: equal figures of another are no new revision.
    """
    is_of_the_night = pl.col("business_date") == business_date
    is_recent_oddity = (pl.col("business_date") >= since) & (pl.col("state_code") != "in_time")
    return completeness.filter(
        is_of_the_night | is_recent_oddity | pl.col("state_code").is_in(GAPS)
    ).drop("delivery")
