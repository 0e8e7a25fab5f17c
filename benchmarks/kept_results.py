"""Measurements kept by version, so that a slowdown is seen: rows of CSV, a table and a plot.

One line is one stage of one run. Memory is resident at its peak, bytes are those of objects that
the stage put into the object store.
"""

import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import altair as alt
import polars as pl

RESULTS = Path(__file__).parent / "results" / "night.csv"
WHOLE = "night, in one process"
STAGED = "night, stage by stage"
BESIDE = "DuckDB, features"
GAVE_UP = " (gave up)"
"""Behind the name of what did not come to its end: it takes longer than what is told."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one stage of one night took, or what stands beside it."""

    version: str
    measured_on: str
    machine: str
    rows: int
    what: str
    wall_s: float
    cpu_s: float
    store_cpu_s: float
    peak_mb: float
    written_mb: float
    is_stage: bool


def machine() -> str:
    """Cores, memory and libraries, in one line."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, {gigabytes:.0f} GB, "
        f"Polars {pl.__version__}, Python {platform.python_version()}"
    )


def keep(found: Sequence[Kept], file: Path = RESULTS) -> None:
    """Put them behind those of before; a run repeated on one day replaces itself."""
    new = pl.DataFrame([asdict(one) for one in found])
    key = ["version", "measured_on", "rows", "what"]
    if file.exists():
        before = pl.read_csv(file, schema_overrides=new.schema)
        new = pl.concat([before.join(new, on=key, how="anti"), new])
    file.parent.mkdir(parents=True, exist_ok=True)
    new.write_csv(file, float_precision=1)


def kept(file: Path = RESULTS) -> pl.DataFrame:
    """Everything that was kept, oldest first."""
    return pl.read_csv(file, schema_overrides={"version": pl.String})


def exponent(rows: Sequence[float], seconds: Sequence[float]) -> float:
    """How time grows with rows: the slope of a straight line through both logarithms.

    1 is in proportion; a fixed cost makes it less, a sort a little more.

    Raises:
        ValueError: fewer than two sizes.
    """
    if len(set(rows)) < 2:
        raise ValueError("Growth needs two sizes; measure another.")
    x, y = ([math.log(value) for value in values] for values in (rows, seconds))
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    across = sum((a - mean_x) ** 2 for a in x)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / across


def table(found: Sequence[Kept]) -> str:
    """One run as a table of Markdown."""
    lines = [
        "| rows | what | wall s | CPU s | store's CPU s | peak MB | written MB |",
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.rows:,} | {one.what} | {one.wall_s:.1f} | {one.cpu_s:.1f} | "
        f"{one.store_cpu_s:.1f} | {one.peak_mb:,.0f} | {one.written_mb:,.1f} |"
        for one in found
    ]
    return "\n".join(lines)


def plot(file: Path = RESULTS) -> Path:
    """CPU seconds over rows, both logarithmic, for the night and what stands beside it."""
    rows = kept(file).filter(pl.col("what").is_in([WHOLE, STAGED, BESIDE, "bare Polars scan"]))
    latest = rows.unique(["rows", "what"], keep="last", maintain_order=True)
    drawn = (
        alt.Chart(alt.Data(values=latest.to_dicts()), width=480, height=320)
        .mark_line(point=True)
        .encode(
            x=alt.X("rows:Q", title="bank rows of the night").scale(type="log").axis(format="~s"),
            y=alt.Y("cpu_s:Q", title="CPU seconds").scale(type="log"),
            color=alt.Color("what:N", title=None).legend(labelLimit=300),
        )
    )
    target = file.with_suffix(".svg")
    drawn.save(str(target))
    return target
