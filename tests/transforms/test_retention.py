"""Rows about persons go by dated rules, and stay where a case or a list names somebody of them."""

import importlib
import pkgutil
from datetime import date, timedelta

import polars as pl
import pytest

import transforms
from flows.provenance import TABLES
from tests.tables import table
from transforms.contracts import Table
from transforms.droppers.alerts import ALERTS
from transforms.droppers.evidence import EVIDENCE
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEEDS
from transforms.reference import reference
from transforms.retention import persons_held, retentions, rows_held, whole_since

TODAY = date(2026, 11, 30)
KEPT = {rule.table.name: rule for rule in retentions(TODAY)}
STAYS = {
    "arrests.terms": "of orders and arrests",
    "arrests.told": "where orders and arrests were told of",
    "droppers.account_contacts": "what is known now of accounts",
    "droppers.exemptions": "decisions",
    "trail.holdings": "of a case",
    "trail.seeds": "decisions of a case",
    "trail.steps": "of a case",
    "facts.transfers": "what a case that is yet to come is followed along",
}


def stored() -> dict[str, Table]:
    """Every table in partitions with a column about persons."""
    found = {}
    for module in pkgutil.walk_packages(transforms.__path__, "transforms."):
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, Table) and any(c.is_personal for c in one.columns):
                found[one.name] = one
    made_for_files = ("droppers.exempted", "droppers.shadow_changes")
    return {n: t for n, t in found.items() if t.partitioned_by and n not in made_for_files}


def test_of_every_table_about_persons_it_is_said_whether_its_rows_go():
    of_editions = {one.name for one in TABLES}

    assert {*stored()} - of_editions - {*STAYS} <= {*KEPT}
    assert {feed.quarantine_table.name for feed in FEEDS} <= {*KEPT}


def test_no_edition_is_made_from_rows_that_go():
    assert not {*KEPT} & {one.name for one in TABLES}


def test_rules_are_dated_and_name_tables_that_they_may_be_about(monkeypatch):
    rules = reference("retention_rules")
    ended = rules.with_columns(in_force_to=pl.lit("2026-11-29"))
    wrong = rules.with_columns(table=pl.lit("facts.card_arrests"))

    monkeypatch.setattr("transforms.retention.reference", lambda _: ended)
    assert retentions(TODAY) == []
    assert retentions(TODAY - timedelta(days=1))
    monkeypatch.setattr("transforms.retention.reference", lambda _: wrong)
    with pytest.raises(KeyError, match="card_arrests"):
        retentions(TODAY)


def test_nights_are_whole_since_a_day_that_is_counted_from_the_latest():
    kept = KEPT[ACCOUNT_WINDOWS.name].kept

    assert whole_since(ACCOUNT_WINDOWS, [date(2026, 1, 1), TODAY]) == TODAY - kept
    assert whole_since(ACCOUNT_WINDOWS, []) == date.min
    assert whole_since(FEEDS[0].accepted_table, [TODAY]) == date.min


def drawn(of: Table, drawing: str) -> pl.LazyFrame:
    named = [name.strip() for name in drawing.strip().splitlines()[0].split("|")]
    rows = table(drawing, {name: of.schema[name] for name in named})
    return rows.select(
        pl.col(name) if name in named else pl.lit(None).cast(dtype).alias(name)
        for name, dtype in of.schema.items()
    )


def test_a_row_is_held_back_that_names_in_any_column_somebody_of_a_case_or_a_list():
    held = persons_held(
        [
            drawn(ALERTS, "account_iban\n------------\nKZ1").select("account_iban"),
            pl.LazyFrame({"card_token": ["tok-1", None], "holder_iin": ["1", "1"]}),
        ]
    )
    links = """
    night      | account_iban | link_code | other
    ---------------------------------------------
    2026-01-01 | KZ9          | payee     | KZ1
    2026-01-01 | KZ9          | payee     | KZ2
    2026-01-01 | KZ9          | card      | tok-1
    2026-01-01 | KZ1          | payer     | KZ9
    2026-01-01 | KZ1          | payer     | KZ1
    """

    kept = rows_held(LINK_WINDOWS, drawn(LINK_WINDOWS, links), held).collect()

    assert sorted(held.collect()["id"]) == ["1", "KZ1", "tok-1"]
    assert kept.select("account_iban", "link_code", "other").rows() == [
        ("KZ1", "payer", "KZ1"),
        ("KZ1", "payer", "KZ9"),
        ("KZ9", "card", "tok-1"),
        ("KZ9", "payee", "KZ1"),
    ]


def test_where_nobody_is_held_back_nothing_is():
    rows = drawn(EVIDENCE, "night | account_iban\n------\n2026-01-01 | KZ1")

    assert rows_held(EVIDENCE, rows, persons_held([])).collect().height == 0
