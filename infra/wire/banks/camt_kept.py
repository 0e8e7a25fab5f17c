"""Records of statements as frames, each with the verdict on the totals of its statement.

Declared totals stand before the entries and can be judged only after the last of them: rows of a
statement that is still open are kept aside as frames, on the disk when there are many.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import polars as pl

from infra.wire.banks import camt_entry, camt_statement
from infra.wire.banks.camt_lxml import Entry
from infra.wire.banks.camt_statement import Statement

_ROWS = 4_096
_FRAMES_IN_MEMORY = 4
_OF_ENTRY = ("below", *camt_entry.CELLS)


class _Run:
    """How many rows that follow each other are of one statement."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.rows = 0
        self.flag: str | None = None


class Kept:
    """Rows that wait for more, and frames of an open statement that wait for its end."""

    def __init__(self, folder: Path, columns: Iterable[str]) -> None:
        """Frames go to the folder when they are many."""
        self._folder = folder
        self._columns = tuple(columns)
        self._entries = 0
        self._numbers: list[int] = []
        self._within: list[int] = []
        self._rows: list[camt_entry.Cells] = []
        self._runs: list[_Run] = []
        self._aside: list[pl.DataFrame | Path] = []

    def add(self, entry: Entry) -> Iterable[pl.DataFrame]:
        """Take in the rows of an entry; what can be given out because of it."""
        given: Iterable[pl.DataFrame] = ()
        if not self._runs or self._runs[-1].statement is not entry.statement:
            given = self.ended(is_whole=True)
            self._runs.append(_Run(entry.statement))
        rows = len(entry.payments)
        self._entries += not entry.is_continued
        self._rows += entry.payments
        self._numbers += [self._entries] * rows
        self._within += [entry.number] * rows
        self._runs[-1].rows += rows
        if len(self._rows) >= _ROWS:
            return chain(given, self._full())
        return given

    def ended(self, *, is_whole: bool) -> Iterator[pl.DataFrame]:
        """A statement is at its end: its totals are judged, and its frames kept aside given."""
        aside, self._aside = self._aside, []
        if not self._runs:
            return iter(())
        run = self._runs[-1]
        reconciled = run.statement.is_reconciled() if is_whole else None
        run.flag = flag = None if reconciled is None else str(reconciled).lower()
        return (
            (pl.read_ipc(one) if isinstance(one, Path) else one).with_columns(
                IS_RECONCILED=pl.lit(flag, pl.String())
            )
            for one in aside
        )

    def rest(self) -> list[pl.DataFrame]:
        """What is left, as one frame."""
        runs, self._runs = self._runs, []
        frame = self._frame(runs)
        return [frame] if frame.height else []

    def _full(self) -> list[pl.DataFrame]:
        *closed, last = self._runs
        if last.statement.declares_totals:
            self._runs = closed
            given = self.rest()
            self._aside.append(self._put(self._frame([last])))
        else:
            given = self.rest()
        self._runs = [_Run(last.statement)]
        return given

    def _put(self, frame: pl.DataFrame) -> pl.DataFrame | Path:
        if len(self._aside) < _FRAMES_IN_MEMORY:
            return frame
        path = self._folder / f"{len(self._numbers)}-{self._entries}.arrow"
        frame.write_ipc(path, compression="uncompressed")
        return path

    def _frame(self, runs: list[_Run]) -> pl.DataFrame:
        """The first rows, as many as there are in these runs; they are kept no longer."""
        rows = sum(run.rows for run in runs)
        of_entry = list(zip(*self._rows[:rows], strict=True)) or [()] * len(_OF_ENTRY)
        of_statement = {
            name: _of_runs(runs, [run.statement.cells[n] for run in runs])
            for n, name in enumerate(camt_statement.CELLS)
        }
        frame = pl.DataFrame(
            {
                "entry": pl.Series(self._numbers[:rows], dtype=pl.Int64()),
                "within": pl.Series(self._within[:rows], dtype=pl.Int64()),
                "at": _of_runs(runs, [run.statement.place for run in runs]),
                **of_statement,
                **{name: _text(cell) for name, cell in zip(_OF_ENTRY, of_entry, strict=True)},
                "IS_RECONCILED": _of_runs(runs, [run.flag for run in runs]),
            }
        )
        del self._rows[:rows], self._numbers[:rows], self._within[:rows]
        place = pl.concat_str("at", pl.lit("/Ntry["), "within", pl.lit("]"), "below")
        told = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in self._columns]
        return frame.select("entry", place.alias("place"), *told)


def _text(values: Iterable[str | None]) -> pl.Series:
    return pl.Series(list(values), dtype=pl.String())


def _of_runs(runs: list[_Run], values: list[str | None]) -> pl.Series:
    """What each run says, for each of its rows."""
    if len(runs) == 1:
        return pl.repeat(values[0], runs[0].rows, dtype=pl.String(), eager=True)
    return _text(chain.from_iterable([it] * run.rows for it, run in zip(values, runs, strict=True)))
