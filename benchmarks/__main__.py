"""Run all benchmarks, or those named, print their table, fail above a budget.

`python -m benchmarks`, `python -m benchmarks features trail`, and for their own files
`python -m benchmarks official_totals FILE…` and `python -m benchmarks detection FOLDER…`.
"""

import os
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks import (
    arrest_nights,
    camt,
    detection,
    editions,
    feature_nights,
    features,
    night,
    official_totals,
    reading,
    trail,
    trail_nights,
    validation,
)
from benchmarks.measured_rows import Row

MEASURING: dict[str, Callable[[], list[Row]]] = {
    "reading": reading.rows,
    "camt": camt.rows,
    "validation": validation.rows,
    "features": features.rows,
    "feature_nights": feature_nights.rows,
    "arrest_nights": arrest_nights.rows,
    "trail": trail.rows,
    "trail_nights": trail_nights.rows,
    "night": night.rows,
    "editions": editions.rows,
}


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 when every budget is kept."""
    if arguments and arguments[0] == "official_totals":
        return official_totals.main(arguments[1:])
    if arguments and arguments[0] == "detection":
        return detection.main([Path(name) for name in arguments[1:]] or [detection.SAMPLES])
    if unknown := sorted(set(arguments) - MEASURING.keys()):
        known = ", ".join((*MEASURING, "detection", "official_totals"))
        sys.stderr.write(f"No benchmark is called {', '.join(unknown)}. There are: {known}.\n")
        return 2
    is_kept = _measured(arguments or list(MEASURING))
    if not arguments:
        is_kept = detection.main([detection.SAMPLES]) == 0 and is_kept
        if official_totals.SAMPLES.is_dir():
            is_kept = official_totals.main([]) == 0 and is_kept
    return 0 if is_kept else 1


def _measured(names: Sequence[str]) -> bool:
    rows = [row for name in names for row in MEASURING[name]()]
    table = Table(title=f"{platform.machine()}, {os.cpu_count()} cores, Polars {pl.__version__}")
    for heading in ("what", "wall s", "CPU s", "peak MB", "with children MB", "budget", ""):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rows:
        table.add_row(
            row.name,
            f"{row.found.wall_s:.1f}",
            f"{row.found.cpu_s:.1f}",
            f"{row.found.peak_mb:.0f}",
            f"{row.found.peak_with_children_mb:.0f}",
            row.budget,
            "within" if row.is_within else "ABOVE",
        )
    # A log has no width: a table cut to 80 columns would hide the figures.
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return all(row.is_within for row in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
