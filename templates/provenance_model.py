"""What the template of the provenance page may read: ready strings, frozen."""

from dataclasses import dataclass

from templates.model import Fact, LanguageLink


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: `id` is that of the edition; `days` is how many business dates are behind it."""

    id: str
    period: str
    place: str
    member: str
    value: str
    days: str


@dataclass(frozen=True, slots=True)
class Origin:
    """How one indicator is counted, from which table and feeds; `filter` is the plan itself."""

    id: str
    name: str
    definition: str
    leaves_out: str
    legal_source: str
    filter: str
    value: str
    parts: tuple[tuple[str, str], ...]
    table: str
    version: str
    feeds: tuple[tuple[str, str], ...]
    figures: tuple[FigureRow, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of the lake at the version that was read."""

    name: str
    version: str
    files: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A delivered file."""

    day: str
    institution: str
    file: str
    rows: str
    accepted: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FeedFiles:
    """The files of a feed, the latest ones in rows; `sha256` is of all their digests, sorted."""

    id: str
    name: str
    told: str
    sha256: str
    rows: tuple[FileRow, ...]
    more: str


@dataclass(frozen=True, slots=True)
class ProvenancePage:
    """Where the figures of one edition come from, in one language."""

    language: str
    languages: tuple[LanguageLink, ...]
    issuer: str
    report_title: str
    area: str
    day: str
    edition: str
    facts: tuple[Fact, ...]
    origins: tuple[Origin, ...]
    tables: tuple[SourceTable, ...]
    feeds: tuple[FeedFiles, ...]
    data: str
    files: str
