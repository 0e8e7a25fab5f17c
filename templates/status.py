"""The status page: feeds by day, and which editions are out and which are due.

It stands at one address and is made anew by each night; an edition says for itself what it lacks.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from templates.model import LanguageLink
from templates.reports import REPORT_BY_ID
from templates.status_model import EditionLine, EditionState, FeedDay, FeedLine, StatusPage
from templates.terms import feed_name
from templates.wording import LANGUAGE_NAMES, LANGUAGES, Wording, message, wording
from transforms.status import KINDS, gaps

_NONE = "none"
_SIGNS: Mapping[str, str] = {
    "in_time": "✓",
    "late": "◷",
    "short": "▽",
    "missing": "✕",
    "corrupt": "!",
    _NONE: "·",
}
_SAID: Mapping[str, str] = {
    "in_time": message("in time"),
    "late": message("late"),
    "short": message("fewer rows than usual"),
    "missing": message("not delivered"),
    "corrupt": message("cannot be used"),
    _NONE: message("nothing owed"),
}


def status_page(
    language: str, *, night: date, days: pl.DataFrame, editions: Sequence[EditionState]
) -> StatusPage:
    """The page in one language.

    Args:
        language: one of `LANGUAGES`.
        night: last night that was held.
        days: `feeds_by_day` of the days that are shown.
        editions: those out and due, in the order in which they are shown.
    """
    words = wording(language)
    shown = sorted(set(days["business_date"]), reverse=True)
    return StatusPage(
        language=language,
        languages=tuple(
            LanguageLink(one, LANGUAGE_NAMES[one], f"{one}.html", one == language)
            for one in LANGUAGES
        ),
        issuer=words.say("General Prosecutor's Office of the Republic of Kazakhstan"),
        title=words.say("Feeds and reports"),
        night=words.say("After the night of %(date)s", date=words.long_date(night)),
        summary=_summary(days, editions, words),
        legend=tuple(FeedDay(kind, _SIGNS[kind], words.say(said)) for kind, said in _SAID.items()),
        days=tuple(words.day_of_year(day) for day in shown),
        feeds=tuple(
            _feed(str(feed), rows.to_dicts(), shown, words)
            for (feed,), rows in days.sort("feed").group_by("feed", maintain_order=True)
        ),
        editions=tuple(_edition(edition, night, words) for edition in editions),
    )


def _summary(days: pl.DataFrame, editions: Sequence[EditionState], words: Wording) -> str:
    absent = gaps(days)
    out = sum(edition.address is not None for edition in editions)
    return " ".join(
        [
            words.count(
                "%(n)s delivery is missing or cannot be used.",
                "%(n)s deliveries are missing or cannot be used.",
                absent,
            )
            if absent
            else words.say("Every delivery owed is there."),
            words.count("%(n)s report is out.", "%(n)s reports are out.", out),
        ]
    )


def _feed(
    feed: str, rows: Sequence[Mapping[str, Any]], shown: Sequence[date], words: Wording
) -> FeedLine:
    by_day = {row["business_date"]: row for row in rows}
    return FeedLine(feed_name(feed, words), tuple(_day(by_day.get(day), words) for day in shown))


def _day(row: Mapping[str, Any] | None, words: Wording) -> FeedDay:
    if row is None:
        return FeedDay(_NONE, _SIGNS[_NONE], words.say(_SAID[_NONE]))
    kinds = [kind for kind in KINDS if row[kind]]
    said = [f"{words.say(_SAID[kind])}: {words.whole(row[kind])}" for kind in kinds]
    gravest, of = kinds[0], row["deliveries"]
    sign = _SIGNS[gravest]
    if row[gravest] != of:
        sign = f"{sign} {words.whole(row[gravest])}/{words.whole(of)}"
    return FeedDay(gravest, sign, "; ".join(said))


def _edition(edition: EditionState, night: date, words: Wording) -> EditionLine:
    title = words.say(REPORT_BY_ID[edition.report].title)
    period = words.say("to %(date)s", date=words.long_date(edition.period_end))
    states = [*_out(edition, words), *_not_out(edition, words)]
    if not states:
        states = [words.say("not out") if edition.period_end <= night else words.say("due")]
    is_out = edition.address is not None
    href = f"../{edition.address}/{words.language}.html" if is_out else None
    return EditionLine(title, period, "; ".join(states), not is_out, href)


def _out(edition: EditionState, words: Wording) -> Iterator[str]:
    if edition.revision is not None:
        yield words.say("out, revision %(n)s", n=words.whole(edition.revision))
        if edition.gaps:
            yield words.count(
                "%(n)s delivery missing or short", "%(n)s deliveries missing or short", edition.gaps
            )


def _not_out(edition: EditionState, words: Wording) -> Iterator[str]:
    if edition.waiting is not None:
        yield words.say("revision %(n)s waits for its release", n=words.whole(edition.waiting))
    if edition.withdrawn is not None:
        yield words.say("revision %(n)s withdrawn", n=words.whole(edition.withdrawn))
