"""A night in which one bank is corrupt, one late and one short: the report is right and says so.

Before it, a night in which the register sent so few orders that nothing may be published.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.e2e.conftest import Home, answer
from transforms.arrests.cards import CARD_ARRESTS
from transforms.deliveries import COMPLETENESS
from transforms.feeds import FEED_BY_NAME
from transforms.volumes import VOLUMES

pytestmark = pytest.mark.e2e

FAILED, INCOMPLETE = 1, 3
DAY = date(2025, 8, 18)
WEEKS_BEFORE = [DAY - timedelta(weeks=n) for n in (4, 3, 2, 1)]
CORRUPT, LATE, SHORT = BANKS = ("CASPKZKA", "HSBKKZKX", "KCJBKZKX")
CARDS = 400
ORDERS, ANSWERS = "card_arrest_orders", "card_arrest_confirmations"
SOURCE = """
[[source]]
feed = "{feed}"
institutions = [{institutions}]
door = "folder"
format = "csv"
separator = ";"
calendar = "working_days"
since = 2025-08-18
due = "01:00"
"""
ORDER_COLUMNS = "ORDER_NO;CASE_NO;ORDERED_ON;BANK_BIC;CARD_TOKEN;ACCOUNT;IIN;KATO;AGENCY"
ANSWER_COLUMNS = "ORDER_NO;ORDERED_ON;CARD_TOKEN;RESULT;ANSWERED_AT;HELD_KZT;REASON"


def account(bank: str, n: int) -> str:
    """The account behind the bank's card of this number: each has its own."""
    number = f"125{BANKS.index(bank) * 10**6 + n:013}"
    return f"KZ{98 - int(f'{number}203500') % 97:02}{number}"


@dataclass(frozen=True)
class Register(Home):
    """An installation that takes arrest orders and the answers of three banks."""

    @property
    def environment(self) -> dict[str, str]:
        own = {"AQSHA_SOURCES": str(self.path / "sources.toml"), "AQSHA_REGIONS": "none"}
        return super().environment | own

    def hand_over(
        self,
        feed: str,
        institution: str,
        day: date,
        lines: list[str],
        *,
        hour: int = 18,
        is_damaged: bool = False,
    ) -> None:
        folder = self.settings.outside / institution / feed
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{feed}_{institution}_{day:%Y%m%d}.csv"
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        control = {"rows": len(lines) - 1, "sha256": digest}
        path.with_name(f"{path.name}.control.json").write_text(json.dumps(control))
        if is_damaged:
            path.write_bytes(path.read_bytes()[:-40])
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()
        os.utime(path, (at, at))

    def order(self, day: date, cards: int = CARDS) -> None:
        lines = [
            f"{day}/{n};250000000000001;{day};{bank};{bank}-{n};"
            f"{account(bank, n)};871231100006;75;police"
            for bank in BANKS
            for n in range(cards)
        ]
        self.hand_over(ORDERS, "kpssu", day, [ORDER_COLUMNS, *lines])

    def answer(
        self,
        bank: str,
        day: date,
        cards: int = CARDS,
        held: Sequence[str] | None = None,
        **how: object,
    ) -> None:
        amounts = held or ["100.00"] * cards
        lines = [
            f"{day}/{n};{day};{bank}-{n};executed;{day}T12:00:00+05:00;{amounts[n]};"
            for n in range(cards)
        ]
        self.hand_over(ANSWERS, bank, day, [ANSWER_COLUMNS, *lines], **how)


@dataclass
class Story:
    """What the two nights said and left."""

    home: Register
    first: object
    editions_after_first: dict[str, bytes]
    second: object
    editions: dict[str, bytes]
    states: dict[tuple[str, str], str]
    volumes: dict[str, tuple[int, int | None, str]]


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Iterator[Story]:
    with Register(tmp_path_factory.mktemp("bad_night")).up() as home:
        yield two_nights(home)


