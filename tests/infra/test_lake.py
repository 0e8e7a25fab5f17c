"""Tables in the lake: partitions are replaced whole, in one commit, and read as written."""

import multiprocessing
import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from infra.lake import Lake, NoSuchVersion, PartitionError
from infra.object_store import Connection
from tests.tables import table as drawn
from transforms.contracts import Column, ContractError, Table

FIRST, SECOND, THIRD = (date(2026, 11, day) for day in (1, 2, 3))


@pytest.fixture
def lake(connection, installation) -> Lake:
    return Lake(connection, installation.lake_bucket)


@pytest.fixture
def held(fresh) -> Table:
    return holding(fresh)


def holding(name: str) -> Table:
    return Table(
        name=f"facts.held_{name}",
        grain="one bank and day",
        key=("business_date", "bank"),
        columns=(
            Column("business_date", pl.Date(), "Day."),
            Column("bank", pl.String(), "Bank."),
            Column("held_tiyn", pl.Int64(), "Held.", unit="tiyn"),
        ),
    )


def rows(drawing: str) -> pl.LazyFrame:
    schema = {"business_date": pl.Date, "bank": pl.String, "held_tiyn": pl.Int64}
    return drawn(drawing, schema)


def one(day: date, held_tiyn: int, bank: str = "a") -> pl.LazyFrame:
    return rows(
        f"""
        business_date | bank   | held_tiyn
        ----------------------------------
        {day}         | {bank} | {held_tiyn}
        """
    )


def stored(lake: Lake, table: Table, **choice) -> pl.DataFrame:
    return lake.read(table, **choice).sort("business_date", "bank").collect()


def test_a_table_that_was_never_written_has_no_rows_and_no_version(lake, held):
    found = lake.read(held).collect()

    assert found.is_empty()
    assert found.schema == held.schema
    assert lake.versions([held]) == {held.name: None}


def test_exactly_the_named_partitions_are_replaced(lake, held):
    before = """
        business_date | bank | held_tiyn
        --------------------------------
        2026-11-01    | a    | 1
        2026-11-02    | a    | 2
        2026-11-02    | b    | 3
        2026-11-03    | a    | 4
        """
    lake.replace(held, rows(before), partitions={"business_date": [FIRST, SECOND, THIRD]})

    lake.replace(held, one(SECOND, 20), partitions={"business_date": [SECOND, THIRD]})

    expected = rows(
        """
        business_date | bank | held_tiyn
        --------------------------------
        2026-11-01    | a    | 1
        2026-11-02    | a    | 20
        """
    )
    assert_frame_equal(stored(lake, held), expected.collect())


def test_each_replacement_is_one_version_and_earlier_ones_stay_readable(lake, held):
    versions = [lake.replace(held, one(FIRST, n), partitions=on(FIRST)) for n in range(25)]

    assert versions == list(range(versions[0], versions[0] + 25))
    assert lake.version(held) == versions[-1]
    for n in (0, 18, 24):  # before and after the log was condensed
        assert stored(lake, held, version=versions[n])["held_tiyn"].to_list() == [n]


def test_a_plan_stays_what_it_was_and_the_next_sees_what_another_wrote(
    lake, held, connection, installation
):
    another = Lake(connection, installation.lake_bucket)
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))
    before = lake.read(held)

    another.replace(held, one(FIRST, 2), partitions=on(FIRST))
    after = lake.read(held)
    lake.replace(held, one(FIRST, 3), partitions=on(FIRST))

    told = [rows.collect()["held_tiyn"].to_list() for rows in (before, after, another.read(held))]
    assert told == [[1], [2], [3]]


def test_no_rows_clear_a_partition(lake, held):
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))

    lake.replace(held, one(FIRST, 1).head(0), partitions=on(FIRST))

    assert stored(lake, held).is_empty()


def test_rows_outside_the_named_partitions_are_refused_without_showing_them(lake, held):
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))

    with pytest.raises(PartitionError) as refused:
        lake.replace(held, one(SECOND, 987654321), partitions=on(FIRST))

    assert "rows lie outside business_date ['2026-11-01']; nothing was" in str(refused.value)
    assert "987654321" not in str(refused.value)
    assert lake.version(held) == 1
    assert stored(lake, held)["held_tiyn"].to_list() == [1]


