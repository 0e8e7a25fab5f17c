"""`aqsha metrics`: how the last night went, for Prometheus. Counts and times, no personal data."""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from flows import nights
from infra.installation import Installation, installation
from infra.ledger import DONE
from templates.reports import reports_due
from transforms.deliveries import COMPLETENESS
from transforms.night_counts import deliveries_by_state, rows_by_feed

_WEEK = 7


class OfInstallation(Collector):
    """Reads the ledger and the lake anew whenever somebody asks."""

    def __init__(self, at: Installation) -> None:
        self._at = at

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        """Metrics as of now; before the first night only how many nights are behind."""
        yield from families(self._at, datetime.now(UTC))


def families(at: Installation, now: datetime) -> Iterator[Metric]:
    """What stands at that moment, UTC."""
    held = nights.held(at)
    due = nights.last_night_due(at.settings, now)
    behind = sum(night not in held for night in _days(held[0], due)) if held else 0
    yield GaugeMetricFamily("aqsha_nights_missed", "Nights due since the first, not held.", behind)
    if not held:
        return
    last = held[-1]
    midnight = datetime.combine(last + nights.A_DAY, datetime.min.time())
    ended = midnight.replace(tzinfo=ZoneInfo(at.settings.timezone))
    yield GaugeMetricFamily(
        "aqsha_lag_seconds",
        "Since the end of the last business date held.",
        (now - ended).total_seconds(),
    )
    yield from _feeds(at, last)
    yield _durations(at, last)
    yield _editions(at, [night for night in held if night > due - timedelta(days=_WEEK)], now)


def _feeds(at: Installation, night: date) -> Iterator[Metric]:
    """Rows of the business date of the last night, and what states its deliveries are in."""
    told = at.lake.read(COMPLETENESS, partitions={"night": [night]})
    rows = GaugeMetricFamily(
        "aqsha_rows", "Rows of the last night's date.", labels=["feed", "outcome"]
    )
    share = GaugeMetricFamily(
        "aqsha_quarantine_share", "Rows set aside, of those delivered.", labels=["feed"]
    )
    for feed, *found in rows_by_feed(told, night).collect().rows():
        for outcome, count in zip(("delivered", "accepted", "set_aside"), found, strict=True):
            rows.add_metric([feed, outcome], count)
        if found[0]:
            share.add_metric([feed], found[2] / found[0])
    states = GaugeMetricFamily(
        "aqsha_deliveries", "Deliveries for the last night's date.", labels=["feed", "state"]
    )
    for feed, state, count in deliveries_by_state(told, night).collect().rows():
        states.add_metric([feed, state], count)
    yield from (rows, share, states)


def _durations(at: Installation, night: date) -> Metric:
    """How long each step of the last night took that the ledger knows, the longest of a name."""
    found = GaugeMetricFamily("aqsha_step_seconds", "Of the last night.", labels=["step"])
    took: dict[str, float] = {}
    for entry in at.ledger.entries(night):
        if entry.outcome == DONE and entry.seconds is not None:
            took[entry.step] = max(entry.seconds, took.get(entry.step, 0.0))
    for step, seconds in sorted(took.items()):
        found.add_metric([step], seconds)
    return found


def _editions(at: Installation, held: list[date], now: datetime) -> Metric:
    """Of a week: a revision does not make late what first came out in time."""
    counts = {"in_time": 0, "late": 0, "not_out": 0}
    for night in held:
        due = datetime.combine(night + nights.A_DAY, at.settings.report_due)
        deadline = due.replace(tzinfo=ZoneInfo(at.settings.timezone))
        for report in reports_due(night):
            entries = at.ledger.entries(night, "publish", report.id)
            out = [e.at for e in entries if e.outcome == DONE and e.subject == report.id]
            if out:
                counts["in_time" if min(out) <= deadline else "late"] += 1
            elif now > deadline:
                counts["not_out"] += 1
    found = GaugeMetricFamily("aqsha_editions", "Due in the last week.", labels=["state"])
    for state, count in counts.items():
        found.add_metric([state], count)
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def metrics(
    listen: Annotated[
        int | None, typer.Option("--listen", help="Serve them on this port until stopped.")
    ] = None,
    host: Annotated[str, typer.Option("--host", help="With --listen: on which address.")] = (
        "127.0.0.1"
    ),
) -> None:
    """How the last night went, as Prometheus reads it: rows, durations, lag, editions.

    It needs no Prefect, and holds no personal data.
    """
    registry = CollectorRegistry()
    registry.register(OfInstallation(installation()))
    if listen is None:
        sys.stdout.write(generate_latest(registry).decode())
        return
    start_http_server(listen, host, registry)
    Event().wait()
