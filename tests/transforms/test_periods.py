"""Periods of reports: where they begin and end, what they are held against, when they are due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.periods import Period, PeriodKind

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
KINDS = st.sampled_from(list(PeriodKind))


def spans(period: Period) -> str:
    return f"{period.start} {period.end}"


@pytest.mark.parametrize(
    ("kind", "end", "this", "before", "year_before"),
    [
        ("day", "2025-08-18", "2025-08-18 2025-08-18", "2025-08-17", "2024-08-18"),
        ("week", "2025-08-17", "2025-08-11 2025-08-17", "2025-08-04 2025-08-10", "2024-08-12"),
        ("week", "2026-01-04", "2025-12-29 2026-01-04", "2025-12-22 2025-12-28", "2024-12-30"),
        ("month", "2025-02-28", "2025-02-01 2025-02-28", "2025-01-01 2025-01-31", "2024-02-01"),
        ("quarter", "2025-06-30", "2025-04-01 2025-06-30", "2025-01-01 2025-03-31", "2024-04-01"),
        ("half_year", "2025-12-31", "2025-07-01 2025-12-31", "2025-01-01 2025-06-30", "2024-07-01"),
        ("half_year", "2025-06-30", "2025-01-01 2025-06-30", "2024-07-01 2024-12-31", "2024-01-01"),
        ("year", "2025-12-31", "2025-01-01 2025-12-31", "2024-01-01 2024-12-31", "2024-01-01"),
        ("year_to_date", "2025-08-18", "2025-01-01 2025-08-18", "2024-01-01 2024-08-18", "2024"),
    ],
)
def test_a_period_begins_with_the_calendar_and_is_held_against_its_like(
    kind, end, this, before, year_before
):
    period = Period.ending(PeriodKind(kind), date.fromisoformat(end))

    assert spans(period) == this
    assert spans(period.before).startswith(before)
    assert spans(period.year_before).startswith(year_before)


def test_a_whole_february_is_held_against_a_whole_february():
    of_2025 = Period.ending(PeriodKind.MONTH, date(2025, 2, 28))
    of_2024 = Period.ending(PeriodKind.MONTH, date(2024, 2, 29))

    assert of_2025.year_before == of_2024
    assert of_2024.year_before.end == date(2023, 2, 28)


def test_a_month_that_still_runs_is_held_against_as_many_days():
    so_far = Period.ending(PeriodKind.MONTH, date(2025, 3, 30))

    assert spans(so_far.before) == "2025-02-01 2025-02-28"
    assert spans(Period.ending(PeriodKind.MONTH, date(2025, 3, 9)).before).endswith("2025-02-09")
    assert not so_far.is_due


@pytest.mark.parametrize(
    ("night", "due"),
    [
        ("2025-08-18", "day year_to_date"),
        ("2025-08-17", "day week year_to_date"),
        ("2025-08-31", "day week month year_to_date"),
        ("2025-09-30", "day month quarter year_to_date"),
        ("2025-06-30", "day month quarter half_year year_to_date"),
        ("2025-12-31", "day month quarter half_year year year_to_date"),
        ("2024-02-29", "day month year_to_date"),
    ],
)
def test_a_period_is_due_on_its_last_day(night, due):
    ending = [Period.ending(kind, date.fromisoformat(night)) for kind in PeriodKind]

    assert [p.kind.value for p in ending if p.is_due] == due.split()


@given(KINDS, DAYS)
def test_periods_of_one_kind_follow_each_other_without_gap_or_overlap(kind, day):
    whole = Period.ending(kind, Period.ending(kind, day).last_day)

    assert whole.start <= day <= whole.end
    if kind is not PeriodKind.YEAR_TO_DATE:
        assert whole.before.end == whole.start - timedelta(days=1)
        assert whole.before.end == whole.before.last_day


@given(KINDS, DAYS)
def test_what_a_period_is_held_against_lies_before_it_and_is_of_its_kind(kind, day):
    period = Period.ending(kind, day)

    for other in (period.before, period.year_before, *period.earlier(3)):
        assert other.kind is kind
        assert other.start <= other.end < period.start or kind is PeriodKind.YEAR_TO_DATE
        assert other.end < period.end


@given(DAYS)
def test_the_days_before_a_day_are_of_its_weekday(day):
    before = Period.ending(PeriodKind.DAY, day).earlier(8)

    assert [p.end for p in before] == [day - timedelta(weeks=n) for n in range(1, 9)]
