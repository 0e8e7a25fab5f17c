"""The deliveries: what came in, what is late or missing, and what that does to the figures."""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from templates.completeness import is_gap, is_short, rows_in
from templates.material import Material
from templates.model import Deliveries, Effect, FeedRow, Gap, NightDelivery
from templates.terms import STATES, feed_name, institution_name
from templates.wording import Wording
from transforms.volumes import SHORT, SWOLLEN

_FINE = ("in_time", "duplicate")
_SHOWN_DAYS = 3


def deliveries(material: Material) -> Deliveries:
    """The night feed by feed, every gap that still stands, and its effect on each headline."""
    words = material.words
    tonight = material.tonight.sort("feed", "institution")
    feeds = [
        _feed_row(feed_name(str(feed), words), group, words)
        for (feed,), group in tonight.group_by("feed", maintain_order=True)
    ]
    return Deliveries(
        summary=_summary(material),
        feeds_title=words.say(
            "Deliveries for %(date)s by feed", date=words.long_date(material.period.end)
        ),
        feeds=tuple(sorted(feeds, key=lambda feed: words.sort_key(feed.name))),
        total=_feed_row(words.say("All feeds"), tonight, words),
        gaps=tuple(_gaps(material)),
        effects=tuple(_effect(material, name) for name in material.report.headlines),
        night=tuple(_of_the_night(tonight, words)),
        checks=material.checks,
    )


def _effect(material: Material, headline: str) -> Effect:
    gap = material.gap(headline)
    text = gap or material.words.say("all deliveries are in")
    return Effect(material.figures.name(headline), text, not gap)


def _feed_row(name: str, rows: pl.DataFrame, words: Wording) -> FeedRow:
    gaps, late = len(rows.filter(is_gap())), len(rows.filter(pl.col("state_code") == "late"))
    counts = (
        len(rows) - gaps - late,
        late,
        gaps,
        rows_in(rows, "rows_delivered"),
        rows_in(rows, "rows_quarantined"),
    )
    in_time, came_late, absent, delivered, aside = (words.whole(n) for n in counts)
    return FeedRow(
        name=name,
        in_time=in_time,
        late=came_late,
        absent=absent,
        rows=delivered,
        set_aside=aside,
        is_incomplete=gaps > 0,
        counts=counts,
    )


def _summary(material: Material) -> str:
    words, tonight = material.words, material.tonight
    gaps_tonight = len(tonight.filter(is_gap()))
    earlier = len(material.completeness.filter(is_gap())) - gaps_tonight
    sentences = [
        words.say(
            "%(in)s of %(all)s deliveries for %(date)s are in.",
            **{
                "in": words.whole(len(tonight) - gaps_tonight),
                "all": words.whole(len(tonight)),
                "date": words.long_date(material.period.end),
            },
        ),
        words.say(
            "%(aside)s of %(all)s rows were set aside for breaking a rule and are in no figure.",
            aside=words.whole(rows_in(tonight, "rows_quarantined")),
            all=words.whole(rows_in(tonight, "rows_delivered")),
        ),
    ]
    if earlier:
        sentences.append(
            words.count(
                "%(n)s delivery for earlier days is still missing.",
                "%(n)s deliveries for earlier days are still missing.",
                earlier,
            )
        )
    return " ".join(sentences)


def _gaps(material: Material) -> Iterable[Gap]:
    """Deliveries that are not as they should be: one entry for each feed, state and reason."""
    words = material.words
    names = {name: material.figures.name(name) for name in material.report.indicators}
    odd = material.completeness.filter(~pl.col("state_code").is_in(_FINE)).with_columns(
        is_grave=is_gap() | is_short(), reason=pl.col("reason").fill_null("")
    )
    told = [
        _beside_usual(rows, usual, words) if state in (SHORT, SWOLLEN) else reason
        for state, rows, usual, reason in odd.select(
            "state_code", "rows_delivered", "usual_rows", "reason"
        ).iter_rows()
    ]
    odd = odd.with_columns(reason=pl.Series(told, dtype=pl.String))
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
            state=words.say(STATES[str(state)]),
            feed=feed_name(str(feed), words),
            institutions=words.series(institution_name(str(i), words) for i in who),
            days=_days(list(dict.fromkeys(group["business_date"])), words),
            affects="; ".join(names[str(i)] for i in affected if i in names),
            reason=str(reason),
            is_grave=bool(group["is_grave"][0]),
        )


def _beside_usual(rows: int, usual: int, words: Wording) -> str:
    return words.say(
        "%(rows)s rows; usual on this weekday: %(usual)s",
        rows=words.whole(rows),
        usual=words.whole(usual),
    )


def _days(days: Sequence[date], words: Wording) -> str:
    if len(days) <= _SHOWN_DAYS:
        return words.series(words.day_of_year(day) for day in days)
    first, last = min(days), max(days)
    return words.count(
        "%(n)s day between %(first)s and %(last)s",
        "%(n)s days between %(first)s and %(last)s",
        len(days),
        first=words.day_of_year(first),
        last=words.day_of_year(last),
    )


def _of_the_night(tonight: pl.DataFrame, words: Wording) -> Iterable[NightDelivery]:
    for (feed,), group in tonight.group_by("feed", maintain_order=True):
        told = [
            _told_delivery(institution, state, rows, words)
            for institution, state, rows in group.select(
                "institution", "state_code", "rows_delivered"
            ).iter_rows()
        ]
        yield NightDelivery(feed_name(str(feed), words), "; ".join(told))


def _told_delivery(institution: str, state: str, rows: int | None, words: Wording) -> str:
    told = words.say(
        "%(institution)s: %(state)s",
        institution=institution_name(institution, words),
        state=words.say(STATES[state]),
    )
    return told if rows is None else told + ", " + words.count("%(n)s row", "%(n)s rows", rows)
