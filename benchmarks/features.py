"""Features and scores of accounts against the same aggregates in DuckDB.

Both sides are whole processes that read the same files of 30 days and write days, links and
windows as Parquet; their sums are compared. Ours goes day by day, as the nights do, and weighs
every account by the typologies too, which DuckDB is spared. The machine may be shared: the budget
is of CPU time.
"""

import os
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks.features_sql import in_duckdb
from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from transforms.droppers.activity import account_days, account_links
from transforms.droppers.contacts import CONTACTS
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.trial import tried
from transforms.droppers.typologies import in_force_on, typologies
from transforms.droppers.window_figures import account_windows
from transforms.droppers.window_sums import account_sums, link_windows
from transforms.feeds import FEED_BY_NAME

ROWS = int(os.environ.get("AQSHA_BENCH_TRANSACTIONS", "10_000_000"))
DAYS = 30
MOST_TIMES = 3.0
NIGHT = date(2025, 8, 30)
_APART = 97  # so that circles of neighbours share members, as those of people do

_FEED = FEED_BY_NAME["card_transactions"]
_KINDS = (
    *(("transfer", "credit"),) * 6,
    *(("transfer", "debit"),) * 6,
    *(("purchase", "debit"),) * 4,
    *(("cash_withdrawal", "debit"),) * 2,
    ("salary", "credit"),
    ("exchange_topup", "debit"),
)


def rows() -> list[Row]:
    """DuckDB, then ours beside it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write(place, ROWS)
        found = {side: _run(side, place) for side in ("duckdb", "ours")}
        agree(place)
        return [
            Row(f"features of {ROWS:,} transfers, DuckDB", found["duckdb"]),
            Row(
                f"features and scores of {ROWS:,} transfers",
                found["ours"],
                MOST_TIMES,
                of=found["duckdb"],
                most_mb=4096,
                is_by_cpu=True,
            ),
        ]


def write(folder: Path, count: int) -> None:
    """Accepted transactions, a file a day; a few accounts have most of the traffic."""
    for place in range(DAYS):
        day = NIGHT - timedelta(days=DAYS - 1 - place)
        rows_of_day = one_day(day, place, count // DAYS, count // 20)
        rows_of_day.sink_parquet(folder / f"rows-{place:02}.parquet")


def agree(folder: Path) -> None:
    """Both sides found the same, column by column.

    Raises:
        AssertionError: some sum differs.
    """
    for table in ("days", "links", "windows"):
        ours, theirs = (
            pl.scan_parquet(folder / f"{side}-{table}*.parquet") for side in ("ours", "duckdb")
        )
        counted = {c for c, t in ours.collect_schema().items() if t.is_integer()}
        names = [c for c in theirs.collect_schema() if c in counted]
        sums = [
            frame.select(pl.len(), pl.col(names).cast(pl.Int128).sum()).collect(engine="streaming")
            for frame in (ours, theirs)
        ]
        differing = [c for c in sums[0].columns if sums[0][c][0] != sums[1][c][0]]
        assert not differing, f"{table}: DuckDB and we differ in {differing}"


def ours(folder: Path) -> None:
    """Day by day, then the windows of the last day, evidence and the list."""
    parameters = parameters_of_activity()
    orders = pl.LazyFrame(schema=FEED_BY_NAME["p2p_orders"].accepted_table.schema)
    for file in sorted(folder.glob("rows-*.parquet")):
        booked = pl.scan_parquet(file)
        account_days(booked, orders, parameters=parameters).sink_parquet(
            folder / file.name.replace("rows", "ours-days")
        )
        account_links(booked, parameters=parameters).sink_parquet(
            folder / file.name.replace("rows", "ours-links")
        )
    days = pl.scan_parquet(folder / "ours-days-*.parquet")
    links = pl.scan_parquet(folder / "ours-links-*.parquet")
    link_windows(links, NIGHT).sink_parquet(folder / "ours-pairs.parquet")
    account_windows(
        account_sums(days, NIGHT, parameters),
        pl.scan_parquet(folder / "ours-pairs.parquet"),
        NIGHT,
        known=pl.LazyFrame(schema={"account_iban": pl.String}),
        contacts=pl.LazyFrame(schema=CONTACTS.schema),
        parameters=parameters,
    ).sink_parquet(folder / "ours-windows.parquet")
    windows, pairs = (pl.scan_parquet(folder / f"ours-{t}.parquet") for t in ("windows", "pairs"))
    listed = tried(windows, pairs, rules=in_force_on(typologies(), NIGHT))
    listed.evidence.sink_parquet(folder / "ours-evidence.parquet")
    listed.alerts.sink_parquet(folder / "ours-alerts.parquet")


def _run(side: str, folder: Path) -> Measured:
    command = [sys.executable, "-m", "benchmarks.features", side, str(folder)]
    return measured(command, {}, folder / "log")


def one_day(
    day: date, place: int, count: int, accounts: int, circle: int | None = None
) -> pl.LazyFrame:
    """Accepted transactions of one day, the same each time.

    Each account moves money with any other, or with as many others as its `circle` has.
    """
    n = pl.int_range(count, dtype=pl.Int64)
    chance = (n + place * count).hash(seed=7)
    # The product of two draws leans to small numbers.
    who = ((chance % 1000) * ((chance // 1000) % 1000) * accounts // 1_000_000).cast(pl.Int64)
    other = (chance // 10**6 % accounts).cast(pl.Int64)
    if circle:
        other = (who + 1 + other % circle * _APART) % accounts
    kind = (chance // 10**12 % len(_KINDS)).cast(pl.Int64)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=5)
    operation = pl.Series([operation for operation, _ in _KINDS])
    direction = pl.Series([direction for _, direction in _KINDS])
    is_transfer = pl.col("operation_code") == "transfer"
    told = {
        "business_date": pl.lit(day),
        "institution": pl.lit("CASPKZKA"),
        "transaction_id": (n + place * count).cast(pl.String),
        "booked_at": pl.lit(midnight).dt.cast_time_unit("us")
        + pl.duration(seconds=(chance // 7 % 86_400).cast(pl.Int64)),
        "account_iban": _iban(who),
        "holder_iin": who.cast(pl.String).str.zfill(12),
        "card_token": pl.lit("tok_") + who.cast(pl.String),
        "direction_code": pl.lit(direction).gather(kind),
        "operation_code": pl.lit(operation).gather(kind),
        "amount_minor": ((chance // 11 % 400).cast(pl.Int64) + 1) * 12_500,
        "currency_code": pl.lit("KZT"),
        "counterparty_iban": _iban(other),
        "counterparty_iin": other.cast(pl.String).str.zfill(12),
        "channel_code": pl.lit("mobile"),
        "device_id": pl.lit("dev-") + (who // 2).cast(pl.String),
        "region_code": pl.lit("75"),
    }
    schema = _FEED.accepted_table.schema
    return (
        pl.select(**told)
        .lazy()
        .with_columns(
            counterparty_iban=pl.when(is_transfer).then("counterparty_iban"),
            **{c: pl.lit(None, t) for c, t in schema.items() if c not in told},
        )
        .select(schema.names())
        .cast(dict(schema))
    )


def _iban(number: pl.Expr) -> pl.Expr:
    return pl.lit("KZ86125KZT") + number.cast(pl.String).str.zfill(10)


if __name__ == "__main__":
    side, at = sys.argv[1:]
    (ours if side == "ours" else in_duckdb)(Path(at))
