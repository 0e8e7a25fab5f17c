"""`aqsha clock` over a real object store: banks, numbers, and no cell that names anybody."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from flows.cli import app
from infra import installation as installing
from infra.lake import Lake
from infra.ledger import Ledger
from tests.transforms.drawings import rows_of
from transforms.arrests.clock import TERMS

NIGHT = date(2025, 8, 18)
FINE, WRONG_USE, INCOMPLETE = 0, 2, 3


@pytest.fixture
def lake(connection, monkeypatch) -> Lake:
    connection.make_bucket("clock")
    lake = Lake(connection, "clock")
    connection.make_bucket("clock-ledger")
    here = SimpleNamespace(lake=lake, ledger=Ledger(connection.bucket("clock-ledger")))
    monkeypatch.setattr(installing, "installation", lambda: here)
    drawn = rows_of(
        TERMS,
        """
        business_date | kind_code | hold_id | order_id | asset_id   | bank_bic | due_on     | days_left | state_code
        -------------------------------------------------------------------------------------------------------------
        2025-08-18    | hold      | H1      | -        | -          | X        | 2025-08-14 | -2        | lapsed
        2025-08-18    | order     | -       | 7/25     | token-a    | X        | 2025-08-19 | 1         | warned
        2025-08-18    | order     | -       | 7/25     | token-b    | X        | 2025-08-19 | 1         | warned
        2025-08-18    | hold      | H2      | -        | -          | Y        | 2025-08-18 | 0         | warned
        2025-08-18    | hold      | H3      | -        | -          | Y        | 2025-08-22 | 4         | running
        2025-08-18    | arrest    | -       | А-1/25   | KZ72       | -        | 2025-08-20 | 2         | warned
        """,
    )
    lake.replace(TERMS, drawn, partitions={"business_date": [NIGHT]})
    return lake


def asked(*words: str) -> tuple[int, list[dict]]:
    ended = CliRunner().invoke(app, ["clock", "--date", str(NIGHT), "--json", *words])
    return ended.exit_code, [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.usefixtures("lake")
def test_what_is_over_comes_first_and_cards_of_an_order_are_counted_not_named():
    code, told = asked()

    assert code == INCOMPLETE
    assert [one["hold_id"] or one["order_id"] for one in told] == ["H1", "H2", "7/25", "А-1/25"]
    assert told[2]["assets"] == 2
    assert "token" not in json.dumps(told)


@pytest.mark.usefixtures("lake")
def test_a_bank_without_anything_over_is_fine_and_all_shows_what_runs():
    assert asked("--bank", "Y")[0] == FINE
    assert [one["hold_id"] for one in asked("--bank", "Y", "--all")[1]] == ["H2", "H3"]


@pytest.mark.usefixtures("lake")
def test_a_night_that_was_not_run_and_a_bank_that_is_none_are_no_all_clear():
    missed = CliRunner().invoke(app, ["clock", "--date", "2025-08-17"])
    assert isinstance(missed.exception, LookupError)
    assert "2025-08-17 was not run" in str(missed.exception)

    assert asked("--bank", "CASPKZKB")[0] == WRONG_USE
    assert asked("--bank", "CASPKZKA") == (FINE, [])


@pytest.mark.usefixtures("lake")
def test_people_see_a_line_a_bank():
    shown = CliRunner().invoke(app, ["clock", "--date", str(NIGHT)]).stdout

    assert "X" in shown
    assert "arrest" in shown
    assert "7/25" not in shown
