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
    YEAR_TO_DATE = "year_to_date"


@dataclass(frozen=True, slots=True)
class Period:
    """Days `start` to `end`, both included, Asia/Almaty."""

    kind: PeriodKind
    start: date
    end: date

    @classmethod
    def ending(cls, kind: PeriodKind, end: date) -> Self:
        """The period of a kind up to and including `end`, as far as it has run by then."""
        starts = {
            PeriodKind.DAY: end,
            PeriodKind.WEEK: end - timedelta(days=end.weekday()),
            PeriodKind.MONTH: end.replace(day=1),
            PeriodKind.QUARTER: date(end.year, 3 * ((end.month - 1) // 3) + 1, 1),
            PeriodKind.YEAR_TO_DATE: date(end.year, 1, 1),
        }
        return cls(kind, starts[kind], end)

    @property
    def before(self) -> Self:
        """What this period is compared with first: the same kind, just before it began.

        A year to date has no sensible "just before": it is compared with the year before.
        """
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return self.year_before
        return type(self).ending(self.kind, self.start - timedelta(days=1))

    @property
    def year_before(self) -> Self:
        """The same days of the year before; 29 February becomes 28 February."""
        return type(self)(self.kind, _year_earlier(self.start), _year_earlier(self.end))


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
