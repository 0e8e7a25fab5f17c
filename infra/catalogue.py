"""Who delivers what, in which format, through which door, by when: read from `sources.toml`."""

import hashlib
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from transforms.feeds import FEED_BY_NAME
from transforms.periods import is_working_day

ALMATY = ZoneInfo("Asia/Almaty")


class Calendar(StrEnum):
    """Which business dates have a delivery."""

    EVERY_DAY = "every_day"
    WORKING_DAYS = "working_days"
    FRIDAYS = "fridays"

    def has(self, day: date) -> bool:
        if self is Calendar.FRIDAYS:
            return day.weekday() == 4
        return self is Calendar.EVERY_DAY or is_working_day(day)


class Source(BaseModel):
    """The terms on which institutions deliver one feed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: str
    institutions: tuple[str, ...]
    door: Literal["folder"]
    format: str
    separator: str = ","
    encoding: str = "utf-8"
    decimal_comma: bool = False
    columns: dict[str, str] = {}
    calendar: Calendar
    since: date
    due: time
    control: bool = True
    mandatory: bool = True

    def __hash__(self) -> int:
        return hash((self.feed, self.institutions))

    def expects(self, business_date: date) -> bool:
        """Whether each institution owes a delivery for that day."""
        return business_date >= self.since and self.calendar.has(business_date)

    def due_at(self, business_date: date) -> datetime:
        """The moment by which the delivery for that day is expected, in UTC."""
        morning_after = business_date + timedelta(days=1)
        return datetime.combine(morning_after, self.due, tzinfo=ALMATY).astimezone(UTC)


class Owed(NamedTuple):
    """One delivery that an institution has to hand over, and by when."""

    institution: str
    business_date: date
    due_at: datetime


class CatalogueError(ValueError):
    """The catalogue of sources cannot be used as it stands."""


class Catalogue:
    """All sources of one installation."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources

    @classmethod
    def read(cls, path: Path | None = None) -> "Catalogue":
        """The catalogue at `path`, or the one that comes with the program.

        Raises:
            CatalogueError: not TOML, a wrong entry, or a feed that does not exist.
        """
        text = (
            path.read_text(encoding="utf-8")
            if path
            else files("infra").joinpath("sources.toml").read_text(encoding="utf-8")
        )
        try:
            entries = tomllib.loads(text).get("source", [])
            sources = tuple(Source.model_validate(entry) for entry in entries)
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise CatalogueError(f"{path or 'sources.toml'} cannot be read: {error}") from None
        unknown = sorted({s.feed for s in sources} - FEED_BY_NAME.keys())
        if unknown:
            raise CatalogueError(
                f"{path or 'sources.toml'} names feeds that do not exist: {', '.join(unknown)}. "
                f"There are: {', '.join(FEED_BY_NAME)}."
            )
        return cls(sources)

    @property
    def digest(self) -> str:
        """Equal for equal catalogues."""
        text = "".join(source.model_dump_json() for source in self.sources)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def feeds(self) -> tuple[str, ...]:
        """Feeds that somebody delivers, in our order."""
        return tuple(name for name in FEED_BY_NAME if self.of(name))

    def of(self, feed: str) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.feed == feed)

    def terms(self, feed: str, institution: str) -> Source | None:
        """On which terms an institution delivers a feed; null when it has no business to."""
        return next((s for s in self.of(feed) if institution in s.institutions), None)

    def owed(self, feed: str, since: date, until: date) -> list[Owed]:
        """Each mandatory delivery of the feed for business dates `since` to `until`."""
        days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        return [
            Owed(institution, day, source.due_at(day))
            for source in self.of(feed)
            if source.mandatory
            for day in days
            if source.expects(day)
            for institution in source.institutions
        ]
