"""`aqsha shadow` over a real object store: counts for all, names for the owner of the file."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.shadow import nights_run
from infra import installation
from infra.lake import Lake
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from tests.transforms.droppers.test_alerts import windows
from tests.transforms.droppers.test_shadow import ACCOUNTS, NIGHT, text
from transforms.droppers.windows import ACCOUNT_WINDOWS


@pytest.fixture
def at(tmp_path, monkeypatch) -> Iterator[SimpleNamespace]:
    chosen = Settings(_env_file=None, home=tmp_path)
    with object_server(chosen) as address:
        here = SimpleNamespace(lake=Lake(Connection.of(chosen, address), chosen.lake_bucket))
        here.lake.replace(ACCOUNT_WINDOWS, windows(ACCOUNTS), partitions={"night": [NIGHT]})
        monkeypatch.setattr(installation, "installation", lambda: here)
        yield here


def run(*words: object) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["shadow", *map(str, words)])
    return ended.exit_code, ended.output


def test_the_answer_counts_and_only_the_file_names(at, tmp_path):
    file, to = tmp_path / "changed.csv", tmp_path / "out"
    file.write_bytes(text(DRP_01={"threshold": "30", "points": "60"}))

    code, said = run(file, "--to", to, "--json")

    answer = json.loads(said)
    assert code == 0
    assert answer["nights"] == [f"{NIGHT}"]
    of_rule = [row for row in answer["counts"] if row["part_code"] == "DRP-01"]
    assert of_rule == [
        {"night": f"{NIGHT}", "part_code": "DRP-01", "before": 2, "added": 0, "dropped": 1}
    ]
    kept = to / "shadow.csv"
    assert f"{NIGHT},DRP-01,B,dropped,," in kept.read_text("utf-8").splitlines()
    assert kept.stat().st_mode & 0o077 == 0
    assert at.lake.partition_digests(ACCOUNT_WINDOWS).keys() == {NIGHT}


def test_a_night_of_which_rows_went_by_rule_is_not_compared(at):
    old = NIGHT - timedelta(days=181)
    rows = windows(ACCOUNTS).with_columns(night=pl.lit(old))
    at.lake.replace(ACCOUNT_WINDOWS, rows, partitions={"night": [old]})

    assert nights_run(at, old, None) == [NIGHT]


def test_what_cannot_be_compared_is_said(at, tmp_path):
    file = tmp_path / "changed.csv"
    file.write_bytes(text(DRP_01={"threshold": "many"}))
    assert run(file)[0] == 2
    assert run(tmp_path / "none.csv")[0] == 2

    file.write_bytes(text())
    code, _ = run(file, "--until", f"{date(2020, 1, 1)}")
    assert code == 1
