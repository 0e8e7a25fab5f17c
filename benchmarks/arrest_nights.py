"""What a night costs that carries lives of arrests and breaks between registers on.

An answer or a decision may be about an arrest of any day, and one asset may be in two cases; but
only what a night touches is made anew. Every night brings 1,111 measures and decisions on arrests
of any night before, so that after some weeks it touches days as many as it has decisions: from
then on its cost is to stay. The night's own steps are measured, over an object store whose work is
counted too, after few nights, after a month and after many; beside it stands what making all of it
anew costs. The result has to be the same.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import polars as pl

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, cpu_s, measured
from flows import arrests
from infra.changes import Changes
from infra.lake import Lake
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from transforms.arrests.accounts import ACCOUNT_ARRESTS, account_arrests
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS
from transforms.arrests.cards import CARD_ARRESTS, card_arrests
from transforms.arrests.measures import MEASURES
from transforms.arrests.parameters import days_off
from transforms.contracts import Table
from transforms.feeds import FEED_BY_NAME
from transforms.reference import reference
from transforms.sentences import sentence
from transforms.verification import differing

NIGHTS = 90
MEASURED = {"few": range(8, 13), "a month": range(36, 41), "many": range(86, 91)}
"""Nights, each five of a lake of its own; what came before is taken in at once."""
MOST_TIMES, MOST_TIMES_MONTH, MOST_TIMES_FEW = 0.6, 1.2, 1.5
"""Of all made anew, whose tables have to be opened too; of a night that has less than half of the
history but as many days to touch; of one with a ninth of the history and of these days."""
CARDS, ASSETS, CASES = 500, 111, 20
"""A night; an order's card and its account are two measures."""
UNANSWERED, OF_OTHERS = 20, 10
"""One card of so many is never answered for; one property of so many is of another agency."""
FIRST = date(2025, 5, 1)
FEEDS = ("card_arrest_orders", "card_arrest_confirmations", "criminal_cases", "measure_events")


def rows() -> list[Row]:
    """After ten nights and after all; CPU seconds with the store's, medians of five nights."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.arrest_nights", folder]
        whole = measured(command, {}, Path(folder) / "log")
        found = json.loads((Path(folder) / "seconds.json").read_text())
    few, month, many, all_anew = (
        Measured(found[what], found[what], whole.peak_mb, whole.peak_mb, whole.exit_code)
        for what in (*MEASURED, "all anew")
    )
    early, later, late = (
        f"nights {nights[0]} to {nights[-1]}, {found[f'measures of {what}']:,} measures"
        for what, nights in MEASURED.items()
    )
    return [
        Row(f"{early}: lives and breaks", few),
        Row(f"{later}: lives and breaks", month),
        Row(f"night {NIGHTS}: all made anew", all_anew),
        Row(f"{late}: lives and breaks carried on", many, MOST_TIMES, of=all_anew, most_mb=1024),
        Row("the same, of those of a month", many, MOST_TIMES_MONTH, of=month),
        Row("the same, of those of few nights", many, MOST_TIMES_FEW, of=few),
    ]


def found_in(folder: Path) -> dict[str, float]:
    """Seconds of each, and how many measures there are.

    Nights with a short history and with a long one are measured in turn, so that none has the
    machine at a better hour.

    Raises:
        ValueError: carried on is not what all made anew is.
    """
    with ExitStack() as open_lakes:
        lakes = {what: open_lakes.enter_context(_lake(folder / what)) for what in MEASURED}
        for what, at in lakes.items():
            first = MEASURED[what][0]
            for n in range(1, first):
                bring(at, n)
                if n >= first - 2:  # made whole, then carried on
                    _night_took(at, n)
        seconds = []
        for turn in zip(*MEASURED.values(), strict=True):
            of_turn = [*zip(lakes.values(), turn, strict=True)]
            for at, n in of_turn:
                bring(at, n)
            seconds.append([_night_took(at, n) for at, n in of_turn])
        took = dict(zip(lakes, map(median, zip(*seconds, strict=True)), strict=True))
        heights = {f"measures of {what}": _height(at) for what, at in lakes.items()}
        return {**took, **heights, "all anew": _all_anew_took(lakes["many"])}


@contextmanager
def _lake(home: Path) -> Iterator[SimpleNamespace]:
    """An object store of its own with what steps of arrests ask for of their installation."""
    chosen = Settings(_env_file=None, home=home)
    with object_server(chosen) as address:
        connection = Connection.of(chosen, address)
        lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
        noted = json.loads((home / "object-store" / "server.json").read_text("utf-8"))
        yield SimpleNamespace(lake=lake, changes=Changes(lake, store), store_pid=noted["pid"])


def bring(at: SimpleNamespace, n: int) -> None:
    """What a night is given: the registers' rows of its day, and facts of these."""
    night = FIRST + timedelta(days=n - 1)
    tables = {FEED_BY_NAME[name].accepted_table: of for name, of in _feeds(n - 1, night).items()}
    orders, answers = (of.lazy() for of in (*tables.values(),)[:2])
    legal = {"legal_parameters": reference("legal_parameters").lazy(), "holidays": days_off()}
    tables[CARD_ARRESTS] = card_arrests(orders, answers, **legal).collect()
    tables[ACCOUNT_ARRESTS] = account_arrests(orders, answers, **legal).collect()
    tables[ASSET_ARRESTS] = _assets(n - 1, night)
    for table, of in tables.items():
        at.lake.replace(table, of.lazy(), partitions={"business_date": [night]})


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


def _night_took(at: SimpleNamespace, n: int) -> float:
    night, began = FIRST + timedelta(days=n - 1), _cpu_s(at)
    with patch.object(arrests, "installation", lambda: at):
        arrests.lives.fn(night)
        arrests.breaks.fn(night)
    return _cpu_s(at) - began


def _all_anew_took(at: SimpleNamespace) -> float:
    """The same steps where it is not known any more of what their tables were made."""
    tables = (MEASURES, ARREST_BREAKS)
    carried = [at.lake.read(table).collect() for table in tables]
    for table in tables:
        at.changes.remember(table.name, {})
    took = _night_took(at, NIGHTS)
    for table, rows_ in zip(tables, carried, strict=True):
        if differing(table, rows_.lazy(), at.lake.read(table)).collect().height:
            raise ValueError(f"{table.name} carried on is not {table.name} made anew")
    return took


def _height(at: SimpleNamespace) -> int:
    height: Any = at.lake.read(MEASURES).select(pl.len()).collect().item()
    return int(height)


def _cpu_s(at: SimpleNamespace) -> float:
    """Of this process and of the object store."""
    return time.process_time() + cpu_s(at.store_pid)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "seconds.json").write_text(json.dumps(found_in(place)))
