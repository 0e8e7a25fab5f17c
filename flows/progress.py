"""What the night is doing, said once: to the log of the run, and to a terminal that watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger

Listener = Callable[[str, str, str, int, int], None]

_listeners: list[Listener] = []


def tell(subject: str, step: str, says: str, done: int = 0, of: int = 0) -> None:
    """Say where a step stands: counts and codes only, never a row, a card or a name.

    Args:
        subject: feed, fact or report.
        step: what is being done to it.
        says: a few words with the counts.
        done: how much of the step is done, where it is countable.
        of: how much there is to do; a step in the middle is shown but not logged.
    """
    if done == of:
        with suppress(MissingContextError):
            get_run_logger().info("%s: %s, %s", subject, step, says)
    for listener in _listeners:
        listener(subject, step, says, done, of)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let a terminal hear what is told while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class Progress:
    """A bar in the UI for what takes long; nothing there where nothing is to be done."""

    def __init__(self, key: str, says: str, of: int) -> None:
        self._of = of
        self._bar: Any = (
            create_progress_artifact(progress=0.0, key=key, description=says) if of else None
        )

    def at(self, done: int) -> None:
        """So many of them are done."""
        if self._bar:
            update_progress_artifact(artifact_id=self._bar, progress=100.0 * done / self._of)
