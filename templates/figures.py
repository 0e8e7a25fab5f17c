"""The values of one edition, looked up by indicator, period and place."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from templates.measures import shown
from templates.model import Datum, Figure
from templates.wording import Wording
from transforms.indicators import Indicator
from transforms.periods import Period

PROVISIONAL = "provisional"

_IS_MEMBER = pl.col("dimension") != ""


class FiguresDisagree(ValueError):
    """A total is not the sum of what the report shows below it."""

    def __init__(self, what: str, total: int, found: int) -> None:
        super().__init__(
            f"{what}: the total is {total}, what it is made of adds up to {found}. "
            "Nothing was published. Compute the indicators of this night again."
        )


class NotInCatalogue(KeyError):
    """A report shows an indicator that the catalogue does not define."""


class Address(NamedTuple):
    """Which value: an indicator for a period and a place, in all or for one member."""

    indicator: str
    period: Period
    region: str
    dimension: str = ""
    member: str = ""

    @property
    def key(self) -> str:
        period = f"{self.period.kind}/{self.period.end.isoformat()}"
        total = f"{self.indicator}/{period}/{self.region}"
        return f"{total}/{self.dimension}/{self.member}" if self.dimension else total


class Figures:
    """Values as ready figures. It remembers what was shown: that is the data of the report."""

    def __init__(
        self, values: pl.DataFrame, catalogue: Sequence[Indicator], wording: Wording
    ) -> None:
        self._indicators = {indicator.id: indicator for indicator in catalogue}
        self._wording = wording
        self._values, self._members = _read(values)
        self._withheld = _withheld(values)
        self._shown: dict[str, Datum] = {}

    @property
    def data(self) -> tuple[Datum, ...]:
        """Every number shown so far, each once, in order of its key."""
        return tuple(self._shown[key] for key in sorted(self._shown))

    def indicator(self, name: str) -> Indicator:
        """The definition of an indicator.

        Raises:
            NotInCatalogue: there is none.
        """
        if name not in self._indicators:
            raise NotInCatalogue(f"{name} is not in the catalogue of indicators.")
        return self._indicators[name]

    def name(self, indicator: str) -> str:
        return str(getattr(self.indicator(indicator).name, self._wording.language))

    def value(self, at: Address) -> int | None:
        """The value; null where there is no data, zero where there is data and nothing in it.

        Some figures have no zeros: a bank without arrests has no median.
        """
        found = self._values.get(at.key)
        if found is not None:
            return found[0]
        if at.key in self._withheld:
            return None
        if not at.dimension or not self.indicator(at.indicator).has_zeros:
            return None
        return 0 if at._replace(dimension="", member="").key in self._values else None

    def is_withheld(self, at: Address) -> bool:
        """It is a count of so few persons, or what such a count follows from."""
        return at.key in self._withheld

    def is_provisional(self, at: Address) -> bool:
        return self._values.get(at.key, (0, ""))[1] == PROVISIONAL

    def figure(self, at: Address, text: str | None = None) -> Figure | None:
        """The value as shown beside its name, or as `text`; null where there is no data."""
        value = self.value(at)
        if value is None:
            return None
        indicator = self.indicator(at.indicator)
        is_provisional = self.is_provisional(at)
        self._shown[at.key] = Datum(
            key=at.key,
            indicator=at.indicator,
            name=indicator.name,
            definition=indicator.definition,
            unit=indicator.unit,
            value=value,
            region_code=at.region,
            dimension=at.dimension,
            member=at.member,
            period=str(at.period.kind),
            period_start=at.period.start.isoformat(),
            period_end=at.period.end.isoformat(),
            status_code=PROVISIONAL if is_provisional else "final",
        )
        return Figure(
            key=at.key,
            value=value,
            text=shown(value, indicator.unit, self._wording) if text is None else text,
            mark=self._wording.say("p") if is_provisional else "",
        )

    def members(self, indicators: Iterable[str], like: Address) -> list[str]:
        """Members of a dimension that any of the indicators has a value for."""
        found = {
            member
            for indicator in indicators
            for member in self._members.get(like._replace(indicator=indicator, member="").key, ())
        }
        return sorted(found)

    def parts(self, at: Address) -> list[Address]:
        """What a composite is the sum of, after checking that it is.

        Raises:
            FiguresDisagree: it is not.
        """
        parts = [at._replace(indicator=part) for part in self.indicator(at.indicator).parts]
        if parts:
            self.require_sum(at, parts)
        return parts

    def require_sum(self, total: Address, parts: Iterable[Address]) -> None:
        """Raises `FiguresDisagree` where a total is not what its parts add up to.

        What is withheld cannot be added up here; its sums were checked before it was withheld.
        """
        parts = list(parts)
        if any(self.is_withheld(at) for at in (total, *parts)):
            return
        expected = self.value(total)
        found = sum(self.value(part) or 0 for part in parts)
        if expected is not None and expected != found:
            raise FiguresDisagree(total.key, expected, found)


def _read(
    values: pl.DataFrame,
) -> tuple[Mapping[str, tuple[int, str]], Mapping[str, list[str]]]:
    """Values and their status by key, and the members of each dimension."""
    known = values.filter(pl.col("value").is_not_null()).sort("business_date")
    rows = known.select(_key(pl.col("member")), "value", "status_code")
    found = {key: (value, status) for key, value, status in rows.iter_rows()}
    members: dict[str, list[str]] = {}
    for key, member in known.filter(_IS_MEMBER).select(_key(pl.lit("")), "member").iter_rows():
        members.setdefault(key, []).append(member)
    return found, members


def _withheld(values: pl.DataFrame) -> frozenset[str]:
    rows = values.filter(pl.col("value").is_null())
    return frozenset(rows.select(_key(pl.col("member"))).to_series())


def _key(member: pl.Expr) -> pl.Expr:
    """`Address.key` of each row, thousands at once."""
    end = pl.col("period_end").dt.to_string("iso")
    total = pl.concat_str("indicator", "period", end, "region_code", separator="/")
    of_member = pl.concat_str(total, "dimension", member, separator="/")
    return pl.when(_IS_MEMBER).then(of_member).otherwise(total).alias("key")
