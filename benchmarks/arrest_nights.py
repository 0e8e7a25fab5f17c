"""What the lives of arrests and the breaks between registers cost at 100,000 measures.

Both are made anew each night: an answer or a decision may be about an arrest of any day, and one
asset may be in two cases. They rest on what authorities order and not on what people pay, so they
grow with the registers; here by 1,111 measures a night, for 90 nights.
What that may cost is held against reading the same registers and writing them once, which nothing
that answers from them can spare.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from transforms.arrests.accounts import ACCOUNT_ARRESTS, account_arrests
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.breaks import arrest_breaks
from transforms.arrests.cards import CARD_ARRESTS, card_arrests
from transforms.arrests.measure_sources import sources
from transforms.arrests.measures import measures
from transforms.arrests.parameters import days_off, parameters_of_arrests
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.contracts import Table
from transforms.feeds import FEED_BY_NAME
from transforms.reference import reference
from transforms.sentences import sentence

NIGHTS = 90
MOST_TIMES = 10.0
CARDS, ASSETS, CASES = 500, 111, 20
"""A night; an order's card and its account are two measures."""
FIRST = date(2025, 5, 1)
FEEDS = ("card_arrest_orders", "card_arrest_confirmations", "criminal_cases", "measure_events")
FACTS = (CARD_ARRESTS, ACCOUNT_ARRESTS, ASSET_ARRESTS)


def write(folder: Path) -> None:
    """The registers, a file a table and night."""
    legal = reference("legal_parameters").lazy()
    for n in range(NIGHTS):
        night = FIRST + timedelta(days=n)
        tables = {**_feeds(n, night), ASSET_ARRESTS.name: _assets(n, night)}
        two = (tables["card_arrest_orders"].lazy(), tables["card_arrest_confirmations"].lazy())
        tables[CARD_ARRESTS.name] = card_arrests(
            *two, legal_parameters=legal, holidays=days_off()
        ).collect()
        tables[ACCOUNT_ARRESTS.name] = account_arrests(
            *two, legal_parameters=legal, holidays=days_off()
        ).collect()
        for name, rows in tables.items():
            rows.write_parquet(folder / f"{name}-{n:03}.parquet")


