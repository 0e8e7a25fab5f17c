"""What a period is held against, and how a change is said."""

from dataclasses import dataclass
from datetime import date

from templates.figures import Address, Figures
from templates.measures import difference, has_percent
from templates.model import Change
from templates.reports import Comparison, Report
from templates.wording import Wording, message
from transforms.periods import Period, PeriodKind


@dataclass(frozen=True, slots=True)
class Said:
    """How one comparison is said: as a heading, and as words before the other figure."""

    against: str
    more: str
    less: str
    same: str
    no_data: str


_DAY_BEFORE = Said(
    against=message("Against the day before"),
    more=message("more than the day before"),
    less=message("less than the day before"),
    same=message("the same as the day before"),
    no_data=message("no data for the day before"),
)
_PERIOD_BEFORE = Said(
    against=message("Against the period before"),
    more=message("more than in the period before"),
    less=message("less than in the period before"),
    same=message("the same as in the period before"),
    no_data=message("no data for the period before"),
)
_SAME_DAY = Said(
    against=message("Against the same day of %(year)s"),
    more=message("more than on the same day of %(year)s"),
    less=message("less than on the same day of %(year)s"),
    same=message("the same as on that day of %(year)s"),
    no_data=message("no data for the same day of %(year)s"),
)
_SAME_PERIOD = Said(
    against=message("Against the same period of %(year)s"),
    more=message("more than in the same period of %(year)s"),
    less=message("less than in the same period of %(year)s"),
    same=message("the same as in that period of %(year)s"),
    no_data=message("no data for the same period of %(year)s"),
)


_SAME_WEEK = Said(
    against=message("Against the same week of %(year)s"),
    more=message("more than in the same week of %(year)s"),
    less=message("less than in the same week of %(year)s"),
    same=message("the same as in that week of %(year)s"),
    no_data=message("no data for the same week of %(year)s"),
)
_YEAR_BEFORE = Said(
    against=message("Against %(year)s"),
    more=message("more than in %(year)s"),
    less=message("less than in %(year)s"),
    same=message("the same as in %(year)s"),
    no_data=message("no data for %(year)s"),
)
_SAID_OF = {
    (Comparison.BEFORE, PeriodKind.DAY): _DAY_BEFORE,
    (Comparison.YEAR_BEFORE, PeriodKind.DAY): _SAME_DAY,
    (Comparison.YEAR_BEFORE, PeriodKind.WEEK): _SAME_WEEK,
    (Comparison.YEAR_BEFORE, PeriodKind.YEAR): _YEAR_BEFORE,
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of an edition: the other period, its words, the day whose method counts."""

    period: Period
    said: Said
    wording: Wording
    on: date

    @property
    def heading(self) -> str:
        """Against the same period of 2024"""
        return self.say(self.said.against)

    def say(self, text: str) -> str:
        return self.wording.say(text, year=str(self.period.end.year))

    def change(self, figures: Figures, at: Address) -> Change:
        """How a figure stands to its like in the other period."""
        value, base = figures.value(at), figures.value(at._replace(period=self.period))
        if value is None or base is None:
            return Change(self.heading, "none", "", self.say(self.said.no_data), None, "")
        unit = figures.indicator(at.indicator).unit
        directions = {1: "up", 0: "same", -1: "down"}
        words = {1: self.said.more, 0: self.said.same, -1: self.said.less}
        sign = (value > base) - (value < base)
        return Change(
            against=self.heading,
            direction=directions[sign],
            amount=difference(value, base, unit, self.wording, on=self.on),
            words=self.say(words[sign]),
            base=figures.figure(at._replace(period=self.period)),
            small_mark="" if not sign or has_percent(base, unit, self.on) else "†",
        )

    def said_change(self, figures: Figures, at: Address) -> str:
        """The change alone, for a sentence: "+12.3%", "no change", "no data"."""
        change = self.change(figures, at)
        if change.direction == "none":
            return self.wording.say("no data")
        return change.amount or self.wording.say("no change")


def comparisons(report: Report, period: Period, wording: Wording) -> tuple[Compared, ...]:
    """What this period of the report is compared with, in the report's order."""
    return tuple(_compared(comparison, period, wording) for comparison in report.comparisons)


def _compared(comparison: Comparison, period: Period, wording: Wording) -> Compared:
    is_before = comparison is Comparison.BEFORE
    said = _SAID_OF.get((comparison, period.kind), _PERIOD_BEFORE if is_before else _SAME_PERIOD)
    other = period.before if is_before else period.year_before
    return Compared(other, said, wording, on=period.end)


def period_text(period: Period, wording: Wording) -> str:
    """Monday, 18 August 2025; 1 January – 18 August 2025."""
    if period.kind is PeriodKind.DAY:
        return wording.say(
            "%(weekday)s, %(date)s",
            weekday=wording.weekday(period.end),
            date=wording.long_date(period.end),
        )
    if period.start.year != period.end.year:
        return wording.say(
            "%(start_date)s – %(end_date)s",
            start_date=wording.long_date(period.start),
            end_date=wording.long_date(period.end),
        )
    return wording.say(
        "%(start_day)s – %(end_date)s",
        start_day=wording.day_of_year(period.start),
        start_date=wording.long_date(period.start),
        end_day=wording.day_of_year(period.end),
        end_date=wording.long_date(period.end),
    )
