"""What a person at a terminal sees of a night: what is happening, and what came of it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from infra.settings import Settings

if TYPE_CHECKING:
    from flows.nightly import Night
    from flows.publish import Published
    from infra.synthetic import Delivered


def warming_up() -> threading.Thread:
    """Load what is slow to load, and wake Prefect, while something else is going on."""
    def load() -> None:
        import flows.nightly  # noqa: F401, PLC0415

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    return thread


def delivering(
    console: Console, settings: Settings, day: date, transactions: int, seed: int
) -> "Delivered":
    """Let the pretend institutions deliver, with a bar."""
    from infra.catalogue import Catalogue  # noqa: PLC0415
    from infra.synthetic import deliver  # noqa: PLC0415

    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as bars:
        bar = bars.add_task("Pretend institutions deliver")
        return deliver(
            day,
            settings.outside,
            settings.home / "truth",
            Catalogue.read(settings.sources),
            seed=seed,
            transactions=transactions,
            progress=lambda what, done, of: bars.update(
                bar, description=f"Pretend institutions deliver: {what}", completed=done, total=of
            ),
        )
