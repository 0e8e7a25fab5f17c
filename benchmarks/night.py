"""The whole night at a nation's scale, stage by stage, beside what else could be picked.

`python -m benchmarks.night 1_000_000 5_000_000` measures nights of so many bank rows, each with
its eve's registers and references in the lake, and keeps the results by version. Options:
`--banks` without the other feeds and the report, `--stages` without the night in one process,
`--workers` the night by one and by two workers of Dask, a thread each, and nothing else,
`--at FOLDER` where files lie (fifty million rows need 40 GB).
"""

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import kept_results
from benchmarks.features_sql import NIGHT
from benchmarks.kept_results import BESIDE, GAVE_UP, STAGED, WHOLE, Kept
from benchmarks.measured_rows import Row
from benchmarks.night_beside import MOST_ROWS, SIDES
from benchmarks.night_home import Home
from benchmarks.processes import Measured, aqsha, measured
from infra.code_version import code_version

MILLION = 1_000_000
MOST_TIMES_DUCKDB = 4.0
MOST_MB = 8192.0
MOST_EXPONENT = 1.05
WORKERS = (1, 2)

# Whoever imports the stages themselves has loaded Prefect before its settings are told.
STAGES = (
    "other feeds",
    "fetch",
    "stage",
    "screen and accept",
    "facts, arrests, precursors",
    "days of accounts",
    "windows of accounts",
    "persons, evidence, alerts",
    "transfers",
    "trails",
    "checks across feeds",
    "figures and report",
)
_NOT_OF_BANKS = {"other feeds", "figures and report"}


def rows() -> list[Row]:
    """The demonstration, and a night of a million bank rows."""
    with tempfile.TemporaryDirectory() as folder:
        home, log = {"AQSHA_HOME": str(Path(folder) / "demo")}, Path(folder) / "log"
        shown = [
            Row(f"demonstration, {which} run", measured(aqsha("demo"), home, log), most_s=60)
            for which in ("first", "second")
        ]
        found = [*nights(MILLION, Path(folder))]
    as_row = {
        one.what: Measured(one.wall_s, one.cpu_s, one.peak_mb, one.peak_mb, 0) for one in found
    }
    whole = Row(f"1 million bank rows: {WHOLE}", as_row.pop(WHOLE), most_mb=1024)
    return [*shown, *(Row(f"1 million bank rows: {what}", m) for what, m in as_row.items()), whole]


def nights(count: int, folder: Path, *, banks: bool = False, whole: bool = True) -> Iterator[Kept]:
    """A night of so many bank rows: what stands beside, its stages, and all of it at once."""
    home = Home(folder / "staged", NIGHT, count, banks_alone=banks)
    log = folder / "log"
    if not banks:
        _eve(home, log)
    home.hand_over(NIGHT)
    twin = home.twin(folder / "whole") if whole and not banks else None
    yield from _beside(home, folder, log)
    yield from _by_stages(home, log)
    shutil.rmtree(home.folder / "object-store")
    if twin is not None:
        run = measured(aqsha("nightly", "--date", str(NIGHT)), twin.environment, log)
        yield _kept(count, WHOLE, _must(run, log))


def by_workers(count: int, folder: Path) -> Iterator[Kept]:
    """A night of so many bank rows, all feeds and reports, by one worker and by two.

    A worker is a process of one thread, Polars' too: two of them are two cores.
    """
    home, log = Home(folder / "eve", NIGHT, count, banks_alone=False), folder / "log"
    _eve(home, log)
    home.hand_over(NIGHT)
    for workers in WORKERS:
        twin = home.twin(folder / f"by {workers}")
        told = {"AQSHA_DASK": str(workers), "POLARS_MAX_THREADS": "1"}
        command = aqsha("nightly", "--date", str(NIGHT))
        run = _must(measured(command, twin.environment | told, log), log)
        yield _kept(count, f"night, {workers} of Dask's workers", run)
        shutil.rmtree(twin.folder)


def _eve(home: Home, log: Path) -> None:
    """Registers and references come in before the night; it is not measured."""
    home.hand_over(home.eve)
    told = home.environment | {"AQSHA_REGIONS": "none"}
    _must(measured(aqsha("nightly", "--date", str(home.eve)), told, log), log)


def _beside(home: Home, folder: Path, log: Path) -> Iterator[Kept]:
    place = folder / "beside"
    place.mkdir()
    for side in SIDES:
        if home.rows <= MOST_ROWS.get(side, home.rows):
            files = [str(file) for file in home.bank_files]
            command = [sys.executable, "-m", "benchmarks.night_beside", side, str(place), *files]
            run = measured(command, {}, log)
            name = side if run.exit_code == 0 else f"{side}{GAVE_UP}"
            written = sum(f.stat().st_size for f in place.rglob("*") if f.is_file())
            yield _kept(home.rows, name, run, written=written)
            shutil.rmtree(place)
            place.mkdir()