@pytest.mark.parametrize("is_append_only", [False, True])
def test_a_column_that_may_be_null_is_added_to_a_table_that_lies_there(lake, held, is_append_only):
    held = replace(held, is_append_only=is_append_only)
    day, bank, held_tiyn = held.columns
    orders = Column("orders", pl.Int64(), "Orders.", nullable=True)
    wider = replace(held, columns=(day, orders, bank, held_tiyn))

    def write(table: Table, rows: pl.LazyFrame, on_day: date) -> int:
        if is_append_only:
            return lake.append(table, rows)
        return lake.replace(table, rows, partitions=on(on_day))

    before = write(held, one(FIRST, 1), FIRST)
    as_it_was = stored(lake, wider)
    write(
        wider, one(SECOND, 2).with_columns(orders=pl.lit(7, pl.Int64)).select(*wider.schema), SECOND
    )

    assert as_it_was.rows() == [(FIRST, None, "a", 1)]
    assert stored(lake, wider).sort("business_date").rows() == [
        (FIRST, None, "a", 1),
        (SECOND, 7, "a", 2),
    ]
    assert lake.read(wider, version=before).collect().rows() == [(FIRST, None, "a", 1)]


@pytest.mark.parametrize(
    ("partitions", "sentence"),
    [
        ({}, "none of its partitions was named"),
        ({"bank": ["a"]}, "is not divided by bank but by business_date"),
        ({"business_date": []}, "needs one date or more"),
        ({"business_date": ["2026-11-01"]}, "needs one date or more"),
    ],
)
def test_partitions_must_be_named_as_the_table_is_divided(lake, held, partitions, sentence):
    with pytest.raises(PartitionError, match=sentence):
        lake.replace(held, one(FIRST, 1), partitions=partitions)

    assert lake.version(held) is None


def test_rows_that_break_the_contract_are_refused(lake, held):
    with pytest.raises(ContractError, match="missing held_tiyn: Int64"):
        lake.replace(held, one(FIRST, 1).drop("held_tiyn"), partitions=on(FIRST))

    assert lake.version(held) is None


def test_a_table_stored_under_another_contract_is_neither_read_nor_replaced(lake, held):
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))
    wider = replace(held, columns=(*held.columns, Column("orders", pl.Int64(), "Orders.")))

    with pytest.raises(ContractError, match="missing orders: Int64"):
        lake.read(wider)
    with pytest.raises(ContractError, match="missing orders: Int64"):
        lake.replace(
            wider, one(FIRST, 2).with_columns(orders=pl.lit(0, pl.Int64)), partitions=on(FIRST)
        )

    assert stored(lake, held)["held_tiyn"].to_list() == [1]


def test_days_and_partitions_are_chosen(lake, held):
    for day in (FIRST, SECOND, THIRD):
        lake.replace(held, one(day, day.day), partitions=on(day))

    def days(**choice) -> list[int]:
        return stored(lake, held, **choice)["held_tiyn"].to_list()

    assert days(since=SECOND) == [2, 3]
    assert days(until=SECOND) == [1, 2]
    assert days(since=SECOND, until=SECOND) == [2]
    assert days(partitions={"business_date": [FIRST, THIRD]}) == [1, 3]


def test_partitions_that_are_not_chosen_are_not_opened(lake, held, connection, installation):
    for day in (FIRST, SECOND):
        lake.replace(held, one(day, day.day), partitions=on(day))
    bucket = connection.bucket(installation.lake_bucket)
    for key in list(bucket.keys(f"{held.name.replace('.', '/')}/business_date=2026-11-01/")):
        bucket.delete(key)

    assert stored(lake, held, since=SECOND)["held_tiyn"].to_list() == [2]
    assert stored(lake, held, partitions=on(SECOND))["held_tiyn"].to_list() == [2]
    with pytest.raises(FileNotFoundError):
        stored(lake, held)


def test_a_version_that_does_not_exist_is_refused(lake, held):
    with pytest.raises(NoSuchVersion, match=r"has no version 7, its latest is none\."):
        lake.read(held, version=7)
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))

    with pytest.raises(NoSuchVersion, match=r"has no version 7, its latest is 1\."):
        lake.read(held, version=7)


def test_a_digest_changes_with_its_day_only(lake, held):
    for day in (FIRST, SECOND):
        lake.replace(held, one(day, 1), partitions=on(day))
    before = lake.partition_digests(held)

    lake.replace(held, one(SECOND, 2), partitions=on(SECOND))

    after = lake.partition_digests(held)
    assert after.keys() == before.keys() == {FIRST, SECOND}
    assert after[FIRST] == before[FIRST]
    assert after[SECOND] != before[SECOND]


def test_a_table_without_partitions_is_replaced_whole(lake, held):
    whole = replace(held, partitioned_by=())

    for n in (1, 2):
        lake.replace(whole, one(FIRST, n), partitions={})

    assert stored(lake, whole)["held_tiyn"].to_list() == [2]


