"""How many rows came, beside how many usually do."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from transforms.volumes import (
    NO_HISTORY,
    NORMAL,
    SHORT,
    SWOLLEN,
    Envelope,
    collapsed,
    volumes,
    with_usual,
)

MONDAY = date(2025, 8, 18)
HALF_TO_TWICE = Envelope(0.5, 2.0)
DAY = pl.Date()


def of_weeks(*rows: int | None, until: date = MONDAY) -> pl.LazyFrame:
    """Files of one bank, a week apart, the last `until`; null for a week without one."""
    found = [
        (until - timedelta(weeks=len(rows) - 1 - n), count)
        for n, count in enumerate(rows)
        if count is not None
    ]
    return pl.LazyFrame(
        found, schema={"business_date": pl.Date(), "rows": pl.Int64()}, orient="row"
    ).with_columns(institution=pl.lit("CASPKZKA"))


def judged(*rows: int | None, envelope: Envelope = HALF_TO_TWICE) -> dict[str, object]:
    found = volumes(of_weeks(*rows), feed="card_transactions", night=MONDAY, envelope=envelope)
    (row,) = found.collect().to_dicts()
    return row


def test_usual_is_the_median_of_the_same_weekday_of_four_weeks():
    rows = table(
        """
        institution | business_date | rows
        ----------------------------------
        bank        | 2025-07-14    | 9000
        bank        | 2025-07-21    | 100
        bank        | 2025-07-28    | 130
        bank        | 2025-08-04    | 5000
        bank        | 2025-08-11    | 120
        bank        | 2025-08-17    | 7
        bank        | 2025-08-18    | 110
        other       | 2025-08-11    | 1
        other       | 2025-08-18    | 2
        """,
        {"business_date": DAY},
    )

    usual = with_usual(rows, ("institution", "business_date")).filter(
        pl.col("business_date") == MONDAY
    )

    assert dict(usual.select("institution", "usual_rows").collect().iter_rows()) == {
        "bank": 125,  # of 100, 130, 5000 and 120; five weeks ago and Sunday do not count
        "other": None,
    }


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ((1000, 1000, 1000, 1000, 499), SHORT),
        ((1000, 1000, 1000, 1000, 500), NORMAL),
        ((1000, 1000, 1000, 1000, 2000), NORMAL),
        ((1000, 1000, 1000, 1000, 2001), SWOLLEN),
        ((1000, 400), NO_HISTORY),
        ((1000, 1000, 400), NO_HISTORY),
        ((1000, None, 1000, 1000, 400), SHORT),
        ((0, 0, 0, 0, 47), NORMAL),
        ((19, 19, 19, 19, 0), NORMAL),  # so few vary by chance
        ((25, 25, 25, 25, 6), NORMAL),
        ((1000, 1000, 1000, None), SHORT),
    ],
)
def test_a_feed_is_judged_by_its_share_of_the_usual(rows, state):
    assert judged(*rows)["state_code"] == state


def test_the_last_healthy_date_stands_beside():
    row = judged(1000, 1010, 990, 1000, 20, 300)

    assert (row["state_code"], row["rows"], row["usual_rows"]) == (SHORT, 300, 995)
    assert (row["healthy_date"], row["healthy_rows"]) == (MONDAY - timedelta(weeks=2), 1000)


def test_a_feed_without_any_rows_on_such_a_weekday_is_not_judged():
    never = of_weeks(1000, 1000, until=date(2025, 8, 17))
    found = volumes(never, feed="seizures", night=MONDAY, envelope=HALF_TO_TWICE)

    assert found.collect().is_empty()


def test_feeds_below_their_floor_are_named():
    found = [
        volumes(of_weeks(*rows), feed=feed, night=MONDAY, envelope=HALF_TO_TWICE)
        for feed, rows in {
            "b": (900, 900, 900, 1),
            "a": (900, 900, 900, 9),
            "c": (900, 900, 900, 900),
        }.items()
    ]

    assert collapsed(pl.concat(found)).collect()["feed"].to_list() == ["a", "b"]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8), st.integers(2, 5))
def test_all_rows_of_a_date_are_counted_whoever_sends_them(rows, banks):
    one = of_weeks(*rows)
    many = pl.concat(one.with_columns(institution=pl.lit(f"bank{n}")) for n in range(banks))

    found = volumes(many, feed="f", night=MONDAY, envelope=HALF_TO_TWICE).collect()

    assert found["rows"].to_list() == [rows[-1] * banks] or rows[-1] == 0
