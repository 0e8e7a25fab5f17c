"""A night killed in the middle, again and again, ends in the tables of an undisturbed one."""

import shutil

import pytest
from polars.testing import assert_frame_equal

from tests.e2e.conftest import Home, sums_of
from tests.e2e.test_bad_night import DAY, Register
from tests.e2e.test_faults import hand_over
from transforms.facts import FACTS
from transforms.feeds import FEEDS
from transforms.indicators import INDICATOR_TABLE

SCENARIO_DAY = "2025-07-30"
DONE = (0, 3)
KILLED_AT = (
    "card_arrest_orders: stage",
    "card_arrest_confirmations: screen",
    "facts.card_arrests: compute",
    "daily: render",
)

pytestmark = pytest.mark.e2e


def register(path):
    home = Register(path)
    hand_over(home)
    return home, str(DAY)


def scenario(path):
    home = Home(path)
    assert home.run("simulate", "--date", SCENARIO_DAY).returncode == 0
    return home, SCENARIO_DAY


@pytest.fixture(
    scope="module",
    params=[register, pytest.param(scenario, marks=pytest.mark.rehearsal)],
    ids=lambda made: made.__name__,
)
def homes(request, tmp_path_factory):
    """One whose night was left alone, and one with the same files whose nights were killed."""
    calm, day = request.param(tmp_path_factory.mktemp("calm"))
    disturbed = type(calm)(tmp_path_factory.mktemp("disturbed"))
    shutil.copytree(calm.path, disturbed.path, dirs_exist_ok=True)
    assert calm.run("nightly", "--date", day).returncode in DONE
    with disturbed.up() as running:
        for said in KILLED_AT:
            running.run_until(said, "nightly", "--date", day)
        assert running.run("nightly", "--date", day).returncode in DONE
    return calm, disturbed


def test_every_table_has_the_same_rows(homes):
    calm, disturbed = homes
    feeds = [t for f in FEEDS for t in (f.accepted_table, f.quarantine_table)]

    with calm.opened() as expected, disturbed.opened() as found:
        assert not any(found.rows(feed.staged_table).height for feed in FEEDS)
        for table in [*feeds, *(fact.table for fact in FACTS)]:
            assert_frame_equal(found.rows(table), expected.rows(table))
        assert_frame_equal(
            found.rows(INDICATOR_TABLE).drop("sources"),
            expected.rows(INDICATOR_TABLE).drop("sources"),
        )


def test_every_file_of_an_edition_has_the_same_bytes(homes):
    """But those that name versions of tables: the tables behind were written more often."""
    calm, disturbed = homes
    with calm.opened() as one, disturbed.opened() as other:
        expected, found = one.editions(), other.editions()

    assert sums_of(found) == sums_of(expected)
    assert found.keys() == expected.keys()
