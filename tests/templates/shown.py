"""What each format of an edition says of each figure, read back from its bytes.

A reader takes the files alone and gives text or value by key of the figure. Where a format shows
no keys (a printed page), the order of the edition tells which figure stands where.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import polars as pl
from lxml import etree

from templates.measures import in_whole_units
from templates.model import ComparedTable, Edition, Figure, NumberTable
from templates.sheets import number_tables
from tests.templates.tagged import Element, elements

Texts = dict[str, set[str]]


def html_texts(page: bytes) -> Texts:
    """Visible text of each figure of a page."""
    found: Texts = {}
    for element in etree.fromstring(page, etree.HTMLParser()).xpath("//*[@data-figure]"):
        found.setdefault(element.get("data-figure"), set()).add(
            settled("".join(element.itertext()))
        )
    return found


def html_values(page: bytes) -> dict[str, int]:
    parsed = etree.fromstring(page, etree.HTMLParser())
    return {
        e.get("data-figure"): int(e.get("data-value")) for e in parsed.xpath("//*[@data-figure]")
    }


def pdf_texts(pdf: bytes, edition: Edition) -> Texts:
    """Printed text of each figure, table by table, cell by cell; of the map and the headlines too."""
    root = elements(pdf)
    tables = list(root.all("Table"))
    shown: list[tuple[Figure | None, str]] = []
    for table in printed_tables(edition):
        if not table.rows:
            continue
        rows = [[c.text for c in row.all("TD")] for row in _body(tables.pop(0)).all("TR")]
        assert len(rows) == len(table.rows), table.title
        for cells, row in zip(rows, table.rows, strict=True):
            shown += zip(_figures(table, row), cells[1:], strict=True)
    shown += _of_the_first_page(root, edition)
    found: Texts = {}
    for figure, text in shown:
        if figure is None:
            assert settled(text) == "—"
        else:
            found.setdefault(figure.key, set()).add(_unmarked(text, figure))
    return found


def printed_tables(edition: Edition) -> list[ComparedTable | NumberTable]:
    """In the order of the pages."""
    history = [edition.history] if edition.history else []
    drawn = [chart.numbers for chart in edition.charts]
    return [*drawn, *edition.chapters, *history, *edition.region_tables, *edition.member_tables]


def _body(table: Element) -> Element:
    (body,) = table.all("TBody")
    return body


def _figures(table: ComparedTable | NumberTable, row) -> Iterator[Figure | None]:
    if isinstance(table, NumberTable):
        yield from row.cells
        return
    yield row.figure
    yield from (change.base for change in row.changes)
    if table.beside_title:
        yield row.beside


def _of_the_first_page(root: Element, edition: Edition) -> Iterator[tuple[Figure | None, str]]:
    (document,) = root.children
    _masthead, headlines, *_ = (part for part in document.children if part.kind == "Div")
    rows = [headlines.children[n : n + 3] for n in range(0, len(headlines.children), 3)]
    for headline, cells in zip(edition.headlines, rows, strict=True):
        paragraphs = (text for cell in cells for text in cell.all("P"))
        yield headline.figure, next(paragraphs).text
        for change in headline.changes:
            text = next(paragraphs).text
            if change.base:
                yield change.base, text.rpartition(":")[2]
        if headline.beside_title:
            yield headline.beside, next(paragraphs).text.rpartition(":")[2]
        for part in headline.parts:
            yield part.figure, next(paragraphs).text.rpartition(":")[2]
        rest = {unbroken(paragraph.text) for paragraph in paragraphs}
        for sentence in (*headline.reasons, headline.meaning, headline.gap):
            assert not sentence or unbroken(sentence) in rest, sentence
    if edition.tile_map:
        (tiles,) = (f.text for f in root.all("Figure") if f.alt == edition.tile_map.description)
        for tile in edition.tile_map.tiles:
            label, text = tile.label, tile.figure.text if tile.figure else "—"
            assert tiles.startswith(f"{label}{text}"), tiles
            tiles = tiles.removeprefix(f"{label}{text}")
            yield tile.figure, text + (tile.figure.mark if tile.figure else "")  # no room for it
        assert tiles == ""


def _unmarked(text: str, figure: Figure) -> str:
    """The number alone: without its change, which follows a blank, and without its mark."""
    said = settled(text)
    number = settled(figure.text)
    if figure.mark:
        number += figure.mark
    assert said == number or said.startswith(f"{number} "), (said, number)
    return settled(figure.text)


def xlsx_values(workbook: bytes) -> dict[str, Decimal]:
    """Values of the last sheet, by identifier, in whole units."""
    sheet = openpyxl.load_workbook(BytesIO(workbook)).worksheets[-1]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] is not None]
    return {row[0]: Decimal(str(row[6])) for row in rows[1:]}


def xlsx_cells(workbook: bytes, edition: Edition) -> dict[str, set[Decimal]]:
    """Numbers of the sheets before it, by the figure that stands there in the edition."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    titles = {sheet["A1"].value: sheet for sheet in book.worksheets[1:]}
    found: dict[str, set[Decimal]] = {}
    for table in (*edition.chapters, *number_tables(edition)):
        if not table.rows:
            continue
        rows = list(titles[table.title].iter_rows(values_only=True))[-len(table.rows) :]
        for cells, row in zip(rows, table.rows, strict=True):
            numbers = cells[1:] if isinstance(table, NumberTable) else _compared(cells, table)
            for figure, number in zip(_figures(table, row), numbers, strict=True):
                if figure is None:
                    assert number == "[x]"
                else:
                    found.setdefault(figure.key, set()).add(Decimal(str(number)))
    return found


def _compared(cells, table: ComparedTable) -> list[object]:
    """Of a chapter: the figure, the earlier ones without their changes, the one beside."""
    beside = 1 if table.beside_title else 0
    earlier = cells[5 : len(cells) - beside]
    return [cells[3], *earlier[::2], *cells[len(cells) - beside :][:beside]]


def csv_values(files: dict[str, bytes]) -> dict[str, int]:
    frame = pl.read_csv(StringIO(files["figures.csv"].decode()), infer_schema=False)
    return dict(zip(frame["key"], frame["value"].cast(pl.Int64), strict=True))


def parquet_values(files: dict[str, bytes]) -> dict[str, int]:
    frame = pl.read_parquet(BytesIO(files["figures.parquet"]))
    return dict(zip(frame["key"], frame["value"], strict=True))


def json_values(files: dict[str, bytes]) -> dict[str, int]:
    return {f["key"]: f["value"] for f in json.loads(files["figures.json"])["figures"]}


def units(files: dict[str, bytes]) -> dict[str, str]:
    return {f["key"]: f["unit"] for f in json.loads(files["figures.json"])["figures"]}


def whole(values: dict[str, int], unit: dict[str, str]) -> dict[str, Decimal]:
    return {key: in_whole_units(value, unit[key]) for key, value in values.items()}


def unbroken(text: str) -> str:
    """Without blanks and hyphens, which are told otherwise where a line ends."""
    return re.sub(r"[\s\x02\xad\u2010-]+", "", text)


def settled(text: str) -> str:
    """With ordinary blanks, one at a time."""
    return re.sub(r"\s+", " ", text).strip()
