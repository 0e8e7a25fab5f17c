"""Accepted rows → what accounts did each day → their windows as of the night.

A night computes the days whose rows changed, and moves the windows of the night before on by a
day. Where an earlier day changed, the windows are made anew from the days of the longest.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from prefect import task
from prefect.futures import PrefectFuture

from flows.compute import Computed
from flows.progress import tell
from flows.steps import PERSISTED, after, alone, done
from infra.changes import NEVER
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.lake import Partitions
from infra.ledger import fingerprint
from infra.shards import gathered, kept, parted, shards_of
from transforms.arrests.measures import MEASURES
from transforms.droppers.activity import (
    ACCOUNT_DAYS,
    ACCOUNT_LINKS,
    account_days,
    account_links,
    crypto_bought,
    crypto_orders,
    taken_in_turn,
)
from transforms.droppers.booking_days import ACTIVITY_FEEDS, booked_on, days_booked
from transforms.droppers.contacts import (
    CONTACTS,
    contact_news,
    contacts_as_told,
    contacts_of_active,
)
from transforms.droppers.movements import (
    digests,
    first_told,
    place_of_digest,
    said_once,
    told_twice_of,
)
from transforms.droppers.neighbours import known_accounts
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.window_figures import (
    Summed,
    account_figures,
    summed,
    summed_after,
    ties,
)
from transforms.droppers.window_sums import first_day, moving_days, of_the_eve
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEED_BY_NAME
from transforms.retention import whole_since

A_DAY = timedelta(days=1)
_MOST_ROWS = 1_000_000  # of windows, which are wide
_MOST_DIGESTS = 8_000_000  # of 64 bits
_HOLDERS = FEED_BY_NAME["account_holders"]


def droppers(
    taken: Mapping[str, PrefectFuture[Any]],
    arrests: PrefectFuture[Computed],
    business_date: date,
) -> list[PrefectFuture[Computed]]:
    """The steps of the night that look for droppers; alerts come after the windows."""
    days = after([taken[f] for f in ACTIVITY_FEEDS if f in taken], activity, business_date)
    told = after([taken[f] for f in (_HOLDERS.name,) if f in taken], contacts, business_date)
    over_days = after([days, arrests, told], windows, business_date)
    return [days, told, over_days]


@task(name="account days", task_run_name="account days {business_date}", **PERSISTED)
@alone("account_days")
def activity(business_date: date) -> Computed:  # noqa: ARG001
    """Accepted rows → what accounts did on each day on which changed rows were booked."""
    at, name = installation(), ACCOUNT_DAYS.name
    tables = {feed: FEED_BY_NAME[feed].accepted_table for feed in ACTIVITY_FEEDS}
    before, now = at.changes.before(name), at.changes.now(tables)
    changed = {
        feed: rows
        for feed, table in tables.items()
        if (rows := at.changes.rows(table, before.get(feed, NEVER), now[feed])) is not None
    }
    days = days_booked(changed).collect(engine="streaming")["business_date"].to_list()
    for day in days:
        booked = {feed: booked_on(at.lake.read(table), feed, day) for feed, table in tables.items()}
        _write_day(at, day, **booked)
        tell(name, "compute", f"{day}")
    at.changes.remember(name, now)
    tell(name, "computed", f"{len(days)} days")
    return Computed(name, len(days), at.lake.version(ACCOUNT_DAYS))


def _write_day(at: Installation, day: date, card_transactions: Any, p2p_orders: Any) -> None:
    """Figures and links of a day, a shard of the accounts at a time."""
    partition = {"business_date": [day]}
    shards = shards_of(card_transactions)
    # Looked for once, not for each of the many figures of a day.
    twice = repeated(card_transactions)
    first = first_told(card_transactions, twice).collect(engine="streaming").lazy()
    given = {"parameters": parameters_of_activity(), "twice": twice.clear()}
    with kept(
        said_once(shard.rows(card_transactions), twice, shard.rows(first)) for shard in shards
    ) as once:
        orders = crypto_orders(p2p_orders).collect().lazy()
        bought = crypto_bought(once.whole, orders, twice=given["twice"])
        bought = bought.collect(engine="streaming").lazy()
        turns = taken_in_turn(once.whole, **given).collect(engine="streaming").lazy()
        parts = [*zip(shards, once.parts, strict=True)]
        days = [
            account_days(rows, p2p_orders, bought=bought, within=shard.rows, **given)
            for shard, rows in parts
        ]
        links = [account_links(rows, turns=shard.rows(turns), **given) for shard, rows in parts]
        at.lake.replace(ACCOUNT_DAYS, days, partitions=partition)
        at.lake.replace(ACCOUNT_LINKS, links, partitions=partition)


def repeated(card_transactions: Any) -> Any:
    """`told_twice` of rows of any number, of which the digests of a part are in memory."""
    with parted(digests(card_transactions), place_of_digest(), most_rows=_MOST_DIGESTS) as parts:
        return gathered(told_twice_of(part) for part in parts)


@task(name="account contacts", task_run_name="account contacts {business_date}", **PERSISTED)
@alone("account_contacts")
def contacts(business_date: date) -> Computed:  # noqa: ARG001
    """Accepted rows of holders → what each date said that was new, from the first that changed."""
    at, name, told = installation(), CONTACTS.name, _HOLDERS.accepted_table
    now = at.changes.now({_HOLDERS.name: told})
    changed = now[_HOLDERS.name].changed_since(at.changes.before(name).get(_HOLDERS.name, NEVER))
    dates = at.lake.partition_digests(told).keys() | set(changed)
    days = sorted(day for day in dates if changed and day >= min(changed))
    for day in days:
        rows = at.lake.read(told, partitions={"business_date": [day]})
        before = at.lake.read(CONTACTS, until=day - A_DAY)
        news, of_day = contact_news(rows, before), {"business_date": [day]}
        at.lake.replace(CONTACTS, news, partitions=of_day, in_order=True)
        tell(name, "compute", f"{day}")
    at.changes.remember(name, now)
    tell(name, "computed", f"{len(days)} days")
    return Computed(name, len(days), at.lake.version(CONTACTS))


@task(name="account windows", task_run_name="account windows {business_date}", **PERSISTED)
def windows(business_date: date) -> Computed:
    """Days of accounts → their windows as of the night, moved on from those of the night before."""
    at, name = installation(), ACCOUNT_WINDOWS.name
    below = _days_below(at, business_date)
    inputs = fingerprint(below, at.lake.versions([MEASURES, CONTACTS]))
    since, eve = whole_since(ACCOUNT_WINDOWS, _nights(at)), business_date - A_DAY
    is_known = at.ledger.is_last(business_date, "account_windows", "all", inputs)
    if is_known and business_date >= since:
        return Computed(name, 0, at.lake.version(ACCOUNT_WINDOWS))
    is_moved_on = eve >= since and _are_at_hand(at, eve)
    version = _write_windows(at, business_date, is_moved_on=is_moved_on)
    how = "moved on by a day" if is_moved_on else "from all days"
    at.ledger.settle(done(business_date, "account_sums", "all", below, way=how))
    at.ledger.settle(done(business_date, "account_windows", "all", inputs, version=version))
    tell(name, "computed", how)
    return Computed(name, 1, version)


def _nights(at: Installation) -> Iterable[date]:
    return at.lake.partition_digests(ACCOUNT_WINDOWS)


def _write_windows(at: Installation, night: date, *, is_moved_on: bool) -> int:
    """A shard of the accounts at a time, but for what ties them to each other."""
    of_night: Partitions = {"night": [night]}
    parameters = parameters_of_activity()
    parts = (_moved_on if is_moved_on else _from_all_days)(at, night, parameters)
    with (
        kept(part.sums.accounts for part in parts) as sums,
        kept(part.sums.links for part in parts) as links,
        kept(_reached(parts, sums.parts)) as active,
    ):
        at.lake.replace(LINK_WINDOWS, links.parts, partitions=of_night)
        tied = ties(
            sums.whole,
            links.whole,
            active.whole,
            night=night,
            known=known_accounts(at.lake.read(MEASURES), sums.whole, links.whole, night),
            parameters=parameters,
        )
        figures = [
            account_figures(*of_shard, night=night, ties=tied, parameters=parameters)
            for of_shard in zip(sums.parts, links.parts, active.parts, strict=True)
        ]
        return at.lake.replace(ACCOUNT_WINDOWS, figures, partitions=of_night)


class _Part(NamedTuple):
    """A shard of the accounts: their sums, and their contacts."""

    sums: Summed
    contacts: Any


def _reached(parts: Iterable[_Part], sums: Iterable[Any]) -> Iterator[Any]:
    for part, accounts in zip(parts, sums, strict=True):
        yield contacts_of_active(contacts_as_told(part.contacts), accounts)


def _moved_on(at: Installation, night: date, parameters: Any) -> list[_Part]:
    eve, moving = {"night": [night - A_DAY]}, {"business_date": moving_days(night)}
    accounts = of_the_eve(at.lake.read(ACCOUNT_WINDOWS, partitions=eve))
    pairs = at.lake.read(LINK_WINDOWS, partitions=eve)
    days, links = (
        at.lake.read(table, partitions=moving) for table in (ACCOUNT_DAYS, ACCOUNT_LINKS)
    )
    told = at.lake.read(CONTACTS, until=night)
    return [
        _Part(
            summed_after(
                Summed(shard.rows(accounts), shard.rows(pairs)),
                shard.rows(days),
                shard.rows(links),
                night,
                parameters,
            ),
            shard.rows(told),
        )
        for shard in shards_of(accounts, pairs, days, links, told, most_rows=_MOST_ROWS)
    ]


def _from_all_days(at: Installation, night: date, parameters: Any) -> list[_Part]:
    links, days = (
        at.lake.read(table, since=first_day(night), until=night)
        for table in (ACCOUNT_LINKS, ACCOUNT_DAYS)
    )
    told = at.lake.read(CONTACTS, until=night)
    return [
        _Part(summed(shard.rows(days), shard.rows(links), night, parameters), shard.rows(told))
        for shard in shards_of(links, days, told, most_rows=_MOST_ROWS)
    ]


def _days_below(at: Installation, night: date) -> str:
    """What the sums of a night rest on: the days of the longest window, and the code."""
    below = {
        table.name: {
            str(day): digest
            for day, digest in at.lake.partition_digests(table).items()
            if first_day(night) <= day <= night
        }
        for table in (ACCOUNT_DAYS, ACCOUNT_LINKS)
    }
    return fingerprint(code_version(), below)


def _are_at_hand(at: Installation, night: date) -> bool:
    """The windows of a night were made of the very days that there are now."""
    return at.ledger.is_last(night, "account_sums", "all", _days_below(at, night))
