"""The demonstration by two Dask workers, one of them killed: what threads of one process make."""

import pytest
from polars.testing import assert_frame_equal

from tests.e2e.conftest import Home, sums_of
from transforms.arrests.cards import CARD_ARRESTS
from transforms.droppers.activity import ACCOUNT_DAYS, ACCOUNT_LINKS
from transforms.droppers.alerts import ALERTS
from transforms.droppers.evidence import EVIDENCE
from transforms.droppers.persons import PERSONS
from transforms.droppers.windows import ACCOUNT_WINDOWS, LINK_WINDOWS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_TABLE
from transforms.trail.transfers import TRANSFERS

pytestmark = [pytest.mark.e2e, pytest.mark.rehearsal]

TABLES = (
    FEED_BY_NAME["card_transactions"].accepted_table,
    CARD_ARRESTS,
    ACCOUNT_DAYS,
    ACCOUNT_LINKS,
    ACCOUNT_WINDOWS,
    LINK_WINDOWS,
    PERSONS,
    EVIDENCE,
    ALERTS,
    TRANSFERS,
    INDICATOR_TABLE,
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    threads = Home(tmp_path_factory.mktemp("threads"))
    # So few rows of a shard that workers compute several of each step.
    workers = Home(tmp_path_factory.mktemp("workers"), dask="2", shard_rows="5000")
    assert threads.run("demo").returncode == 0
    assert workers.run_losing_a_worker("demo") == 0
    return threads, workers


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_the_same_rows(homes, table):
    with homes[0].opened() as threads, homes[1].opened() as workers:
        expected, found = threads.rows(table), workers.rows(table)

    versions = {"sources"} & {*expected.columns}
    assert_frame_equal(found.drop(versions), expected.drop(versions))
    assert found.height > 0


def test_every_file_of_an_edition_has_the_same_bytes(homes):
    with homes[0].opened() as threads, homes[1].opened() as workers:
        expected, found = threads.editions(), workers.editions()

    assert sums_of(found) == sums_of(expected)
    assert found.keys() == expected.keys()
