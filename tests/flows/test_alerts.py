"""The step of the night that lists accounts, and the decisions that exempt some of them."""

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from flows import alerts
from flows.cli import app
from infra import installation
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from tests.transforms.droppers.test_alerts import windows
from transforms.droppers.alerts import ALERTS
from transforms.droppers.evidence import EVIDENCE
from transforms.droppers.exemptions import EXEMPTIONS
from transforms.droppers.persons import PERSONS, persons
from transforms.droppers.typologies import in_force_on, typologies
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS

NIGHT = date(2026, 3, 31)
PERSON = "850101300104"
AT = "2026-03-31T05:00:00Z"
ONE_DROPPER = f"""
account_iban | holder_iin | payers_30d | transfers_in_30d | last_active_on | last_at
------------------------------------------------------------------------------------
A            | {PERSON}   | 40         | 40               | 2026-03-31     | {AT}
B            | -          | 1          | 1                | 2026-03-31     | {AT}
"""
PASSED_ON = {
    "transfers_in_tiyn_30d": pl.lit(100, pl.Int64),
    "transfers_out_tiyn_30d": pl.lit(97, pl.Int64),
    "passed_on_same_day_tiyn_30d": pl.lit(95, pl.Int64),
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory) -> Iterator[Connection]:
    chosen = Settings(_env_file=None, home=tmp_path_factory.mktemp("alerts"))
    with object_server(chosen) as address:
        yield Connection.of(chosen, address)


@pytest.fixture
def at(connection, monkeypatch, tmp_path) -> SimpleNamespace:
    chosen = Settings(_env_file=None, home=tmp_path)
    lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
    here = SimpleNamespace(lake=lake, ledger=Ledger(store))
    monkeypatch.setattr(alerts, "installation", lambda: here)
    monkeypatch.setattr(installation, "installation", lambda: here)
    night = {"night": [NIGHT]}
    lake.replace(ACCOUNT_WINDOWS, windows(ONE_DROPPER).with_columns(**PASSED_ON), partitions=night)
    return here


def on_list(at: SimpleNamespace) -> list[tuple]:
    kept = at.lake.read(ALERTS, partitions={"night": [NIGHT]})
    return kept.select("account_iban", "exemption_code").collect().rows()


def decide(*said: str, lines: str | None = None) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["exempt", *said], input=lines)
    return ended.exit_code, ended.output


def test_persons_and_evidence_in_shards_are_those_of_the_whole(at, monkeypatch):
    """Whoever is suspect, shares a person or tells that there is a history is in another shard."""
    drawn = windows(
        f"""
        account_iban | holder_iin | bank_bic | payers_30d | transfers_in_30d | transfers_in_tiyn_90d | active_days_90d | last_active_on | last_at
        ----------------------------------------------------------------------------------------------------------------------------------------
        KZ10A        | {PERSON}   | X        | 40         | 40               | 100                   | 9               | 2026-03-31     | {AT}
        KZ30B        | {PERSON}   | X        | 40         | 40               | 100                   | 9               | 2026-03-31     | {AT}
        KZ60C        | -          | X        | 1          | 1                | 1000                  | 9               | 2026-03-31     | {AT}
        KZ90D        | 777        | -        | 99         | 99               | 0                     | 0               | 2026-03-31     | {AT}
        """
    ).with_columns(**PASSED_ON, transfers_in_90d=pl.lit(40, pl.Int64))
    told = [("KZ10A", "card", "c1", 0), ("KZ30B", "card", "c1", 0), ("KZ30B", "card", "c2", 0)]
    for suspect in ("KZ10A", "KZ30B"):
        told += [(suspect, "payee", "KZ60C", 450), ("KZ60C", "payer", suspect, 450)]
    drawn_links = pl.LazyFrame(
        [
            {"account_iban": a, "link_code": c, "other": o, "amount_tiyn_90d": n}
            for a, c, o, n in told
        ],
        schema=LINK_WINDOWS.schema,
    ).with_columns(pl.col("^transactions_.*$").fill_null(20), night=pl.lit(NIGHT))
    for table, rows in ((ACCOUNT_WINDOWS, drawn), (LINK_WINDOWS, drawn_links)):
        at.lake.replace(table, rows, partitions={"night": [NIGHT]})

    def made() -> list[pl.DataFrame]:
        alerts._write_evidence(at, NIGHT, in_force_on(typologies(), NIGHT))
        return [at.lake.read(t).sort(t.key).collect() for t in (PERSONS, EVIDENCE)]

    whole = made()
    monkeypatch.setattr(alerts, "_MOST_ROWS", 1)
    in_shards = made()

    assert "DRP-27" in whole[1].filter(account_iban="KZ60C")["typology_code"]
    assert set(whole[0]["person_accounts_90d"]) == {1, 2}
    for parted, at_once in zip(in_shards, whole, strict=True):
        assert_frame_equal(parted, at_once)
    assert_frame_equal(whole[0], persons(drawn, drawn_links).collect())


