"""What came in, what is late or missing, and what that does to the figures."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from templates.model import Deliveries, Effect, FeedRow, Gap, NightDelivery
from templates.terms import STATES, feed_name, institution_name
from templates.wording import Wording
from transforms.deliveries import GAPS
from transforms.indicators import Indicator
from transforms.periods import Period, is_during

_FINE = ("in_time", "duplicate")
_SHOWN_DAYS = 3


def with_affected(completeness: pl.DataFrame, catalogue: Sequence[Indicator]) -> pl.DataFrame:
    """The same with `affects`: indicators whose facts are read from the feed, where not given."""
    if "affects" in completeness.columns:
        return completeness
    resting = {
        feed: [i.id for i in catalogue if i.fact is not None and feed in i.fact.feeds]
        for feed in completeness["feed"].unique().sort()
    }
    affected = pl.DataFrame(
        {"feed": list(resting), "affects": list(resting.values())},
        schema={"feed": pl.String, "affects": pl.List(pl.String)},
    )
    return completeness.join(affected, on="feed", how="left", validate="m:1")


def deliveries(
    completeness: pl.DataFrame,
    *,
    headlines: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
    period: Period,
    wording: Wording,
) -> Deliveries:
    """The summary of the deliveries of one edition.

    Args:
        completeness: deliveries of the night, recent oddities, and gaps, with `affects`.
        headlines: each headline indicator, with what it is made of, itself included.
        names: names of the indicators that the report shows.
        period: the period of the report; its last day is the night.
        wording: the language.
    """
    rows = completeness.sort("feed", "business_date", "institution")
    tonight = rows.filter(pl.col("business_date") == period.end)
    feeds = [
        _feed_row(feed_name(str(feed), wording), group, wording)
        for (feed,), group in tonight.group_by("feed", maintain_order=True)
    ]
    effects = {
        name: effect(absent(rows, period), made_of, wording) for name, made_of in headlines.items()
    }
    return Deliveries(
        summary=_summary(tonight, len(rows.filter(is_gap())), period.end, wording),
        feeds_title=wording.say(
            "Deliveries for %(date)s by feed", date=wording.long_date(period.end)
        ),
        feeds=tuple(sorted(feeds, key=lambda feed: wording.sort_key(feed.name))),
        total=_feed_row(wording.say("All feeds"), tonight, wording),
        gaps=tuple(_gaps(rows, names, wording)),
        effects=tuple(
            Effect(names[name], told or wording.say("all deliveries are in"), not told)
            for name, told in effects.items()
        ),
        night=tuple(_of_the_night(tonight, wording)),
    )


def absent(completeness: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Deliveries for days of the period of which nothing usable came."""
    return completeness.filter(is_gap(), is_during("business_date", period))


def effect(absent: pl.DataFrame, made_of: Sequence[str], wording: Wording) -> str:
    """How many of the absent deliveries a figure rests on, in words; empty when on none."""
    concerned = absent.filter(
        pl.col("affects").list.set_intersection(pl.lit(list(made_of))).list.len() > 0
    )
    if concerned.is_empty():
        return ""
    return wording.count(
        "%(n)s delivery is missing: the figure may change",
        "%(n)s deliveries are missing: the figure may change",
        len(concerned),
    )


def rows_in(completeness: pl.DataFrame, column: str) -> int:
    """Sum of a column of rows; deliveries that were never read count as none."""
    return int(completeness[column].sum())


def is_gap() -> pl.Expr:
    """Nothing usable came."""
    return pl.col("state_code").is_in(GAPS)


def set_aside_by_feed(completeness: pl.DataFrame, wording: Wording) -> list[str]:
    """Feeds of which rows were set aside, the most first: "Seizure acts (12)"."""
    return [
        f"{feed_name(feed, wording)} ({wording.whole(rows)})"
        for feed, rows in completeness.group_by("feed")
        .agg(rows=pl.col("rows_quarantined").sum())
        .filter(pl.col("rows") > 0)
        .sort(["rows", "feed"], descending=[True, False])
        .iter_rows()
    ]


