"""The nightly steps that carry lives of arrests and breaks on, over a real object store."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

from flows import arrests
from flows.derived import breaks_of, left_of_orders, lives_of
from tests.transforms.drawings import rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS
from transforms.arrests.clock import TERMS, terms
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.arrests.measures import MEASURES
from transforms.arrests.open_terms import OPEN_TERMS, open_terms
from transforms.arrests.open_terms import REGISTERS as OF_TERMS
from transforms.arrests.outflows import ORDER_OUTFLOWS
from transforms.arrests.parameters import numbers_of_arrests
from transforms.arrests.told import REGISTERS, TOLD, told
from transforms.feeds import FEED_BY_NAME
from transforms.verification import differing

FIRST, SECOND, THIRD = (date(2026, 3, day) for day in (2, 3, 4))
TRANSACTIONS = FEED_BY_NAME["card_transactions"].accepted_table
EVENTS = FEED_BY_NAME["measure_events"].accepted_table
TWO_CARS = """
business_date | measure_id | case_no | stage_code | asset_code | asset_id | arrested_on | term_on    | region_code | value_tiyn | currency_code
---------------------------------------------------------------------------------------------------------------------------------------------
2026-03-02    | 1          | 100     | arrested   | vehicle    | A        | 2026-03-02  | 2026-03-03 | 75          | 5          | KZT
2026-03-01    | 2          | 100     | arrested   | vehicle    | B        | 2026-03-01  | -          | 75          | 7          | KZT
"""


def night(at: SimpleNamespace, day: date) -> tuple[int, int]:
    """How many dates of lives and of breaks a night replaced."""
    return arrests.lives.fn(day).dates, arrests.breaks.fn(day).dates


def assert_as_made_whole(at: SimpleNamespace, day: date) -> None:
    for table, whole in ((MEASURES, lives_of), (ARREST_BREAKS, breaks_of)):
        assert differing(table, at.lake.read(table), whole(at.lake, day)).collect().is_empty()


def assert_told_of_all(at: SimpleNamespace) -> None:
    registers = {name: at.lake.read(table) for name, table in REGISTERS.items()}
    kept, whole = at.lake.read(TOLD), told(registers, numbers_of_arrests())
    assert whole.collect().height
    assert differing(TOLD, kept, whole).collect().is_empty()


def test_a_night_replaces_the_days_of_arrests_that_it_touches_and_no_others(at):
    days = [FIRST - timedelta(days=1), FIRST]
    # As earlier code left it: not divided by days.
    at.lake.replace(replace(MEASURES, partitioned_by=()), rows_of(MEASURES), partitions={})
    at.lake.replace(
        ASSET_ARRESTS, rows_of(ASSET_ARRESTS, TWO_CARS), partitions={"business_date": days}
    )
    assert night(at, FIRST) == (2, 2)
    assert [*at.lake.partition_digests(MEASURES)] == days
    assert night(at, FIRST) == (0, 0)
    assert night(at, SECOND) == (0, 0)

    lifted = f"""
    business_date | event_id | measure_id | asset_code | event_code | happened_on
    -----------------------------------------------------------------------------
    {THIRD}       | 1        | 2          | vehicle    | lifted     | {THIRD}
    {THIRD}       | 2        | 9          | vehicle    | lifted     | {THIRD}
    """
    of_third = {"business_date": [THIRD]}
    at.lake.replace(EVENTS, rows_of(EVENTS, lifted), partitions=of_third)
    # The first car's term is over, the second is freed; nobody knows of the ninth.
    assert night(at, THIRD) == (2, 1)
    assert_as_made_whole(at, THIRD)
    assert_told_of_all(at)
    at.lake.replace(EVENTS, rows_of(EVENTS), partitions=of_third)
    assert night(at, THIRD) == (1, 1)
    assert_told_of_all(at)
    assert night(at, SECOND) == (2, 2)  # an earlier night: all of it is made anew


def test_what_left_of_an_order_is_counted_on_until_its_wait_ends(at):
    waiting = f"""
    business_date | order_id | account_iban | bank_bic | region_code | case_no | ordered_on | settled_at
    -----------------------------------------------------------------------------------------------------
    {FIRST}       | 1        | KZ1          | X        | 75          | 100     | {FIRST}    | {FIRST}T09:00:00Z
    {FIRST}       | 2        | KZ2          | X        | 75          | 100     | {FIRST}    | -
    """
    at.lake.replace(
        ACCOUNT_ARRESTS, rows_of(ACCOUNT_ARRESTS, waiting), partitions={"business_date": [FIRST]}
    )
    for day in (FIRST, SECOND):
        debit = f"""
        business_date | institution | transaction_id | account_iban | direction_code | currency_code | amount_minor | booked_at
        --------------------------------------------------------------------------------------------------------------------------
        {day}         | X           | {day}          | KZ2          | debit          | KZT           | 5            | {day}T08:00:00Z
        """
        told = {"business_date": [day]}
        at.lake.replace(TRANSACTIONS, rows_of(TRANSACTIONS, debit), partitions=told)
        arrests.left_before.fn(day)
        whole = left_of_orders(at.lake, day)
        assert differing(ORDER_OUTFLOWS, at.lake.read(ORDER_OUTFLOWS), whole).collect().is_empty()
    assert whole.collect()["left_tiyn"].to_list() == [0, 10]


def hold(at: SimpleNamespace, told_on: date, number: int, ended_on: date | str = "-") -> None:
    drawing = f"""
    business_date | hold_id  | bank_bic | region_code | blocked_on | due_on  | ended_on
    -----------------------------------------------------------------------------------
    {told_on}     | {number} | X        | 75          | {FIRST}    | {THIRD} | {ended_on}
    """
    of_day = {"business_date": [told_on]}
    at.lake.replace(PAYMENT_HOLDS, rows_of(PAYMENT_HOLDS, drawing), partitions=of_day)


def days_read(at: SimpleNamespace, monkeypatch, day: date) -> list[date]:
    """Of which days a night's clock reads holds; its terms are those that all rows give."""
    read, days = at.lake.read, []

    def noted(table, **of):
        if table == PAYMENT_HOLDS:
            days.extend(of["partitions"]["business_date"])
        return read(table, **of)

    with monkeypatch.context() as patch:
        patch.setattr(at.lake, "read", noted)
        arrests.clock.fn(day)
    whole = {name: at.lake.read(table) for name, table in OF_TERMS.items()}
    kept = at.lake.read(TERMS, partitions={"business_date": [day]})
    assert differing(TERMS, kept, terms(open_terms(whole, day), day)).collect().is_empty()
    return days


def test_the_clock_reads_what_changed_and_is_what_all_rows_give(at, monkeypatch):
    hold(at, FIRST, 1)
    hold(at, SECOND, 2)
    assert days_read(at, monkeypatch, SECOND) == [FIRST, SECOND]
    assert days_read(at, monkeypatch, SECOND) == []  # settled

    hold(at, THIRD, 3, ended_on=THIRD)
    assert days_read(at, monkeypatch, THIRD) == [THIRD]
    hold(at, SECOND, 2, ended_on=THIRD)
    assert days_read(at, monkeypatch, THIRD) == [SECOND]
    assert at.lake.read(TERMS).collect().height == 3

    # What has ended since is open again on an earlier night: there all rows are looked at.
    assert days_read(at, monkeypatch, SECOND) == [FIRST, SECOND, THIRD]
    assert at.lake.read(OPEN_TERMS).collect().height == 3

    hold(at, FIRST, 1, ended_on=SECOND)
    at.changes.remember(OPEN_TERMS.name, {})  # lost
    assert days_read(at, monkeypatch, THIRD) == [FIRST, SECOND, THIRD]
    assert at.lake.read(OPEN_TERMS).collect().is_empty()
