"""What every section of an edition is written from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from templates.comparing import Compared
from templates.completeness import is_gap, is_short
from templates.figures import PROVISIONAL, Address, Figures
from templates.found import Found
from templates.measures import told
from templates.model import Figure
from templates.reports import Report
from templates.wording import Wording, message
from transforms.periods import Period, PeriodKind, is_during

_NAMED = 3
_BESIDE = {
    PeriodKind.WEEK: message("since Monday"),
    PeriodKind.MONTH: message("since the beginning of the month"),
    PeriodKind.QUARTER: message("since the beginning of the quarter"),
    PeriodKind.YEAR_TO_DATE: message("since the beginning of the year"),
}


@dataclass(frozen=True, slots=True)
class Material:
    """The figures and deliveries of one edition, and the words for them.

    `notes` gives each indicator the number of its explanation; `checks` is where the page of the
    rules is, seen from the edition.
    """

    report: Report
    period: Period
    area: str
    revision: int
    compared: tuple[Compared, ...]
    beside: Period | None
    figures: Figures
    completeness: pl.DataFrame
    found: Found
    checks: str
    notes: Mapping[str, str]
    words: Wording

    def at(self, indicator: str) -> Address:
        return Address(indicator, self.period, self.area)

    def told(self, at: Address) -> str:
        value = self.figures.value(at)
        if value is None:
            if self.figures.is_withheld(at):
                return self.words.say("not shown")
            return self.words.say("no data")
        return told(value, self.figures.indicator(at.indicator).unit, self.words)

    def foremost(self, named: Iterable[tuple[str, Address]]) -> list[str]:
        """The three with the largest values, of those above zero: "Turkistan Region (1,204)"."""
        counted = [(name, self.figures.value(at) or 0) for name, at in named]
        first = sorted(counted, key=lambda pair: -pair[1])[:_NAMED]
        return [f"{name} ({self.words.whole(value)})" for name, value in first if value]

    def largest(self, at: Address) -> int | None:
        """The largest single case behind an amount or weight; null where that is not known."""
        rows = self.found.largest.filter(
            pl.col("indicator") == at.indicator,
            pl.col("region_code") == at.region,
            pl.col("period") == at.period.kind.value,
            pl.col("period_end") == at.period.end,
        )
        return int(rows["largest"][0]) if rows.height else None

    @property
    def beside_title(self) -> str:
        return self.words.say(_BESIDE[self.beside.kind]) if self.beside else ""

    def beside_figure(self, at: Address) -> Figure | None:
        return self.figures.figure(at._replace(period=self.beside)) if self.beside else None

    @property
    def is_provisional(self) -> bool:
        """A figure shown so far, of a period that ends with this one, can still change."""
        end = self.period.end.isoformat()
        return any(d.status_code == PROVISIONAL and d.period_end == end for d in self.figures.data)

    @property
    def tonight(self) -> pl.DataFrame:
        """Deliveries for the night itself: of earlier days only what is odd is given."""
        return self.completeness.filter(pl.col("business_date") == self.period.end)

    @property
    def absent(self) -> pl.DataFrame:
        """Deliveries for days of the period of which nothing usable came."""
        return self.completeness.filter(is_gap(), is_during("business_date", self.period))

    @property
    def short(self) -> pl.DataFrame:
        """Deliveries for days of the period with fewer rows than usual."""
        return self.completeness.filter(is_short(), is_during("business_date", self.period))

    def made_of(self, indicator: str) -> tuple[str, ...]:
        return (indicator, *self.figures.indicator(indicator).made_of)

    def gap(self, indicator: str) -> str:
        """How many absent or short deliveries a figure rests on, in words; empty when on none."""
        made_of = pl.lit(list(self.made_of(indicator)))
        is_concerned = pl.col("affects").list.set_intersection(made_of).list.len() > 0
        if absent := len(self.absent.filter(is_concerned)):
            return self.words.count(
                "%(n)s delivery is missing: the figure may change",
                "%(n)s deliveries are missing: the figure may change",
                absent,
            )
        if short := len(self.short.filter(is_concerned)):
            return self.words.count(
                "%(n)s delivery is short: the figure may change",
                "%(n)s deliveries are short: the figure may change",
                short,
            )
        return ""
