"""What a night costs as history grows: features and scores of 120 nights, one after another.

Each night brings as many rows. The windows are full after 90 nights; what a night costs from then
on has to stay, and may be little more than on the first nights.
"""

import json
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.features import NIGHT, one_day
from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from transforms.droppers.activity import account_days, account_links
from transforms.droppers.contacts import CONTACTS
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.trial import tried
from transforms.droppers.typologies import in_force_on, typologies
from transforms.droppers.window_figures import Summed, account_windows, summed, summed_after
from transforms.droppers.window_sums import moving_days
from transforms.feeds import FEED_BY_NAME

NIGHTS = 120
ROWS = 20_000
ACCOUNTS = 5_000
EARLY, FULL, LATE = slice(10, 20), slice(90, 100), slice(110, 120)
MOST_TIMES_EARLY = 2.5
MOST_TIMES_FULL = 1.3


def rows() -> list[Row]:
    """Nights early, with full windows, and later; CPU seconds, medians of ten."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.feature_nights", folder]
        whole = measured(command, {}, Path(folder) / "log")
        seconds = json.loads((Path(folder) / "seconds.json").read_text())
    early, full, late = (_of(median(seconds[part]), whole) for part in (EARLY, FULL, LATE))
    return [
        Row("a night's features and scores, 10 to 20 nights of history", early),
        Row("a night's features and scores, 90 to 100 nights", full, MOST_TIMES_EARLY, of=early),
        Row("a night's features and scores, 110 to 120 nights", late, MOST_TIMES_FULL, of=full),
    ]


def nights(folder: Path) -> list[float]:
    """CPU seconds of each night, all threads; tables lie in files as they do in the lake."""
    took = []
    for place in range(NIGHTS):
        file = folder / "rows.parquet"
        one_day(NIGHT + timedelta(days=place), place, ROWS, ACCOUNTS).sink_parquet(file)
        began = time.process_time()
        _night(folder, place, pl.scan_parquet(file))
        took.append(time.process_time() - began)
    return took


def _night(folder: Path, place: int, booked: pl.LazyFrame) -> None:
    night, parameters = NIGHT + timedelta(days=place), parameters_of_activity()
    orders = pl.LazyFrame(schema=FEED_BY_NAME["p2p_orders"].accepted_table.schema)
    days = account_days(booked, orders, parameters=parameters)
    days.sink_parquet(folder / f"days-{night}.parquet")
    account_links(booked, parameters=parameters).sink_parquet(folder / f"links-{night}.parquet")
    moving = [f"{day}.parquet" for day in moving_days(night)]
    moved = [
        pl.scan_parquet([f for day in moving if (f := folder / f"{table}-{day}").exists()])
        for table in ("days", "links")
    ]
    if place == 0:
        sums = summed(*moved, night, parameters)
    else:
        eve = (pl.scan_parquet(folder / f"{t}-{place - 1}.parquet") for t in ("windows", "pairs"))
        sums = summed_after(Summed(*eve), *moved, night, parameters)
    sums.links.sink_parquet(folder / f"pairs-{place}.parquet")
    account_windows(
        sums.accounts,
        pl.scan_parquet(folder / f"pairs-{place}.parquet"),
        night,
        known=pl.LazyFrame(schema={"account_iban": pl.String}),
        contacts=pl.LazyFrame(schema=CONTACTS.schema),
        parameters=parameters,
    ).sink_parquet(folder / f"windows-{place}.parquet")
    figures = (pl.scan_parquet(folder / f"{t}-{place}.parquet") for t in ("windows", "pairs"))
    listed = tried(*figures, rules=in_force_on(typologies(), night))
    listed.evidence.sink_parquet(folder / "evidence.parquet")
    listed.alerts.sink_parquet(folder / "alerts.parquet")


def _of(seconds: float, whole: Measured) -> Measured:
    return Measured(seconds, seconds, whole.peak_mb, whole.peak_mb, whole.exit_code)


if __name__ == "__main__":
    place_of_files = Path(sys.argv[1])
    (place_of_files / "seconds.json").write_text(json.dumps(nights(place_of_files)))
