"""What all tasks of the night have in common: how they retry, and what makes a step the same."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from prefect import State, Task, allow_failure, runtime
from prefect.cache_policies import CacheKeyFnPolicy
from prefect.context import FlowRunContext, TaskRunContext
from prefect.futures import PrefectConcurrentFuture, PrefectFuture
from prefect.tasks import exponential_backoff

from infra.code_version import code_version
from infra.date_lock import date_lock
from infra.installation import installation
from infra.ledger import DONE, Entry, fingerprint
from infra.lineage import BY_HAND, Running, named_by
from infra.object_store import may_pass

P = ParamSpec("P")
R = TypeVar("R")

_PATIENCE = timedelta(hours=2)  # longer than any one step of another run takes


def step_key(
    context: TaskRunContext, parameters: dict[str, Any], *, rests_on: Iterable[object] = ()
) -> str:
    """The same step: same run, same task, same arguments, same code, made from the same.

    With the run in the key, Retry takes what is finished and a new run looks for itself; with
    the code in it, a Retry after a repair does not take what the faulty code left; with what
    came of the steps before, not what was made before a file was mended.

    Args:
        context: of the task that is about to run.
        parameters: its arguments.
        rests_on: what came of the steps that it waited for, or versions of tables.
    """
    return fingerprint(
        str(context.task_run.flow_run_id),
        context.task.task_key,
        code_version(),
        {name: str(value) for name, value in parameters.items()},
        {str(n): str(one) for n, one in enumerate(rests_on)},
    )


_SAME_STEP = CacheKeyFnPolicy(cache_key_fn=step_key)


def _store_was_away(_task: object, _run: object, state: State[Any]) -> bool:
    return may_pass(state.result(raise_on_failure=False))


PERSISTED: dict[str, Any] = {
    "persist_result": True,
    "cache_policy": _SAME_STEP,
    # Waiting helps where the object store was killed, and nowhere else.
    "retries": 3,
    "retry_delay_seconds": [5, 15, 45],
    "retry_condition_fn": _store_was_away,
}

AGAINST_THE_OUTSIDE: dict[str, Any] = {
    **PERSISTED,
    "retry_condition_fn": None,
    "retry_delay_seconds": exponential_backoff(backoff_factor=5),
    "retry_jitter_factor": 0.5,
}


def alone(subject: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Of all runs, one at a time takes the step: what it writes belongs to all dates together.

    A night, one that catches up and a backfill may run at once. Each date has its lock; a fact
    and the receipts of a feed have theirs, held for one step, for which the others wait.

    Args:
        subject: what is locked, with the step's arguments put in: `feed.{feed}`.
    """

    def of_one(step: Callable[P, R]) -> Callable[P, R]:
        @wraps(step)
        def held(*given: P.args, **named: P.kwargs) -> R:
            if runtime.flow_run.name is None:  # called by hand, outside of any run
                return step(*given, **named)
            at, arguments = installation(), signature(step).bind(*given, **named).arguments
            name, minutes = subject.format(**arguments), at.settings.lock_minutes
            with date_lock(at.ledger_store, name, this_run(), minutes, _PATIENCE):
                return step(*given, **named)

        return held

    return of_one


def after(
    upstream: Iterable[PrefectFuture[Any]], step: Task[..., R], *arguments: Any
) -> PrefectFuture[R]:
    """Submit a step that starts when all of `upstream` have ended well, and not otherwise.

    It is the same step while the same came of them; a step that waits for none looks for itself
    in each attempt.
    """
    before, policy = list(upstream), vars(step)["cache_policy"]
    if policy is _SAME_STEP:
        policy = _resting_on(before)
    # Prefect shows a step by its task's name until it starts: of forty that wait, which is which?
    step = step.with_options(name=_named(step, arguments), cache_policy=policy)
    return step.submit(*arguments, wait_for=before, return_state=False)


def _named(step: Task[..., Any], arguments: Sequence[Any]) -> str:
    given = signature(step.fn).bind(*arguments).arguments
    return str(step.task_run_name).format(**given)


def _of_this_attempt(context: TaskRunContext, parameters: dict[str, Any]) -> str:
    attempt = context.task_run.flow_run_run_count
    return step_key(context, parameters, rests_on=[f"attempt {attempt}"])


def _resting_on(before: Sequence[Any]) -> CacheKeyFnPolicy:
    """Workers of a cluster do not see what came of other steps: there each attempt looks anew."""
    futures = [step.unwrap() if isinstance(step, allow_failure) else step for step in before]
    if not futures or not all(isinstance(one, PrefectConcurrentFuture) for one in futures):
        return CacheKeyFnPolicy(cache_key_fn=_of_this_attempt)
    return CacheKeyFnPolicy(
        cache_key_fn=lambda context, parameters: step_key(
            context, parameters, rests_on=map(_came_of, futures)
        )
    )


def _came_of(future: PrefectFuture[Any]) -> object:
    """The result of a step that has ended, or how it ended instead."""
    future.wait()  # it has ended, but only this takes its state from itself and not the server
    state = future.state
    return state.result() if state.is_completed() else why(state)


def why(state: State[Any]) -> str:
    """How a step ended that did not end well, and in its own words why."""
    return f"{state.name}: {state.message}".replace(": Task run encountered an exception", ":")


def once_settled(upstream: Iterable[PrefectFuture[Any]]) -> list[Any]:
    """To wait for these whatever came of them: what needs a failed one stops, the rest goes on."""
    return [allow_failure(future) for future in upstream]


def this_run() -> str:
    """The run as others read it who find its lock: `nightly-2025-08-18 (1b9d6bcd)`."""
    return f"{runtime.flow_run.name} ({str(runtime.flow_run.id)[:8]})"


def done(business_date: date, step: str, subject: str, inputs: str, **details: Any) -> Entry:
    """The ledger's entry for a step that this run has just done."""
    run = str(runtime.flow_run.name or "by hand")
    context, now = TaskRunContext.get() or FlowRunContext.get(), datetime.now(UTC)
    took = (now - context.start_time).total_seconds() if context else None
    return Entry(business_date, step, subject, inputs, DONE, run, now, details, took)


def _running() -> Running:
    """What lineage calls the step that runs."""
    context = TaskRunContext.get()
    if context is None:
        return BY_HAND
    run = context.task_run
    return Running(str(run.flow_run_id), str(run.name), context.task.fn.__name__)


named_by(_running)