def _feeds(n: int, night: date) -> dict[str, pl.DataFrame]:
    cards, cases = pl.int_range(CARDS), pl.int_range(CASES)
    case = (100_000_000_000_000 + n * CASES + cards % CASES).cast(pl.String)
    card = sentence("tok_{}", n * CARDS + cards)
    order = sentence("O-{}", n * CARDS + cards)
    told = {"order_id": order, "ordered_on": pl.lit(night), "card_token": card}
    noon = datetime(night.year, night.month, night.day, 7, tzinfo=UTC) + timedelta(days=1)
    lifted = pl.int_range(CARDS // 20)
    return {
        "card_arrest_orders": _accepted(
            "card_arrest_orders",
            night,
            **told,
            case_no=case,
            bank_bic=pl.lit("CASPKZKA"),
            account_iban=sentence("KZ{}", 10**15 + n * CARDS + cards),
            agency_code=pl.lit("mvd"),
            region_code=pl.lit("75"),
        ),
        "card_arrest_confirmations": _accepted(
            "card_arrest_confirmations",
            night,
            **told,
            result_code=pl.lit("executed"),
            answered_at=pl.lit(noon),
            held_tiyn=cards * 1_000,
        ),
        "criminal_cases": _accepted(
            "criminal_cases",
            night,
            case_no=(100_000_000_000_000 + n * CASES + cases).cast(pl.String),
            registered_on=pl.lit(night),
            scheme_code=pl.lit("dropper_network"),
            agency_code=pl.lit("mvd"),
            region_code=pl.lit("75"),
        ),
        "measure_events": _accepted(
            "measure_events",
            night,
            event_id=sentence("E-{}-{}", pl.lit(n), lifted),
            # Decisions are about arrests of any night before.
            measure_id=sentence("O-{}", (lifted * 7919 + n * 104729) % ((n + 1) * CARDS)),
            asset_code=pl.lit("bank_account"),
            event_code=pl.lit("lifted"),
            happened_on=pl.lit(night),
        ),
    }


def _accepted(feed: str, night: date, **told: pl.Expr) -> pl.DataFrame:
    table = FEED_BY_NAME[feed].accepted_table
    return _whole(table, business_date=pl.lit(night), institution=pl.lit("CASPKZKA"), **told)


def _assets(n: int, night: date) -> pl.DataFrame:
    number = n * ASSETS + pl.int_range(ASSETS)
    return _whole(
        ASSET_ARRESTS,
        business_date=pl.lit(night),
        measure_id=sentence("M-{}", number),
        case_no=(100_000_000_000_000 + number % (CASES * (n + 1))).cast(pl.String),
        arrested_on=pl.lit(night),
        stage_code=pl.lit("arrested"),
        asset_code=pl.lit("vehicle"),
        asset_id=sentence("VIN{}", number),
        term_on=pl.lit(night + timedelta(days=60)),
        agency_code=pl.lit("mvd"),
        region_code=pl.lit("75"),
        value_tiyn=number * 1_000,
    )


def _whole(table: Table, **told: pl.Expr) -> pl.DataFrame:
    absent = {c: pl.lit(None, t) for c, t in table.schema.items() if c not in told}
    rows = pl.select(**told).with_columns(**absent)
    return rows.select(table.schema.names()).cast(dict(table.schema))


def _read(folder: Path, nights: int, name: str) -> pl.LazyFrame:
    return pl.scan_parquet([folder / f"{name}-{n:03}.parquet" for n in range(nights)])


def made(folder: Path, nights: int) -> None:
    """What a night makes of the registers as they are after so many nights."""
    read = partial(_read, folder, nights)
    night = FIRST + timedelta(days=nights - 1)
    feeds = {feed: read(feed) for feed in FEEDS}
    cards, accounts, assets = (read(table.name) for table in FACTS)
    told = sources(
        cards,
        accounts,
        assets,
        pl.LazyFrame(schema=WALLET_FREEZES.schema),
        card_arrest_orders=feeds["card_arrest_orders"],
        parameters=parameters_of_arrests(),
    )
    measures(told, feeds["measure_events"], night).sink_parquet(folder / "lives.parquet")
    arrest_breaks(
        **feeds,
        card_arrests=cards,
        asset_arrests=assets,
        measures=pl.scan_parquet(folder / "lives.parquet"),
        night=night,
        parameters=parameters_of_arrests(),
        holidays=days_off(),
    ).sink_parquet(folder / "breaks.parquet")


def read_once(folder: Path, nights: int) -> None:
    """The floor: the same registers, read and written."""
    for name in (*FEEDS, *(table.name for table in FACTS)):
        _read(folder, nights, name).sink_parquet(folder / "floor.parquet")


def rows() -> list[Row]:
    """After ten nights and after all; CPU seconds, medians of some."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.arrest_nights", folder]
        whole = measured(command, {}, Path(folder) / "log")
        found = json.loads((Path(folder) / "seconds.json").read_text())
        held = pl.scan_parquet(Path(folder) / "lives.parquet").select(pl.len()).collect().item()
    early, late, floor = (
        Measured(found[what], found[what], whole.peak_mb, whole.peak_mb, whole.exit_code)
        for what in ("early", "late", "floor")
    )
    what = f"registers of {held:,} measures, {NIGHTS} nights"
    return [
        Row("lives of arrests and breaks, 10 nights", early),
        Row(f"{what}: read and written once", floor),
        Row(f"{what}: lives and breaks", late, MOST_TIMES, of=floor, most_mb=1024),
    ]


def _seconds(folder: Path) -> dict[str, float]:
    write(folder)
    asked = {"early": (made, 10), "floor": (read_once, NIGHTS), "late": (made, NIGHTS)}
    return {what: median(_took(*one, folder) for _ in range(3)) for what, one in asked.items()}


def _took(work: Callable[[Path, int], None], nights: int, folder: Path) -> float:
    began = time.process_time()
    work(folder, nights)
    return time.process_time() - began


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "seconds.json").write_text(json.dumps(_seconds(place)))