def test_every_type_comes_back_exactly(lake, fresh):
    kinds = {
        "business_date": pl.Date(),
        "is_held": pl.Boolean(),
        "quantity": pl.Decimal(38, 18),
        "rules": pl.List(pl.String),
        "held_at": pl.Datetime("us", "UTC"),
        "held_tiyn": pl.Int64(),
        "share": pl.Float64(),
        "name": pl.String(),
    }
    columns = tuple(Column(name, kind, "As named.", nullable=True) for name, kind in kinds.items())
    every = Table(f"facts.every_{fresh}", "one", ("held_tiyn",), columns)
    instant = datetime(2026, 11, 1, 1, 30, 0, 123457, tzinfo=UTC)
    longest = Decimal("12345678901234567890.123456789012345678")
    frame = pl.LazyFrame(
        [
            (FIRST, True, longest, ["BCA-01", None, "ҚЗ"], instant, 2**63 - 1, 0.1, "Әлия | «\n»"),
            (FIRST, None, -longest, [], instant, -(2**63), float("inf"), ""),
            (FIRST, False, None, None, None, None, None, None),
        ],
        schema=every.schema,
        orient="row",
    )

    lake.replace(every, frame, partitions=on(FIRST))

    assert_frame_equal(lake.read(every).collect(), frame.collect(), check_row_order=False)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@hypothesis(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(word=WORDS, other=WORDS)
def test_any_text_names_a_partition(lake, word, other):
    by_bank = replace(holding("by_bank"), partitioned_by=("business_date", "bank"))
    both = pl.LazyFrame(
        {"business_date": [FIRST] * 2, "bank": [word, other], "held_tiyn": [1, 1]},
        schema=by_bank.schema,
    ).unique()
    lake.replace(by_bank, both, partitions=on(FIRST))

    mine = both.filter(pl.col("bank") == word).with_columns(held_tiyn=pl.lit(2, pl.Int64))
    lake.replace(by_bank, mine, partitions={"business_date": [FIRST], "bank": [word]})

    found = dict(lake.read(by_bank).select("bank", "held_tiyn").collect().iter_rows())
    assert found == {other: 1, word: 2}
    chosen = lake.read(by_bank, partitions={"bank": [word]}).collect()
    assert chosen["held_tiyn"].to_list() == [2]


def test_rivals_in_threads_all_write_their_own_partitions(lake, held):
    days = [date(2026, 11, day) for day in range(1, 9)]

    with ThreadPoolExecutor(8) as rivals:
        versions = set(
            rivals.map(lambda d: lake.replace(held, one(d, d.day), partitions=on(d)), days)
        )

    assert len(versions) == 8
    assert stored(lake, held)["held_tiyn"].to_list() == list(range(1, 9))


def test_rows_are_computed_once_however_often_rivals_come_first(
    lake, held, connection, installation, monkeypatch
):
    commit, computed, rivals = DeltaTable.create_write_transaction, [], iter([2, 3])

    def after_a_rival(*given, **named) -> None:
        if amount := next(rivals, None):
            with monkeypatch.context() as undisturbed:
                undisturbed.setattr(DeltaTable, "create_write_transaction", commit)
                rival = Lake(connection, installation.lake_bucket)
                rival.replace(held, one(FIRST, amount), partitions=on(FIRST))
        commit(*given, **named)

    def mine(rows: pl.DataFrame) -> pl.DataFrame:
        computed.append(rows.height)
        return rows

    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))
    monkeypatch.setattr(DeltaTable, "create_write_transaction", after_a_rival)
    version = lake.replace(held, one(FIRST, 7).map_batches(mine), partitions=on(FIRST))

    assert computed == [1]
    assert version == lake.version(held) == 4
    assert stored(lake, held)["held_tiyn"].to_list() == [7]


def test_a_commit_whose_answer_is_lost_counts_once(lake, held, monkeypatch):
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))
    commit, lost = DeltaTable.create_write_transaction, iter([CommitFailedError("lost")])

    def and_lose_the_answer(*given, **named) -> None:
        commit(*given, **named)
        if error := next(lost, None):
            raise error

    monkeypatch.setattr(DeltaTable, "create_write_transaction", and_lose_the_answer)

    assert lake.replace(held, one(FIRST, 2), partitions=on(FIRST)) == 2
    assert lake.version(held) == 2
    assert stored(lake, held)["held_tiyn"].to_list() == [2]