def _by_stages(home: Home, log: Path) -> Iterator[Kept]:
    stages, told = [], home.folder / "told.json"
    before = home.stored()
    with home.serving() as environment:
        for name in STAGES:
            if home.banks_alone and name in _NOT_OF_BANKS:
                continue
            store_s = home.store_cpu_s()
            command = [sys.executable, "-m", "benchmarks.night_stages", name, str(NIGHT), str(told)]
            run = _must(measured(command, environment, log), log)
            now = home.stored()
            written = sum(size for key, size in now.items() if before.get(key) != size)
            before = now
            stages.append(
                _kept(
                    home.rows,
                    name,
                    run,
                    took=json.loads(told.read_text(encoding="utf-8")),
                    store_s=home.store_cpu_s() - store_s,
                    written=written,
                    is_stage=True,
                )
            )
            yield stages[-1]
        yield from _tables(home.rows, before)
    yield _sum(stages)


def _tables(count: int, stored: Mapping[str, int]) -> Iterator[Kept]:
    """What the tables of bank rows hold in the end."""
    for table in ("staged", "accepted"):
        folder = f"/{table}/card_transactions/"
        size = sum(size for key, size in stored.items() if folder in key)
        yield _kept(count, f"stored: {table} rows", Measured(0.0, 0.0, 0.0, 0.0, 0), written=size)


def _sum(stages: Sequence[Kept]) -> Kept:
    total = Measured(
        wall_s=sum(one.wall_s for one in stages),
        cpu_s=sum(one.cpu_s for one in stages),
        peak_mb=max(one.peak_mb for one in stages),
        peak_with_children_mb=0.0,
        exit_code=0,
    )
    return _kept(
        stages[0].rows,
        STAGED,
        total,
        store_s=sum(one.store_cpu_s for one in stages),
        written=sum(int(one.written_mb * 2**20) for one in stages),
    )


def _kept(
    count: int,
    what: str,
    run: Measured,
    *,
    took: Mapping[str, float] | None = None,
    store_s: float = 0.0,
    written: int = 0,
    is_stage: bool = False,
) -> Kept:
    seconds = took or {"wall_s": run.wall_s, "cpu_s": run.cpu_s}
    return Kept(
        code_version(),
        f"{datetime.now(UTC):%Y-%m-%d}",
        kept_results.machine(),
        count,
        what,
        seconds["wall_s"],
        seconds["cpu_s"],
        store_s,
        run.peak_mb,
        written / 2**20,
        is_stage,
    )


def _must(run: Measured, log: Path) -> Measured:
    if run.exit_code not in (0, 3):
        said = log.read_text(encoding="utf-8", errors="replace")[-4_000:]
        raise RuntimeError(f"A measured process failed with {run.exit_code}:\n{said}")
    return run


def main(words: Sequence[str]) -> int:
    """The exit code: 0 when the targets of the issue are met."""
    asked = ArgumentParser(prog="python -m benchmarks.night")
    asked.add_argument("sizes", nargs="+", type=int)
    asked.add_argument("--banks", action="store_true")
    asked.add_argument("--stages", action="store_true")
    asked.add_argument("--workers", action="store_true")
    asked.add_argument("--at", type=Path)
    given = asked.parse_args(words)
    how = partial(nights, banks=given.banks, whole=not given.stages)
    found: list[Kept] = []
    for count in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.at, prefix="night-") as folder:
            of_size = []
            for one in (by_workers if given.workers else how)(count, Path(folder)):
                print(kept_results.table([one]).splitlines()[-1], flush=True)
                of_size.append(one)
        kept_results.keep(of_size)
        kept_results.plot()
        found += of_size
    return 0 if given.workers or _judged(found) else 1


def _judged(found: Sequence[Kept]) -> bool:
    of = {(one.what, one.rows): one for one in found}
    night = WHOLE if any(one.what == WHOLE for one in found) else STAGED
    sizes = sorted({one.rows for one in found})
    is_kept = True
    for size in sizes:
        run, other = of[night, size], of.get((BESIDE, size))
        has_ended = other is not None
        times = run.wall_s / (other or of[f"{BESIDE}{GAVE_UP}", size]).wall_s
        is_kept &= times <= MOST_TIMES_DUCKDB and run.peak_mb <= MOST_MB
        print(f"{size:,} rows: {times:.2f} of at most {MOST_TIMES_DUCKDB:g} times DuckDB's time")
        print("  when it ended," if has_ended else "  when it gave up,")
        print(f"  peak {run.peak_mb:,.0f} of at most {MOST_MB:,.0f} MB")
    if len(sizes) > 1:
        grows = kept_results.exponent(sizes, [of[night, size].cpu_s for size in sizes])
        is_kept &= grows <= MOST_EXPONENT
        print(f"growth exponent {grows:.3f} of at most {MOST_EXPONENT:g}")
    return is_kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
