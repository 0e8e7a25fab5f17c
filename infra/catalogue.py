"""Who delivers what, in which format, through which door, by when: read from `sources.toml`."""

import codecs
import hashlib
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from infra.doors.names import USUAL, is_pattern
from infra.doors.terms import DoorTerms, FolderTerms
from infra.wire.messages import formats_of
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


class Control(StrEnum):
    """What comes with a file and says what it should hold."""

    JSON = "json"
    SHA256 = "sha256"
    COUNT = "count"
    NONE = "none"


class Source(BaseModel):
    """The terms on which institutions deliver one feed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feed: str
    institutions: tuple[str, ...]
    door: DoorTerms = FolderTerms()
    format: str
    names: str = USUAL
    separator: str = ","
    encoding: str = "utf-8"
    decimal_comma: bool = False
    columns: dict[str, str] = Field(default_factory=dict)
    calendar: Calendar
    since: date
    due: time
    control: Control = Control.JSON
    mandatory: bool = True

    def __hash__(self) -> int:
        return hash((self.feed, self.institutions))

    @field_validator("door", mode="before")
    @classmethod
    def _kind_alone(cls, door: object) -> object:
        return {"kind": door} if isinstance(door, str) else door

    @field_validator("control", mode="before")
    @classmethod
    def _json_or_none(cls, control: object) -> object:
        return {True: Control.JSON, False: Control.NONE}.get(control, control)  # type: ignore[call-overload]

    @field_validator("names")
    @classmethod
    def _names_a_day(cls, names: str) -> str:
        if not is_pattern(names):
            raise ValueError(
                "should name the business date once, as {yyyymmdd} or {yyyy-mm-dd}, and no folder"
            )
        return names

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        try:
            return codecs.lookup(encoding).name
        except LookupError:
            raise ValueError("should be an encoding such as utf-8 or cp1251") from None

    @field_validator("separator")
    @classmethod
    def _one_character(cls, separator: str) -> str:
        if len(separator.encode()) != 1:
            raise ValueError("should be one character such as ;")
        return separator

    @model_validator(mode="after")
    def _readable(self) -> Self:
        feed = FEED_BY_NAME.get(self.feed)
        if feed is None:
            raise ValueError(f"{self.feed} is no feed. There are: {', '.join(FEED_BY_NAME)}")
        if self.format not in formats_of(self.feed):
            raise ValueError(
                f"{self.feed} is not read from {self.format}. It is from: "
                f"{', '.join(formats_of(self.feed))}"
            )
        unknown = sorted(set(self.columns) - set(feed.wire_columns))
        if unknown:
            raise ValueError(f"columns names what {self.feed} has not: {', '.join(unknown)}")
        return self

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
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(f"{path or 'sources.toml'} is not TOML: {error}.") from None
        return cls(tuple(_source(entry, n, path) for n, entry in enumerate(entries, start=1)))

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

    @property
    def mandatory(self) -> frozenset[str]:
        """Feeds that somebody has to deliver."""
        return frozenset(source.feed for source in self.sources if source.mandatory)

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


def _source(entry: dict[str, Any], number: int, path: Path | None) -> Source:
    try:
        return Source.model_validate(entry)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False, include_input=False)
        )
        raise CatalogueError(
            f"{path or 'sources.toml'}, source {number} ({entry.get('feed', 'no feed')}): "
            f"{problems}. Correct it, then start again."
        ) from None
