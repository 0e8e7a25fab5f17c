"""A night killed in the middle, again and again, ends in the tables of an undisturbed one."""

import shutil

import pytest
from polars.testing import assert_frame_equal

from tests.e2e.conftest import Home, sums_of
from transforms.facts import FACTS
from transforms.feeds import FEEDS
from transforms.indicators import INDICATOR_TABLE

DAY = "2025-07-30"
DONE = (0, 3)
KILLED_AT = (
    "card_arrest_orders: stage",
    "card_arrest_confirmations: screen",
    "facts.card_arrests: compute",
    "daily: render",
)

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("calm"))
    assert home.run("simulate", "--date", DAY).returncode == 0
    assert home.run("nightly", "--date", DAY).returncode in DONE
    return home


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory, calm):
    home = Home(tmp_path_factory.mktemp("disturbed"))
    shutil.copytree(calm.settings.outside, home.settings.outside)
    with home.up() as running:
        for said in KILLED_AT:
            running.run_until(said, "nightly", "--date", DAY)
        assert running.run("nightly", "--date", DAY).returncode in DONE
    return home


def test_every_table_has_the_same_rows(calm, disturbed):
    feeds = [t for f in FEEDS for t in (f.staged_table, f.accepted_table, f.quarantine_table)]

    with calm.opened() as expected, disturbed.opened() as found:
        for table in [*feeds, *(fact.table for fact in FACTS)]:
            assert_frame_equal(found.rows(table), expected.rows(table))
        assert_frame_equal(
            found.rows(INDICATOR_TABLE).drop("sources"),
            expected.rows(INDICATOR_TABLE).drop("sources"),
        )


def test_every_file_of_an_edition_has_the_same_bytes(calm, disturbed):
    """But those that name versions of tables: the tables behind were written more often."""
    with calm.opened() as one, disturbed.opened() as other:
        expected, found = one.editions(), other.editions()

    assert sums_of(found) == sums_of(expected)
    assert found.keys() == expected.keys()
