"""A night whose store is killed twice and which is then starved, one whose Prefect is killed."""

import json
import os
import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

from infra.date_lock import held_locks
from infra.object_server import object_server
from tests.e2e.conftest import Deed, Home
from tests.e2e.test_bad_night import ANSWERS, BANKS, ORDERS, SOURCE, Register
from transforms.arrests.cards import CARD_ARRESTS
from transforms.feeds import FEED_BY_NAME

DAY, NEXT = date(2025, 8, 18), date(2025, 8, 19)
CARDS = 24
FINE = 0
NIGHT = ("nightly", "--date", str(DAY))
STAGED, COMPUTED, RENDERED = f"{ORDERS}: stage", "facts.card_arrests: compute", "daily: render"
A_LITTLE = 8 << 20

pytestmark = [pytest.mark.e2e, pytest.mark.rehearsal]


def restart_store(home: Home, _: int) -> None:
    """Killed, and started again as whoever keeps services running does."""
    note = json.loads((home.path / "object-store" / "server.json").read_text())
    os.killpg(note["pid"], signal.SIGKILL)
    with object_server(home.settings):
        pass  # others still use it, so it stays


def starve(_: Home, pid: int) -> None:
    """The process gets no more memory than it has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + A_LITTLE
    resource.prlimit(pid, resource.RLIMIT_AS, (most, most))


def kill_prefect(_home: Home, _: int) -> None:
    """The server that `Home.up` keeps beside the tests, with all that it had in memory."""
    for child in psutil.Process().children():
        with suppress(psutil.ZombieProcess):  # killed before, and not looked at since
            if any("prefect.server" in word for word in child.cmdline()):
                child.kill()


@dataclass
class Story:
    """How the disturbed night ended, and what the one after it left."""

    disturbed: tuple[int, list[Deed]]
    locks_left: list[str]
    last: int
    rows: dict[str, int]
    arrests: int
    editions: dict[str, bytes]
    without_prefect: tuple[int, list[Deed]]


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    with Register(tmp_path_factory.mktemp("faults")).up() as home:
        hand_over(home)
        deeds = {STAGED: restart_store, COMPUTED: restart_store, RENDERED: starve}
        disturbed = home.run_and(deeds, *NIGHT)
        with home.opened() as at:
            locks = held_locks(at.connection.bucket(at.settings.ledger_bucket))
            locks_left = [lock.subject for lock in locks if not lock.is_void]
        last = home.run(*NIGHT).returncode
        with home.opened() as at:
            feeds = {name: FEED_BY_NAME[name].accepted_table for name in (ORDERS, ANSWERS)}
            rows = {name: at.rows(table).height for name, table in feeds.items()}
            arrests, editions = at.rows(CARD_ARRESTS)["card_token"].n_unique(), at.editions()
        hand_over(home, NEXT)
        deeds = {STAGED: kill_prefect, COMPUTED: kill_prefect}
        without = home.run_and(deeds, "nightly", "--date", str(NEXT))
        return Story(disturbed, locks_left, last, rows, arrests, editions, without)


def hand_over(home: Register, day: date = DAY) -> None:
    sources = {ORDERS: '"kpssu"', ANSWERS: ", ".join(f'"{bank}"' for bank in BANKS)}
    entries = (SOURCE.format(feed=feed, institutions=who) for feed, who in sources.items())
    (home.path / "sources.toml").write_text("".join(entries))
    home.order(day, CARDS)
    for bank in BANKS:
        home.answer(bank, day, CARDS)


def test_a_store_that_was_killed_is_waited_for_and_hunger_ends_the_night(story):
    code, done = story.disturbed

    assert done == [restart_store, restart_store, starve]
    assert code != FINE


def test_a_prefect_that_was_killed_twice_is_begun_again_and_the_night_goes_on(story):
    assert story.without_prefect == (FINE, [kill_prefect, kill_prefect])


def test_what_it_leaves_bars_nobody(story):
    assert story.locks_left == []
    assert story.last == FINE


def test_no_row_is_lost_or_doubled(story):
    assert story.rows == {ORDERS: len(BANKS) * CARDS, ANSWERS: len(BANKS) * CARDS}
    assert story.arrests == len(BANKS) * CARDS


def test_one_whole_edition_is_out_and_no_half_one_beside_it(story):
    place = f"reports/daily/KZ/{DAY}/"
    edition = json.loads(story.editions[f"{place}latest.json"])["edition"]
    files = json.loads(story.editions[f"{edition}/manifest.json"])["files"]
    out = {key for key in story.editions if key.startswith(place)}

    assert edition == f"{place}r1"
    assert {
        name: sha256(story.editions[f"{edition}/{name}"]).hexdigest() for name in files
    } == files
    assert out == {f"{place}latest.json"} | {
        f"{edition}/{name}" for name in (*files, "manifest.json", "manifest.sig")
    }
