"""Run all benchmarks, print their table, fail above a budget; or one: `official_totals FILE…`."""

import os
import platform
import sys
from collections.abc import Sequence

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks import (
    camt,
    detection,
    editions,
    feature_nights,
    features,
    night,
    official_totals,
    reading,
    trail,
    validation,
)


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 when every budget is kept."""
    if arguments:
        return _one(*arguments)
    measuring = (reading, camt, validation, features, feature_nights, trail, night, editions)
    rows = [row for one in measuring for row in one.rows()]
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
    Console().print(table)
    is_ahead = detection.main([detection.SAMPLES]) == 0
    if official_totals.SAMPLES.is_dir():
        is_ahead = official_totals.main([]) == 0 and is_ahead
    return 0 if is_ahead and all(row.is_within for row in rows) else 1


def _one(name: str, *arguments: str) -> int:
    if name != "official_totals":
        sys.stderr.write(f"{name} cannot be run alone; official_totals can.\n")
        return 2
    return official_totals.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
