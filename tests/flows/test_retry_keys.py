"""What a Retry takes as done: the same step of the same run, made from the same."""

from concurrent.futures import Future
from types import SimpleNamespace
from uuid import uuid4

import pytest
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectConcurrentFuture
from prefect.states import Completed, Failed
from prefect_dask.task_runners import PrefectDaskFuture

from flows import ingest, steps
from flows.ingest import Accepted
from flows.steps import PERSISTED, after, step_key

GIVEN = {"day": "2025-08-18"}


def running(run: str = "run", name: str = "facts", attempt: int = 1) -> SimpleNamespace:
    """What Prefect knows of a step that is about to run."""
    return SimpleNamespace(
        task_run=SimpleNamespace(flow_run_id=run, flow_run_run_count=attempt),
        task=SimpleNamespace(task_key=name),
    )


def key_after(monkeypatch, *came: object, kind=PrefectConcurrentFuture, attempt: int = 1) -> str:
    """The key of a step submitted after others of which this came."""
    asked, before = [], []
    for state in came:
        ended: Future[object] = Future()
        ended.set_result(state)
        before.append(kind(uuid4(), ended))
    step = task(name="facts", task_run_name="facts {day}", **PERSISTED)(lambda day: day)
    monkeypatch.setattr(
        steps.Task, "submit", lambda self, *_, **__: asked.append(self.cache_policy.cache_key_fn)
    )
    after(before, step, "2025-08-18")
    return asked[0](running(attempt=attempt), GIVEN)


def test_a_step_is_the_same_while_what_it_rests_on_is(monkeypatch):
    first = key_after(monkeypatch, Completed(data=1), Completed(data=2))

    assert key_after(monkeypatch, Completed(data=1), Completed(data=2)) == first
    assert key_after(monkeypatch, Completed(data=1), Completed(data=3)) != first
    assert key_after(monkeypatch, Completed(data=2), Completed(data=1)) != first


def test_a_step_that_waits_is_shown_by_what_it_will_be_called_when_it_runs(monkeypatch):
    shown = []
    monkeypatch.setattr(steps.Task, "submit", lambda self, *_, **__: shown.append(self.name))

    for policy in ({}, {"cache_policy": NO_CACHE}):
        step = task(name="facts", task_run_name="{fact} {day}", **PERSISTED | policy)
        after([], step(lambda fact, day: (fact, day)), "facts.seizures", "2025-08-18")

    assert shown == ["facts.seizures 2025-08-18"] * 2


@pytest.mark.parametrize("other", ["run", "task", "day", "code"])
def test_another_run_task_argument_or_code_makes_another_step(monkeypatch, other):
    first = step_key(running(), GIVEN)
    run = "another" if other == "run" else "run"
    name = "volumes" if other == "task" else "facts"
    given = {"day": "2025-08-19"} if other == "day" else GIVEN
    if other == "code":
        monkeypatch.setattr(steps, "code_version", lambda: "0+mended")

    assert step_key(running(run, name), given) != first


def test_a_step_that_failed_and_one_that_was_mended_are_not_the_same_ground(monkeypatch):
    failed = key_after(monkeypatch, Failed(data=ValueError("too few rows")))

    assert key_after(monkeypatch, Completed(data=1)) != failed


def test_doors_are_looked_behind_by_every_retry_and_new_files_are_staged(monkeypatch):
    versions = iter([1, 1, 2])
    at = SimpleNamespace(
        lake=SimpleNamespace(version=lambda _: next(versions)),
        staging=SimpleNamespace(corrections_version=lambda _: None),
    )
    monkeypatch.setattr(ingest, "installation", lambda: at)
    given = {"feed": "seizures", "business_date": "2025-08-18", "fetched": object()}
    keys = [ingest.stage.cache_policy.cache_key_fn(running(), given) for _ in range(3)]

    assert ingest.fetch.cache_policy == NO_CACHE
    assert keys[0] == keys[1] != keys[2]


def test_a_step_that_waits_for_none_looks_for_itself_in_each_attempt(monkeypatch):
    keys = [key_after(monkeypatch, attempt=attempt) for attempt in (1, 1, 2)]

    assert keys[0] == keys[1] != keys[2]


def test_so_does_one_whose_forerunners_are_with_workers_of_a_cluster(monkeypatch):
    came = Completed(data=1)
    keys = [
        key_after(monkeypatch, came, kind=PrefectDaskFuture, attempt=attempt)
        for attempt in (1, 1, 2)
    ]

    assert keys[0] == keys[1] != keys[2]


def test_a_file_exchanged_for_another_of_as_many_rows_is_another_ground(monkeypatch):
    def after_version(version: int) -> str:
        return key_after(monkeypatch, Completed(data=Accepted("seizures", 1, 1, 5, 5, 0, version)))

    assert after_version(7) == after_version(7) != after_version(8)


def test_why_a_step_failed_is_said_in_its_own_words():
    message = "Task run encountered an exception TooFewRows: seizures has 2 rows."

    assert steps.why(Failed(message=message)) == "Failed: TooFewRows: seizures has 2 rows."
