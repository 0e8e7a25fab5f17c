"""Pieces of a step that runs in a worker of Dask: all workers compute them, and one may die."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from distributed import Client, LocalCluster, get_client, get_worker
from polars.testing import assert_frame_equal

from infra.crew import SCRATCH, _Asked, each, hands
from infra.installation import installation as opened
from infra.lake import Lake
from infra.settings import Settings
from infra.shards import kept, parted, shards_of
from transforms.contracts import Column, Table
from transforms.shards import place_of_pair

ROWS = 2_000
TABLE = Table(
    name="facts.of_a_crew",
    grain="one row",
    key=("n",),
    columns=(
        Column("business_date", pl.Date(), "Day."),
        Column("account_iban", pl.String(), "Account."),
        Column("n", pl.Int64(), "Number."),
    ),
)
DAY = date(2025, 8, 18)

Mark = Callable[[pl.DataFrame], pl.DataFrame]
"""What is done to the rows of a piece."""


@pytest.fixture(scope="module")
def workers(installation: Settings, endpoint: str) -> Iterator[Client]:
    environment = {"AQSHA_HOME": str(installation.home), "AQSHA_SHARD_ROWS": "300"}
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, env=environment
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(lambda: bool(opened()))  # a worker that helps has had steps before
        yield client


@pytest.fixture
def store(connection, installation):
    return connection.bucket(installation.lake_bucket)


def rows() -> pl.LazyFrame:
    accounts = [f"KZ{2 + n % 97:02}" for n in range(ROWS)]
    return pl.LazyFrame({"account_iban": accounts, "n": range(ROWS), "worker": [0] * ROWS})


def step(marked_by: Callable[[int], Mark]) -> Callable[[], tuple[pl.DataFrame, int]]:
    """What a step of the night does: pieces that are kept, and rows parted among files.

    Args:
        marked_by: takes the process that has the step.
    """

    def ran() -> tuple[pl.DataFrame, int]:
        shards, mark = shards_of(rows()), marked_by(os.getpid())
        place = place_of_pair("account_iban", "account_iban")
        with (
            kept(shard.rows(rows()).map_batches(mark) for shard in shards) as own,
            parted(own.whole, place) as parts,
            kept(part.with_columns(pl.col("n") + 1) for part in parts) as done,
        ):
            return done.whole.collect(), len(shards) + len(parts)

    return ran


def by_process(_: int) -> Mark:
    return marked


def marked(rows: pl.DataFrame) -> pl.DataFrame:
    time.sleep(0.05)  # else the first worker is done before the second has heard of it
    return rows.with_columns(worker=pl.lit(os.getpid(), pl.Int64))


def test_all_workers_compute_pieces_and_the_rows_are_those_of_one(workers, store):
    found, parts = workers.submit(step(by_process), pure=False).result()

    assert parts == 8 + 7
    assert found["worker"].n_unique() == 2
    expected = rows().with_columns(pl.col("n") + 1).drop("worker").collect()
    assert_frame_equal(found.drop("worker").sort("n"), expected)
    assert [*store.keys(SCRATCH)] == []


def test_pieces_of_a_table_are_put_there_by_all_workers_in_one_commit(
    workers, connection, installation
):
    def ran() -> int:
        pieces = [
            shard.rows(rows())
            .map_batches(marked)
            .select("account_iban", "n", business_date=pl.lit(DAY))
            .select("business_date", "account_iban", "n")
            for shard in shards_of(rows())
        ]
        return opened().lake.replace(TABLE, pieces, partitions={"business_date": [DAY]})

    version = workers.submit(ran, pure=False).result()

    assert version == 1
    lake = Lake(connection, installation.lake_bucket)
    expected = rows().select(pl.lit(DAY).alias("business_date"), "account_iban", "n").collect()
    assert_frame_equal(lake.read(TABLE).sort("n").collect(), expected)
    assert len(lake.data_files(TABLE, version)) == 4


@pytest.mark.parametrize("who", ["helper", "step"])
def test_a_worker_that_dies_over_a_piece_is_made_up_for(workers, tmp_path, store, who):
    found, _ = workers.submit(step(dying_once(tmp_path / "died", who)), pure=False).result()

    assert (tmp_path / "died").exists()
    assert found["n"].sort().to_list() == list(range(1, ROWS + 1))


def dying_once(mark: Path, who: str) -> Callable[[int], Mark]:
    def of_step(pid: int) -> Mark:
        def die(rows: pl.DataFrame) -> pl.DataFrame:
            is_step = os.getpid() == pid
            if is_step == (who == "step") and not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(0.05)
            return rows

        return die

    return of_step


@pytest.mark.parametrize("who", ["helper", "step"])
def test_what_goes_wrong_over_a_piece_goes_wrong_in_the_step_and_is_in_no_log(workers, capfd, who):
    def failing(pid: int) -> Mark:
        def fail(rows: pl.DataFrame) -> pl.DataFrame:
            time.sleep(0.05)
            if (os.getpid() == pid) == (who == "step"):
                raise ValueError("860412350013")
            return rows

        return fail

    def ran() -> str:
        try:
            step(failing)()
        except ValueError as error:
            return f"{error}"
        return "nothing"

    assert "860412350013" in workers.submit(ran, pure=False).result()
    assert "860412350013" not in "".join(capfd.readouterr())


def test_few_rows_are_one_shard_and_nothing_is_put_anywhere(workers, store):
    before = [*store.keys(SCRATCH)]

    def ran() -> tuple[int, int]:
        few = rows().head(100)
        with parted(few, place_of_pair("account_iban", "account_iban")) as parts:
            return len(shards_of(few)), len(parts)

    assert workers.submit(ran, pure=False).result() == (1, 1)
    assert [*store.keys(SCRATCH)] == before


def test_what_workers_are_asked_to_do_does_not_tell_of_rows():
    rows = pl.DataFrame({"holder_iin": ["860412350013"]})

    assert "860412350013" not in repr(_Asked("asked", partial(pl.concat, [rows]), [rows, rows]))


def test_a_worker_that_is_busy_is_not_waited_for(workers):
    def busy() -> None:
        time.sleep(20)

    def ran() -> tuple[float, int]:
        began, other = time.monotonic(), {*get_client().ncores()} - {get_worker().address}
        get_client().submit(busy, workers=[*other], pure=False)
        time.sleep(1)
        return_of = each(abs, range(-8, 0))
        assert return_of == [8, 7, 6, 5, 4, 3, 2, 1]
        return time.monotonic() - began, hands()

    took, of = workers.submit(ran, pure=False).result()

    assert of == 2
    assert took < 10


def test_elsewhere_than_in_a_worker_pieces_are_done_one_after_another():
    assert hands() == 1
    assert each(abs, [-1, -2]) == [1, 2]
