"""What a night costs that carries lives of arrests and breaks between registers on.

An answer or a decision may be about an arrest of any day, and one asset may be in two cases; but
only what a night touches is made anew. Every night brings 1,111 measures and decisions on arrests
of any night before, so that after some weeks it touches days as many as it has decisions. What
grows with the registers is reading a few of their columns, a file a day, to find what is touched;
beside it stands what making all of it anew costs. The result has to be the same.
"""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from flows.derived import REGISTERS_OF_BREAKS, REGISTERS_OF_LIVES
from transforms.arrests.accounts import ACCOUNT_ARRESTS, account_arrests
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS, arrest_breaks
from transforms.arrests.cards import CARD_ARRESTS, card_arrests
from transforms.arrests.measure_sources import sources
from transforms.arrests.measures import MEASURES, measures
from transforms.arrests.parameters import days_off, parameters_of_arrests
from transforms.arrests.touched import Renewed, Turn, in_place_of, lives_renewed
from transforms.arrests.touched_breaks import Numbers, breaks_renewed
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.contracts import Table
from transforms.feeds import FEED_BY_NAME
from transforms.reference import reference
from transforms.sentences import sentence
from transforms.verification import differing

NIGHTS = 90
FEW = 10
MOST_TIMES, MOST_TIMES_FEW = 0.5, 2.5
"""Of all made anew; of what a night costs with a ninth of the history."""
CARDS, ASSETS, CASES = 500, 111, 20
"""A night; an order's card and its account are two measures."""
UNANSWERED, OF_OTHERS = 20, 10
"""One card of so many is never answered for; one property of so many is of another agency."""
FIRST = date(2025, 5, 1)
FEEDS = ("card_arrest_orders", "card_arrest_confirmations", "criminal_cases", "measure_events")
FACTS = (CARD_ARRESTS, ACCOUNT_ARRESTS, ASSET_ARRESTS)
NUMBERS = Numbers(parameters_of_arrests(), days_off())


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
            _written(folder, name, night, rows)


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
        ).filter(pl.int_range(pl.len()) % UNANSWERED != 0),
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
        agency_code=pl.when(number % OF_OTHERS == 0).then(pl.lit("afm")).otherwise(pl.lit("mvd")),
        region_code=pl.lit("75"),
        value_tiyn=number * 1_000,
    )


def _whole(table: Table, **told: pl.Expr) -> pl.DataFrame:
    absent = {c: pl.lit(None, t) for c, t in table.schema.items() if c not in told}
    rows = pl.select(**told).with_columns(**absent)
    return rows.select(table.schema.names()).cast(dict(table.schema))


def _read(folder: Path, nights: range, name: str) -> pl.LazyFrame:
    days = [FIRST + timedelta(days=n) for n in nights]
    return pl.scan_parquet([_path(folder, name, day) for day in days], hive_partitioning=True)


def _registers(folder: Path, nights: range) -> dict[str, pl.LazyFrame]:
    """By the names that rules give them, as these nights brought them."""
    named = {name.rpartition(".")[2]: name for name in (*FEEDS, *(t.name for t in FACTS))}
    found = {short: _read(folder, nights, name) for short, name in named.items()}
    return {**found, "wallet_freezes": pl.LazyFrame(schema=WALLET_FREEZES.schema)}


def _of(registers: Mapping[str, pl.LazyFrame], names: Iterable[str]) -> dict[str, pl.LazyFrame]:
    return {name: registers[name] for name in names}


def made_whole(folder: Path, nights: int) -> None:
    """Lives and breaks of the registers as they are after so many nights, all of them."""
    registers, night = _registers(folder, range(nights)), _night(nights)
    told = _of(registers, REGISTERS_OF_LIVES)
    events = told.pop("measure_events")
    lives = measures(sources(**told, parameters=NUMBERS.parameters), events, night)
    _put(folder, MEASURES, lives.collect())
    registers["measures"] = _lying(folder, MEASURES)
    told = _of(registers, REGISTERS_OF_BREAKS)
    found = arrest_breaks(
        **told, night=night, parameters=NUMBERS.parameters, holidays=NUMBERS.holidays
    )
    _put(folder, ARREST_BREAKS, found.collect())


