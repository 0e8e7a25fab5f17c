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


def test_nights_move_on_and_a_late_row_brings_its_day_anew(at):
    for day in DAYS[:3]:
        deliver(at, day, ("A", day, 100), ("B", day, 7))

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

    deliver(at, DAYS[3], ("A", DAYS[3], 100), ("A", DAYS[1], 5_000))
    assert night(at, DAYS[3]) == [2, 1]
    assert way(at, DAYS[3]) == "from all days"
    assert_frame_equal(found(at, DAYS[3]), at_once(at, DAYS[3]))
    assert found(at, DAYS[3])["transfers_in_tiyn_7d"].to_list() == [5_400, 21]
