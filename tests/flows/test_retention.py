"""Housekeeping takes rows about persons away when their time is over, and tells counts alone."""

from dataclasses import asdict
from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from flows import retention
from flows.retention import STEP, personal_data_removed
from infra.lake import Lake
from infra.ledger import Ledger
from transforms.droppers.alerts import ALERTS
from transforms.droppers.evidence import EVIDENCE

TODAY = date(2026, 11, 30)
OLD, RECENT = TODAY - timedelta(days=181), TODAY - timedelta(days=180)


@pytest.fixture
def at(connection, fresh, monkeypatch):
    """An installation with two nights of evidence about two accounts, one of them listed once."""
    for kind in ("lake", "ledger"):
        connection.make_bucket(f"{kind}-{fresh}")
    lake = Lake(connection, f"lake-{fresh}")
    parts = SimpleNamespace(lake=lake, ledger=Ledger(connection.bucket(f"ledger-{fresh}")))
    monkeypatch.setattr(retention, "installation", lambda: parts)
    for night in (OLD, RECENT):
        rows = pl.LazyFrame({"night": [night] * 2, "account_iban": ["KZ1", "KZ2"]})
        lake.replace(EVIDENCE, filled(EVIDENCE, rows), partitions={"night": [night]})
    listed = pl.LazyFrame({"night": [RECENT], "account_iban": ["KZ1"]})
    lake.replace(ALERTS, filled(ALERTS, listed), partitions={"night": [RECENT]})
    return parts


def filled(table, rows):
    """All columns of a table; those not given are null."""
    given = rows.collect_schema()
    others = (pl.lit(None).cast(t).alias(n) for n, t in table.schema.items() if n not in given)
    return rows.with_columns(*others).select(table.schema.names())


def kept(at) -> list[tuple[date, str]]:
    return sorted(at.lake.read(EVIDENCE).select("night", "account_iban").collect().rows())


def test_rows_go_whose_time_is_over_but_not_those_of_who_is_listed(at):
    before = kept(at)
    planned = personal_data_removed.fn(TODAY, True)
    assert kept(at) == before
    assert at.ledger.entries(TODAY, STEP) == []

    removed = personal_data_removed.fn(TODAY, False)

    assert removed == planned
    [of_evidence] = removed
    told = asdict(of_evidence) | {"source": ""}
    assert told == {
        "table": EVIDENCE.name,
        "before": RECENT,
        "days": 1,
        "rows": 1,
        "held_back": 1,
        "source": "",
    }
    assert kept(at) == [(OLD, "KZ1"), (RECENT, "KZ1"), (RECENT, "KZ2")]
    [entry] = at.ledger.entries(TODAY, STEP, EVIDENCE.name)
    assert entry.details == {"before": str(RECENT), "days": 1, "rows": 1, "held_back": 1}
    assert personal_data_removed.fn(TODAY, False) == []
