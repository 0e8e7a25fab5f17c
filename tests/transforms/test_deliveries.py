"""Which file counts, what is owed, and what became of it."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tests.tables import table
from tests.transforms.drawings import rows_of
from transforms.corrections import corrections_table
from transforms.deliveries import (
    completeness,
    counting_deliveries,
    deliveries_table,
    feeds_with_gaps,
    notable,
    owed_deliveries,
    screened_table,
    undone_dates,
)
from transforms.feeds import FEED_BY_NAME
from transforms.volumes import Envelope

FEED = FEED_BY_NAME["seizures"]
NO_DECISIONS = pl.LazyFrame(schema=corrections_table(FEED).schema)
MONDAY = date(2025, 8, 18)
DUE = datetime(2025, 8, 18, 20, tzinfo=UTC)


def receipts(drawing: str) -> pl.LazyFrame:
    return table(drawing, deliveries_table(FEED).schema).cast(dict(deliveries_table(FEED).schema))


RECEIPTS = """
business_date | institution | delivery | file_name | address | bytes | arrived_at           | state_code       | reason  | rows
-------------------------------------------------------------------------------------------------------------------------
2025-08-18    | mvd         | a        | s.csv     | x       | 1     | 2025-08-18T18:00:00Z | whole            | -       | 3
2025-08-18    | kgd         | b        | s.csv     | x       | 1     | 2025-08-18T21:00:00Z | whole            | -       | 1
2025-08-18    | knb         | c        | s.csv     | x       | 1     | 2025-08-18T18:00:00Z | whole            | -       | 4
2025-08-18    | knb         | d        | s_r2.csv  | x       | 1     | 2025-08-18T19:00:00Z | whole            | -       | 5
2025-08-18    | sp          | e        | s.csv     | x       | 1     | 2025-08-18T18:00:00Z | whole            | -       | 2
2025-08-18    | sp          | e        | t.csv     | x       | 1     | 2025-08-18T19:00:00Z | duplicate        | again   | 2
2025-08-18    | afm         | f        | s.csv     | x       | 1     | 2025-08-18T18:00:00Z | control_mismatch | differs | 2
2025-08-18    | police      | g        | s.csv     | x       | 1     | 2025-08-18T18:00:00Z | whole            | -       | 9
2025-08-18    | archive     | h        | s.csv     | x       | 1     | 2025-08-18T18:00:00Z | unreadable       | torn    | -
"""

SCREENED = """
business_date | institution | delivery | rows_delivered | rows_accepted | rows_quarantined
----------------------------------------------------------------------------------------
2025-08-18    | mvd         | a        | 3              | 3             | 0
2025-08-18    | kgd         | b        | 1              | 1             | 0
2025-08-18    | knb         | d        | 5              | 4             | 1
2025-08-18    | sp          | e        | 2              | 2             | 0
2025-08-18    | police      | g        | 9              | 0             | 9
"""


def screened_rows(rows: list[tuple]) -> pl.LazyFrame:
    return pl.LazyFrame(rows, schema=screened_table(FEED).schema, orient="row")


@pytest.fixture
def seen() -> pl.LazyFrame:
    institutions = ("mvd", "kgd", "knb", "sp", "afm", "police", "nobody")
    return completeness(
        receipts(RECEIPTS),
        table(SCREENED, screened_table(FEED).schema),
        owed_deliveries([(name, MONDAY, DUE) for name in institutions]),
        feed="seizures",
        night=MONDAY,
        envelope=Envelope(0.8, 2.0),
    )


def test_each_delivery_owed_has_one_state_and_an_unusable_one_that_was_not_owed_too(seen):
    states = dict(seen.select("institution", "state_code").collect().iter_rows())

    assert states == {
        "mvd": "in_time",
        "kgd": "late",
        "knb": "corrected",
        "sp": "duplicate",
        "afm": "control_mismatch",
        "police": "rejected",
        "nobody": "missing",
        "archive": "unreadable",
    }


def test_a_reason_is_told_only_where_nothing_can_be_used(seen):
    reasons = seen.filter(pl.col("reason").is_not_null()).collect()

    assert reasons.select("institution", "reason").rows() == [
        ("afm", "differs"),
        ("archive", "torn"),
    ]


def test_a_feed_with_a_gap_in_the_period_is_named(seen):
    assert feeds_with_gaps(seen, MONDAY, MONDAY).collect()["feed"].to_list() == ["seizures"]
    assert feeds_with_gaps(seen, date(2025, 1, 1), date(2025, 8, 17)).collect().is_empty()


@pytest.mark.parametrize(
    ("rows", "state"), [(700, "short"), (850, "in_time"), (1900, "in_time"), (2100, "swollen")]
)
def test_a_delivery_is_held_against_what_its_institution_usually_sends(rows, state):
    weeks = [MONDAY - timedelta(weeks=n) for n in range(5)]
    sent = dict.fromkeys(weeks, 1000) | {MONDAY: rows}
    received = pl.LazyFrame(
        [
            (day, "mvd", f"{n}", "s.csv", "x", 1, DUE - timedelta(days=40), "whole", None, count)
            for n, (day, count) in enumerate(sent.items())
        ],
        schema=deliveries_table(FEED).schema,
        orient="row",
    )
    found = completeness(
        received,
        screened_rows(
            [
                (day, "mvd", f"{n}", count, count, 0, 0)
                for n, (day, count) in enumerate(sent.items())
            ]
        ),
        owed_deliveries([("mvd", MONDAY, DUE)]),
        feed="seizures",
        night=MONDAY,
        envelope=Envelope(0.8, 2.0),
    )

    assert found.select("state_code", "usual_rows").collect().rows() == [(state, 1000)]
    hit = feeds_with_gaps(found, MONDAY, MONDAY).collect()["feed"].to_list()
    assert hit == (["seizures"] if state == "short" else [])


@pytest.mark.parametrize("judged", [[], [(MONDAY, "mvd", "an earlier file", 3, 3, 0, 0)]])
def test_a_file_that_came_but_was_not_judged_is_a_gap(judged):
    one = "\n".join(RECEIPTS.strip().splitlines()[:3])
    found = completeness(
        receipts(one),
        screened_rows(judged),
        owed_deliveries([("mvd", MONDAY, DUE)]),
        feed="seizures",
        night=MONDAY,
        envelope=Envelope(0.8, 2.0),
    )

    assert found.collect()["state_code"].to_list() == ["stopped"]
    assert feeds_with_gaps(found, MONDAY, MONDAY).collect()["feed"].to_list() == ["seizures"]


def test_readers_are_told_the_night_recent_oddities_and_every_gap(seen):
    later = notable(seen, business_date=date(2025, 8, 25), since=date(2025, 8, 18))
    much_later = notable(seen, business_date=date(2025, 12, 1), since=date(2025, 11, 24))

    gaps = {"afm", "archive", "police", "nobody"}
    assert set(later.collect()["institution"]) == gaps | {"kgd", "knb", "sp"}
    assert set(much_later.collect()["institution"]) == gaps


def test_the_last_whole_file_counts():
    counting = counting_deliveries(receipts(RECEIPTS)).collect()

    assert dict(counting.select("institution", "delivery").iter_rows()) == {
        "kgd": "b",
        "knb": "d",
        "mvd": "a",
        "police": "g",
        "sp": "e",
    }


def screened(drawing: str) -> pl.LazyFrame:
    return table(drawing, screened_table(FEED).schema).with_columns(corrections=pl.lit(0, pl.Int64))


def decisions(drawing: str) -> pl.LazyFrame:
    return rows_of(corrections_table(FEED), drawing)


def test_a_date_is_undone_while_another_file_counts_than_was_screened():
    before_the_correction = SCREENED.replace("knb         | d", "knb         | c")

    done = undone_dates(receipts(RECEIPTS), screened(SCREENED), NO_DECISIONS)
    undone = undone_dates(receipts(RECEIPTS), screened(before_the_correction), NO_DECISIONS)

    assert done.collect().is_empty()
    assert undone.collect()["business_date"].to_list() == [MONDAY]


def test_a_date_is_undone_when_more_was_decided_about_its_rows_than_was_seen():
    decided = decisions(
        """
        business_date | institution | delivery | line
        ---------------------------------------------
        2025-08-18    | knb         | d        | 2
        2025-08-18    | knb         | d        | 2
        """
    )
    is_knb = pl.col("institution") == "knb"
    seen = screened(SCREENED).with_columns(corrections=pl.when(is_knb).then(2).otherwise(0))

    undone = undone_dates(receipts(RECEIPTS), screened(SCREENED), decided)
    done = undone_dates(receipts(RECEIPTS), seen.cast({"corrections": pl.Int64}), decided)

    assert undone.collect()["business_date"].to_list() == [MONDAY]
    assert done.collect().is_empty()


def test_what_was_decided_about_a_file_that_counts_no_more_undoes_nothing():
    decided = decisions(
        """
        business_date | institution | delivery | line
        ---------------------------------------------
        2025-08-18    | knb         | c        | 2
        """
    )

    assert undone_dates(receipts(RECEIPTS), screened(SCREENED), decided).collect().is_empty()
