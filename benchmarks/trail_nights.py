"""What a night costs that takes the trails of cases further, as history grows.

Every night brings as many transfers, and a hundredth of them is a network's: droppers whom the case
knows send to people nobody saw before, who send on in the days after, so that the trail reaches
more accounts each night and money is left in more places. Seeds are the same from the first night.
A night, its state read from files and written as the lake keeps it, is to cost what it brings. What
the trails have reached by then is read and written as it lies: a night may take half as many times
more as there is more of that. All nights anew are measured too, which is what a new seed costs,
once; they have to tell the same.
"""

import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from transforms.feeds import FEED_BY_NAME
from transforms.sentences import sentence
from transforms.trail.crossing import CROSSINGS
from transforms.trail.nights import Night, night_of_trails
from transforms.trail.parameters import limits, ties
from transforms.trail.seeds import SEED_NODES
from transforms.trail.trails import Told
from transforms.trail.transfers import TRANSFERS

NIGHTS = 90
A_NIGHT, OF_NETWORK = 200_000, 2_000
EARLY, MONTH, LATE = slice(7, 12), slice(35, 40), slice(85, 90)
MOST_OF_REACHED, MOST_OF_ANEW = 0.5, 0.05

_FIRST = date(2026, 1, 1)
_CASES, _SEEDS, _OTHERS = 50, 500, 400_000
_SENT_ON_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Nights:
    """CPU seconds of each night, all threads, rows of its state, and of all days at once."""

    cpu_s: list[float]
    reached: list[int]
    anew_cpu_s: float


def rows() -> list[Row]:
    """Nights early, after a month and after all; medians of five."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.trail_nights", folder]
        whole = measured(command, {}, Path(folder) / "log")
        found = Nights(**json.loads((Path(folder) / "nights.json").read_text()))
    early, month, late = (_of(median(found.cpu_s[part]), whole) for part in (EARLY, MONTH, LATE))
    reached = [found.reached[part.stop - 1] for part in (EARLY, MONTH, LATE)]
    told = [
        f"trails a night further, nights {part.start + 1} to {part.stop}, {places:,} places reached"
        for part, places in zip((EARLY, MONTH, LATE), reached, strict=True)
    ]
    more_by_month, more_by_late = (places / reached[0] for places in reached[1:])
    anew = _of(found.anew_cpu_s, whole)
    return [
        Row(told[0], early),
        Row(told[1], month, MOST_OF_REACHED, of=early, of_times=more_by_month),
        Row(told[2], late, MOST_OF_REACHED, of=early, of_times=more_by_late),
        Row(f"{NIGHTS} days anew, as for a new seed", anew),
        Row("a night further, of all anew", late, MOST_OF_ANEW, of=anew),
    ]


def nights(folder: Path) -> Nights:
    """All nights, one after another, and all days at once.

    Raises:
        AssertionError: the two differ.
    """
    found = Nights([], [], 0.0)
    seeds = _seeds()
    for n in range(NIGHTS):
        _write_day(folder, n)
        began = time.process_time()
        eve = pl.scan_parquet(folder / f"holdings-{n - 1}.parquet") if n else None
        night = _told(folder, seeds, eve, since=n, night=n)
        night.steps.sink_parquet(folder / f"steps-{n}.parquet")
        night.holdings.sink_parquet(folder / f"holdings-{n}.parquet")
        found.cpu_s.append(time.process_time() - began)
        reached = pl.scan_parquet(folder / f"holdings-{n}.parquet").select(pl.len())
        found.reached.append(reached.collect().item())
    began = time.process_time()
    anew = _told(folder, seeds, None, since=0, night=NIGHTS - 1).holdings.collect()
    took = time.process_time() - began
    assert_frame_equal(anew, pl.read_parquet(folder / f"holdings-{NIGHTS - 1}.parquet"))
    return Nights(found.cpu_s, found.reached, took)


def _told(
    folder: Path, seeds: pl.LazyFrame, eve: pl.LazyFrame | None, *, since: int, night: int
) -> Night:
    days = [folder / f"transfers-{n}.parquet" for n in range(since, night + 1)]
    labels = pl.LazyFrame(schema=FEED_BY_NAME["wallet_labels"].accepted_table.schema)
    return night_of_trails(
        Told(pl.scan_parquet(days), pl.LazyFrame(schema=CROSSINGS.schema), labels),
        seeds,
        eve,
        limits=limits(),
        ties=ties(),
        earliest=_FIRST,
        since=_FIRST + timedelta(days=since),
        night=_FIRST + timedelta(days=night),
    )


def _seeds() -> pl.LazyFrame:
    node = pl.int_range(_SEEDS, eager=True)
    return (
        pl.LazyFrame({"node": node})
        .select(
            case_no=(pl.col("node") % _CASES + 100_000_000_000_000).cast(pl.String),
            node_kind=pl.lit("account"),
            node_id=_iban("node"),
            from_at=pl.lit(datetime(2025, 12, 31, tzinfo=UTC), SEED_NODES.schema["from_at"]),
        )
        .sort(SEED_NODES.key)
    )


def _write_day(folder: Path, n: int) -> None:
    """A network's transfers and others'; numbers of the network's accounts are given in turn."""
    dice = np.random.default_rng(n)
    day = _FIRST + timedelta(days=n)
    payer = dice.integers(10**7, 10**7 + _OTHERS, A_NIGHT)
    payee = dice.integers(10**7, 10**7 + _OTHERS, A_NIGHT)
    # A third is paid to seeds, a third by seeds to new people, a third by these to newer ones.
    third, known = OF_NETWORK // 3, _SEEDS + n * (OF_NETWORK // 3) * 2
    payee[:third] = dice.integers(0, _SEEDS, third)
    payer[third : 2 * third] = dice.integers(0, _SEEDS, third)
    payee[third : 2 * third] = known + np.arange(third)
    newest = max(known - _SENT_ON_WITHIN * 2 * third, _SEEDS)
    payer[2 * third : 3 * third] = dice.integers(newest, max(known, newest + 1), third)
    payee[2 * third : 3 * third] = known + third + np.arange(third)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=5)
    told: dict[str, Any] = {
        "payer": payer,
        "payee": payee,
        "s": dice.integers(0, 86_400, A_NIGHT),
        "amount_tiyn": np.exp(dice.normal(15, 1, A_NIGHT)).astype(np.int64) + 100_000,
    }
    pl.DataFrame(told).select(
        business_date=pl.lit(day),
        transfer_id=sentence("BANK/{}", pl.int_range(pl.len()) + n * A_NIGHT),
        at=(pl.lit(midnight) + pl.duration(seconds="s")).cast(TRANSFERS.schema["at"]),
        from_kind=pl.lit("account"),
        from_id=_iban("payer"),
        to_kind=pl.lit("account"),
        to_id=_iban("payee"),
        amount_tiyn="amount_tiyn",
        operation_code=pl.lit("transfer"),
        asset_code=pl.lit("KZT"),
        quantity=pl.lit(None, TRANSFERS.schema["quantity"]),
        from_iin=pl.lit(None, pl.String),
        to_iin=pl.lit(None, pl.String),
        confidence=pl.lit(1.0),
    ).select(TRANSFERS.schema.names()).write_parquet(folder / f"transfers-{n}.parquet")


def _iban(node: str) -> pl.Expr:
    return "KZ86125KZT" + pl.col(node).cast(pl.String).str.zfill(10)


def _of(seconds: float, whole: Measured) -> Measured:
    return Measured(seconds, seconds, whole.peak_mb, whole.peak_mb, whole.exit_code)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "nights.json").write_text(json.dumps(asdict(nights(place))))
