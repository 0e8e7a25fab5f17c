"""Rows set aside by a night: looked at, corrected or let in by name, and counted from then on.

A bank answers 24 orders. It writes one amount with a comma, and answers one order the day before
it was given. Each step of the story is taken once, in order; the tests look at what it left.
"""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from infra.ledger import Ledger
from tests.e2e.conftest import Home, answer
from tests.e2e.test_bad_night import account
from transforms.arrests.cards import CARD_ARRESTS
from transforms.corrections import corrections_table
from transforms.feeds import FEED_BY_NAME

pytestmark = pytest.mark.e2e

FINE, FAILED, WRONG_USE, INCOMPLETE = range(4)
DAY = date(2025, 8, 18)
FEED = FEED_BY_NAME["card_arrest_confirmations"]
COMMA, TOO_EARLY = 3, 7
CATALOGUE = """
[[source]]
feed = "{feed}"
institutions = ["{institution}"]
door = "folder"
format = "csv"
separator = ";"
calendar = "working_days"
since = 2025-08-18
due = "01:00"
"""
ORDER = (
    "ORDER_NO;CASE_NO;ORDERED_ON;BANK_BIC;CARD_TOKEN;ACCOUNT;IIN;KATO;AGENCY",
    "O{n};250000000000001;2025-08-15;HSBKKZKX;token-{n};{account};871231100006;75;police",
)
ANSWER = (
    "ORDER_NO;ORDERED_ON;CARD_TOKEN;RESULT;ANSWERED_AT;HELD_KZT;REASON",
    "O{n};2025-08-15;token-{n};executed;2025-08-{day}T10:00:00+05:00;{held};",
)


