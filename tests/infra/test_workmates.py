"""Shards of a step that runs in a worker of Dask: all workers compute them, and one may die."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from distributed import Client, LocalCluster

from infra.settings import Settings
from infra.shards import each_kept, one_after_another, sharded
from infra.workmates import SCRATCH
from transforms.shards import place_of_pair

ROWS = 2_000


@pytest.fixture(scope="module")
def workers(installation: Settings, endpoint: str) -> Iterator[Client]:
    environment = {"AQSHA_HOME": str(installation.home)}
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, env=environment
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def rows() -> pl.LazyFrame:
    accounts = [f"KZ{n % 97}" for n in range(ROWS)]
    return pl.LazyFrame({"account": accounts, "n": range(ROWS), "worker": [0] * ROWS})


def step(mark: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[], tuple[pl.DataFrame, int]]:
    """What a step of the night does: parted rows, pieces that are kept, pieces of what is made."""

    def ran() -> tuple[pl.DataFrame, int]:
        place = place_of_pair("account", "account")
        made = pl.LazyFrame({"account": [f"KZ{n}" for n in range(97)], "of": range(97)})
        with sharded(rows(), place, beside=[made], most_rows=300) as found:
            parts = [*found]
            with (
                each_kept(part.rows.map_batches(mark) for part in parts) as kept,
                one_after_another(
                    own.join(part.beside[0], on="account", how="left")
                    for part, own in zip(parts, kept.parts, strict=True)
                ) as done,
            ):
                return done.collect(), len(parts)

    return ran


def by_process(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(worker=pl.lit(os.getpid(), pl.Int64))


def test_all_workers_compute_the_shards_and_the_rows_are_those_of_one(workers, store_of_lake):
    found, shards = workers.submit(step(by_process), pure=False).result()

    assert shards == 7
    assert found["worker"].n_unique() == 2
    alone, shards_alone = step(by_process)()
    assert shards_alone == 7
    assert found.drop("worker").sort("n").equals(alone.drop("worker").sort("n"))
    assert [*store_of_lake.keys(SCRATCH)] == []


def test_a_worker_that_dies_over_a_shard_is_made_up_for(workers, tmp_path, store_of_lake):
    found, _ = workers.submit(step(dying_once(tmp_path / "died")), pure=False).result()

    assert (tmp_path / "died").exists()
    assert found["n"].sort().to_list() == list(range(ROWS))


def dying_once(mark: Path) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def die(rows: pl.DataFrame) -> pl.DataFrame:
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return rows

    return die


def test_what_goes_wrong_over_a_shard_goes_wrong_in_the_step_and_is_in_no_log(workers, capfd):
    def fail(_: pl.DataFrame) -> pl.DataFrame:
        raise ValueError("860412350013")

    def ran() -> str:
        try:
            step(fail)()
        except ValueError as error:
            return f"{error}"
        return "nothing"

    assert "860412350013" in workers.submit(ran, pure=False).result()
    assert "860412350013" not in "".join(capfd.readouterr())


def test_few_rows_are_one_shard_and_nothing_is_put_anywhere(workers, store_of_lake):
    def ran() -> int:
        with sharded(rows(), place_of_pair("account", "account")) as parts:
            return len([*parts])

    assert workers.submit(ran, pure=False).result() == 1


@pytest.fixture
def store_of_lake(connection, installation):
    return connection.bucket(installation.lake_bucket)
