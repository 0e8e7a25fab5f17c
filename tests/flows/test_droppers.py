"""The nightly steps that look for droppers, over a real object store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows import droppers
from infra.changes import Changes
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from transforms.droppers.activity import ACCOUNT_DAYS, ACCOUNT_LINKS
from transforms.droppers.contacts import CONTACTS
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.window_figures import windows_from_days
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEED_BY_NAME
from transforms.feeds.card_transactions import FEED

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(4)]
NOBODY = pl.LazyFrame(schema={"account_iban": pl.String})


@pytest.fixture(scope="module")
def connection(tmp_path_factory) -> Iterator[Connection]:
    chosen = Settings(_env_file=None, home=tmp_path_factory.mktemp("droppers"))
    with object_server(chosen) as address:
        yield Connection.of(chosen, address)


@pytest.fixture
def at(connection, monkeypatch, tmp_path) -> SimpleNamespace:
    chosen = Settings(_env_file=None, home=tmp_path)
    lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
    here = SimpleNamespace(lake=lake, ledger=Ledger(store), changes=Changes(lake, store))
    monkeypatch.setattr(droppers, "installation", lambda: here)
    return here


def deliver(at: SimpleNamespace, business_date: date, *rows: tuple[str, date, int]) -> None:
    """Accepted transfers of one business date: account, day of booking, amount."""
    schema = FEED.accepted_table.schema
    drawn = [
        {
            "business_date": business_date,
            "institution": "BANK",
            "transaction_id": f"{business_date}-{n}",
            "booked_at": datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
            "account_iban": account,
            "holder_iin": "850101300123",
            "direction_code": "credit",
            "amount_minor": amount,
            "currency_code": "KZT",
            "operation_code": "transfer",
            "counterparty_iban": "P",
            "region_code": "75",
        }
        for n, (account, day, amount) in enumerate(rows)
    ]
    at.lake.replace(
        FEED.accepted_table,
        pl.DataFrame(drawn, schema=schema).lazy(),
        partitions={"business_date": [business_date]},
    )


def night(at: SimpleNamespace, day: date) -> list[int]:
    """How many days, and how many nights, were computed."""
    return [droppers.activity.fn(day).dates, droppers.windows.fn(day).dates]


def way(at: SimpleNamespace, day: date) -> str:
    entries = [e for e in at.ledger.entries(day) if e.step == "account_sums"]
    return str(entries[-1].details["way"])


def at_once(at: SimpleNamespace, day: date) -> pl.DataFrame:
    days, links = (at.lake.read(table) for table in (ACCOUNT_DAYS, ACCOUNT_LINKS))
    return windows_from_days(
        days,
        links,
        day,
        known=NOBODY,
        contacts=pl.LazyFrame(schema=CONTACTS.schema),
        parameters=parameters_of_activity(),
    ).collect()


def found(at: SimpleNamespace, day: date) -> pl.DataFrame:
    kept = at.lake.read(ACCOUNT_WINDOWS, partitions={"night": [day]})
    return kept.sort("account_iban").collect()


def test_nights_move_on_a_shard_at_a_time_and_a_late_row_brings_its_day_anew(at, monkeypatch):
    monkeypatch.setattr(droppers, "_MOST_ROWS", 1)
    for day in DAYS[:3]:
        deliver(at, day, ("KZ10A", day, 100), ("KZ60B", day, 7))

        assert night(at, day) == [1, 1]
        assert_frame_equal(found(at, day), at_once(at, day))
    assert [way(at, day) for day in DAYS[:3]] == [
        "from all days",
        "moved on by a day",
        "moved on by a day",
    ]

    versions = at.lake.versions([ACCOUNT_DAYS, ACCOUNT_LINKS, ACCOUNT_WINDOWS, LINK_WINDOWS])
    assert night(at, DAYS[2]) == [0, 0]
    assert (
        at.lake.versions([ACCOUNT_DAYS, ACCOUNT_LINKS, ACCOUNT_WINDOWS, LINK_WINDOWS]) == versions
    )

    deliver(at, DAYS[3], ("KZ10A", DAYS[3], 100), ("KZ10A", DAYS[1], 5_000))
    assert night(at, DAYS[3]) == [2, 1]
    assert way(at, DAYS[3]) == "from all days"
    assert_frame_equal(found(at, DAYS[3]), at_once(at, DAYS[3]))
    assert found(at, DAYS[3])["transfers_in_tiyn_7d"].to_list() == [5_400, 21]


def tell_holder(at: SimpleNamespace, business_date: date, phone: str) -> None:
    """A bank's reference of one account, as of a business date."""
    table = FEED_BY_NAME["account_holders"].accepted_table
    row = {
        "business_date": business_date,
        "institution": "BANK",
        "account_id": "A",
        "holder_iin": "850101300123",
        "role_code": "owner",
        "phone": phone,
    }
    rows = pl.LazyFrame([row], schema=table.schema)
    at.lake.replace(table, rows, partitions={"business_date": [business_date]})


def test_a_reference_told_each_night_is_kept_once_and_a_late_date_mends_those_after_it(at):
    for day, phone in zip(DAYS[:3], ("+7701", "+7701", "+7702"), strict=True):
        tell_holder(at, day, phone)
        assert droppers.contacts.fn(day).dates == 1

    def news() -> list[tuple[date, str]]:
        kept = at.lake.read(CONTACTS).sort("business_date").collect()
        return list(kept.select("business_date", "phone").iter_rows())

    assert news() == [(DAYS[0], "+7701"), (DAYS[2], "+7702")]
    version = at.lake.version(CONTACTS)
    assert droppers.contacts.fn(DAYS[2]).dates == 0
    assert at.lake.version(CONTACTS) == version

    tell_holder(at, DAYS[0], "+7709")
    assert droppers.contacts.fn(DAYS[2]).dates == 3
    assert news() == [(DAYS[0], "+7709"), (DAYS[1], "+7701"), (DAYS[2], "+7702")]