def _feed_row(name: str, rows: pl.DataFrame, wording: Wording) -> FeedRow:
    gaps = rows.filter(is_gap())
    late = rows.filter(pl.col("state_code") == "late")
    return FeedRow(
        name=name,
        in_time=wording.whole(len(rows) - len(gaps) - len(late)),
        late=wording.whole(len(late)),
        absent=wording.whole(len(gaps)),
        rows=wording.whole(rows_in(rows, "rows_delivered")),
        set_aside=wording.whole(rows_in(rows, "rows_quarantined")),
        is_incomplete=not gaps.is_empty(),
    )


def _summary(tonight: pl.DataFrame, gaps: int, night: date, wording: Wording) -> str:
    gaps_tonight = len(tonight.filter(is_gap()))
    sentences = [
        wording.say(
            "%(in)s of %(all)s deliveries for %(date)s are in.",
            **{
                "in": wording.whole(len(tonight) - gaps_tonight),
                "all": wording.whole(len(tonight)),
                "date": wording.long_date(night),
            },
        ),
        wording.say(
            "%(aside)s of %(all)s rows were set aside for breaking a rule and are in no figure.",
            aside=wording.whole(rows_in(tonight, "rows_quarantined")),
            all=wording.whole(rows_in(tonight, "rows_delivered")),
        ),
    ]
    if gaps > gaps_tonight:
        sentences.append(
            wording.count(
                "%(n)s delivery for earlier days is still missing.",
                "%(n)s deliveries for earlier days are still missing.",
                gaps - gaps_tonight,
            )
        )
    return " ".join(sentences)


def _gaps(rows: pl.DataFrame, names: Mapping[str, str], wording: Wording) -> Iterable[Gap]:
    """Deliveries that are not as they should be: one entry for each feed, state and reason."""
    odd = rows.filter(~pl.col("state_code").is_in(_FINE)).with_columns(
        is_grave=is_gap(), reason=pl.col("reason").fill_null("")
    )
    ordered = odd.sort(
        ["is_grave", "feed", "state_code", "business_date", "institution"],
        descending=[True, False, False, False, False],
    )
    for (feed, state, reason), group in ordered.group_by(
        "feed", "state_code", "reason", maintain_order=True
    ):
        who = dict.fromkeys(group["institution"])
        affected = dict.fromkeys(group["affects"].explode().drop_nulls())
        yield Gap(
            state=wording.say(STATES[str(state)]),
            feed=feed_name(str(feed), wording),
            institutions=wording.series(institution_name(str(i), wording) for i in who),
            days=_days(list(dict.fromkeys(group["business_date"])), wording),
            affects="; ".join(names[str(i)] for i in affected if i in names),
            reason=str(reason),
            is_grave=bool(group["is_grave"][0]),
        )


def _days(days: Sequence[date], wording: Wording) -> str:
    if len(days) <= _SHOWN_DAYS:
        return wording.series(wording.day_of_year(day) for day in days)
    first, last = min(days), max(days)
    return wording.count(
        "%(n)s day between %(first)s and %(last)s",
        "%(n)s days between %(first)s and %(last)s",
        len(days),
        first=wording.day_of_year(first),
        last=wording.day_of_year(last),
    )


def _of_the_night(tonight: pl.DataFrame, wording: Wording) -> Iterable[NightDelivery]:
    for (feed,), group in tonight.group_by("feed", maintain_order=True):
        told = [
            _told_delivery(institution, state, rows, wording)
            for institution, state, rows in group.select(
                "institution", "state_code", "rows_delivered"
            ).iter_rows()
        ]
        yield NightDelivery(feed_name(str(feed), wording), "; ".join(told))


def _told_delivery(institution: str, state: str, rows: int | None, wording: Wording) -> str:
    told = wording.say(
        "%(institution)s: %(state)s",
        institution=institution_name(institution, wording),
        state=wording.say(STATES[state]),
    )
    return told if rows is None else told + ", " + wording.count("%(n)s row", "%(n)s rows", rows)
