"""The nightly steps that follow the money, over a real object store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import SimpleNamespace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from flows import trails
from infra.catalogue import Catalogue
from infra.changes import Changes
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from tests.transforms.drawings import rows_of
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import p2p_orders
from transforms.feeds.card_transactions import FEED
from transforms.trail.seeds import SEEDS
from transforms.trail.trails import HOLDINGS, STEPS

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(3)]


@pytest.fixture(scope="module")
def connection(tmp_path_factory) -> Iterator[Connection]:
    chosen = Settings(_env_file=None, home=tmp_path_factory.mktemp("trails"))
    with object_server(chosen) as address:
        yield Connection.of(chosen, address)


def installed(connection: Connection, monkeypatch, bucket: str) -> SimpleNamespace:
    connection.make_bucket(bucket)
    store, lake = connection.bucket(bucket), Lake(connection, bucket)
    here = SimpleNamespace(
        lake=lake, ledger=Ledger(store), changes=Changes(lake, store), catalogue=Catalogue(())
    )
    monkeypatch.setattr(trails, "installation", lambda: here)
    return here


def deliver(
    at: SimpleNamespace, day: date, *moves: tuple[str, str, int], since: time = time(1)
) -> None:
    """Accepted transfers of one day: payer, payee, amount; an hour apart."""
    first = datetime.combine(day, since, UTC)
    schema = FEED.accepted_table.schema
    drawn = [
        {
            "business_date": day,
            "institution": "BANK",
            "transaction_id": f"{day}-{n}",
            "booked_at": first + timedelta(hours=n),
            "account_iban": payer,
            "holder_iin": "850101300123",
            "direction_code": "debit",
            "amount_minor": amount,
            "currency_code": "KZT",
            "operation_code": "transfer",
            "counterparty_iban": payee,
            "region_code": "75",
        }
        for n, (payer, payee, amount) in enumerate(moves)
    ]
    rows = pl.DataFrame(drawn, schema=schema).lazy()
    at.lake.replace(FEED.accepted_table, rows, partitions={"business_date": [day]})


def order(at: SimpleNamespace, day: date, completed_at: datetime, seller: str) -> None:
    """An accepted P2P order that the payer of `deliver` pays to an account of the seller."""
    table = p2p_orders.FEED.accepted_table
    drawn = {
        "business_date": day,
        "institution": "EXCH",
        "p2p_order_id": "9",
        "completed_at": completed_at,
        "maker_iin": "S",
        "taker_iin": "850101300123",
        "side_code": "buy",
        "status_code": "completed",
        "asset_code": "USDT",
        "quantity": Decimal(1),
        "currency_code": "KZT",
        "amount_minor": BIG,
        "pay_account_iban": seller,
    }
    rows = pl.DataFrame([drawn], schema=table.schema).lazy()
    at.lake.replace(table, rows, partitions={"business_date": [day]})


def sow(
    at: SimpleNamespace, case_no: str, named: str, decided: date, *, kind: str = "account"
) -> None:
    seed = {
        "business_date": decided,
        "case_no": case_no,
        "kind": kind,
        "id": named,
        "from_at": datetime(2026, 3, 1, tzinfo=UTC),
        "reason": "shop",
        "set_by": "investigator",
    }
    at.lake.append(SEEDS, pl.DataFrame([seed], schema=SEEDS.schema).lazy())


def night(at: SimpleNamespace, day: date) -> tuple[int, int]:
    """How many days of transfers were told, and how many days were followed."""
    return trails.movements.fn(day).dates, trails.trails.fn(day).dates


def carried(at: SimpleNamespace) -> list[tuple[str, str, int]]:
    steps = at.lake.read(STEPS).filter(pl.col("rule_code") == "haircut").sort("case_no", "at")
    return steps.select("case_no", "to_id", "tainted_tiyn").collect().rows()


A, B, C, D = (f"KZ{n}" for n in "ABCD")
BIG = 1_000_000


def test_a_night_follows_its_own_day_only_and_again_nothing(connection, monkeypatch):
    at = installed(connection, monkeypatch, "own-day")
    sow(at, "1", A, MONDAY)
    deliver(at, DAYS[0], (A, B, BIG))
    first = night(at, DAYS[0])
    deliver(at, DAYS[1], (B, C, BIG // 2))
    second = night(at, DAYS[1])

    assert (first, second) == ((1, 1), (1, 1))
    assert carried(at) == [("1", B, BIG), ("1", C, BIG // 2)]
    assert night(at, DAYS[1]) == (0, 0)


def test_a_new_seed_replays_its_case_and_leaves_the_others_steps(connection, monkeypatch):
    at = installed(connection, monkeypatch, "new-seed")
    sow(at, "1", A, MONDAY)
    deliver(at, DAYS[0], (A, B, BIG), (C, D, BIG))
    night(at, DAYS[0])
    sow(at, "2", C, DAYS[1])
    deliver(at, DAYS[1], (B, D, BIG), (D, A, BIG))

    assert night(at, DAYS[1]) == (1, 2)
    assert carried(at) == [
        ("1", B, BIG),
        ("1", D, BIG),
        ("1", A, BIG),
        ("2", D, BIG),
        ("2", A, BIG // 2),
    ]


def test_transfers_of_an_earlier_day_that_come_late_replay_all_to_the_same(connection, monkeypatch):
    late = installed(connection, monkeypatch, "late")
    sow(late, "1", A, MONDAY)
    deliver(late, DAYS[0], (A, B, BIG))
    night(late, DAYS[0])
    deliver(late, DAYS[1], (B, D, BIG))
    deliver(late, DAYS[0], (A, B, BIG), (B, C, BIG))
    night(late, DAYS[1])
    in_time = installed(connection, monkeypatch, "in-time")
    sow(in_time, "1", A, MONDAY)
    deliver(in_time, DAYS[0], (A, B, BIG), (B, C, BIG))
    deliver(in_time, DAYS[1], (B, D, BIG))
    night(in_time, DAYS[1])

    assert carried(late) == carried(in_time) == [("1", B, BIG), ("1", C, BIG)]
    of_night = {"night": [DAYS[1]]}
    both = [at.lake.read(HOLDINGS, partitions=of_night) for at in (late, in_time)]
    assert_frame_equal(*(rows.sort(HOLDINGS.key) for rows in both))


def test_a_payment_of_the_evening_is_tied_to_its_order_of_the_night(connection, monkeypatch):
    evening = time(18, 50)  # ten minutes before midnight in Almaty
    at_night = datetime(2026, 3, 2, 19, 5, tzinfo=UTC)
    told = {}
    for bucket in ("night-by-night", "at-once"):
        at = installed(connection, monkeypatch, bucket)
        sow(at, "1", A, MONDAY)
        deliver(at, DAYS[0], (A, D, BIG), since=evening)
        if bucket == "night-by-night":
            assert night(at, DAYS[0]) == (1, 1)
            assert carried(at) == [("1", D, BIG)]
        deliver(at, DAYS[1], (D, B, BIG))
        order(at, DAYS[1], at_night, seller=D)
        night(at, DAYS[1])
        assert carried(at) == [("1", "EXCH/850101300123", BIG)]
        assert night(at, DAYS[1]) == (0, 0)
        told[bucket] = at.lake.read(HOLDINGS).filter(pl.col("night") == DAYS[1]).collect()
        deliver(at, DAYS[2], (D, A, BIG))
        assert night(at, DAYS[2]) == (1, 1)

    assert_frame_equal(*told.values(), check_row_order=False)


def test_a_person_whose_account_rests_is_followed_further(connection, monkeypatch):
    at = installed(connection, monkeypatch, "rests")
    sow(at, "1", "850101300123", MONDAY, kind="person")
    later = MONDAY + timedelta(days=91)
    for day, account in ((MONDAY, A), (later, D)):
        people = f"night | account_iban | holder_iin\n-\n{day} | {account} | 850101300123"
        at.lake.replace(
            ACCOUNT_WINDOWS, rows_of(ACCOUNT_WINDOWS, people), partitions={"night": [day]}
        )
        cards = f"night | account_iban | link_code | other\n-\n{day} | {account} | card | t"
        at.lake.replace(LINK_WINDOWS, rows_of(LINK_WINDOWS, cards), partitions={"night": [day]})
    deliver(at, MONDAY, (A, B, BIG))
    night(at, MONDAY)
    deliver(at, later, (B, C, BIG // 2), (D, C, BIG))
    night(at, later)

    assert carried(at) == [("1", B, BIG), ("1", C, BIG // 2), ("1", C, BIG)]

    # A year on no window tells whose these are any more.
    for table in (ACCOUNT_WINDOWS, LINK_WINDOWS):
        for day in (MONDAY, later):
            at.lake.replace(table, rows_of(table), partitions={"night": [day]})
    last = MONDAY + timedelta(days=400)
    deliver(at, last, (D, B, BIG // 4))
    night(at, last)

    assert carried(at) == [("1", B, BIG), ("1", C, BIG // 2), ("1", C, BIG), ("1", B, BIG // 4)]