def carried_on(folder: Path, nights: int) -> None:
    """The same from what lies there of the night before, as the night's steps do it."""
    turn = Turn.after(_night(nights - 1), _night(nights))
    registers = _registers(folder, range(nights))
    told, came = _of(registers, REGISTERS_OF_LIVES), _came(folder, nights)
    kept = _lying(folder, MEASURES)
    lives = lives_renewed(kept, _of(came, told), told, turn, NUMBERS.parameters)
    differ = _replaced(folder, MEASURES, lives)
    registers["measures"] = _lying(folder, MEASURES)
    told = _of(registers, REGISTERS_OF_BREAKS)
    came = _of({**came, "measures": differ.drop("side").lazy()}, told)
    there = _lying(folder, ARREST_BREAKS)
    _replaced(folder, ARREST_BREAKS, breaks_renewed(there, came, told, turn, NUMBERS))


def _came(folder: Path, nights: int) -> dict[str, pl.LazyFrame]:
    """What the last night brought: its own files."""
    return _registers(folder, range(nights - 1, nights))


def _replaced(folder: Path, table: Table, renewed: Renewed) -> pl.DataFrame:
    """The rows that differ; their days are written."""
    renewed = Renewed(*(rows.collect().lazy() for rows in renewed))
    found = differing(table, *renewed).collect()
    days = found["business_date"].unique().to_list()
    paths = [_path(folder, table.name, day) for day in days]
    there = _scanned(table, [path for path in paths if path.exists()])
    _put(folder, table, in_place_of(table, there, renewed, days).collect())
    return found


def _night(nights: int) -> date:
    return FIRST + timedelta(days=nights - 1)


def _path(folder: Path, name: str, day: date) -> Path:
    return folder / name / f"business_date={day}" / "rows.parquet"


def _written(folder: Path, name: str, day: date, rows: pl.DataFrame) -> None:
    """A file a business date, which its name tells, as partitions of the lake are."""
    path = _path(folder, name, day)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows.drop("business_date").write_parquet(path)


def _put(folder: Path, table: Table, rows: pl.DataFrame) -> None:
    for (day,), of_day in rows.group_by("business_date"):
        _written(folder, table.name, day, of_day)


def _lying(folder: Path, table: Table) -> pl.LazyFrame:
    return _scanned(table, [*(folder / table.name).glob("*/*.parquet")])


def _scanned(table: Table, files: Sequence[Path]) -> pl.LazyFrame:
    if not files:
        return pl.LazyFrame(schema=table.schema)
    return pl.scan_parquet(files, hive_partitioning=True).select(table.schema.names())


def rows() -> list[Row]:
    """After ten nights and after all; CPU seconds, medians of three."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.arrest_nights", folder]
        whole = measured(command, {}, Path(folder) / "log")
        found = json.loads((Path(folder) / "seconds.json").read_text())
    few, many, all_anew = (
        Measured(found[what], found[what], whole.peak_mb, whole.peak_mb, whole.exit_code)
        for what in ("few", "many", "all anew")
    )
    late = f"night {NIGHTS}, {found['measures']:,} measures"
    return [
        Row(f"night {FEW}, {found['measures of few']:,} measures: lives and breaks", few),
        Row(f"{late}: all made anew", all_anew),
        Row(f"{late}: lives and breaks carried on", many, MOST_TIMES, of=all_anew, most_mb=1024),
        Row(f"the same, of night {FEW}", many, MOST_TIMES_FEW, of=few),
    ]


def _measured(folder: Path) -> dict[str, float]:
    """Seconds of each, and how many measures there are.

    Raises:
        ValueError: carried on is not what all made anew is.
    """
    write(folder)
    found: dict[str, float] = {}
    for what, nights in (("few", FEW), ("many", NIGHTS)):
        found[what] = median(_night_took(folder, nights) for _ in range(3))
        tables = (MEASURES, ARREST_BREAKS)
        carried = [_lying(folder, table).collect() for table in tables]
        found["all anew"] = _took(made_whole, nights, folder)
        for table, rows_ in zip(tables, carried, strict=True):
            if differing(table, rows_.lazy(), _lying(folder, table)).collect().height:
                raise ValueError(f"{table.name} carried on is not {table.name} made anew")
        found["measures" if what == "many" else "measures of few"] = carried[0].height
    return found


def _night_took(folder: Path, nights: int) -> float:
    for table in (MEASURES, ARREST_BREAKS):
        shutil.rmtree(folder / table.name, ignore_errors=True)
    made_whole(folder, nights - 1)
    return _took(carried_on, nights, folder)


def _took(work: Callable[[Path, int], None], nights: int, folder: Path) -> float:
    began = time.process_time()
    work(folder, nights)
    return time.process_time() - began


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "seconds.json").write_text(json.dumps(_measured(place)))
