"""Alerts: what to know before using the figures."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from templates.comparing import period_text
from templates.completeness import rows_in
from templates.material import Material
from templates.measures import shown
from templates.model import Alert
from templates.places import region_name
from templates.terms import feed_name, member_name
from templates.wording import Wording
from transforms.periods import PeriodKind, is_working_day

_MOST_ANOMALIES = 5


def alerts(material: Material) -> Iterable[Alert]:
    """The gravest first."""
    yield from _absent_deliveries(material)
    yield from _missed_cards(material)
    yield from _short_deliveries(material)
    yield from _out_of_pattern(material)
    yield from _late_deliveries(material)
    yield from _rows_set_aside(material)
    yield from _nothing_to_compare(material)
    yield from _days_off(material)
    yield from _corrected(material)


def _absent_deliveries(material: Material) -> Iterable[Alert]:
    gaps, say = material.absent, material.words.say
    if gaps.is_empty():
        return
    hit = [material.figures.name(name) for name in material.report.headlines if material.gap(name)]
    feeds_said = say("Missing: %(feeds)s.", feeds=_feeds(gaps, material.words))
    hit_said = (
        say("May still change: %(names)s.", names="; ".join(hit))
        if hit
        else say("No headline figure rests on them.")
    )
    yield Alert(
        "grave",
        material.words.count(
            "%(n)s delivery is not in or can not be used",
            "%(n)s deliveries are not in or can not be used",
            len(gaps),
        ),
        f"{feeds_said} {hit_said}",
    )


def _missed_cards(material: Material) -> Iterable[Alert]:
    """Arrests that banks did not carry out in time: the one figure that calls for an order."""
    at, words = material.at("dropper_cards_missed"), material.words
    missed = material.figures.value(at)
    if not missed:
        return
    by_bank = at._replace(dimension="bank_bic")
    named = material.foremost(
        (member_name("bank_bic", bank, words), by_bank._replace(member=bank))
        for bank in material.figures.members([at.indicator], by_bank)
    )
    yield Alert(
        "grave",
        words.count("%(n)s card not arrested in time", "%(n)s cards not arrested in time", missed),
        words.say("Most at: %(banks)s.", banks="; ".join(named)) if named else "",
    )


def _short_deliveries(material: Material) -> Iterable[Alert]:
    short = material.short
    if short.is_empty():
        return
    yield Alert(
        "grave",
        material.words.count(
            "%(n)s delivery has fewer rows than usual",
            "%(n)s deliveries have fewer rows than usual",
            len(short),
        ),
        material.words.say(
            "Some may be missing; what came is counted: %(feeds)s.",
            feeds=_feeds(short, material.words),
        ),
    )


def _out_of_pattern(material: Material) -> Iterable[Alert]:
    """Regions and banks far from their own past. A low figure that a gap explains is left out."""
    words = material.words
    told = [_far_from_its_past(row, material) for row in far_from_their_past(material)]
    if told:
        yield Alert(
            "notice",
            words.count(
                "%(n)s figure is far from its own past",
                "%(n)s figures are far from their own past",
                len(told),
            ),
            " ".join(told[:_MOST_ANOMALIES]),
        )


def far_from_their_past(material: Material) -> list[Mapping[str, Any]]:
    """`ANOMALIES` that no gap in the deliveries explains."""
    rows = material.found.anomalies.to_dicts()
    return [row for row in rows if not _is_explained(row, material)]


def _is_explained(row: Mapping[str, Any], material: Material) -> bool:
    return row["direction_code"] == "below" and bool(material.gap(row["indicator"]))


def _far_from_its_past(row: Mapping[str, Any], material: Material) -> str:
    words, unit = material.words, material.figures.indicator(row["indicator"]).unit
    is_bank = bool(row["dimension"])
    return words.count(
        "%(who)s: %(name)s, %(value)s; in %(n)s comparable period before, %(low)s to %(high)s.",
        "%(who)s: %(name)s, %(value)s; in %(n)s comparable periods before, %(low)s to %(high)s.",
        row["periods"],
        who=member_name(row["dimension"], row["member"], words)
        if is_bank
        else region_name(row["region_code"], words),
        name=material.figures.name(row["indicator"]),
        value=shown(row["value"], unit, words),
        low=shown(row["lowest"], unit, words),
        high=shown(row["highest"], unit, words),
    )


def _late_deliveries(material: Material) -> Iterable[Alert]:
    late = material.tonight.filter(pl.col("state_code") == "late")
    if late.is_empty():
        return
    yield Alert(
        "notice",
        material.words.count(
            "%(n)s delivery of the night came late",
            "%(n)s deliveries of the night came late",
            len(late),
        ),
        material.words.say("Counted all the same: %(feeds)s.", feeds=_feeds(late, material.words)),
    )


def _rows_set_aside(material: Material) -> Iterable[Alert]:
    feeds = (
        material.tonight.group_by("feed")
        .agg(rows=pl.col("rows_quarantined").sum())
        .filter(pl.col("rows") > 0)
        .sort(["rows", "feed"], descending=[True, False])
    )
    if feeds.is_empty():
        return
    words = material.words
    named = [f"{feed_name(feed, words)} ({words.whole(rows)})" for feed, rows in feeds.iter_rows()]
    yield Alert(
        "notice",
        words.count(
            "%(n)s row of the night set aside, in no figure",
            "%(n)s rows of the night set aside, in no figure",
            rows_in(material.tonight, "rows_quarantined"),
        ),
        words.say("By feed: %(feeds)s.", feeds="; ".join(named)),
    )


def _nothing_to_compare(material: Material) -> Iterable[Alert]:
    at = material.at(material.report.headlines[0])
    for compared in material.compared:
        if material.figures.value(at._replace(period=compared.period)) is None:
            yield Alert(
                "notice",
                material.words.say("Nothing to compare with"),
                material.words.say(
                    "There is no data for %(period)s.",
                    period=period_text(compared.period, material.words),
                ),
            )


def _days_off(material: Material) -> Iterable[Alert]:
    """A day that is compared with a Sunday looks better than it was."""
    days = [c.period for c in material.compared if c.period.kind is PeriodKind.DAY]
    off = [period for period in days if not is_working_day(period.end)]
    if off and is_working_day(material.period.end):
        yield Alert(
            "notice",
            material.words.say("Compared with a day off"),
            "; ".join(period_text(period, material.words) for period in off),
        )


def _corrected(material: Material) -> Iterable[Alert]:
    if material.revision > 1:
        yield Alert(
            "notice",
            material.words.say("Corrected edition"),
            material.words.say(
                "This is revision %(number)s; it replaces the earlier ones, which stay available.",
                number=str(material.revision),
            ),
        )


def _feeds(deliveries: pl.DataFrame, words: Wording) -> str:
    return "; ".join(feed_name(feed, words) for feed in deliveries["feed"].unique().sort())
