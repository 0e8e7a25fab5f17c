"""Where figures come from: the rows that they count, the days and the files that brought those."""

from collections.abc import Mapping, Sequence

import polars as pl

from transforms.contracts import Column, Table
from transforms.facts import Fact
from transforms.feeds.feed import Feed
from transforms.indicators import Indicator
from transforms.periods import Period

DELIVERY_FILES = Table(
    name="delivery_files",
    grain="one file whose rows may stand behind a figure",
    key=("feed", "institution", "business_date"),
    columns=(
        Column("feed", pl.String(), "Feed."),
        Column("business_date", pl.Date(), "The day that the delivery is for."),
        Column("institution", pl.String(), "Who delivered."),
        Column("file_name", pl.String(), "Name under which it was handed over."),
        Column("sha256", pl.String(), "Of the file, hexadecimal."),
        Column("address", pl.String(), "Where the immutable copy lies."),
        Column("bytes", pl.Int64(), "Size.", unit="bytes"),
        Column("rows_delivered", pl.Int64(), "Rows of the file.", unit="rows"),
        Column("rows_accepted", pl.Int64(), "Rows that figures may count.", unit="rows"),
        Column("rows_quarantined", pl.Int64(), "Rows set aside.", unit="rows"),
    ),
)


def delivery_files(feed: Feed, deliveries: pl.LazyFrame, screened: pl.LazyFrame) -> pl.LazyFrame:
    """The files of a feed that count, as they were screened.

    Args:
        feed: which feed.
        deliveries: receipts of the feed.
        screened: what came of those files that count.

    Returns:
        `DELIVERY_FILES`, in order of day and institution.
    """
    place = ["institution", "business_date", "delivery"]
    first = deliveries.sort("arrived_at", "file_name").unique(place, keep="first")
    return (
        screened.join(
            first.select(*place, "file_name", "address", "bytes"),
            on=place,
            how="inner",
            validate="m:1",
        )
        .with_columns(feed=pl.lit(feed.name))
        .rename({"delivery": "sha256"})
        .select(DELIVERY_FILES.schema.names())
        .sort("business_date", "institution")
        .pipe(DELIVERY_FILES.require)
    )


def counted_as(indicator: Indicator, period: Period) -> tuple[str, str]:
    """What keeps the rows of a figure, and what is made of them, as the engine is told it.

    Both are read off the very plan that computes the figure; empty for a sum of other figures.
    """
    if indicator.rows is None or indicator.fact is None:
        return "", ""
    empty = pl.LazyFrame(schema=indicator.fact.table.schema)
    plan = indicator.rows(empty, period).explain(optimized=False)
    steps = [line.strip() for line in plan.splitlines()]
    kept = [line for line in steps if line != "FROM" and not line.startswith("DF [")]
    return "\n".join(reversed(kept)), str(indicator.value)


def days_behind(
    indicators: Sequence[Indicator],
    facts: Mapping[str, pl.LazyFrame],
    periods: Sequence[Period],
) -> pl.LazyFrame:
    """The business dates of the deliveries that brought the rows that each figure counts.

    Returns:
        `indicator`, `period`, `period_end`, `business_date`, each once, in order; nothing for a
        figure that counts no row, or is a sum of others.
    """
    found = [
        indicator.rows(facts[indicator.fact.table.name], period)
        .select(
            "business_date",
            indicator=pl.lit(indicator.id),
            period=pl.lit(str(period.kind)),
            period_end=pl.lit(period.end),
        )
        .unique()
        for indicator in indicators
        if indicator.rows is not None and indicator.fact is not None
        for period in periods
    ]
    columns = ["indicator", "period", "period_end", "business_date"]
    return pl.concat(found).select(columns).sort(columns)


def files_behind(
    files: Sequence[pl.LazyFrame], days: pl.LazyFrame, indicators: Sequence[Indicator]
) -> pl.LazyFrame:
    """Of these files those that stand behind some figure.

    Of a feed whose rows are counted, the files of the days that brought them. Of a feed that is
    looked up, or that other facts rest on, all: any of them could have changed what was counted.

    Args:
        files: `DELIVERY_FILES` of each feed.
        days: as `days_behind` gives them.
        indicators: those of `days`.
    """
    grain = {i.id: i.fact.feed for i in indicators if isinstance(i.fact, Fact)}
    whole = {f for i in indicators if i.fact for f in i.fact.feeds if f != grain.get(i.id)}
    counted = days.select(
        "business_date", feed=pl.col("indicator").replace_strict(grain, default=None)
    ).unique()
    every = pl.concat(files)
    is_whole = pl.col("feed").is_in(whole)
    return pl.concat(
        [
            every.filter(is_whole),
            every.filter(~is_whole).join(counted, on=["feed", "business_date"], how="semi"),
        ]
    ).sort("feed", "business_date", "institution")


def grain_feed(indicator: Indicator) -> str | None:
    """The feed whose rows a figure counts; null where its facts rest on several alike."""
    return indicator.fact.feed if isinstance(indicator.fact, Fact) else None
