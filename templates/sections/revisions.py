"""Revisions: figures that were out and are others now, with the earlier figure and the cause."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import polars as pl

from templates.comparing import period_text
from templates.material import Material
from templates.measures import difference, shown
from templates.model import RevisedDatum, RevisionRow, RevisionsTable
from templates.terms import feed_name, institution_name
from templates.wording import Wording, message
from transforms.disclosure import PERSONS
from transforms.periods import Period, PeriodKind

CAUSES: Mapping[str, str] = {
    "late_delivery": message("A delivery came late"),
    "corrected_delivery": message("The institution corrected its delivery"),
    "withdrawn_delivery": message("A delivery was withdrawn"),
    "decided_rows": message("Rows that were set aside were corrected or released"),
    "later_delivery": message("Later deliveries tell of earlier events"),
    "code": message("Rules, reference data or the program changed"),
    "unexplained": message("The cause is not known"),
}

_MOST = 60
_NAMED = 3


def revisions(material: Material) -> RevisionsTable:
    """What was changed in this edition's own figures, and by this night in earlier ones'."""
    words, rows = material.words, _told(material)
    return RevisionsTable(
        title=words.say("Revisions"),
        text=_text(len(rows), words),
        headings=(
            words.say("Indicator"),
            words.say("Period"),
            words.say("Earlier figure"),
            words.say("Figure now"),
            words.say("Change"),
            words.say("Cause"),
        ),
        most=_MOST,
        rows=tuple(_row(row, material) for row in rows),
    )


def _told(material: Material) -> list[dict[str, Any]]:
    """Figures of this period first, then those of others, the newest first."""
    end, kinds = material.period.end, [kind.value for kind in material.report.periods]
    is_own = (pl.col("business_date") == end) & pl.col("period").is_in(kinds)
    is_tonights = (pl.col("restated_on") == end) & (pl.col("business_date") == pl.col("period_end"))
    return (
        material.found.revisions.filter(
            is_own | is_tonights, pl.col("indicator").is_in(material.report.indicators)
        )
        .with_columns(is_own=is_own & (pl.col("period_end") == end))
        .sort(
            ["is_own", "period_end", "period", "indicator", "period_start", "revision_no"],
            descending=[True, True, False, False, False, False],
        )
        .to_dicts()
    )


def _text(number: int, words: Wording) -> str:
    if not number:
        return words.say("No figure that was published earlier has changed.")
    text = words.count(
        "%(n)s figure that was published earlier has changed. The earlier edition stays available.",
        "%(n)s figures that were published earlier have changed. The earlier editions stay "
        "available.",
        number,
    )
    if number <= _MOST:
        return text
    return (
        text
        + " "
        + words.say(
            "The first %(n)s are shown; the workbook and the data have all.", n=words.whole(_MOST)
        )
    )


def _row(row: Mapping[str, Any], material: Material) -> RevisionRow:
    words, unit = material.words, row["unit"]
    period = Period(PeriodKind(row["period"]), row["period_start"], row["period_end"])
    before, now = row["value_before"], row["value"]
    no_data = words.say("not shown") if unit == PERSONS else words.say("no data")
    is_known = before is not None and now is not None
    return RevisionRow(
        datum=_datum(row),
        name=material.figures.name(row["indicator"]),
        note=material.notes[row["indicator"]],
        period=period_text(period, words),
        before=no_data if before is None else shown(before, unit, words),
        now=no_data if now is None else shown(now, unit, words),
        change=difference(now, before, unit, words, on=material.period.end) if is_known else "",
        cause="; ".join(_causes(row, words)),
    )


def _datum(row: Mapping[str, Any]) -> RevisedDatum:
    told = {field.name: row[field.name] for field in fields(RevisedDatum)}
    days = {name: str(told[name]) for name in ("period_start", "period_end", "restated_on")}
    lists = {name: tuple(told[name]) for name in ("cause_codes", "feeds", "institutions")}
    return RevisedDatum(**{**told, **days, **lists})


def _causes(row: Mapping[str, Any], words: Wording) -> Iterable[str]:
    yield words.series(words.say(CAUSES[code]) for code in row["cause_codes"])
    if row["feeds"]:
        yield words.series(feed_name(feed, words) for feed in row["feeds"])
    who = [institution_name(name, words) for name in row["institutions"]]
    if 0 < len(who) <= _NAMED:
        yield words.series(who)
    days = dict.fromkeys(day for day in (row["first_day"], row["last_day"]) if day)
    if days:
        yield " – ".join(words.day_of_year(day) for day in days)
    yield words.say("restated on %(date)s", date=words.long_date(row["restated_on"]))