def test_a_second_run_changes_nothing_and_a_decision_is_seen_by_the_next(at):
    tables = [PERSONS, EVIDENCE, ALERTS]
    assert alerts.alerts.fn(NIGHT).dates == 1
    assert on_list(at) == [("A", None)]

    versions = at.lake.versions(tables)
    assert alerts.alerts.fn(NIGHT).dates == 0
    assert at.lake.versions(tables) == versions

    why = ["--who", "prosecutor", "--why", "letter 5", "--date", f"{NIGHT}"]
    code, said = decide("add", "-", "wages", "--until", "2026-04-30", *why, lines=f"{PERSON}\n")
    assert (code, PERSON in said) == (0, False)
    alerts.alerts.fn(NIGHT)
    assert on_list(at) == [("A", "wages")]
    listed = json.loads(decide("list", "--date", f"{NIGHT}", "--json")[1])["exemptions"]
    assert [row["reason_code"] for row in listed] == ["wages"]

    assert decide("end", PERSON, *why)[0] == 0
    alerts.alerts.fn(NIGHT)
    assert on_list(at) == [("A", None)]
    assert at.lake.read(EXEMPTIONS).collect().height == 2


@pytest.mark.parametrize(
    "said",
    [
        ["add", PERSON, "a_friend", "--until", "2026-04-30"],
        ["add", PERSON, "wages", "--until", "2026-03-30"],
        ["add", "850101300105", "wages", "--until", "2026-04-30"],
        ["add", "EXCH01/u17", "wages", "--until", "2026-04-30"],
        ["add", PERSON, "wages", "--until", "2026-04-30", "--why", " "],
    ],
)
def test_what_cannot_be_exempted_is_refused_and_not_repeated(at, said):
    before = at.lake.version(EXEMPTIONS)

    code, told = decide(
        *said,
        *(["--who", "me", "--why", "x"] if "--why" not in said else ["--who", "me"]),
        "--date",
        f"{NIGHT}",
    )

    assert code == 2
    assert said[1] not in told
    assert at.lake.version(EXEMPTIONS) == before


def test_the_blocking_list_is_written_for_its_owner_alone_and_answers_without_names(at, tmp_path):
    alerts.alerts.fn(NIGHT)
    folder = tmp_path / "list"
    stale = [folder / "orders" / f"draft-OTHER-{NIGHT}.csv", folder / "blocking.en.html"]
    stale[0].parent.mkdir(parents=True)
    for each in stale:
        each.write_text("an account that is exempted since")

    said = ["blocking", "--date", f"{NIGHT}", "--to", str(folder), "--lang", "ru", "--json"]
    ended = CliRunner().invoke(app, said)

    assert ended.exit_code == 0
    told = json.loads(ended.stdout)
    assert (told["to_block"], told["exempted"], told["drafts"]) == (1, 0, 0)
    assert PERSON not in ended.output
    assert PERSON in (folder / "blocking.ru.html").read_text("utf-8")
    assert not any(each.exists() for each in stale)
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}


def test_a_decision_of_the_morning_after_counts_in_the_list_of_the_night(at, tmp_path):
    alerts.alerts.fn(NIGHT)

    def exempted_accounts() -> int:
        said = ["blocking", "--date", f"{NIGHT}", "--to", str(tmp_path / "list"), "--json"]
        return json.loads(CliRunner().invoke(app, said).stdout)["exempted"]

    why = ["--who", "prosecutor", "--why", "letter 6", "--date", "2026-04-01"]
    decide("add", PERSON, "charity", "--until", "2026-04-30", *why)
    assert exempted_accounts() == 1

    decide("end", PERSON, *why)
    assert exempted_accounts() == 0


def test_a_decision_says_how_many_accounts_it_exempts_and_how_many_it_ends(at):
    why = ["--who", "prosecutor", "--why", "letter 7", "--date", f"{NIGHT}", "--json"]
    add = ["wages", "--until", "2026-04-30", *why]

    def told(*said: str) -> tuple[object, ...]:
        answer = json.loads(decide(*said)[1])
        return tuple(answer.get(name) for name in ("night", "accounts", "ended"))

    assert told("add", PERSON, *add) == (f"{NIGHT}", 1, None)
    assert told("add", "tok_mistyped", *add) == (f"{NIGHT}", 0, None)
    assert told("end", PERSON, *why) == (None, None, 1)
    assert told("end", PERSON, *why) == (None, None, 0)
    assert "mistyped" in decide("add", "tok_mistyped", *add[:-1])[1]


def test_a_night_that_was_not_run_has_no_list(at, tmp_path):
    ended = CliRunner().invoke(
        app, ["blocking", "--date", "2026-03-30", "--to", str(tmp_path / "list")]
    )

    assert isinstance(ended.exception, LookupError)
    assert not (tmp_path / "list").exists()
