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
from flows.droppers import repeated
from flows.progress import tell
from flows.sown import case_seeds, note_accounts, windows_covering
from flows.steps import PERSISTED, after, alone, done
from infra.changes import NEVER
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from infra.shards import kept, parted
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.droppers.booking_days import booked_on, booked_within
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEED_BY_NAME
from transforms.shards import place_of_pair
from transforms.trail.bank_legs import rows_once, told_by_banks
from transforms.trail.booked_days import RATES, TRANSFER_FEEDS, days_to_tell
from transforms.trail.crossing import CROSSINGS, crossings_of, days_beside, days_to_tie
from transforms.trail.nights import Night, night_of_trails, steps_of_dates
from transforms.trail.parameters import limits, ties
from transforms.trail.seeds import SEEDS
from transforms.trail.trails import HOLDINGS, STEPS, Told
from transforms.trail.transfers import TRANSFERS, transfers

_FEEDS = (*TRANSFER_FEEDS, *RATES)
_LABELS = FEED_BY_NAME["wallet_labels"].accepted_table
_BY_PAIR = place_of_pair("account_iban", "counterparty_iban")
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
@alone("transfers")
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
    days = days_to_tell(changed, known).collect(engine="streaming")["business_date"].to_list()
    accepted = {feed: at.lake.read(table) for feed, table in tables.items()}
    rates = {feed: accepted[feed] for feed in RATES}
    for day in days:
        booked = {feed: booked_on(accepted[feed], feed, day) for feed in TRANSFER_FEEDS}
        _tell_day(at, day, rates, **booked)
        tell(name, "compute", f"{day}")
    for day in days_to_tie(days, known):
        _tie(at, day, accepted["p2p_orders"])
    at.changes.remember(name, now)
    tell(name, "computed", f"{len(days)} days")
    return Computed(name, len(days), at.lake.version(TRANSFERS))


def _tell_day(
    at: Installation, day: date, rates: Mapping[str, Any], card_transactions: Any, **others: Any
) -> None:
    """Transfers of a day; what banks tell is paired a shard of the pairs of accounts at a time."""
    twice = repeated(card_transactions)
    with (
        parted(rows_once(card_transactions, twice), _BY_PAIR) as parts,
        kept(told_by_banks(part, twice.clear()) for part in parts) as told,
    ):
        moved = transfers(told.whole, **others, **rates)
        at.lake.replace(TRANSFERS, moved, partitions={"business_date": [day]})


def _tie(at: Installation, day: date, p2p_orders: Any) -> None:
    """Crossings of one day, written only where they differ: nights rest on what is written."""
    beside, of_day = days_beside(day), {"business_date": [day]}
    moved = at.lake.read(TRANSFERS, partitions={"business_date": beside})
    orders = booked_within(p2p_orders, "p2p_orders", beside[0], beside[-1])
    found = crossings_of(day, moved, orders, ties=ties()).collect()
    if not found.equals(at.lake.read(CROSSINGS, partitions=of_day).collect()):
        at.lake.replace(CROSSINGS, found.lazy(), partitions=of_day)


@task(name="trails", task_run_name="trails {business_date}", **PERSISTED)
@alone("trails")
def trails(business_date: date) -> Computed:
    """Transfers → steps and holdings of cases as of the night.

    An order of the first hours may be tied to a payment of the evening before: then the eve is
    told again first, from the night before it.
    """
    at, name, night = installation(), HOLDINGS.name, business_date
    days = sorted(d for d in at.lake.partition_digests(TRANSFERS) if d <= night)
    note_accounts(at, night)
    if not days or at.ledger.is_last(night, "trails", "all", _inputs(at, night)):
        return Computed(name, 0, at.lake.version(HOLDINGS))
    base, again = _nights_to_tell(at, night)
    followed = set[date]()
    for one in again:
        followed |= _follow(at, base, one, days)
        base = one
    tell(name, "computed", f"{len(followed)} days")
    return Computed(name, len(followed), at.lake.version(HOLDINGS))


def _follow(at: Installation, base: date | None, night: date, days: Sequence[date]) -> set[date]:
    """Take the trails from one night to another; the days of which steps were written."""
    inputs = _inputs(at, night)
    since = base + timedelta(days=1) if base else days[0]
    found = _followed(at, base, earliest=days[0], since=since, night=night)
    touched = [day for day in days if found.first <= day <= night]
    if touched:
        stood = at.lake.read(STEPS, partitions={"business_date": touched})
        steps = steps_of_dates(found, stood, since=since)
        at.lake.replace(STEPS, steps, partitions={"business_date": touched})
    version = at.lake.replace(HOLDINGS, found.holdings, partitions={"night": [night]})
    at.ledger.settle(done(night, "trails_below", "all", _below(at, night)))
    at.ledger.settle(done(night, "trails", "all", inputs, version=version))
    return set(touched)


def _followed(
    at: Installation, eve: date | None, *, earliest: date, since: date, night: date
) -> Night:
    return night_of_trails(
        Told(at.lake.read(TRANSFERS), at.lake.read(CROSSINGS), at.lake.read(_LABELS)),
        case_seeds(at, night),
        at.lake.read(HOLDINGS, partitions={"night": [eve]}) if eve else None,
        limits=limits(),
        ties=ties(),
        earliest=earliest,
        since=since,
        night=night,
    )


def _inputs(at: Installation, night: date) -> str:
    """What the trails of a night rest on."""
    covering = windows_covering(at, night)
    windows = {
        t.name: [at.lake.partition_digests(t).get(n) for n in covering]
        for t in (LINK_WINDOWS, ACCOUNT_WINDOWS)
    }
    versions = at.lake.versions([SEEDS, ACCOUNT_ARRESTS, _LABELS])
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


def _nights_to_tell(at: Installation, night: date) -> tuple[date | None, list[date]]:
    """The night to go on from, whose transfers still stand (none: from the start), and those
    to be told from there: this one, and before it the eve where only the eve has changed.
    """
    told = [n for n in at.lake.partition_digests(HOLDINGS) if n < night]
    before, eve = [None, None, *sorted(told)][-2:]
    if eve is None or _stands(at, eve):
        return eve, [night]
    return (before, [eve, night]) if before and _stands(at, before) else (None, [night])


def _stands(at: Installation, night: date) -> bool:
    """The trails of a night were made of the very transfers that there are now."""
    return at.ledger.is_last(night, "trails_below", "all", _below(at, night))
