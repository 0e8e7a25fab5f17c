"""Bulk tables to staged rows, against a bare scan of the same file with the same casts.

Both sides are whole processes and take turns; the quickest of each counts. The bare side is
what reading and typing cost at all: scan, read each cell, sink as Parquet.
"""

import sys
import tempfile
from datetime import date
from pathlib import Path

import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from infra.wire.reading import File, wire_rows
from infra.wire.terms import Plain
from transforms.feeds import FEED_BY_NAME
from transforms.sentences import sentence

ROWS = 2_000_000
TURNS = 3
MOST_TIMES = 1.5

_FEED = FEED_BY_NAME["card_transactions"]
_DAY = date(2025, 8, 18)


def rows() -> list[Row]:
    """CSV and Parquet, each beside its floor."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        return [row for kind in ("csv", "parquet") for row in _pair(Path(folder), kind)]


def _pair(folder: Path, kind: str) -> list[Row]:
    found: dict[str, list[Measured]] = {"bare": [], "staged": []}
    for _ in range(TURNS):
        for side, runs in found.items():
            command = [sys.executable, "-m", "benchmarks.reading", side, kind, str(folder)]
            runs.append(measured(command, {}, folder / "log"))
    bare, staged = (min(runs, key=lambda run: run.wall_s) for runs in found.values())
    return [
        Row(f"{ROWS // 10**6} million rows of {kind}, bare scan to Parquet", bare),
        Row(f"{ROWS // 10**6} million rows of {kind} to staged", staged, MOST_TIMES, of=bare),
    ]


def _write(folder: Path) -> None:
    n = pl.int_range(ROWS)
    account = pl.lit("KZ86125KZT") + (n % 977_777).cast(pl.String).str.zfill(10)
    text = pl.select(
        TXN_ID=pl.lit("T") + n.cast(pl.String),
        BOOKED_AT=pl.lit("2025-08-18T")
        + sentence(
            "{}:{}:{}+05:00",
            *(part.cast(pl.String).str.zfill(2) for part in (n % 24, n // 24 % 60, n % 60)),
        ),
        ACCOUNT=account,
        CARD_TOKEN=pl.lit("tok_") + (n * 7919 % 1_000_003).cast(pl.String),
        IIN=(n % 977_777).cast(pl.String).str.zfill(12),
        DIRECTION=pl.when(n % 2 == 0).then(pl.lit("credit")).otherwise(pl.lit("debit")),
        AMOUNT=(n * 31 % 5_000_000).cast(pl.String) + ".25",
        CURRENCY=pl.lit("KZT"),
        OPERATION=pl.lit("transfer"),
        COUNTERPARTY_ACCOUNT=account.reverse(),
        COUNTERPARTY_IIN=pl.when(n % 3 == 0).then(n.cast(pl.String).str.zfill(12)),
        KNP=pl.lit("119"),
        CHANNEL=pl.lit("mobile"),
        DEVICE=pl.lit("dev") + (n % 300_007).cast(pl.String),
        KATO=pl.lit("75"),
    )
    text.write_csv(folder / "rows.csv", separator=";")
    text.write_parquet(folder / "rows.parquet")


def _bare(kind: str, path: Path) -> pl.LazyFrame:
    text = (
        pl.scan_csv(path, separator=";", infer_schema=False)
        if kind == "csv"
        else pl.scan_parquet(path)
    )
    return text.select(**{f.column.name: f.read(pl.col(f.wire)) for f in _FEED.fields})


def _staged(kind: str, path: Path) -> pl.LazyFrame:
    file = File(str(path), "CASPKZKA", _DAY, "0" * 64, ROWS)
    wire = wire_rows(
        [file],
        _FEED,
        Plain(kind, separator=";"),
        storage_options={},
        bring=lambda _url, _path: None,
        folder=path.parent,
    )
    return _FEED.staged(wire)


if __name__ == "__main__":
    side, kind, at = sys.argv[1:]
    source = Path(at) / f"rows.{kind}"
    frame = _bare(kind, source) if side == "bare" else _staged(kind, source)
    frame.sink_parquet(Path(at) / f"{side}-{kind}.out")
