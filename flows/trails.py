"""Accepted rows → transfers of the days that changed → trails of cases, a night further.

A night follows known trails through its own transfers only. It replays a case whose seeds
changed, and all of them where transfers of earlier days did.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from prefect import task
from prefect.futures import PrefectFuture

from flows.compute import Computed
from flows.progress import tell
from flows.sown import case_seeds
from flows.steps import PERSISTED, after, done
from infra.changes import NEVER
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from transforms.arrests.cards import CARD_ARRESTS
from transforms.droppers.booking_days import booked_on
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEED_BY_NAME
from transforms.trail.booked_days import RATES, TRANSFER_FEEDS, days_to_tell
from transforms.trail.crossing import CROSSINGS, crossings
from transforms.trail.nights import Night, night_of_trails, steps_of_dates
from transforms.trail.parameters import limits, ties
from transforms.trail.seeds import SEEDS
from transforms.trail.trails import HOLDINGS, STEPS, Told
from transforms.trail.transfers import TRANSFERS, transfers

_FEEDS = (*TRANSFER_FEEDS, *RATES)
_LABELS = FEED_BY_NAME["wallet_labels"].accepted_table
_BELOW = (TRANSFERS, CROSSINGS)


def trails_of_cases(
    taken: Mapping[str, PrefectFuture[Any]],
    windows: Sequence[PrefectFuture[Computed]],
    arrests: PrefectFuture[Computed],
    business_date: date,
) -> list[PrefectFuture[Computed]]:
    """The steps of the night that follow the money."""
    moved = after([taken[f] for f in _FEEDS if f in taken], movements, business_date)
    labels = [taken[f] for f in ("wallet_labels",) if f in taken]
    followed = after([moved, *windows, arrests, *labels], trails, business_date)
    return [moved, followed]


@task(name="transfers", task_run_name="transfers {business_date}", **PERSISTED)
def movements(business_date: date) -> Computed:  # noqa: ARG001
    """Accepted rows → transfers and crossings of each day on which changed rows were booked."""
    at, name = installation(), TRANSFERS.name
    tables = {feed: FEED_BY_NAME[feed].accepted_table for feed in _FEEDS}
    before, now = at.changes.before(name), at.changes.now(tables)
    changed = {
        feed: rows
        for feed, table in tables.items()
        if (rows := at.changes.rows(table, before.get(feed, NEVER), now[feed])) is not None
    }
    known = list(at.lake.partition_digests(TRANSFERS))
    days = days_to_tell(changed, known).collect()["business_date"].to_list()
    accepted = {feed: at.lake.read(table) for feed, table in tables.items()}
    rates = {feed: accepted[feed] for feed in RATES}
    for day in days:
        booked = {feed: booked_on(accepted[feed], feed, day) for feed in TRANSFER_FEEDS}
        partition = {"business_date": [day]}
        at.lake.replace(TRANSFERS, transfers(**booked, **rates), partitions=partition)
        moved = at.lake.read(TRANSFERS, partitions=partition)
        tied = crossings(moved, booked["p2p_orders"], ties=ties())
        at.lake.replace(CROSSINGS, tied, partitions=partition)
        tell(name, "compute", f"{day}")
    at.changes.remember(name, now)
    tell(name, "computed", f"{len(days)} days")
    return Computed(name, len(days), at.lake.version(TRANSFERS))


@task(name="trails", task_run_name="trails {business_date}", **PERSISTED)
def trails(business_date: date) -> Computed:
    """Transfers → steps and holdings of cases as of the night."""
    at, name, night = installation(), HOLDINGS.name, business_date
    days = sorted(d for d in at.lake.partition_digests(TRANSFERS) if d <= night)
    inputs = _inputs(at, night)
    if not days or at.ledger.is_last(night, "trails", "all", inputs):
        return Computed(name, 0, at.lake.version(HOLDINGS))
    eve = _last_at_hand(at, night)
    since = eve + timedelta(days=1) if eve else days[0]
    found = _followed(at, eve, earliest=days[0], since=since, night=night)
    touched = [day for day in days if day >= found.first]
    if touched:
        stood = at.lake.read(STEPS, partitions={"business_date": touched})
        steps = steps_of_dates(found, stood, since=since)
        at.lake.replace(STEPS, steps, partitions={"business_date": touched})
    version = at.lake.replace(HOLDINGS, found.holdings, partitions={"night": [night]})
    at.ledger.settle(done(night, "trails_below", "all", _below(at, night)))
    at.ledger.settle(done(night, "trails", "all", inputs, version=version))
    tell(name, "computed", f"{len(touched)} days, {len(found.replayed)} cases replayed")
    return Computed(name, len(touched), version)


def _followed(
    at: Installation, eve: date | None, *, earliest: date, since: date, night: date
) -> Night:
    return night_of_trails(
        Told(at.lake.read(TRANSFERS), at.lake.read(CROSSINGS), at.lake.read(_LABELS)),
        case_seeds(at.lake, night, windows_of=night),
        at.lake.read(HOLDINGS, partitions={"night": [eve]}) if eve else None,
        limits=limits(),
        ties=ties(),
        earliest=earliest,
        since=since,
        night=night,
    )


def _inputs(at: Installation, night: date) -> str:
    """What the trails of a night rest on."""
    windows = {
        t.name: at.lake.partition_digests(t).get(night) for t in (LINK_WINDOWS, ACCOUNT_WINDOWS)
    }
    versions = at.lake.versions([SEEDS, CARD_ARRESTS, _LABELS])
    return fingerprint(_below(at, night), windows, versions)


def _below(at: Installation, night: date) -> str:
    """The transfers up to a night, and the code that follows them."""
    days = {
        table.name: {
            str(day): digest
            for day, digest in at.lake.partition_digests(table).items()
            if day <= night
        }
        for table in _BELOW
    }
    return fingerprint(code_version(), days)


def _last_at_hand(at: Installation, night: date) -> date | None:
    """The last night before whose trails were made of the very transfers that there are now."""
    nights = [n for n in at.lake.partition_digests(HOLDINGS) if n < night]
    last = max(nights, default=None)
    is_so = last and at.ledger.is_last(last, "trails_below", "all", _below(at, last))
    return last if is_so else None
