"""What the template of the portal may read: ready strings, frozen."""

from dataclasses import dataclass

from templates.model import LanguageLink


@dataclass(frozen=True, slots=True)
class Link:
    """A name and where it leads; `is_current` is where the reader is."""

    name: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an edition: `state` is current, superseded or withdrawn."""

    name: str
    state: str
    says: str
    why: str
    status: str
    is_provisional: bool
    released: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A report for a period with its revisions, the latest first; `search` is what finds it."""

    id: str
    title: str
    period: str
    search: str
    revisions: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All periods of one report, the latest first."""

    id: str
    title: str
    rows: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class PortalPage:
    """The editions of an area and a year."""

    language: str
    languages: tuple[LanguageLink, ...]
    issuer: str
    title: str
    area: str
    year: str
    areas: tuple[Link, ...]
    years: tuple[Link, ...]
    groups: tuple[Group, ...]
    feed: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An edition in the feed; times as RFC 3339."""

    id: str
    title: str
    href: str
    updated: str
    summary: str


@dataclass(frozen=True, slots=True)
class PortalFeed:
    """The last editions of an area as an Atom feed."""

    language: str
    id: str
    title: str
    issuer: str
    updated: str
    page: str
    entries: tuple[FeedEntry, ...]