def test_rivals_for_one_partition_follow_each_other(lake, held):
    with ThreadPoolExecutor(4) as rivals:
        versions = dict(
            rivals.map(
                lambda n: (lake.replace(held, one(FIRST, n), partitions=on(FIRST)), n), range(4)
            )
        )

    assert stored(lake, held)["held_tiyn"].to_list() == [versions[max(versions)]]


def test_two_processes_write_their_own_partitions(lake, held, connection, installation):
    processes = [
        process(replace_often, connection, installation.lake_bucket, held, day, 4)
        for day in (FIRST, SECOND)
    ]
    for each in processes:
        each.join(60)

    assert [each.exitcode for each in processes] == [0, 0]
    assert stored(lake, held)["held_tiyn"].to_list() == [3, 3]


def test_a_writer_killed_between_its_files_and_its_commit_leaves_nothing_to_read(
    lake, held, connection, installation
):
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))
    with Eavesdropper(connection.endpoint) as between:
        bypass = replace(connection, endpoint=between.endpoint)
        writer = process(replace_often, bypass, installation.lake_bucket, held, FIRST, 1)
        between.kill_at(b"_delta_log/00000000000000000002.json", writer.pid)
        writer.join(60)

    bucket = connection.bucket(installation.lake_bucket)
    files = [key for key in bucket.keys(held.name.replace(".", "/")) if key.endswith(".parquet")]
    assert writer.exitcode == -signal.SIGKILL
    assert len(files) == 2
    assert lake.version(held) == 1
    assert stored(lake, held)["held_tiyn"].to_list() == [1]
    lake.replace(held, one(FIRST, 5), partitions=on(FIRST))
    assert stored(lake, held)["held_tiyn"].to_list() == [5]


def on(day: date) -> dict[str, list[date]]:
    return {"business_date": [day]}


def process(target, *arguments) -> multiprocessing.Process:
    """A process of its own, not a fork: Polars and Delta run threads."""
    started = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    started.start()
    return started


def replace_often(connection: Connection, bucket: str, table: Table, day: date, times: int) -> None:
    lake = Lake(connection, bucket)
    for n in range(times):
        lake.replace(table, one(day, n), partitions=on(day))


class Eavesdropper:
    """Hands bytes to and fro; when a PUT of some key comes by, kills the sender instead."""

    def __init__(self, endpoint: str) -> None:
        host, _, port = endpoint.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._ears = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._ears.getsockname()[1]}"
        self._word, self._victim = b"\0", 0
        self._told = threading.Event()

    def __enter__(self) -> "Eavesdropper":
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ears.close()

    def kill_at(self, word: bytes, victim: int) -> None:
        self._word, self._victim = word, victim
        self._told.set()

    def _listen(self) -> None:
        self._told.wait()
        with suppress(OSError):
            while True:
                ours, theirs = self._ears.accept()[0], socket.create_connection(self._server)
                for pair in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._hand_over, args=pair, daemon=True).start()

    def _hand_over(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                head = chunk.partition(b"\r\n")[0]
                if head.startswith(b"PUT") and self._word in head:
                    os.kill(self._victim, signal.SIGKILL)
                    break
                target.sendall(chunk)
        source.close()
        target.close()


@pytest.fixture
def kept(held) -> Table:
    return replace(held, name=held.name.replace("held_", "kept_"), is_append_only=True)


DECIDED = """
business_date | bank | held_tiyn
--------------------------------
2026-11-01    | a    | 5
"""


def test_a_table_that_only_grows_keeps_every_row(lake, kept):
    lake.append(kept, rows(DECIDED))
    version = lake.append(kept, rows(DECIDED.replace("5", "6")))

    assert sorted(lake.read(kept).collect()["held_tiyn"]) == [5, 6]
    assert lake.read(kept, version=version - 1).collect()["held_tiyn"].to_list() == [5]


def test_writers_who_add_at_the_same_time_all_succeed(connection, installation, kept):
    def add(amount: int) -> None:
        Lake(connection, installation.lake_bucket).append(kept, one(FIRST, amount))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(8)))

    found = Lake(connection, installation.lake_bucket).read(kept).collect()
    assert sorted(found["held_tiyn"]) == list(range(8))


def test_rows_of_a_table_that_only_grows_are_never_replaced_by_anyone(
    lake, kept, connection, installation
):
    lake.append(kept, rows(DECIDED))
    address = f"s3://{installation.lake_bucket}/{kept.name.replace('.', '/')}"

    with pytest.raises(PartitionError, match="only grows"):
        lake.replace(kept, rows(DECIDED), partitions={"business_date": [FIRST]})
    with pytest.raises(DeltaError, match="append"):
        DeltaTable(address, storage_options=connection.storage_options()).delete()

    assert lake.read(kept).collect().height == 1