@dataclass(frozen=True)
class Small(Home):
    """An installation with two sources of its own."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"AQSHA_SOURCES": str(self.path / "sources.toml")}

    def hand_over(self, feed: str, institution: str, header: str, rows: list[str]) -> None:
        folder = self.settings.outside / institution / feed
        folder.mkdir(parents=True)
        path = folder / f"{feed}_{institution}_{DAY:%Y%m%d}.csv"
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        control = json.dumps({"rows": len(rows), "sha256": digest})
        path.with_name(f"{path.name}.control.json").write_text(control)
        arrived = datetime(2025, 8, 18, 19, tzinfo=UTC).timestamp()
        os.utime(path, (arrived, arrived))

    def arrests(self) -> dict[str, tuple[str, int | None]]:
        """Status and held tiyn of each order, as the fact has it."""
        with self.opened() as at:
            rows = at.rows(CARD_ARRESTS).select("order_id", "status_code", "held_tiyn").rows()
        return {order: (status, held) for order, status, held in rows}


@dataclass
class Story:
    """What each step of the story answered and left behind."""

    home: Small
    said: dict[str, subprocess.CompletedProcess[str]]
    arrests: dict[str, dict[str, tuple[str, int | None]]]
    digest: str = ""

    def tell(self, step: str, *words: str) -> None:
        self.said[step] = self.home.run(*words)

    def release(self, step: str, line: int, *words: str) -> None:
        chosen = ("--delivery", self.digest[:12], "--line", str(line), "--json")
        why = ("--who", "Saule B.", "--why", "letter of the bank, no. 12")
        self.tell(step, "quarantine", "release", FEED.name, *chosen, *why, *words)


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Iterator[Story]:
    with Small(tmp_path_factory.mktemp("quarantine")).up() as home:
        yield told(home)


def told(home: Small) -> Story:
    sources = (("card_arrest_orders", "kpssu"), (FEED.name, "HSBKKZKX"))
    entries = (CATALOGUE.format(feed=feed, institution=who) for feed, who in sources)
    (home.path / "sources.toml").write_text("".join(entries))
    home.hand_over(
        *sources[0],
        ORDER[0],
        [ORDER[1].format(n=n, account=account("HSBKKZKX", n)) for n in range(1, 25)],
    )
    answers = [
        ANSWER[1].format(
            n=n, day=14 if n == TOO_EARLY else 18, held="1500,50" if n == COMMA else "100.00"
        )
        for n in range(1, 25)
    ]
    home.hand_over(*sources[1], ANSWER[0], answers)
    story = Story(home, {}, {})

    story.tell("night", "nightly", "--date", str(DAY), "--json")
    story.arrests["night"] = home.arrests()
    story.tell("receipt", "receipts", FEED.name, "--date", str(DAY))
    story.tell("list", "quarantine", "list", "--json")
    story.digest = answer(story.said["list"])["files"][0]["delivery"]
    look = ("quarantine", "show", FEED.name, "--delivery", story.digest[:8], "--json", "--line")
    story.tell("show", *look, str(COMMA))
    story.tell("show a person", *look, "all", "--personal", "--who", "Saule B.", "--why", "a call")
    story.tell("show in secret", *look, "all", "--personal")
    story.release("wrong", COMMA, "--set", "HELD_KZT=1500.50", "--set", "RESULT=done")
    story.release("unreadable", COMMA, "--set", "HELD_KZT=1500,50")
    story.release("never set aside", 1, "--set", "HELD_KZT=1.00")
    story.release("not broken", COMMA, "--waive", "CAC-09")
    story.release("corrected", COMMA, "--set", "HELD_KZT=1500.50")
    story.release("waived", TOO_EARLY, "--waive", "CAC-09")
    story.arrests["released"] = home.arrests()
    story.tell("list after", "quarantine", "list", "--json")
    story.tell(
        "receipt after", "receipts", FEED.name, "--date", str(DAY), "--to", str(home.path / "out")
    )
    story.tell("night after", "nightly", "--date", str(DAY), "--json")
    story.arrests["night after"] = home.arrests()
    story.tell("nothing more", "nightly", "--date", str(DAY), "--json")
    return story


def test_the_night_sets_the_two_rows_aside_and_goes_on(story):
    night = {feed["feed"]: feed for feed in answer(story.said["night"])["accepted"]}[FEED.name]

    assert (night["rows"], night["rows_accepted"], night["rows_quarantined"]) == (24, 22, 2)
    arrests = story.arrests["night"]
    assert arrests["O3"] == arrests["O7"] == ("pending", None)
    assert arrests["O1"] == ("executed", 10_000)


def test_the_list_says_which_file_breaks_which_rule(story):
    [file] = answer(story.said["list"])["files"]

    assert (file["institution"], file["business_date"], file["rows"]) == (
        "HSBKKZKX",
        "2025-08-18",
        2,
    )
    assert file["file_name"] == "card_arrest_confirmations_HSBKKZKX_20250818.csv"
    assert file["run"] == "nightly-2025-08-18"
    assert {rule["code"]: rule["rows"] for rule in file["rules"]} == {"CAC-06": 1, "CAC-09": 1}
    assert all(rule["says"] for rule in file["rules"])


def test_a_row_is_shown_as_delivered_with_personal_cells_hidden(story):
    [row] = answer(story.said["show"])["rows"]

    assert row["cells"]["HELD_KZT"] == "1500,50"
    assert row["cells"]["CARD_TOKEN"] == "•••"
    assert [rule["code"] for rule in row["violated_rules"]] == ["CAC-06"]
    assert (row["line"], row["run"]) == (COMMA, "nightly-2025-08-18")
    assert "aqsha quarantine release" in row["what_to_do"]


def test_who_looks_at_personal_cells_says_what_for_and_it_is_recorded(story):
    rows = answer(story.said["show a person"])["rows"]
    with story.home.opened() as at:
        ledger = Ledger(at.connection.bucket(at.settings.ledger_bucket))
        looks = [e for e in ledger.entries(DAY) if e.outcome == "personal_cells_shown"]

    assert [row["cells"]["CARD_TOKEN"] for row in rows] == ["token-3", "token-7"]
    assert [entry.details for entry in looks] == [
        {"who": "Saule B.", "why": "a call", "lines": [COMMA, TOO_EARLY]}
    ]
    assert story.said["show in secret"].returncode == WRONG_USE
    assert "token" not in story.said["show in secret"].stdout


def test_a_wrong_correction_leaves_the_row_in_quarantine(story):
    wrong = answer(story.said["wrong"])

    assert story.said["wrong"].returncode == INCOMPLETE
    assert wrong["in_quarantine"] == [{"line": COMMA, "violated_rules": ["CAC-07"]}]
    assert wrong["accepted"] == []


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("unreadable", "HELD_KZT should be an amount with a point"),
        ("never set aside", "line 1 is not in quarantine"),
        ("not broken", "does not break CAC-09 but CAC-07"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_not_recorded(story, step, says):
    assert story.said[step].returncode == WRONG_USE
    assert says in " ".join(story.said[step].stderr.replace("│", " ").split())


def test_a_corrected_row_and_one_whose_rule_is_waived_are_accepted(story):
    for step, line in (("corrected", COMMA), ("waived", TOO_EARLY)):
        released = answer(story.said[step])

        assert story.said[step].returncode == FINE, story.said[step].stderr
        assert (released["accepted"], released["in_quarantine"]) == ([line], [])
        assert "aqsha nightly --date 2025-08-18" in released["then"]
    assert answer(story.said["list after"]) == {"files": [], "rows": 0}


def test_accepted_rows_say_who_had_a_hand_in_them_and_the_evidence_stays(story):
    with story.home.opened() as at:
        accepted = at.rows(FEED.accepted_table).sort("line")
    told = accepted.select("line", "held_tiyn", "corrected_by", "waived_rules").rows()

    assert accepted.height == 24
    assert told[COMMA - 1] == (COMMA, 150_050, "Saule B.", None)
    assert told[TOO_EARLY - 1] == (TOO_EARLY, 10_000, "Saule B.", ["CAC-09"])
    assert all(row[2:] == (None, None) for row in told if row[0] not in (COMMA, TOO_EARLY))
    assert '"HELD_KZT":"1500,50"' in accepted["as_delivered"][COMMA - 1]


def test_every_decision_is_kept_with_what_was_there_before(story):
    with story.home.opened() as at:
        kept = at.rows(corrections_table(FEED)).sort("decided_at")

    assert kept.select("line", "cells", "cells_before", "waived_rules").rows() == [
        (
            COMMA,
            '{"HELD_KZT": "1500.50", "RESULT": "done"}',
            '{"HELD_KZT": "1500,50", "RESULT": "executed"}',
            [],
        ),
        (COMMA, '{"HELD_KZT": "1500.50"}', '{"HELD_KZT": "1500,50"}', []),
        (TOO_EARLY, "{}", "{}", ["CAC-09"]),
    ]
    assert set(kept["reason"]) == {"letter of the bank, no. 12"}
    assert set(kept["decided_by"]) == {"Saule B."}


def test_the_figures_follow_with_the_night_and_then_rest(story):
    before, after = story.arrests["night"], story.arrests["night after"]

    assert story.arrests["released"] == before
    assert after == before | {"O3": ("executed", 150_050), "O7": ("executed", 10_000)}
    again = {feed["feed"]: feed for feed in answer(story.said["nothing more"])["accepted"]}
    assert again[FEED.name]["dates"] == 0
    assert not any(edition["is_new"] for edition in answer(story.said["nothing more"])["published"])


def test_the_sender_gets_a_receipt_that_names_rows_and_no_cells(story):
    receipt = json.loads(story.said["receipt"].stdout)

    assert receipt == {
        "receipt_version": 1,
        "feed": FEED.name,
        "institution": "HSBKKZKX",
        "business_date": "2025-08-18",
        "file_name": "card_arrest_confirmations_HSBKKZKX_20250818.csv",
        "also_handed_over_as": [],
        "sha256": story.digest,
        "state": "counted",
        "reason": None,
        "rows_delivered": 24,
        "rows_accepted": 22,
        "rows_rejected": 2,
        "rows_corrected": 0,
        "rules": [
            {
                "code": code,
                "severity": "critical",
                "says": receipt["rules"][n]["says"],
                "rows": 1,
                "lines": [line],
                "places": [],
            }
            for n, (code, line) in enumerate([("CAC-06", COMMA), ("CAC-09", TOO_EARLY)])
        ],
    }


def test_the_receipt_follows_what_was_decided(story):
    [path] = (story.home.path / "out").iterdir()
    receipt = json.loads(path.read_text(encoding="utf-8"))

    assert path.name == f"{FEED.name}_HSBKKZKX_20250818_{story.digest}.receipt.json"
    assert story.said["receipt after"].stdout.strip() == str(path)
    assert (receipt["rows_accepted"], receipt["rows_corrected"]) == (24, 2)
    assert (receipt["rows_rejected"], receipt["rules"]) == (0, [])
