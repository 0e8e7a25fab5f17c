"""Facts of arrests → their lives, breaks between registers, what left before, wallets of cases.

Tables that have no night of their own are made as of the latest day that orders were delivered
for, so that an earlier night computed again does not take them back.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from prefect import task
from prefect.futures import PrefectFuture

from flows.carried import carried, carried_on, made_whole
from flows.compute import Computed
from flows.derived import (
    OF_BREAKS,
    OF_LIVES,
    OF_PRICES,
    REGISTERS_OF_BREAKS,
    REGISTERS_OF_LIVES,
    REGISTERS_OF_ORDERS,
    accepted,
    breaks_of,
    left_of_orders,
    left_on_days,
    lives_of,
    wallets_of,
)
from flows.open_terms import open_terms_of
from flows.progress import tell
from flows.steps import PERSISTED, after, alone, done
from flows.told import told_of
from infra.changes import NEVER
from infra.code_version import code_version
from infra.installation import Installation, installation
from infra.ledger import fingerprint
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.arrests.clock import TERMS, terms
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.arrests.measures import MEASURES
from transforms.arrests.open_terms import REGISTERS as OF_TERMS
from transforms.arrests.outflows import (
    ARREST_OUTFLOWS,
    ORDER_OUTFLOWS,
    booked_on_days,
    days_waited,
)
from transforms.arrests.parameters import numbers_of_arrests
from transforms.arrests.touched import Turn, lives_renewed
from transforms.arrests.touched_breaks import breaks_renewed
from transforms.arrests.touched_outflows import may_wait_since, order_outflows_renewed
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.droppers.booking_days import days_booked
from transforms.feeds import FEED_BY_NAME

_EVENTS = FEED_BY_NAME["measure_events"]


def arrests(
    taken: Mapping[str, PrefectFuture[Any]],
    fact: Mapping[str, PrefectFuture[Computed]],
    business_date: date,
) -> list[PrefectFuture[Computed]]:
    """The steps of the night that hold arrests against orders, cases, money and prices."""

    def of(*feeds: str) -> list[PrefectFuture[Any]]:
        return [taken[feed] for feed in feeds if feed in taken]

    cards, accounts, wallets, holds = (
        fact[table.name] for table in (CARD_ARRESTS, ACCOUNT_ARRESTS, WALLET_FREEZES, PAYMENT_HOLDS)
    )
    of_measures = [*(fact[table.name] for table in OF_LIVES), *of(_EVENTS.name)]
    lived = after(of_measures, lives, business_date)
    return [
        lived,
        after([lived, *of(*OF_BREAKS)], breaks, business_date),
        after([accounts, *of("card_transactions")], left_before, business_date),
        after([wallets, *of(*OF_PRICES)], wallets_of_cases, business_date),
        after([cards, holds, lived], clock, business_date),
    ]


@task(name="measures", task_run_name="measures {business_date}", **PERSISTED)
@alone("measures")
def lives(business_date: date) -> Computed:
    """Orders, answers and decisions → what became of each arrest, card to property.

    Only arrests that changed rows or the days since touch are looked at again.
    """
    at, numbers = installation(), numbers_of_arrests()
    since = carried(at, MEASURES, REGISTERS_OF_LIVES, _latest(at, business_date))
    if since.is_settled:
        return Computed(MEASURES.name, 0, at.lake.version(MEASURES))
    if since.was is None:
        return made_whole(at, since, lives_of(at.lake, since.night))
    registers, kept = since.registers(at), at.lake.read(MEASURES)
    turn = Turn.after(since.was, since.night)
    told = told_of(at, since.now, numbers, is_kept=True)
    renewed = lives_renewed(
        kept, since.changed, registers, told_of=told, turn=turn, numbers=numbers
    )
    return carried_on(at, since, renewed)


@task(name="arrest breaks", task_run_name="arrest breaks {business_date}", **PERSISTED)
@alone("arrest_breaks")
def breaks(business_date: date) -> Computed:
    """Orders, answers and cases → where they contradict each other, and who has to act.

    Only orders and cases that changed rows or the days since touch are looked at again.
    """
    at, numbers = installation(), numbers_of_arrests()
    since = carried(at, ARREST_BREAKS, REGISTERS_OF_BREAKS, _latest(at, business_date))
    if since.is_settled:
        return Computed(ARREST_BREAKS.name, 0, at.lake.version(ARREST_BREAKS))
    if since.was is None:
        return made_whole(at, since, breaks_of(at.lake, since.night))
    registers, kept = since.registers(at), at.lake.read(ARREST_BREAKS)
    turn = Turn.after(since.was, since.night)
    told = told_of(at, since.now, numbers)
    renewed = breaks_renewed(
        kept, since.changed, registers, told_of=told, turn=turn, numbers=numbers
    )
    return carried_on(at, since, renewed)


@task(name="arrest outflows", task_run_name="arrest outflows {business_date}", **PERSISTED)
@alone("arrest_outflows")
def left_before(business_date: date) -> Computed:
    """Ordered accounts and transactions → what left between order and arrest.

    Only days that changed transactions were booked on, or that changed orders waited on, are
    looked at again.
    """
    at, name, numbers = installation(), ARREST_OUTFLOWS.name, numbers_of_arrests()
    night, booked = _latest(at, business_date), FEED_BY_NAME["card_transactions"].accepted_table
    tables = {"card_transactions": booked, "account_arrests": ACCOUNT_ARRESTS}
    before, now = at.changes.before(name), at.changes.now(tables)
    changed = {
        which: rows
        for which, table in tables.items()
        if (rows := at.changes.rows(table, before.get(which, NEVER), now[which])) is not None
    }
    days = set[date]()
    if (rows := changed.get("card_transactions")) is not None:
        days |= {
            *days_booked({"card_transactions": rows}).collect(engine="streaming")["business_date"]
        }
    if (rows := changed.get("account_arrests")) is not None:
        waited = days_waited(rows, night, parameters=numbers.parameters)
        days |= {*waited.collect()["business_date"]}
    if days:
        tell(name, "compute", f"{len(days)} days")
        looked_at = sorted(days)
        told = told_of(at, {}, numbers)
        accounts = may_wait_since(
            looked_at[0], at.lake.read(ACCOUNT_ARRESTS), told, parameters=numbers.parameters
        )
        left = left_on_days(booked_on_days(at.lake.read(booked), looked_at), accounts, night)
        at.lake.replace(ARREST_OUTFLOWS, left, partitions={"business_date": looked_at})
    at.changes.remember(name, now)
    version = _left_of_orders(at, night)
    tell(name, "computed", f"{len(days)} days")
    return Computed(name, len(days), version)


def _left_of_orders(at: Installation, night: date) -> int | None:
    """Only accounts that waited since, or of which something changed, are counted again."""
    since, numbers = carried(at, ORDER_OUTFLOWS, REGISTERS_OF_ORDERS, night), numbers_of_arrests()
    if since.is_settled:
        return at.lake.version(ORDER_OUTFLOWS)
    if since.was is None:
        return made_whole(at, since, left_of_orders(at.lake, night)).version
    renewed = order_outflows_renewed(
        at.lake.read(ORDER_OUTFLOWS),
        since.changed,
        **since.registers(at),
        told_of=told_of(at, since.now, numbers),
        turn=Turn.after(since.was, night),
        parameters=numbers.parameters,
    )
    return carried_on(at, since, renewed).version


@task(name="case wallets", task_run_name="case wallets {business_date}", **PERSISTED)
def wallets_of_cases(business_date: date) -> Computed:
    """Frozen wallets and prices → what the wallets of each case were and are worth."""
    at, name, night = installation(), CASE_WALLETS.name, {"business_date": [business_date]}
    tables = [*accepted(*OF_PRICES).values(), WALLET_FREEZES]
    inputs = fingerprint(code_version(), at.lake.versions(tables))
    if at.ledger.is_last(business_date, "case_wallets", "all", inputs):
        return Computed(name, 0, at.lake.version(CASE_WALLETS))
    of_cases = wallets_of(at.lake, business_date)
    version = at.lake.replace(CASE_WALLETS, of_cases, partitions=night)
    at.ledger.settle(done(business_date, "case_wallets", "all", inputs, version=version))
    tell(name, "computed", f"{business_date}")
    return Computed(name, 1, version)


@task(name="clock", task_run_name="clock {business_date}", **PERSISTED)
@alone("clock")
def clock(business_date: date) -> Computed:
    """Holds, orders and arrests → whose term ends soon, or is over and nobody told of an end."""
    at, name, night = installation(), TERMS.name, {"business_date": [business_date]}
    inputs = fingerprint(code_version(), at.lake.versions(OF_TERMS.values()))
    if at.ledger.is_last(business_date, "clock", "all", inputs):
        return Computed(name, 0, at.lake.version(TERMS))
    running = terms(open_terms_of(at, business_date), business_date)
    version = at.lake.replace(TERMS, running, partitions=night)
    at.ledger.settle(done(business_date, "clock", "all", inputs, version=version))
    tell(name, "computed", f"{business_date}")
    return Computed(name, 1, version)


def _latest(at: Installation, business_date: date) -> date:
    orders = FEED_BY_NAME["card_arrest_orders"].accepted_table
    return max([business_date, *at.lake.partition_digests(orders)])
