"""OpenLineage events: each version of a table, from which versions of others it was made.

Names and versions of tables only, never rows. Whatever goes wrong here is logged and goes no
further: the night does not depend on who listens.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from infra.code_version import code_version

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient

_PATIENCE_S = 2.0
_SILENCE_S = 300.0
_PRODUCER = "https://github.com/OpenLineage/OpenLineage/tree/main/client/python"

_log = logging.getLogger(__name__)
_read: ContextVar[dict[str, int]] = ContextVar("read")


class Running(NamedTuple):
    """Who writes: the run, the step of it, and what the step is called in every run."""

    run: str
    step: str
    job: str


BY_HAND = Running("by hand", "by hand", "by_hand")


class _Named:
    """Who runs, as the orchestrator says; infra does not know it."""

    by: Callable[[], Running] = staticmethod(lambda: BY_HAND)


def named_by(who: Callable[[], Running]) -> None:
    """From now on `who` says which run and step writes."""
    _Named.by = staticmethod(who)


def note_read(table: str, version: int) -> None:
    """That this step has read a version: an input of what it writes after. Steps do not mix."""
    _read.set({**_read.get({}), table: version})


class Lineage:
    """Where events go: `file:/path` appends lines of JSON, an address is posted to."""

    def __init__(self, target: str | None, namespace: str) -> None:
        self._target, self._namespace = target, namespace
        self._silent_until = 0.0

    def wrote(self, table: str, version: int) -> None:
        """Tell that a version was written. Never raises; after a failure it waits 5 minutes."""
        if self._target is None or time.monotonic() < self._silent_until:
            return
        try:
            self._client.emit(self._event(table, version))
        except Exception as error:  # noqa: BLE001  whoever listens must not stop the night
            self._silent_until = time.monotonic() + _SILENCE_S
            _log.warning("No lineage of %s was sent (%s).", table, type(error).__name__)

    def _event(self, table: str, version: int) -> Any:
        from openlineage.client.event_v2 import (  # noqa: PLC0415  takes a while to load
            InputDataset,
            Job,
            OutputDataset,
            Run,
            RunEvent,
            RunState,
        )
        from openlineage.client.facet_v2 import dataset_version_dataset  # noqa: PLC0415

        def facets(of: int) -> dict[str, Any]:
            facet = dataset_version_dataset.DatasetVersionDatasetFacet(str(of))
            return {"version": facet}

        who = _Named.by()
        inputs = sorted((name, of) for name, of in _read.get({}).items() if name != table)
        return RunEvent(
            eventType=RunState.COMPLETE,
            eventTime=datetime.now(UTC).isoformat(),
            run=Run(str(uuid5(NAMESPACE_URL, f"{who.run}/{who.step}/{table}"))),
            job=Job(self._namespace, f"{who.job}.{table}"),
            producer=f"{_PRODUCER}#aqsha-{code_version()}",
            inputs=[InputDataset(self._namespace, name, facets=facets(of)) for name, of in inputs],
            outputs=[OutputDataset(self._namespace, table, facets=facets(version))],
        )

    @cached_property
    def _client(self) -> "OpenLineageClient":
        from openlineage.client import OpenLineageClient  # noqa: PLC0415
        from openlineage.client.transport.file import FileConfig, FileTransport  # noqa: PLC0415
        from openlineage.client.transport.http import HttpConfig, HttpTransport  # noqa: PLC0415

        target = str(self._target)
        if target.startswith("file:"):
            path = target.removeprefix("file:")
            return OpenLineageClient(
                transport=FileTransport(FileConfig(log_file_path=path, append=True))
            )
        config = HttpConfig(url=target, timeout=_PATIENCE_S, retry={"total": 0})
        return OpenLineageClient(transport=HttpTransport(config))
