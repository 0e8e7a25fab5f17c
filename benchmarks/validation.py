"""A suite of eleven expectations: the Polars engine beside GX's pandas engine and a bare select.

All sides are whole processes, read the same Parquet file and take turns; the quickest of each
counts, by what it says itself of the suite's time: the import of Great Expectations, some
seconds on any engine, is left out of time and is part of memory.

`python -m benchmarks.validation` runs this alone, with `--large` also fifty million rows.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured

MILLION = 1_000_000
ROWS = 5 * MILLION
LARGE_ROWS = 50 * MILLION
TURNS = 3
SLOWEST_OF_PANDAS = 1 / 5
MOST_OF_PANDAS_MB = 1 / 2
MOST_TIMES_BY_HAND = 1.5
MOST_LARGE_MB = 4096

_STATES = ("new", "held", "free", "lost")
_AT_ONCE = 5 * MILLION


def rows(*, large: bool = False) -> list[Row]:
    """Five million rows by each side; fifty million by the Polars engine alone."""
    with tempfile.TemporaryDirectory() as folder:
        found = _five_million(Path(folder))
        return [*found, *(_fifty_million(Path(folder)) if large else ())]


def _five_million(folder: Path) -> list[Row]:
    file = _written(folder, ROWS)
    runs: dict[str, list[Measured]] = {side: [] for side in _SIDES if side != "partitioned"}
    for _ in range(TURNS):
        for side, found in runs.items():
            found.append(_run(side, file, folder))
    pandas, polars, by_hand = (
        min(runs[side], key=lambda run: run.wall_s) for side in ("pandas", "polars", "by_hand")
    )
    said = f"11 expectations, {ROWS // MILLION} million rows"
    return [
        Row(f"{said}, GX on pandas", pandas),
        Row(
            f"{said}, GX on Polars, beside pandas",
            polars,
            SLOWEST_OF_PANDAS,
            of=pandas,
            most_mb=pandas.peak_mb * MOST_OF_PANDAS_MB,
        ),
        Row(f"{said}, Polars by hand", by_hand),
        Row(f"{said}, GX on Polars, beside by hand", polars, MOST_TIMES_BY_HAND, of=by_hand),
    ]


def _fifty_million(folder: Path) -> list[Row]:
    run = _run("partitioned", _written(folder, LARGE_ROWS), folder)
    said = f"11 expectations, {LARGE_ROWS // MILLION} million rows, GX on Polars"
    return [Row(said, run, most_mb=MOST_LARGE_MB)]


def _run(side: str, file: Path, folder: Path) -> Measured:
    told = folder / "told.json"
    command = [sys.executable, "-m", "benchmarks.validation", side, str(file), str(told)]
    run = measured(command, {}, folder / "log")
    return replace(run, wall_s=json.loads(told.read_text())["seconds"])


def _written(folder: Path, count: int) -> Path:
    file = folder / f"rows-{count}"
    file.mkdir()
    for begin in range(0, count, _AT_ONCE):
        n = pl.int_range(begin, min(begin + _AT_ONCE, count))
        mixed = n * 2_654_435_761 % 4_294_967_291
        pl.select(
            txn_id=pl.lit("T") + mixed.cast(pl.String) + "-" + n.cast(pl.String),
            account=pl.lit("KZ") + (mixed % 977_777).cast(pl.String).str.zfill(18),
            amount_tiyn=mixed % 5_000_000 + 1,
            rate=(mixed % 1_000) / 1_000,
            state=pl.lit(pl.Series(_STATES)).gather(mixed % len(_STATES)),
            booked_at=pl.datetime(2025, 8, 18) + pl.duration(seconds=n % 86_400),
            seen_at=pl.datetime(2025, 8, 18) + pl.duration(seconds=n % 86_400 + mixed % 600),
        ).write_parquet(file / f"{begin:09}.parquet")
    return file


def _expectations() -> list[Any]:
    import great_expectations.expectations as gxe  # noqa: PLC0415  # costs seconds

    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="txn_id"),
        gxe.ExpectColumnValuesToNotBeNull(column="account"),
        gxe.ExpectColumnValuesToBeUnique(column="txn_id"),
        gxe.ExpectColumnValuesToMatchRegex(column="account", regex="^KZ[0-9]{18}$"),
        gxe.ExpectColumnValueLengthsToEqual(column="account", value=20),
        gxe.ExpectColumnValuesToBeBetween(column="amount_tiyn", min_value=1, max_value=10**9),
        gxe.ExpectColumnValuesToBeInSet(column="state", value_set=list(_STATES)),
        gxe.ExpectColumnMeanToBeBetween(column="rate", min_value=0, max_value=1),
        gxe.ExpectColumnSumToBeBetween(column="amount_tiyn", min_value=1),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="seen_at", column_B="booked_at", or_equal=True
        ),
    ]


def _by_gx(engine: Any, frame: Callable[[], Any]) -> Callable[[], bool]:
    from great_expectations.validator.validator import Validator  # noqa: PLC0415

    configurations = [each.configuration for each in _expectations()]

    def passes() -> bool:
        engine.load_batch_data("rows", frame())
        validator = Validator(execution_engine=engine)
        validator.metrics_calculator.show_progress_bars = False
        verdicts = validator.graph_validate(
            configurations, runtime_configuration={"result_format": "SUMMARY"}
        )
        return len(verdicts) == 11 and all(verdict.success for verdict in verdicts)

    return passes


def _on_pandas(file: Path) -> Callable[[], bool]:
    import pandas as pd  # noqa: PLC0415
    from great_expectations.execution_engine import PandasExecutionEngine  # noqa: PLC0415

    return _by_gx(PandasExecutionEngine(), lambda: pd.read_parquet(file))


def _on_polars(file: Path, unique_partitions: int = 1) -> Callable[[], bool]:
    from expectations.polars_engine import PolarsExecutionEngine  # noqa: PLC0415

    engine = PolarsExecutionEngine(unique_partitions=unique_partitions)
    return _by_gx(engine, lambda: pl.scan_parquet(file / "*.parquet"))


def _by_hand(file: Path) -> Callable[[], bool]:
    account, amount = pl.col("account"), pl.col("amount_tiyn")

    def passes() -> bool:
        rows = pl.scan_parquet(file / "*.parquet")
        kept = rows.select(
            rows=pl.len() >= 1,
            named=pl.col("txn_id").is_not_null().all(),
            account=account.is_not_null().all(),
            shape=account.str.contains("^KZ[0-9]{18}$").all(),
            length=(account.str.len_chars() == 20).all(),
            amount=amount.is_between(1, 10**9).all(),
            state=pl.col("state").is_in(_STATES).all(),
            rate=pl.col("rate").mean().is_between(0, 1),
            total=amount.sum() >= 1,
            order=(pl.col("seen_at") >= pl.col("booked_at")).all(),
        )
        twice = rows.group_by("txn_id").len().filter(pl.col("len") > 1).select(pl.len())
        verdicts, repeated = pl.collect_all([kept, twice], engine="streaming")
        return all(verdicts.row(0)) and repeated.item() == 0

    return passes


_SIDES: dict[str, Callable[[Path], Callable[[], bool]]] = {
    "pandas": _on_pandas,
    "polars": _on_polars,
    "by_hand": _by_hand,
    "partitioned": lambda file: _on_polars(file, unique_partitions=4),
}


def _main() -> None:
    side, file, told = sys.argv[1:]
    passes = _SIDES[side](Path(file))
    began = time.monotonic()
    assert passes()
    Path(told).write_text(json.dumps({"seconds": time.monotonic() - began}))


if __name__ == "__main__":
    if sys.argv[1:] in ([], ["--large"]):
        for row in rows(large="--large" in sys.argv):
            print(f"{row.name}: {row.found.wall_s:.2f} s, {row.found.peak_mb:.0f} MB", row.budget)
    else:
        _main()
