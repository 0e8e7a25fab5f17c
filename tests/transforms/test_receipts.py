"""A sender learns of each file whether it counts, and which of its rows do not."""

import polars as pl
import pytest

from tests.transforms.drawings import rows_of
from transforms.deliveries import deliveries_table, screened_table
from transforms.feeds import FEED_BY_NAME
from transforms.receipts import receipts

FEED = FEED_BY_NAME["crypto_prices"]

DELIVERIES = """
business_date | institution | delivery | file_name | address | bytes | arrived_at           | state_code       | reason  | rows
------------------------------------------------------------------------------------------------------------------------
2025-08-18    | nbk         | a        | p.csv     | d/a.csv | 1     | 2025-08-18T18:00:00Z | whole            | -       | 4
2025-08-18    | nbk         | b        | p_r2.csv  | d/b.csv | 1     | 2025-08-18T19:00:00Z | whole            | -       | 5
2025-08-18    | nbk         | b        | again.csv | d/b.csv | 1     | 2025-08-18T20:00:00Z | duplicate        | again   | 5
2025-08-18    | exch        | c        | p.csv     | d/c.csv | 1     | 2025-08-18T18:00:00Z | unreadable       | torn    | -
2025-08-18    | kgd         | d        | p.csv     | d/d.csv | 1     | 2025-08-18T18:00:00Z | control_mismatch | differs | 3
2025-08-18    | mvd         | e        | p.csv     | d/e.csv | 1     | 2025-08-18T18:00:00Z | whole            | -       | 2
2025-08-18    | sp          | f        | p.csv     | d/f.csv | 1     | 2025-08-18T18:00:00Z | whole            | -       | 7
"""
SCREENED = """
business_date | institution | delivery | rows_delivered | rows_accepted | rows_quarantined | corrections
--------------------------------------------------------------------------------------------------------
2025-08-18    | nbk         | b        | 5              | 2             | 3                | 1
2025-08-18    | mvd         | e        | 2              | 0             | 2                | 0
"""
ACCEPTED = """
business_date | institution | delivery | line | corrected_by
-------------------------------------------------------------
2025-08-18    | nbk         | b        | 1    | -
2025-08-18    | nbk         | b        | 2    | Saule
"""
ASIDE = """
business_date | institution | delivery | line | place
------------------------------------------------------
2025-08-18    | nbk         | b        | 5    | /5
2025-08-18    | nbk         | b        | 4    | /4
2025-08-18    | nbk         | b        | 3    | /3
2025-08-18    | mvd         | e        | 1    | -
2025-08-18    | mvd         | e        | 2    | -
"""
BROKEN = [["X-2"], ["X-1", "X-2"], ["X-1"], ["X-1"], ["X-1"]]


def told(most_lines: int = 100) -> dict[str, dict[str, object]]:
    aside = rows_of(FEED.accepted_table, ASIDE).with_columns(
        violated_rules=pl.Series(BROKEN), run=pl.lit("nightly")
    )
    found = receipts(
        rows_of(deliveries_table(FEED), DELIVERIES),
        rows_of(screened_table(FEED), SCREENED),
        rows_of(FEED.accepted_table, ACCEPTED),
        aside,
        most_lines=most_lines,
    )
    return {row["delivery"]: row for row in found.collect().to_dicts()}


@pytest.mark.parametrize(
    ("delivery", "state", "reason"),
    [
        ("a", "replaced", None),
        ("b", "counted", None),
        ("c", "unreadable", "torn"),
        ("d", "control_mismatch", "differs"),
        ("e", "rejected", None),
        ("f", "waiting", None),
    ],
)
def test_each_file_has_one_state_and_an_unusable_one_its_reason(delivery, state, reason):
    found = told()[delivery]

    assert (found["state"], found["reason"]) == (state, reason)


def test_rows_of_a_file_that_counts_are_told_and_of_others_are_not():
    files = told()
    counts = ("rows", "rows_accepted", "rows_quarantined", "rows_corrected")

    assert [files["b"][name] for name in counts] == [5, 2, 3, 1]
    assert [files["a"][name] for name in counts] == [4, None, None, None]
    assert [files["e"][name] for name in counts] == [2, 0, 2, 0]


def test_all_names_of_the_same_content_are_told():
    assert told()["b"]["file_names"] == ["p_r2.csv", "again.csv"]


def test_each_rule_names_its_rows_by_line_and_by_place_where_there_are_places():
    assert told()["b"]["rules"] == [
        {"code": "X-1", "rows": 2, "lines": [3, 4], "places": ["/3", "/4"]},
        {"code": "X-2", "rows": 2, "lines": [4, 5], "places": ["/4", "/5"]},
    ]
    assert told()["e"]["rules"] == [{"code": "X-1", "rows": 2, "lines": [1, 2], "places": []}]
    assert told()["a"]["rules"] is None


def test_only_the_first_lines_are_named_but_all_are_counted():
    assert told(most_lines=1)["b"]["rules"][0] == {
        "code": "X-1",
        "rows": 2,
        "lines": [3],
        "places": ["/3"],
    }