def two_nights(home: Register) -> Story:
    sources = {ORDERS: '"kpssu"', ANSWERS: ", ".join(f'"{bank}"' for bank in BANKS)}
    entries = (SOURCE.format(feed=feed, institutions=who) for feed, who in sources.items())
    (home.path / "sources.toml").write_text("".join(entries))
    for week in WEEKS_BEFORE:
        home.order(week)
        for bank in BANKS:
            home.answer(bank, week)
    home.order(DAY, cards=10)
    first = home.run("nightly", "--date", str(DAY))
    with home.opened() as at:
        editions_after_first = at.editions()

    home.order(DAY)
    home.answer(CORRUPT, DAY, is_damaged=True)
    home.answer(LATE, DAY, hour=23)
    home.answer(SHORT, DAY, cards=280)
    second = home.run("nightly", "--date", str(DAY), "--json")
    with home.opened() as at:
        told = at.rows(COMPLETENESS)
        counted = at.rows(VOLUMES)
        editions = at.editions()
    tonight = told.filter(business_date=DAY).select("feed", "institution", "state_code")
    columns = ("feed", "rows", "usual_rows", "state_code")
    return Story(
        home,
        first,
        editions_after_first,
        second,
        editions,
        {(feed, who): state for feed, who, state in tonight.iter_rows()},
        {feed: tuple(rest) for feed, *rest in counted.select(columns).iter_rows()},
    )


def test_a_collapsed_feed_stops_the_reports_and_is_told_beside_its_last_healthy_date(story):
    said = " ".join((story.first.stdout + story.first.stderr).split())

    assert story.first.returncode == FAILED
    assert "card_arrest_orders has 30 rows for 2025-08-18, where 1200 are usual" in said
    assert "1200 came for 2025-08-11" in said
    assert "AQSHA_VOLUME_FLOOR=0" in said
    assert story.editions_after_first == {}


def test_each_bank_is_told_as_it_was(story):
    assert {bank: story.states[ANSWERS, bank] for bank in BANKS} == {
        CORRUPT: "control_mismatch",
        LATE: "late",
        SHORT: "short",
    }
    assert story.states[ORDERS, "kpssu"] == "corrected"
    assert story.volumes[ORDERS] == (1200, 1200, "normal")
    assert story.volumes[ANSWERS] == (680, 1200, "normal")


def test_the_report_counts_what_came_and_no_more(story):
    out = answer(story.second)["published"]
    address = next(edition["address"] for edition in out if edition["report"] == "daily")
    figures = {
        row["indicator"]: row
        for row in json.loads(story.editions[f"{address}/figures.json"])["figures"]
        if row["region_code"] == "KZ"
        and not row["dimension"]
        and row["period_end"] == str(DAY)
        and row["period_start"] == str(DAY)
    }

    assert story.second.returncode == INCOMPLETE
    assert figures["dropper_cards_arrested"]["value"] == 680
    assert figures["dropper_cards_arrested"]["status_code"] == "provisional"


def test_readers_see_what_is_missing_and_what_is_short(story):
    out = answer(story.second)["published"]
    address = next(edition["address"] for edition in out if edition["report"] == "daily")
    page = " ".join(story.editions[f"{address}/en.html"].decode().replace("\xa0", " ").split())

    assert "1 delivery has fewer rows than usual" in page
    assert "280 rows; usual on this weekday: 400" in page
    assert "control totals disagree" in page
    assert "late" in page


def test_whatever_is_changed_under_an_edition_is_told(story):
    out = answer(story.second)["published"]
    address = next(edition["address"] for edition in out if edition["report"] == "daily")

    whole = story.home.run("verify", address, "--json")
    with story.home.opened() as at:
        changed = at.change_one_byte_each(
            f"{address}/kk.html", ANSWERS, CARD_ARRESTS, FEED_BY_NAME[ANSWERS].accepted_table
        )
        broken = story.home.run("verify", f"https://reports.example.kz/{address}/ru.html")
        changed.put_back()

    assert (whole.returncode, answer(whole)["differences"]) == (0, []), whole.stdout
    assert broken.returncode == 1
    assert "kk.html: SHA-256" in broken.stdout
    assert f"{CARD_ARRESTS.name}, version" in broken.stdout
    assert f"accepted.{ANSWERS}, version" in broken.stdout
    assert f"deliveries/{ANSWERS}/" in broken.stdout
