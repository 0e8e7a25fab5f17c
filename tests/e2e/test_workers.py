"""A night of two Dask workers, one of them killed: the tables and editions of one in threads."""

import pytest
from polars.testing import assert_frame_equal

from tests.e2e.conftest import sums_of
from tests.e2e.test_bad_night import ANSWERS, BANKS, DAY, ORDERS, Register
from tests.e2e.test_faults import CARDS, hand_over
from transforms.arrests.cards import CARD_ARRESTS
from transforms.feeds import FEED_BY_NAME
from transforms.indicators import INDICATOR_TABLE

pytestmark = [pytest.mark.e2e, pytest.mark.rehearsal]

NIGHT = ("nightly", "--date", str(DAY))
SHARD_ROWS = 100
TABLES = (
    *(FEED_BY_NAME[feed].accepted_table for feed in (ORDERS, ANSWERS)),
    CARD_ARRESTS,
    INDICATOR_TABLE,
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    threads = Register(tmp_path_factory.mktemp("threads"))
    # So few rows of a shard that workers compute several of each step.
    workers = Register(tmp_path_factory.mktemp("workers"), dask="2", shard_rows=SHARD_ROWS)
    for home in (threads, workers):
        hand_over(home)
    assert threads.run(*NIGHT).returncode == 0
    assert workers.run_losing_a_worker(*NIGHT) == 0
    return threads, workers


def test_every_table_has_the_same_rows(homes):
    with homes[0].opened() as threads, homes[1].opened() as workers:
        for table in TABLES:
            expected, found = threads.rows(table), workers.rows(table)
            versions = {"sources"} & {*expected.columns}
            assert_frame_equal(found.drop(versions), expected.drop(versions))
        assert found.height > 0
        assert workers.rows(CARD_ARRESTS)["card_token"].n_unique() == len(BANKS) * CARDS


def test_every_file_of_an_edition_has_the_same_bytes(homes):
    with homes[0].opened() as threads, homes[1].opened() as workers:
        expected, found = threads.editions(), workers.editions()

    assert sums_of(found) == sums_of(expected)
    assert found.keys() == expected.keys()
