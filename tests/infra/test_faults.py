"""The object store is slow, full, away, or loses the line in a PUT: nothing half, nothing twice.

The real server behind a line on which things go wrong; what is true is read past that line.
"""

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from infra.doors.credentials import Credentials
from infra.doors.opening import Doorkeeper
from infra.intake import Intake
from infra.lake import Lake
from infra.ledger import DONE, Entry, Ledger
from infra.object_store import Connection, StoreFailed, StoreRefused
from tests.infra import test_publication
from tests.infra.bad_line import BadLine
from tests.infra.test_intake import CATALOGUE, MONDAY, PRICES, hand_over
from tests.infra.test_lake import FIRST, SECOND, holding, on, one, stored
from transforms.deliveries import deliveries_table

ROWS = "2025-08-18;BTC;117000\n"
TRIES = 5  # of one PUT, before it is given up
AWAY = "The object store failed while"


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch) -> None:
    """Before boto3 tries again it waits for up to some seconds."""
    pause = "botocore.retries.standard.ExponentialBackoff.delay_amount"
    monkeypatch.setattr(pause, lambda *_: 0)


@pytest.fixture
def line(connection) -> Iterator[BadLine]:
    with BadLine(connection.endpoint) as made:
        yield made


@pytest.fixture
def beyond(connection, line) -> Connection:
    """The same store, by that line."""
    return replace(connection, endpoint=line.endpoint)


def impatient(connection: Connection, bucket: str) -> Lake:
    """A lake that asks twice and not for a minute."""
    lake = Lake(connection, bucket)
    lake._options |= {"max_retries": "1"}
    return lake


