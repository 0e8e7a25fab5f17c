"""What the page of a dossier may read: ready strings, worded, formatted, frozen."""

from dataclasses import dataclass

from templates.model import Fact, LanguageLink


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure of the first screen, with what it rests on."""

    name: str
    text: str
    note: str
    is_leading: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """All nodes of one role at one layer. `kind` is start, middle or end."""

    kind: str
    x: str
    y: str
    width: str
    height: str
    label_x: str
    label_y: str
    count_y: str
    anchor: str
    name: str
    count: str


@dataclass(frozen=True, slots=True)
class Band:
    """Money from one bar to another; `path` is as wide as the money, `title` says it."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A band in words; `length` is its share of the widest, for phones and for who can't see."""

    payer: str
    payee: str
    transactions: str
    amount: str
    length: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Layers as columns, money as the width of bands."""

    width: str
    height: str
    description: str
    columns: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    bands: tuple[Band, ...]
    rows: tuple[FlowRow, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `kind` is text, number, code, or reasons (a list); `lines` stand below."""

    kind: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DossierTable:
    """A table; `empty` is said where it has no rows, `more` where not all are shown."""

    id: str
    title: str
    note: str
    headings: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    more: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case by one rule of taint, in one language."""

    language: str
    languages: tuple[LanguageLink, ...]
    issuer: str
    marking: str
    title: str
    subject: str
    period: str
    method: str
    lead: tuple[str, ...]
    amounts: tuple[Amount, ...]
    diagram: Diagram | None
    tables: tuple[DossierTable, ...]
    reading: tuple[str, ...]
    provenance: tuple[Fact, ...]
    files: tuple[str, ...]
