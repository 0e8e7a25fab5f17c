"""A process that is begun again when it ends by itself.

Whoever talks to a Prefect server that was killed waits at its port, which is ours, and is answered
by the next one: the run goes on.
"""

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_ENDS, _WITHIN_S = 3, 600.0
_LOOK_S = 0.5
_GRACE_S = 5.0


class EndsAgainAndAgain(RuntimeError):
    """It ended too often: beginning it once more would not help."""


class Kept:
    """A process and how it is begun.

    Args:
        begin: starts it; called again each time that it ended by itself.
    """

    def __init__(self, begin: "Callable[[], subprocess.Popen[bytes]]") -> None:
        self._begin = begin
        self._ended_at: deque[float] = deque(maxlen=_ENDS)
        self.process = begin()

    def look(self) -> bool:
        """Begin it again if it has ended.

        Returns:
            Whether it had.

        Raises:
            EndsAgainAndAgain: it has ended three times within ten minutes before.
        """
        if self.process.poll() is None:
            return False
        now = time.monotonic()
        if len(self._ended_at) == _ENDS and now - self._ended_at[0] < _WITHIN_S:
            raise EndsAgainAndAgain(f"It ended with exit code {self.process.returncode}.")
        self._ended_at.append(now)
        self.process = self._begin()
        return True

    @contextmanager
    def looked_after(self) -> Iterator[None]:
        """While the block runs, somebody looks."""
        is_over = threading.Event()

        def keep_looking() -> None:
            with suppress(EndsAgainAndAgain):
                while not is_over.wait(_LOOK_S):
                    self.look()

        looking = threading.Thread(target=keep_looking, name="kept", daemon=True)
        looking.start()
        try:
            yield
        finally:
            is_over.set()
            looking.join()

    def end(self) -> None:
        """Ask it to end, and make it."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_GRACE_S)
            return
        self.process.kill()
        self.process.wait()
