"""A file that comes late, nights that nobody held, rules that change: each is caught up with.

On Monday one bank is missing; its file comes on Tuesday, whose night nobody has held either, and
with it another's file of Monday, corrected. Then it turns out that a third writes amounts with a
comma.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from subprocess import CompletedProcess

import openpyxl
import pytest
from lxml import etree

from tests.e2e.conftest import answer
from tests.e2e.test_bad_night import ANSWERS, BANKS, ORDERS, SOURCE, Register
from tests.templates.shown import settled
from tests.templates.tagged import elements

pytestmark = pytest.mark.e2e

FINE, INCOMPLETE = 0, 3
MONDAY, TUESDAY = date(2025, 8, 18), date(2025, 8, 19)
LATE, COMMA, CORRECTED = BANKS
CARDS = 24


@dataclass
class Story:
    """What each step answered, and what lay in the stores after it."""

    home: Register
    said: dict[str, CompletedProcess[str]] = field(default_factory=dict)
    editions: dict[str, dict[str, bytes]] = field(default_factory=dict)
    commits: dict[str, dict[str, int]] = field(default_factory=dict)

    def tell(self, step: str, *words: str) -> None:
        self.said[step] = self.home.run(*words, "--json")
        with self.home.opened() as at:
            self.editions[step], self.commits[step] = at.editions(), at.commits()

    def arrested(self, step: str) -> tuple[int, str]:
        """Cards arrested on Monday, as the last edition for it says, and how final that is."""
        figures = json.loads(self.editions[step][f"{self.last(step)}/figures.json"])["figures"]
        return next(
            (row["value"], row["status_code"])
            for row in figures
            if (row["indicator"], row["region_code"]) == ("dropper_cards_arrested", "KZ")
            and row["period_start"] == row["period_end"] == str(MONDAY)
            and not row["dimension"]
        )

    def last(self, step: str) -> str:
        latest = self.editions[step][f"reports/daily/KZ/{MONDAY}/latest.json"]
        return json.loads(latest)["edition"]

    def to_stage(self, step: str) -> dict[str, tuple[int, int, int]]:
        plan = answer(self.said[step])["to_stage"]
        return {feed["feed"]: (feed["dates"], feed["files"], feed["rows"]) for feed in plan}


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Iterator[Story]:
    with Register(tmp_path_factory.mktemp("catch_up")).up() as home:
        yield told(Story(home))


def catalogue(home: Register, comma: str = "") -> None:
    others = ", ".join(f'"{bank}"' for bank in (LATE, CORRECTED))
    sources = (ORDERS, '"kpssu"', ""), (ANSWERS, others, ""), (ANSWERS, f'"{COMMA}"', comma)
    entries = (SOURCE.format(feed=f, institutions=who) + more for f, who, more in sources)
    (home.path / "sources.toml").write_text("".join(entries))


def told(story: Story) -> Story:
    home = story.home
    catalogue(home)
    for day in (MONDAY, TUESDAY):
        home.order(day, CARDS)
        home.answer(CORRECTED, day, CARDS)
        home.answer(COMMA, day, CARDS, held=["100"] * (CARDS - 1) + ["1500,50"])
    story.tell("night", "nightly", "--date", str(MONDAY))
    for day in (MONDAY, TUESDAY):
        home.answer(LATE, day, CARDS, hour=23)
    home.answer(CORRECTED, MONDAY, CARDS, held=["100"] * (CARDS - 1) + ["250"], hour=23)
    story.tell("arrived", "catch-up", "--until", str(TUESDAY))
    story.tell("nothing new", "catch-up", "--until", str(TUESDAY))

    catalogue(home, "decimal_comma = true\n")
    these = ("--since", str(MONDAY), "--until", str(TUESDAY), "--from-deliveries")
    story.tell("dry", "backfill", *these, "--dry-run")
    story.tell("again", "backfill", *these)
    story.tell("dry after", "backfill", *these, "--dry-run")
    return story


def test_the_night_is_out_with_the_gap_stated(story):
    assert story.said["night"].returncode == INCOMPLETE
    assert story.arrested("night") == (2 * CARDS - 1, "provisional")


def test_what_came_late_is_told_by_a_revision_of_its_night(story):
    before, after = story.editions["night"], story.editions["arrived"]
    first = {key: body for key, body in before.items() if "/r1/" in key}

    assert story.said["arrived"].returncode == FINE, story.said["arrived"].stderr
    assert f"night of {MONDAY}, 1 of 2" in story.said["arrived"].stderr
    assert f"daily: published, {story.last('arrived')}" in story.said["arrived"].stderr
    assert story.last("night").endswith("/r1")
    assert story.last("arrived").endswith("/r2")
    assert story.arrested("arrived") == (3 * CARDS - 1, "final")
    assert {key: after[key] for key in first} == first


def test_the_revision_tells_what_changed_and_why_in_every_format(story):
    folder = story.last("arrived")
    files = {
        key.removeprefix(f"{folder}/"): body
        for key, body in story.editions["arrived"].items()
        if key.startswith(f"{folder}/")
    }
    (revised,) = [
        row
        for row in json.loads(files["figures.json"])["revisions"]
        if (row["indicator"], row["period_start"]) == ("dropper_amount_arrested", str(MONDAY))
        and row["period"] == "day"
    ]
    before, now = (2 * CARDS - 1) * 100, (3 * CARDS - 1) * 100 + 150
    causes = ["The institution corrected its delivery", "A delivery came late"]
    book = openpyxl.load_workbook(BytesIO(files["en.xlsx"]))
    (sheet,) = (each for each in book.worksheets if each["A1"].value == "Revisions")
    on_sheet = [[cell.value for cell in row] for row in sheet.iter_rows()]
    page = etree.fromstring(files["en.html"], etree.HTMLParser())
    on_page = [
        [settled("".join(cell.itertext())) for cell in row.xpath("th|td")]
        for row in page.xpath("//table[contains(@class, 'revisions')]//tr")
    ]
    printed = [
        [settled(cell.text) for cell in row.all("TH", "TD")]
        for row in elements(files["en.pdf"]).all("TR")
    ]

    assert (revised["value_before"], revised["value"]) == (before * 100, now * 100)
    assert sorted(revised["cause_codes"]) == ["corrected_delivery", "late_delivery"]
    in_book = [row for row in on_sheet if {before, now} <= {*row}]
    shown = [row for row in on_page if row[0].startswith("Amount arrested on") and "18" in row[1]]
    assert in_book
    assert shown
    assert all(cause in row[-1] for cause in causes for row in (*in_book, *shown))
    assert all([row for row in printed if row[2:4] == each[2:4]] for each in shown)


def test_nights_that_were_missed_are_held_oldest_first(story):
    nights = [night["business_date"] for night in answer(story.said["arrived"])["nights"]]

    assert nights == [str(MONDAY), str(TUESDAY)]
    assert f"reports/daily/KZ/{TUESDAY}/latest.json" in story.editions["arrived"]


def test_then_there_is_nothing_more_to_do_and_nothing_is_written(story):
    assert answer(story.said["nothing new"])["nights"] == []
    assert story.editions["nothing new"] == story.editions["arrived"]
    assert story.commits["nothing new"] == story.commits["arrived"]


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(story):
    plan = answer(story.said["dry"])

    assert [night["is_held"] for night in plan["planned"]] == [True, True]
    assert story.to_stage("dry") == {ORDERS: (2, 2, 6 * CARDS), ANSWERS: (2, 6, 6 * CARDS)}
    assert story.editions["dry"] == story.editions["nothing new"]
    assert story.commits["dry"] == story.commits["nothing new"]


def test_after_a_rule_changed_the_figures_are_shown_before_and_after(story):
    again = answer(story.said["again"])
    held = {
        row["business_date"]: (row["value_before"], row["value_after"])
        for row in again["changed"]
        if (row["indicator"], row["period"]) == ("dropper_amount_arrested", "day")
        and row["business_date"] == row["period_end"]
    }

    assert story.said["again"].returncode == FINE, story.said["again"].stderr
    assert again["figures_changed"] > len(again["changed"]) > 0
    without = {MONDAY: (3 * CARDS - 1) * 100_00 + 150_00, TUESDAY: (3 * CARDS - 1) * 100_00}
    assert held == {str(day): (sum_, sum_ + 1500_50) for day, sum_ in without.items()}
    assert story.last("again").endswith("/r3")
    assert story.arrested("again") == (3 * CARDS, "final")


def test_an_edition_of_before_is_verified_after_versions_that_none_names_are_gone(story):
    with story.home.opened() as at:
        removed = at.remove_versions()
        again = at.remove_versions()
    verified = story.home.run("verify", f"daily/KZ/{MONDAY}/r1", "--json")

    assert removed.found > 0
    assert again.found == 0
    assert (verified.returncode, answer(verified)["differences"]) == (FINE, []), verified.stdout
    assert "This edition is superseded." in answer(verified)["notes"]


def test_what_was_read_by_the_rules_of_today_is_not_read_again(story):
    assert story.to_stage("dry after") == {ORDERS: (0, 0, 0), ANSWERS: (0, 0, 0)}
