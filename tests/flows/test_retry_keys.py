"""What a Retry takes as done: the same step of the same run, made from the same."""

from types import SimpleNamespace

import pytest
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed

from flows import ingest, steps
from flows.steps import PERSISTED, after, step_key

CONTEXT = SimpleNamespace(
    task_run=SimpleNamespace(flow_run_id="run"), task=SimpleNamespace(task_key="facts")
)
GIVEN = {"day": "2025-08-18"}


def key_after(monkeypatch, *came: object) -> str:
    """The key of a step submitted after others of which this came."""
    asked = []
    before = [SimpleNamespace(state=state) for state in came]
    step = task(name="facts", **PERSISTED)(lambda day: day)
    monkeypatch.setattr(
        steps.Task, "submit", lambda self, *_, **__: asked.append(self.cache_policy.cache_key_fn)
    )
    after(before, step, "2025-08-18")
    return asked[0](CONTEXT, GIVEN)


def test_a_step_is_the_same_while_what_it_rests_on_is(monkeypatch):
    first = key_after(monkeypatch, Completed(data=1), Completed(data=2))

    assert key_after(monkeypatch, Completed(data=1), Completed(data=2)) == first
    assert key_after(monkeypatch, Completed(data=1), Completed(data=3)) != first
    assert key_after(monkeypatch, Completed(data=2), Completed(data=1)) != first


@pytest.mark.parametrize("other", ["run", "task", "day", "code"])
def test_another_run_task_argument_or_code_makes_another_step(monkeypatch, other):
    first = step_key(CONTEXT, GIVEN)
    run = "another" if other == "run" else "run"
    name = "volumes" if other == "task" else "facts"
    given = {"day": "2025-08-19"} if other == "day" else GIVEN
    if other == "code":
        monkeypatch.setattr(steps, "code_version", lambda: "0+mended")
    context = SimpleNamespace(
        task_run=SimpleNamespace(flow_run_id=run), task=SimpleNamespace(task_key=name)
    )

    assert step_key(context, given) != first


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
    keys = [ingest.stage.cache_policy.cache_key_fn(CONTEXT, given) for _ in range(3)]

    assert ingest.fetch.cache_policy == NO_CACHE
    assert keys[0] == keys[1] != keys[2]
