"""What is wrong right now: seen from outside of the orchestrator, which may be dead.

Nothing here imports Prefect. Deadlines come from the catalogue of sources, what was done from the
ledger, the lake and the locks.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from flows import nights, orchestrator
from infra.alarms import Alarm
from infra.catalogue import Owed
from infra.date_lock import held_locks
from infra.installation import Installation, installation
from infra.object_server import ServerError
from infra.object_store import StoreFailed
from infra.settings import Settings
from templates.reports import reports_due
from transforms.deliveries import COMPLETENESS, REFUSED, WHOLE, deliveries_table
from transforms.feeds import FEED_BY_NAME

_A_WEEK = timedelta(days=7)
_TIME_TO_START = timedelta(minutes=15)
_PATIENCE_S = 10.0


def alarms_of(settings: Settings, now: datetime) -> list[Alarm]:
    """All that stands at that moment, in order of code.

    Args:
        settings: of the installation that is watched.
        now: the moment, in UTC; deadlines are judged by it.
    """
    found = [*_disk(settings), *_orchestrator(settings, now)]
    try:
        found += _of_the_stores(installation(), now)
    except (ServerError, StoreFailed) as error:
        found.append(Alarm("OPS-10", "object store", str(error)))
    return sorted(found, key=lambda alarm: alarm.key)


def _of_the_stores(at: Installation, now: datetime) -> Iterator[Alarm]:
    yield from _locks(at, now)
    yield from _room(at)
    held = nights.held(at)
    if not held:
        return
    due = nights.last_night_due(at.settings, now)
    since = max(held[0], due - _A_WEEK)
    yield from _nights(at, since, due)
    yield from _deliveries(at, since, now)
    yield from _refused(at, since, held[-1])


def _nights(at: Installation, since: date, due: date) -> Iterator[Alarm]:
    missed = {night for night in nights.missed(at, due) if night >= since}
    for n in range((due - since).days + 1):
        night = since + n * nights.A_DAY
        attempts = at.ledger.entries(night, nights.NIGHT, "all")
        if night in missed and not attempts:
            yield Alarm("OPS-03", str(night), f"Nobody has held the night of {night}.")
        elif attempts and attempts[-1].outcome != "done":
            last = attempts[-1]
            said = "; ".join(last.details["failed"])
            yield Alarm("OPS-04", str(night), f"{last.run} failed: {said}")
        for report in reports_due(night):
            if night not in missed and at.ledger.last(night, "publish", report.id) is None:
                says = f"The report {report.id} to {night} was due and is not out."
                yield Alarm("OPS-05", f"{report.id} {night}", says)


def _deliveries(at: Installation, since: date, now: datetime) -> Iterator[Alarm]:
    for feed in at.catalogue.feeds:
        owed = [one for one in at.catalogue.owed(feed, since, now.date()) if one.due_at <= now]
        received = at.lake.read(deliveries_table(FEED_BY_NAME[feed]), since=since).collect()
        places = received.select("institution", "business_date", "state_code").rows()
        came = {(who, day) for who, day, _ in places}
        whole = {(who, day) for who, day, state in places if state == WHOLE}
        by_day: dict[date, list[Owed]] = defaultdict(list)
        for one in owed:
            if (one.institution, one.business_date) not in came:
                by_day[one.business_date].append(one)
        for day, missing in by_day.items():
            yield _overdue(at, feed, day, missing)
        for who, day in sorted(came - whole):
            reason = received.filter(institution=who, business_date=day)["reason"][-1]
            yield Alarm("OPS-02", f"{feed} {day} {who}", f"{reason}")


def _refused(at: Installation, since: date, night: date) -> Iterator[Alarm]:
    """Files that came whole and of which no row counts, as the last night held told."""
    told = at.lake.read(COMPLETENESS, partitions={"night": [night]}).collect()
    for row in told.sort("feed", "business_date", "institution").iter_rows(named=True):
        if row["state_code"] in REFUSED and row["business_date"] >= since:
            subject = f"{row['feed']} {row['business_date']} {row['institution']}"
            says = (
                f"Its {row['rows_delivered'] or 0} rows were set aside whole ({row['state_code']})."
            )
            yield Alarm("OPS-02", subject, says)


def _overdue(at: Installation, feed: str, day: date, missing: list[Owed]) -> Alarm:
    here = missing[0].due_at.astimezone(ZoneInfo(at.settings.timezone))
    who = ", ".join(one.institution for one in missing)
    says = f"Not there yet for {day}, due on {here:%d.%m.%Y at %H:%M}: {who}."
    return Alarm("OPS-01", f"{feed} {day}", says)


def _locks(at: Installation, now: datetime) -> Iterator[Alarm]:
    for lock in held_locks(at.ledger_store):
        if lock.is_void:
            says = f"{lock.owner} took it at {lock.taken_at:%d.%m.%Y %H:%M} UTC and is dead."
            yield Alarm("OPS-07", lock.subject, says)
        elif now - lock.taken_at > timedelta(hours=at.settings.stuck_hours):
            hours = (now - lock.taken_at) / timedelta(hours=1)
            yield Alarm("OPS-06", lock.subject, f"{lock.owner} has been at it for {hours:.1f} h.")


def _disk(settings: Settings) -> Iterator[Alarm]:
    settings.home.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(settings.home)
    if disk.used >= settings.full_share * disk.total:
        free = f"{disk.free / 1e9:.1f} GB of {disk.total / 1e9:.1f} GB are free"
        yield Alarm("OPS-08", str(settings.home), f"{free} where the home lies.")


def _room(at: Installation) -> Iterator[Alarm]:
    if at.settings.store_gb is None:
        return
    buckets = map(at.connection.bucket, at.settings.buckets)
    used = sum(found.bytes for bucket in buckets for found in bucket.listed()) / 1e9
    if used >= at.settings.full_share * at.settings.store_gb:
        says = f"{used:.1f} GB of {at.settings.store_gb:.1f} GB are used."
        yield Alarm("OPS-09", "all buckets", says)


def _orchestrator(settings: Settings, now: datetime) -> Iterator[Alarm]:
    """Whether Prefect answers, and whether its workers take up what waits."""
    api = orchestrator.address(settings)
    if api is None:
        return
    try:
        waiting = _waiting(api)
    except (httpx.HTTPError, ValueError) as error:
        says = f"{api} did not answer ({type(error).__name__}). Nothing starts by itself."
        yield Alarm("OPS-11", "Prefect", says)
        return
    for run in waiting:
        since = datetime.fromisoformat(run["expected_start_time"])
        if now - since > _TIME_TO_START:
            says = f"{run['name']} should have begun at {since:%d.%m.%Y %H:%M} UTC; "
            yield Alarm("OPS-12", run["id"], f"{says}it is {run['state_name']}.")


def _waiting(api: str) -> list[dict[str, Any]]:
    states = {"state": {"name": {"any_": ["Late", "Pending", "AwaitingConcurrencySlot"]}}}
    with httpx.Client(timeout=_PATIENCE_S) as http:
        http.get(f"{api}/ready").raise_for_status()
        found = http.post(f"{api}/flow_runs/filter", json={"flow_runs": states, "limit": 50})
    return list(found.raise_for_status().json())