@contextmanager
def full_disk(home) -> Iterator[None]:
    """The server's files may not grow."""
    note = json.loads((home / "object-store" / "server.json").read_text())
    _, most = resource.prlimit(note["pid"], resource.RLIMIT_FSIZE)
    sizes = [path.stat().st_size for path in (home / "object-store" / "data").rglob("*.dat")]
    resource.prlimit(note["pid"], resource.RLIMIT_FSIZE, (max(sizes), most))
    try:
        yield
    finally:
        resource.prlimit(note["pid"], resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("fault", ["cut", "lose the answer"])
@pytest.mark.parametrize("word", [".parquet", "_delta_log/00000000000000000002.json"])
@pytest.mark.parametrize("is_append_only", [False, True], ids=["replaced", "added to"])
def test_a_line_lost_once_in_a_commit_loses_and_doubles_no_row(
    line, beyond, connection, installation, fresh, fault, word, is_append_only
):
    table = replace(holding(fresh), is_append_only=is_append_only)
    lake = Lake(beyond, installation.lake_bucket)
    write(lake, table, 1)
    line.fail(fault, word)

    write(lake, table, 2)

    assert len(line.seen) >= 2
    found = stored(Lake(connection, installation.lake_bucket), table)
    assert sorted(found["held_tiyn"]) == ([1, 2] if is_append_only else [2])


@pytest.mark.parametrize("word", [".parquet", "_delta_log"])
def test_a_line_that_stays_lost_leaves_the_former_rows_and_says_so(
    line, beyond, connection, installation, fresh, word
):
    table, true = holding(fresh), Lake(connection, installation.lake_bucket)
    write(true, table, 1)
    line.fail("cut", word, times=99)

    with pytest.raises(StoreFailed, match=f"{AWAY} {table.name} was written"):
        write(impatient(beyond, installation.lake_bucket), table, 2)

    assert stored(true, table)["held_tiyn"].to_list() == [1]
    line.fail("nothing")
    write(Lake(beyond, installation.lake_bucket), table, 3)
    assert stored(true, table)["held_tiyn"].to_list() == [3]


def write(lake: Lake, table, amount: int) -> None:
    if table.is_append_only:
        lake.append(table, one(FIRST, amount))
    else:
        lake.replace(table, one(FIRST, amount), partitions=on(FIRST))


@pytest.mark.parametrize("fault", ["cut", "lose the answer"])
def test_an_object_written_for_good_is_written_once(line, beyond, store, fresh, fault):
    body = os.urandom(200_000)
    line.fail(fault, fresh)

    beyond.bucket(store.bucket).put_new(fresh, body, "x/y")

    assert store.get(fresh) == body
    assert len(line.seen) == 2


def test_of_a_put_that_never_comes_through_nothing_is_there(line, beyond, store, fresh, tmp_path):
    path = tmp_path / "big"
    path.write_bytes(os.urandom(3 << 20))
    line.fail("cut", fresh, times=99)

    with pytest.raises(StoreFailed, match="did not answer"):
        beyond.bucket(store.bucket).put_new_file(fresh, path, "x/y")

    assert not store.exists(fresh)


def test_a_slow_store_is_waited_for(line, beyond, store, fresh):
    line.seconds = 0.3

    beyond.bucket(store.bucket).put_new(fresh, b"late", "x/y")

    assert store.get(fresh) == b"late"


def test_a_store_that_hangs_up_on_everybody_is_told_as_away(line, beyond, store, fresh):
    line.is_refusing = True

    with pytest.raises(StoreFailed, match="did not answer"):
        beyond.bucket(store.bucket).get(fresh)


def test_a_store_that_refuses_us_is_told_as_that(connection, store, fresh):
    stranger = replace(connection, secret="another")

    with pytest.raises(StoreRefused, match="AQSHA_S3_SECRET"):
        stranger.bucket(store.bucket).put_new(fresh, b"a", "x/y")


def test_a_full_store_takes_nothing_half_says_so_and_goes_on_when_there_is_room(
    connection, store, installation, fresh
):
    body, true = os.urandom(1 << 20), impatient(connection, installation.lake_bucket)
    for n in range(3):
        store.put_new(f"{fresh}/{n}", body, "x/y")

    with full_disk(installation.home):
        with pytest.raises(StoreFailed, match=r"InternalError.*full"):
            for n in range(3, 40):  # until the volume has no room
                store.put_new(f"{fresh}/{n}", body, "x/y")

    assert all(store.get(key) == body for key in store.keys(f"{fresh}/"))
    store.put_new(f"{fresh}/again", body, "x/y")
    assert store.get(f"{fresh}/again") == body
    write(true, holding(fresh), 1)


@pytest.mark.parametrize(("fault", "times"), [("cut", TRIES), ("lose the answer", 1)])
def test_wherever_the_line_is_lost_readers_have_one_whole_edition(
    line, beyond, connection, fresh, tmp_path, fault, times
):
    lost = 0
    with test_publication.opened(connection, fresh, tmp_path) as true:
        house, last = test_publication.house_of(beyond, fresh, tmp_path), b"0"
        for first in range(1, 9):
            text = str(first)
            line.fail(fault, fresh, first=first, times=times)
            try:
                house.publish(text)
            except StoreFailed:
                lost += 1
                assert (true.read() or {"ru.html": b"0"})["ru.html"][:1] in (last, text.encode())
            line.fail("nothing")
            house.publish(text)
            last = true.read()["ru.html"][:1]
            assert last == text.encode()
        assert true.problems() == []
    assert lost == (8 if fault == "cut" else 0)


def test_a_delivery_whose_copy_broke_off_is_taken_by_the_next_visit_once(
    line, beyond, connection, fresh, tmp_path
):
    for bucket in ("lake", "deliveries"):
        connection.make_bucket(f"{bucket}-{fresh}")
    keeper = Doorkeeper(tmp_path / "outside", tmp_path / "in", Credentials(tmp_path / "secrets"))
    lake = Lake(beyond, f"lake-{fresh}")
    intake = Intake(lake, beyond.bucket(f"deliveries-{fresh}"), CATALOGUE, keeper)
    hand_over(tmp_path / "outside", ROWS)
    line.fail("cut", f"deliveries-{fresh}", times=TRIES)

    with pytest.raises(StoreFailed):
        intake.take(PRICES, MONDAY)
    first = Lake(connection, f"lake-{fresh}").read(deliveries_table(PRICES)).collect()
    line.fail("nothing")
    taken = [intake.take(PRICES, MONDAY).files for _ in range(2)]

    kept = Lake(connection, f"lake-{fresh}").read(deliveries_table(PRICES)).collect()
    assert first.is_empty()
    assert taken == [1, 0]
    assert kept["rows"].to_list() == [1]


def test_a_clock_set_back_hides_nothing_that_was_done_after(connection, fresh):
    connection.make_bucket(f"ledger-{fresh}")
    ledger = Ledger(connection.bucket(f"ledger-{fresh}"))
    ahead, back = datetime(2026, 11, 2, 3, tzinfo=UTC), datetime(2026, 11, 2, 2, tzinfo=UTC)

    ledger.settle(Entry(FIRST, "facts", "all", "old", DONE, "one", ahead))
    ledger.settle(Entry(FIRST, "facts", "all", "new", DONE, "another", back))

    assert ledger.last(FIRST, "facts", "all").fingerprint == "new"
    assert ledger.last(SECOND, "facts", "all") is None
