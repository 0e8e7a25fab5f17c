"""Where the steps of a run are taken: threads of its process, or workers of a Dask cluster.

All that steps share lies in the object store, so that a worker may be any process that has the
same settings. A worker that dies is made up for: Dask gives its steps to another, and a step
that was half done begins anew.
"""

from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from infra.settings import settings

_THREADS = 3
_ONE_STEP_AT_A_TIME = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}


class AsSetUp(ThreadPoolTaskRunner[Any]):
    """Threads, or what `AQSHA_DASK` names; settings are read when a run begins."""

    def duplicate(self) -> TaskRunner[Any]:  # type: ignore[override]
        """The runner of one run."""
        return chosen(settings().dask)


def chosen(dask: str | None) -> TaskRunner[Any]:
    """The runner that a setting means.

    Args:
        dask: none for threads; the address of a scheduler; or how many workers this machine
            starts for each run, as one number or as the least and the most: `1-4`.
    """
    if dask is None:
        return ThreadPoolTaskRunner(max_workers=_THREADS)
    # Dask takes a tenth of the time that a night takes to import, and few have set it up.
    from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415

    if "://" in dask:
        return DaskTaskRunner(address=dask)
    least, _, most = dask.partition("-")
    return DaskTaskRunner(
        cluster_kwargs={"n_workers": int(least), **_ONE_STEP_AT_A_TIME},
        adapt_kwargs={"minimum": int(least), "maximum": int(most)} if most else None,
    )


TASKS_AT_ONCE: TaskRunner[Any] = AsSetUp(max_workers=_THREADS)
