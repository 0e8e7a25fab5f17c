"""What a night costs as history grows: features and scores of 120 nights, one after another.

Each night brings as many rows. What is carried on from night to night are the windows of accounts
and of the pairs that money moved between, so two countries are measured:

- *circles*: everybody moves money with the same few. After ten nights the windows hold nearly all
  pairs that they ever will; so from then on every night has to cost as much, to the last.
- *strangers*: everybody moves money with anybody, so that every night brings pairs never seen, as
  no country does. The windows grow until they are full after 90 nights, five times what they held
  after 10 to 20: a night may cost as much more as there are more pairs, and from then on no more.
"""

import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
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
COUNTRIES = {"circles": 4, "strangers": None}
EARLY, FULL, LATE = slice(10, 20), slice(90, 100), slice(110, 120)
MOST_TIMES = 1.3


@dataclass(frozen=True, slots=True)
class Nights:
    """CPU seconds of each night, all threads, and how many pairs its windows hold."""

    cpu_s: list[float]
    pairs: list[int]


def rows() -> list[Row]:
    """Nights early, with full windows, and later; medians of ten."""
    return [row for country in COUNTRIES for row in _rows_of(country)]


def _rows_of(country: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.feature_nights", country, folder]
        whole = measured(command, {}, Path(folder) / "log")
        found = Nights(**json.loads((Path(folder) / "nights.json").read_text()))
    parts = (EARLY, FULL, LATE)
    early, full, late = (_of(median(found.cpu_s[part]), whole) for part in parts)
    pairs = [median(found.pairs[part]) for part in parts]
    # Of circles the pairs stay; only strangers' nights are given as much as there is more to move.
    more = 1.0 if COUNTRIES[country] else pairs[1] / pairs[0]
    told = [f"a night's features and scores, {country}, {held:,.0f} pairs" for held in pairs]
    return [
        Row(f"{told[0]}, 10 to 20 nights of history", early),
        Row(f"{told[1]}, 90 to 100 nights", full, MOST_TIMES, of=early, of_times=more),
        Row(f"{told[2]}, 110 to 120 nights", late, MOST_TIMES, of=full),
    ]


def nights(folder: Path, circle: int | None) -> Nights:
    """All nights, one after another; tables lie in files as they do in the lake."""
    found = Nights([], [])
    for place in range(NIGHTS):
        file = folder / "rows.parquet"
        day = NIGHT + timedelta(days=place)
        one_day(day, place, ROWS, ACCOUNTS, circle).sink_parquet(file)
        began = time.process_time()
        _night(folder, place, pl.scan_parquet(file))
        found.cpu_s.append(time.process_time() - began)
        held = pl.scan_parquet(folder / f"pairs-{place}.parquet").select(pl.len())
        found.pairs.append(held.collect().item())
    return found


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
    place_of_files = Path(sys.argv[2])
    told_of = nights(place_of_files, COUNTRIES[sys.argv[1]])
    (place_of_files / "nights.json").write_text(json.dumps(asdict(told_of)))
