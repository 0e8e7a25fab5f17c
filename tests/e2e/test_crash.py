"""A night killed in the middle ends in the tables of an undisturbed one.

So does one whose steps were taken by two workers, of which one was killed.
"""

import re
import shutil
from hashlib import sha256

import pytest
from polars.testing import assert_frame_equal

from tests.e2e.conftest import Home
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


@pytest.fixture(scope="module", params=["killed at four steps", "by workers, one of them killed"])
def disturbed(request, tmp_path_factory, calm):
    is_killed = request.param.startswith("killed")
    home = Home(tmp_path_factory.mktemp("disturbed"), dask="" if is_killed else "2")
    shutil.copytree(calm.settings.outside, home.settings.outside)
    if is_killed:
        for said in KILLED_AT:
            home.run_until(said, "nightly", "--date", DAY)
        assert home.run("nightly", "--date", DAY).returncode in DONE
    else:
        assert home.run_losing_a_worker("nightly", "--date", DAY) in DONE
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

    def sums(editions):
        names_versions = re.compile(r"/(manifest|provenance)\.")
        return {
            k: sha256(b).hexdigest() for k, b in editions.items() if not names_versions.search(k)
        }

    assert sums(found) == sums(expected)
    assert found.keys() == expected.keys()
