"""The whole night: the demonstration, and a night with a million bank rows, against its floor.

The floor is what reading costs at all: the same files of bank transactions, read as text by a
bare Polars scan and written as Parquet, in the same run.
"""

import sys
import tempfile
import textwrap
from pathlib import Path

from benchmarks.measured_rows import Row
from benchmarks.processes import aqsha, measured

MILLION = 1_000_000
DAY = "2025-08-18"

_FLOOR = textwrap.dedent(
    """
    import sys, polars as pl
    from pathlib import Path
    files = sorted(Path(sys.argv[1]).glob("*/card_transactions/*.csv.gz"))
    whole = [f for f in files if not f.name.startswith("card_transactions_KCJBKZKX_20250817.")]
    pl.scan_csv(whole, separator=";", infer_schema=False).sink_parquet(sys.argv[2])
    """
)


def rows() -> list[Row]:
    """Run everything once, each in a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return _demonstration(Path(folder)) + _million(Path(folder))


def _demonstration(folder: Path) -> list[Row]:
    home = {"AQSHA_HOME": str(folder / "demonstration")}
    log = folder / "demonstration.log"
    return [
        Row("demonstration, first run", measured(aqsha("demo"), home, log), most_s=60),
        Row("demonstration, second run", measured(aqsha("demo"), home, log), most_s=60),
    ]


def _million(folder: Path) -> list[Row]:
    home = {"AQSHA_HOME": str(folder / "million")}
    log = folder / "million.log"
    simulate = aqsha("simulate", "--date", DAY, "--transactions", str(MILLION // 3))
    floor = [sys.executable, "-c", _FLOOR, str(folder / "million" / "outside")]
    return [
        Row("simulate 1 million bank rows", measured(simulate, home, log)),
        Row(
            "night over 1 million bank rows",
            measured(aqsha("nightly", "--date", DAY), home, log),
            most_mb=1024,
        ),
        Row(
            "floor: the same files, bare scan to Parquet",
            measured([*floor, str(folder / "floor.parquet")], home, log),
        ),
    ]
