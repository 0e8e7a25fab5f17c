"""A night killed in the middle, again and again, ends in the tables of an undisturbed one."""

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
KILLED_AT = (
    "card_arrest_orders: stage",
    "card_arrest_confirmations: screen",
    "facts.card_arrests: compute",
    "daily: render",
)

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    undisturbed, disturbed = (Home(tmp_path_factory.mktemp(name)) for name in ("calm", "crash"))
    assert undisturbed.run("simulate", "--date", DAY).returncode == 0
    shutil.copytree(undisturbed.settings.outside, disturbed.settings.outside)
    assert undisturbed.run("nightly", "--date", DAY).returncode in (0, 3)
    for said in KILLED_AT:
        disturbed.run_until(said, "nightly", "--date", DAY)
    assert disturbed.run("nightly", "--date", DAY).returncode in (0, 3)
    return undisturbed, disturbed


def test_every_table_has_the_same_rows(homes):
    feeds = [t for f in FEEDS for t in (f.staged_table, f.accepted_table, f.quarantine_table)]

    with homes[0].opened() as calm, homes[1].opened() as crashed:
        for table in [*feeds, *(fact.table for fact in FACTS)]:
            assert_frame_equal(crashed.rows(table), calm.rows(table))
        assert_frame_equal(
            crashed.rows(INDICATOR_TABLE).drop("sources"),
            calm.rows(INDICATOR_TABLE).drop("sources"),
        )


def test_every_file_of_an_edition_has_the_same_bytes(homes):
    """But those that name versions of tables: the tables behind were written more often."""
    with homes[0].opened() as calm, homes[1].opened() as crashed:
        expected, found = calm.editions(), crashed.editions()

    def sums(editions):
        names_versions = re.compile(r"/(manifest|provenance)\.")
        return {
            k: sha256(b).hexdigest() for k, b in editions.items() if not names_versions.search(k)
        }

    assert sums(found) == sums(expected)
    assert found.keys() == expected.keys()
