"""Thirty nights that nobody held: caught up in order, and killed in the middle of it."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.e2e.conftest import Home, answer
from tests.e2e.test_bad_night import ANSWERS, BANKS, ORDERS, Register
from tests.e2e.test_faults import CARDS, hand_over
from transforms.arrests.cards import CARD_ARRESTS
from transforms.feeds import FEED_BY_NAME

pytestmark = [pytest.mark.e2e, pytest.mark.rehearsal]

FINE = 0
BEFORE = date(2025, 8, 18)
MISSED = [BEFORE + timedelta(days=n) for n in range(1, 31)]
HOUR_S = 3600
KILLED_AT = MISSED[10]
CATCH_UP = ("catch-up", "--until", str(MISSED[-1]), "--json")


@dataclass
class Story:
    """What the catch-up after the killed one said, and what lies in the stores after it."""

    held: list[str]
    code: int
    once_more: list[str]
    rows: dict[str, int]
    arrests: int
    first_revisions: list[str]
    latest: dict[str, int]


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    with Register(tmp_path_factory.mktemp("backlog")).up() as home:
        hand_over(home, BEFORE)
        assert home.run("nightly", "--date", str(BEFORE)).returncode == FINE
        for day in MISSED:
            hand_over(home, day)
        home.run_until(f"night of {KILLED_AT}", *CATCH_UP)
        return caught_up(home)


def caught_up(home: Home) -> Story:
    said = home.run(*CATCH_UP, at_most_s=HOUR_S)
    again = home.run(*CATCH_UP)
    with home.opened() as at:
        editions = at.editions()
        feeds = {name: FEED_BY_NAME[name].accepted_table for name in (ORDERS, ANSWERS)}
        return Story(
            [night["business_date"] for night in answer(said)["nights"]],
            said.returncode,
            [night["business_date"] for night in answer(again)["nights"]],
            {name: at.rows(table).height for name, table in feeds.items()},
            at.rows(CARD_ARRESTS)["card_token"].len(),
            sorted(k.split("/")[3] for k in editions if k.endswith("/r1/manifest.json")),
            {day: revision(editions, day) for day in map(str, (BEFORE, *MISSED))},
        )


def revision(editions: dict[str, bytes], day: str) -> int:
    latest = json.loads(editions[f"reports/daily/KZ/{day}/latest.json"])
    return int(latest["edition"].rsplit("/r", 1)[1])


def test_what_the_killed_one_had_held_is_not_held_again_and_the_rest_is_oldest_first(story):
    assert story.code == FINE
    assert story.held == [str(day) for day in MISSED if day >= KILLED_AT]
    assert story.once_more == []


def test_no_row_is_lost_or_doubled(story):
    nights = 1 + len(MISSED)
    assert story.rows == dict.fromkeys((ORDERS, ANSWERS), nights * len(BANKS) * CARDS)
    assert story.arrests == nights * len(BANKS) * CARDS


def test_each_night_has_one_edition_and_no_second_truth(story):
    assert story.latest == dict.fromkeys(map(str, (BEFORE, *MISSED)), 1)