def test_nothing_is_added_to_a_table_whose_partitions_are_replaced(lake, held):
    with pytest.raises(PartitionError, match="would be lost"):
        lake.append(held, rows(DECIDED))


def test_rows_keep_their_order_where_that_is_asked_for(lake, connection, installation, fresh):
    columns = (Column("business_date", pl.Date(), "Day."), Column("n", pl.Int64(), "Number."))
    table = Table(name=f"ordered.{fresh}", grain="a row", key=("n",), columns=columns)
    numbers = pl.Series("n", range(300_000)).shuffle(seed=1).to_frame()
    rows = numbers.lazy().select(business_date=pl.lit(date(2026, 3, 2)), n="n").sort("n")

    version = lake.replace(
        table, rows, partitions={"business_date": [date(2026, 3, 2)]}, in_order=True
    )

    [path] = lake.data_files(table, version)
    body = connection.bucket(installation.lake_bucket).get(f"ordered/{fresh}/{path}")
    assert pl.read_parquet(body, columns=["n"])["n"].to_list() == list(range(300_000))


def test_pieces_are_computed_one_after_another_and_keep_their_order_in_one_commit(lake, fresh):
    columns = (Column("business_date", pl.Date(), "Day."), Column("n", pl.Int64(), "Number."))
    table = Table(name=f"pieces.{fresh}", grain="a row", key=("n",), columns=columns)
    begun = []

    def piece(number: int) -> pl.LazyFrame:
        rows = pl.LazyFrame({"n": [number] * 10}, schema={"n": pl.Int64})
        noted = rows.map_batches(lambda frame: begun.append(number) or frame)
        return noted.select(business_date=pl.lit(date(2026, 3, 2)), n="n")

    version = lake.replace(
        table, map(piece, range(4)), partitions={"business_date": [date(2026, 3, 2)]}
    )

    assert version == 1
    assert begun == sorted(begun)
    assert len(lake.data_files(table, version)) == 1
    assert lake.read(table).collect()["n"].to_list() == [n for n in range(4) for _ in range(10)]


def test_what_was_put_there_goes_when_rows_turn_out_to_lie_outside(
    lake, held, connection, installation
):
    lake.replace(held, one(FIRST, 1), partitions=on(FIRST))
    bucket, folder = connection.bucket(installation.lake_bucket), held.name.replace(".", "/")
    before = set(bucket.keys(folder))
    many = pl.concat([one(FIRST, 2), one(SECOND, 3)])

    with pytest.raises(PartitionError):
        lake.replace(held, many, partitions=on(FIRST))

    assert set(bucket.keys(folder)) == before


def test_a_file_whose_accounts_are_others_is_not_opened(lake, connection, installation, fresh):
    columns = (Column("business_date", pl.Date(), "Day."), Column("iban", pl.String(), "Account."))
    table = Table(name=f"looked_up.{fresh}", grain="a row", key=("iban",), columns=columns)
    for day, iban in ((FIRST, "KZ1"), (SECOND, "KZ2")):
        rows = pl.LazyFrame({"business_date": [day], "iban": [iban]})
        lake.replace(table, rows, partitions=on(day))
    bucket = connection.bucket(installation.lake_bucket)
    [first] = [f for f in lake.data_files(table, 2) if str(FIRST) in f]
    bucket.delete(f"looked_up/{fresh}/{first}")

    found = lake.read(table).filter(pl.col("iban") == "KZ2").collect()

    assert found["iban"].to_list() == ["KZ2"]


def test_row_numbers_of_a_file_take_next_to_nothing(lake, connection, installation, fresh):
    sizes = []
    for name in ("line", "other"):
        columns = (
            Column("business_date", pl.Date(), "Day."),
            Column(name, pl.Int64(), "A number, one more in each row."),
        )
        table = Table(name=f"{name}.{fresh}", grain="a row", key=(name,), columns=columns)
        rows = pl.select(
            business_date=pl.lit(date(2026, 3, 2)), **{name: pl.int_range(20_000, dtype=pl.Int64)}
        )
        version = lake.replace(table, rows.lazy(), partitions={"business_date": [date(2026, 3, 2)]})
        [path] = lake.data_files(table, version)
        [file] = connection.bucket(installation.lake_bucket).listed(f"{name}/{fresh}/{path}")
        sizes.append(file.bytes)

    assert sizes[0] * 5 < sizes[1]
