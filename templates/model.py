"""What a template may read: an edition of ready strings, worded, formatted, frozen.

A number stands beside its text only where it is needed twice: in the data beside the report,
and for the length of a bar. Templates print texts.
"""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from transforms.indicators import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as shown. `key` finds it in the data of the report.

    `mark` is empty, or says that the number is provisional.
    """

    key: str
    value: int
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Datum:
    """One shown number as data, in the base unit; the same in every language."""

    key: str
    indicator: str
    name: Words
    definition: Words
    unit: str
    value: int
    region_code: str
    dimension: str
    member: str
    period: str
    period_start: str
    period_end: str
    status_code: str


@dataclass(frozen=True, slots=True)
class ToldDatum:
    """One number that a sentence tells of a figure, as data; the same in every language.

    `of` is the act or unit that it is of, or empty; `value` is exact, as text; `table` is the
    stored table that it was read from, whose version the manifest names.
    """

    key: str
    figure: str
    measure_code: str
    of: str
    value: str
    unit: str
    table: str


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure stands to another one: "+12.3%", "more than the day before:", and that one.

    `direction` is up, down, same, or none where there is nothing to compare with.
    """

    against: str
    direction: str
    amount: str
    words: str
    base: Figure | None
    small_mark: str


@dataclass(frozen=True, slots=True)
class Part:
    """A summand of a headline."""

    name: str
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure in the periods before and in this one, oldest first; its data is `Edition.history`.

    A point is None where there is no data.
    """

    points: tuple[int | None, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure of the first page. `gap` tells what a missing delivery does to it; else empty.

    `meaning` says what is counted, `reasons` why it moved and what carries it.
    """

    name: str
    note: str
    figure: Figure | None
    status: str
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    beside_title: str
    beside: Figure | None
    gap: str
    curve: Curve | None
    meaning: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """What the reader has to know before using the figures. `level` is grave or notice."""

    level: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One indicator of a chapter against its comparisons; None where there is no data."""

    name: str
    note: str
    is_part: bool
    figure: Figure | None
    changes: tuple[Change, ...]
    beside: Figure | None


@dataclass(frozen=True, slots=True)
class ComparedTable:
    """The table of a chapter. `beside_title` is empty where no longer period stands beside."""

    id: str
    title: str
    columns: tuple[str, ...]
    beside_title: str
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers: its heading, its unit, the number of its explanation."""

    heading: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of numbers. `kind` is member, unknown or total."""

    kind: str
    name: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Regions, banks, substances: one row each, and their total; `remarks` stand below."""

    id: str
    title: str
    row_heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One region on the map. `shade` is 0 (nothing) to 4 (most); x and y are its corner."""

    label: str
    name: str
    x: int
    y: int
    shade: int
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class LegendStep:
    shade: int
    text: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """The regions as tiles; what has no region stands beside the map, not on it."""

    title: str
    note: str
    description: str
    tiles: tuple[Tile, ...]
    legend: tuple[LegendStep, ...]
    unknown_title: str
    unknown: Figure | None


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    text: str
    compared: float | None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars by region, this period against another; values are already in `unit`.

    `numbers` is what is drawn, as a table.
    """

    id: str
    title: str
    note: str
    unit: str
    description: str
    this_title: str
    compared_title: str
    bars: tuple[Bar, ...]
    numbers: NumberTable


@dataclass(frozen=True, slots=True)
class FeedRow:
    """What came of one feed, in deliveries and rows; `counts` are the same five numbers."""

    name: str
    in_time: str
    late: str
    absent: str
    rows: str
    set_aside: str
    is_incomplete: bool
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Deliveries of one feed that are not as they should be, for the same reason."""

    state: str
    feed: str
    institutions: str
    days: str
    affects: str
    reason: str
    is_grave: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What the gaps do to one headline."""

    name: str
    text: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class NightDelivery:
    """Deliveries of one feed for the business date itself."""

    feed: str
    text: str


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How complete the data is. `feeds` and `night` are of the business date alone.

    `checks` is where the page of the rules is, seen from the edition.
    """

    summary: str
    feeds_title: str
    feeds: tuple[FeedRow, ...]
    total: FeedRow
    gaps: tuple[Gap, ...]
    effects: tuple[Effect, ...]
    night: tuple[NightDelivery, ...]
    checks: str


@dataclass(frozen=True, slots=True)
class Note:
    """How one figure is counted."""

    indicator: str
    number: str
    name: str
    definition: str
    leaves_out: str
    sources: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the title block or of the provenance."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: its cells stand under the headings after the first."""

    code: str
    name: str
    source: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesTable:
    """The rules of a list. `page` is where their evaluation is; empty where there is none."""

    title: str
    version: str
    text: str
    headings: tuple[str, ...]
    rows: tuple[RuleRow, ...]
    page: str


@dataclass(frozen=True, slots=True)
class RevisedDatum:
    """The same as data: base units and codes, equal in every language; days as ISO 8601."""

    indicator: str
    region_code: str
    period: str
    period_start: str
    period_end: str
    revision_no: int
    value_before: int | None
    value: int | None
    unit: str
    restated_on: str
    cause_codes: tuple[str, ...]
    feeds: tuple[str, ...]
    institutions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A figure that was out and is another now, and why."""

    datum: RevisedDatum
    name: str
    note: str
    period: str
    before: str
    now: str
    change: str
    cause: str


@dataclass(frozen=True, slots=True)
class RevisionsTable:
    """What changed in figures that were out before; without rows, nothing did.

    Pages show the first `most`, the workbook and the data all.
    """

    title: str
    text: str
    headings: tuple[str, ...]
    most: int
    rows: tuple[RevisionRow, ...]


@dataclass(frozen=True, slots=True)
class LanguageLink:
    language: str
    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Download:
    """The same edition in another format: "PDF, to print and to keep"."""

    name: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One report for one area and period, one revision, one language.

    `ends_on` is the last day of the period.
    """

    report_id: str
    language: str
    languages: tuple[LanguageLink, ...]
    downloads: tuple[Download, ...]
    issuer: str
    title: str
    area: str
    area_code: str
    ends_on: date
    period: str
    period_note: str
    status: str
    is_provisional: bool
    revision: str
    revision_number: int
    release: str
    lead: tuple[str, ...]
    headlines: tuple[Headline, ...]
    alerts: tuple[Alert, ...]
    tile_map: TileMap | None
    charts: tuple[BarChart, ...]
    chapters: tuple[ComparedTable, ...]
    history: NumberTable | None
    region_tables: tuple[NumberTable, ...]
    member_tables: tuple[NumberTable, ...]
    deliveries: Deliveries
    revisions: RevisionsTable
    reading: tuple[str, ...]
    notes: tuple[Note, ...]
    rules: RulesTable
    provenance: tuple[Fact, ...]
    data: tuple[Datum, ...]
    told: tuple[ToldDatum, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart drawn: its SVG, and what it shows in words."""

    chart: BarChart
    svg: Markup


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """A curve drawn, for the headline at the same place; without SVG where there is none."""

    headline: Headline
    svg: Markup
