"""Who takes the steps: threads, processes of this machine, or a cluster elsewhere."""

import pytest
from prefect.task_runners import ThreadPoolTaskRunner
from prefect_dask.task_runners import DaskTaskRunner

from flows.nightly import nightly
from flows.workers import chosen
from infra.settings import SettingsError, settings


@pytest.fixture(autouse=True)
def _read_anew():
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("dask", "runner"),
    [
        ("tcp://10.0.0.1:8786", DaskTaskRunner(address="tcp://10.0.0.1:8786")),
        ("2", chosen("2")),
        ("1-4", chosen("1-4")),
    ],
)
def test_the_runner_of_a_night_is_what_the_setting_names(monkeypatch, dask, runner):
    monkeypatch.setenv("AQSHA_DASK", dask)

    assert nightly.task_runner.duplicate() == runner


def test_without_a_setting_steps_run_in_threads():
    assert type(nightly.task_runner.duplicate()) is ThreadPoolTaskRunner


def test_one_step_at_a_time_in_each_of_so_many_processes():
    fixed, adaptive = chosen("2"), chosen("1-4")

    assert (fixed.cluster_kwargs["n_workers"], fixed.cluster_kwargs["threads_per_worker"]) == (2, 1)
    assert fixed.adapt_kwargs == {}
    assert adaptive.adapt_kwargs == {"minimum": 1, "maximum": 4}


@pytest.mark.parametrize("dask", ["0", "two", "4-", "http://scheduler:8786", "tcp://"])
def test_another_word_is_refused(monkeypatch, dask):
    monkeypatch.setenv("AQSHA_DASK", dask)

    with pytest.raises(SettingsError, match="AQSHA_DASK"):
        settings()
