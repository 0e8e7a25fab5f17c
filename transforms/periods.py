"""Civil periods of reports, and the working days of Kazakhstan."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

import polars as pl

from transforms.reference import reference

CIVIL_TIME_ZONE = "Asia/Almaty"


class PeriodKind(StrEnum):
    """How long a reporting period is. Every period ends on the day that it is named by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6}
_A_DAY = timedelta(days=1)
_FIFTY_TWO_WEEKS = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Period:
    """Days `start` to `end`, both included, Asia/Almaty."""

    kind: PeriodKind
    start: date
    end: date

    @classmethod
    def ending(cls, kind: PeriodKind, end: date) -> Self:
        """The period of a kind up to and including `end`, as far as it has run by then."""
        return cls(kind, _first_day(kind, end), end)

    @property
    def is_due(self) -> bool:
        """It is over with its last day; a year to date is due every day."""
        return self.end == self.last_day or self.kind is PeriodKind.YEAR_TO_DATE

    @property
    def last_day(self) -> date:
        """The day that the period ends on in the calendar, however far it has run by `end`."""
        if self.kind is PeriodKind.DAY:
            return self.end
        if self.kind is PeriodKind.WEEK:
            return self.start + timedelta(days=6)
        return _months_later(self.start, _MONTHS.get(self.kind, 12)) - _A_DAY

    @property
    def before(self) -> Self:
        """What this period is compared with first: the same kind, just before it began.

        One that has not run to its last day is compared with as many days of the one before.
        A year to date has no sensible "just before": it is compared with the year before.
        """
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return self.year_before
        whole = type(self).ending(self.kind, self.start - _A_DAY)
        if self.end == self.last_day:
            return whole
        return type(self)(
            self.kind, whole.start, min(whole.end, whole.start + (self.end - self.start))
        )

    @property
    def year_before(self) -> Self:
        """The same days of the year before; of a week, the same weekdays 52 weeks before.

        A whole month stays whole: February 2025 is held against all 29 days of February 2024.
        29 February becomes 28 February.
        """
        if self.kind is PeriodKind.WEEK:
            return type(self)(self.kind, self.start - _FIFTY_TWO_WEEKS, self.end - _FIFTY_TWO_WEEKS)
        earlier = type(self)(self.kind, _year_earlier(self.start), _year_earlier(self.end))
        is_whole = self.end == self.last_day and self.kind is not PeriodKind.DAY
        return type(self)(self.kind, earlier.start, earlier.last_day) if is_whole else earlier

    def earlier(self, count: int) -> "list[Self]":
        """The last `count` periods like this one before it, the latest first.

        Days are those of the same weekday; other kinds follow each other without a gap.
        """
        found, this = [], self
        for _ in range(count):
            this = this._one_earlier
            found.append(this)
        return found

    @property
    def _one_earlier(self) -> Self:
        if self.kind is PeriodKind.DAY:
            same_weekday = self.end - timedelta(weeks=1)
            return type(self)(self.kind, same_weekday, same_weekday)
        return self.before


def _first_day(kind: PeriodKind, day: date) -> date:
    """The first day of the period of a kind that the day lies in."""
    if kind is PeriodKind.DAY:
        return day
    if kind is PeriodKind.WEEK:
        return day - timedelta(days=day.weekday())
    length = _MONTHS.get(kind, 12)
    return date(day.year, length * ((day.month - 1) // length) + 1, 1)


def _months_later(first: date, months: int) -> date:
    """The first of the month that comes this many months after a first of a month."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _year_earlier(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def civil_date(instant: pl.Expr) -> pl.Expr:
    """The day, in Almaty, of a point in time."""
    return instant.dt.convert_time_zone(CIVIL_TIME_ZONE).dt.date()


def is_during(day: str, period: Period) -> pl.Expr:
    """The date in column `day` lies in the period."""
    return pl.col(day).is_between(period.start, period.end)


def holidays() -> list[date]:
    """Days off that fall on Monday to Friday, as far as the list of holidays reaches."""
    return reference("holidays")["day"].str.to_date().to_list()


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _HOLIDAYS


_HOLIDAYS = frozenset(holidays())
