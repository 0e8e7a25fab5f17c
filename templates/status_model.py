"""What the status page is made from, and what it may read: worded and frozen."""

from dataclasses import dataclass
from datetime import date

from templates.model import LanguageLink


@dataclass(frozen=True, slots=True)
class EditionState:
    """One edition of the country: out with its revision and gaps, or what became of it instead.

    `address`, `revision` and `gaps` are of the one that readers see. `waiting` is the latest
    revision after it that waits for a signature or the end of its embargo; `withdrawn` is the
    last one taken back, where none is out.
    """

    report: str
    period_end: date
    address: str | None = None
    revision: int | None = None
    gaps: int = 0
    waiting: int | None = None
    withdrawn: int | None = None


@dataclass(frozen=True, slots=True)
class FeedDay:
    """One feed and day: a sign of the gravest kind of delivery, and all of it in words."""

    kind: str
    sign: str
    says: str


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One feed, a cell for each day."""

    name: str
    days: tuple[FeedDay, ...]


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition, with a link where it is out."""

    report: str
    period: str
    state: str
    is_waited_for: bool
    href: str | None


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The page."""

    language: str
    languages: tuple[LanguageLink, ...]
    issuer: str
    title: str
    night: str
    summary: str
    legend: tuple[FeedDay, ...]
    days: tuple[str, ...]
    feeds: tuple[FeedLine, ...]
    editions: tuple[EditionLine, ...]
