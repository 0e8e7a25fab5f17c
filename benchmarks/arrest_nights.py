"""What a night costs that carries on what became of arrests: lives, breaks, what left, the clock.

An answer or a decision may be about an arrest of any day, and one asset may be in two cases; but
only what a night touches is made anew. Every night brings 1,111 measures and decisions on arrests
of any night before, so that after some weeks it touches days as many as it has decisions: from
then on its cost is to stay. The night's own steps are measured, over an object store whose work is
counted too, after few nights, after a month and after many; beside it stands what making all of it
anew costs. The result has to be the same. Accounts known from arrests, which the windows of
accounts ask for, are looked for as these do.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

import polars as pl

from benchmarks.arrest_rows import accounts, bring, links, night_of
from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, cpu_s, measured
from flows import arrests
from infra.changes import Changes
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from transforms.arrests.breaks import ARREST_BREAKS
from transforms.arrests.clock import TERMS
from transforms.arrests.measures import MEASURES
from transforms.arrests.open_terms import OPEN_TERMS
from transforms.arrests.outflows import ARREST_OUTFLOWS, ORDER_OUTFLOWS
from transforms.droppers.neighbours import known_accounts
from transforms.verification import differing

NIGHTS = 90
MEASURED = {"few": range(8, 13), "a month": range(36, 41), "many": range(86, 91)}
"""Nights, each five of a lake of its own; what came before is taken in at once."""


class Most(NamedTuple):
    """Budget of a step after many nights, in times.

    anew: of all made anew, whose tables have to be opened too; None where it always is.
    month: of a night that has less than half of the history but as many days to touch.
    few: of one with a ninth of the history and of these days.
    """

    anew: float | None
    month: float
    few: float


STEPS: Mapping[str, tuple[Most, Callable[[SimpleNamespace, int], object]]] = {
    "lives and breaks": (
        Most(0.6, 1.2, 1.5),
        lambda _, n: [step.fn(night_of(n)) for step in (arrests.lives, arrests.breaks)],
    ),
    "what left": (Most(0.6, 1.4, 2.4), lambda _, n: arrests.left_before.fn(night_of(n))),
    "clock": (Most(0.9, 1.3, 1.7), lambda _, n: arrests.clock.fn(night_of(n))),
    "known accounts": (
        Most(None, 2.7, 6.0),
        lambda at, n: known_accounts(at.lake.read(MEASURES), accounts(n), links(n), night_of(n)),
    ),
}
CARRIED_ON = (MEASURES, ARREST_BREAKS, ARREST_OUTFLOWS, ORDER_OUTFLOWS, OPEN_TERMS, TERMS)


def rows() -> list[Row]:
    """After few nights and after all; CPU seconds with the store's, medians of five nights."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.arrest_nights", folder]
        whole = measured(command, {}, Path(folder) / "log")
        found = json.loads((Path(folder) / "seconds.json").read_text())
    heights = [f"{height:,} measures" for height in found["measures"]]
    return [row for step in STEPS for row in _rows_of(step, found[step], heights, whole)]


def _rows_of(
    step: str, took: Mapping[str, float], heights: Sequence[str], whole: Measured
) -> list[Row]:
    early, later, late = (
        f"{step}, nights {nights[0]} to {nights[-1]}, {height}"
        for nights, height in zip(MEASURED.values(), heights, strict=True)
    )
    few, month, many, anew = (
        Measured(took[what], took[what], whole.peak_mb, whole.peak_mb, whole.exit_code)
        for what in (*MEASURED, "all anew")
    )
    most, _ = STEPS[step]
    whole_rows = [
        Row(f"{step}, night {NIGHTS}, all made anew", anew),
        Row("carried on, of all made anew", many, most.anew, of=anew),
    ]
    return [
        Row(early, few),
        Row(later, month),
        Row(late, many, most.few, of=few, most_mb=1024),
        Row("the same, of those of a month", many, most.month, of=month),
        *(whole_rows if most.anew else []),
    ]


def found_in(folder: Path) -> dict[str, Any]:
    """Seconds of each step, and how many measures there are.

    Nights with a short history and with a long one are measured in turn, so that none has the
    machine at a better hour.

    Raises:
        ValueError: carried on is not what all made anew is.
    """
    with ExitStack() as open_lakes:
        lakes = {what: open_lakes.enter_context(_lake(folder / what)) for what in MEASURED}
        for what, at in lakes.items():
            first = MEASURED[what][0]
            for n in range(1, first):
                bring(at.lake, n)
                if n >= first - 2:  # made whole, then carried on
                    _night_took(at, n)
        seconds: dict[str, dict[str, list[float]]] = {
            step: {what: [] for what in MEASURED} for step in STEPS
        }
        for turn in zip(*MEASURED.values(), strict=True):
            of_turn = [*zip(lakes.items(), turn, strict=True)]
            for (_, at), n in of_turn:
                bring(at.lake, n)
            for (what, at), n in of_turn:
                for step, took in _night_took(at, n).items():
                    seconds[step][what].append(took)
        anew = _all_anew_took(lakes["many"])
        return {"measures": [_height(at) for at in lakes.values()]} | {
            step: {what: median(each) for what, each in of.items()} | {"all anew": anew[step]}
            for step, of in seconds.items()
        }


@contextmanager
def _lake(home: Path) -> Iterator[SimpleNamespace]:
    """An object store of its own with what steps of arrests ask for of their installation."""
    chosen = Settings(_env_file=None, home=home)
    with object_server(chosen) as address:
        connection = Connection.of(chosen, address)
        lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
        noted = json.loads((home / "object-store" / "server.json").read_text("utf-8"))
        yield SimpleNamespace(
            lake=lake,
            changes=Changes(lake, store),
            ledger=Ledger(store),
            store_pid=noted["pid"],
        )


def _night_took(at: SimpleNamespace, n: int) -> dict[str, float]:
    took = {}
    with patch.object(arrests, "installation", lambda: at):
        for name, (_, step) in STEPS.items():
            began = _cpu_s(at)
            step(at, n)
            took[name] = _cpu_s(at) - began
    return took


def _all_anew_took(at: SimpleNamespace) -> dict[str, float]:
    """The same steps where it is not known any more of what their tables were made."""
    carried = [at.lake.read(table).collect() for table in CARRIED_ON]
    for table in CARRIED_ON:
        at.changes.remember(table.name, {})
    took = _night_took(at, NIGHTS)
    for table, rows_ in zip(CARRIED_ON, carried, strict=True):
        if differing(table, rows_.lazy(), at.lake.read(table)).collect().height:
            raise ValueError(f"{table.name} carried on is not {table.name} made anew")
    return took


def _height(at: SimpleNamespace) -> int:
    height: Any = at.lake.read(MEASURES).select(pl.len()).collect().item()
    return int(height)


def _cpu_s(at: SimpleNamespace) -> float:
    """Of this process and of the object store."""
    return time.process_time() + cpu_s(at.store_pid)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "seconds.json").write_text(json.dumps(found_in(place)))
