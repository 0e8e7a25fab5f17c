"""Which nights were missed, and which told what is no longer so."""

from datetime import date, timedelta

import polars as pl
import pytest

from tests.tables import table
from transforms.deliveries import COMPLETENESS, deliveries_table, screened_table
from transforms.feeds import FEED_BY_NAME
from transforms.nights import feeds_owing, judged_deliveries, missed_nights, overtaken_nights

FEED = FEED_BY_NAME["card_arrest_orders"]
DAY = date(2025, 8, 18)

TOLD = """
night      | feed               | institution | business_date | state_code | rows_delivered | rows_accepted | rows_quarantined | delivery
---------------------------------------------------------------------------------------------------------------------------------------
2025-08-18 | card_arrest_orders | a           | 2025-08-18    | missing    | -              | -             | -                | -
2025-08-18 | card_arrest_orders | b           | 2025-08-18    | in_time    | 5              | 4             | 1                | file_b
2025-08-19 | card_arrest_orders | a           | 2025-08-18    | late       | 3              | 3             | 0                | file_a
2025-08-19 | card_arrest_orders | b           | 2025-08-18    | in_time    | 5              | 4             | 1                | file_b
2025-08-19 | card_arrest_orders | a           | 2025-08-19    | missing    | -              | -             | -                | -
"""


@pytest.fixture
def told() -> pl.LazyFrame:
    return drawn(TOLD, COMPLETENESS)


def drawn(drawing, contract) -> pl.LazyFrame:
    names = [name.strip() for name in drawing.strip().splitlines()[0].split("|")]
    return table(drawing, {name: contract.schema[name] for name in names})


def judged(*rows: str) -> pl.LazyFrame:
    head = (
        "feed | institution | business_date | rows_delivered | rows_accepted | rows_quarantined"
        " | delivery\n--"
    )
    return drawn("\n".join([head, *rows]), COMPLETENESS)


OF_A = "card_arrest_orders | a | 2025-08-18 | 3 | 3 | 0 | file_a"
OF_B = "card_arrest_orders | b | 2025-08-18 | 5 | 4 | 1 | file_b"


def overtaken(told, *rows) -> list[date]:
    return overtaken_nights(told, judged(*rows)).collect()["night"].to_list()


def test_a_night_that_missed_what_has_come_is_overtaken_and_one_that_told_it_is_not(told):
    assert overtaken(told, OF_A, OF_B) == [DAY]


def test_rows_released_from_quarantine_overtake_every_night_that_counted_without_them(told):
    released = OF_B.replace("4 | 1", "5 | 0")

    assert overtaken(told, OF_A, released) == [DAY, DAY + timedelta(days=1)]


def test_a_corrected_file_with_as_many_rows_overtakes_every_night_that_counted_the_other(told):
    corrected = OF_B.replace("file_b", "file_c")

    assert overtaken(told, OF_A, corrected) == [DAY, DAY + timedelta(days=1)]


def test_nights_that_told_what_is_so_are_left_alone(told):
    rest = told.filter(pl.col("night") > DAY)

    assert overtaken(rest, OF_A, OF_B) == []


def test_a_file_judged_before_another_came_does_not_count_until_that_is_judged():
    receipts = drawn(
        """
        business_date | institution | delivery | file_name | arrived_at           | state_code
        ------------------------------------------------------------------------------------
        2025-08-18    | a           | first    | a.csv     | 2025-08-18T10:00:00Z | whole
        2025-08-18    | a           | second   | a.csv     | 2025-08-18T11:00:00Z | whole
        """,
        deliveries_table(FEED),
    )
    screened = """
        business_date | institution | delivery | rows_delivered | rows_accepted | rows_quarantined
        -----------------------------------------------------------------------------------------
        2025-08-18    | a           | {}       | 3              | 3             | 0
        """

    def counted(delivery):
        rows = drawn(screened.format(delivery), screened_table(FEED))
        found = judged_deliveries({FEED.name: rows}, {FEED.name: receipts}).collect()
        return found.select("feed", "institution").rows()

    assert counted("first") == []
    assert counted("second") == [(FEED.name, "a")]


def test_feeds_that_owe_something_are_those_of_which_nothing_usable_came(told):
    assert feeds_owing(told).collect()["feed"].to_list() == [FEED.name]
    assert feeds_owing(told.filter(institution="b")).collect().is_empty()


def test_nights_are_missed_from_the_first_that_was_held_to_the_last_that_was_due():
    held = [DAY, DAY + timedelta(days=2)]

    assert missed_nights(held, DAY + timedelta(days=4)) == [
        DAY + timedelta(days=n) for n in (1, 3, 4)
    ]
    assert missed_nights(held, DAY - timedelta(days=1)) == []
    assert missed_nights([], DAY) == []
