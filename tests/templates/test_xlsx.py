"""A workbook as the checklist of gptables asks for it."""

import re
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import range_boundaries

from templates.reports import DAILY
from templates.sheets import Sheet
from templates.wording import LANGUAGES
from templates.xlsx import _names, xlsx
from tests.templates.story import NIGHT, completeness, composed

FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request, editions):
    body = editions[DAILY.id][f"{request.param}.xlsx"]
    return request.param, body, openpyxl.load_workbook(BytesIO(body))


def test_the_first_sheet_links_all_others_and_each_links_back(opened):
    _, _, book = opened
    contents, *others = book.worksheets
    links = [cell.hyperlink.location for row in contents for cell in row if cell.hyperlink]

    assert links == [f"'{sheet.title}'!A1" for sheet in others]
    for sheet in others:
        assert sheet["A2"].hyperlink.location == f"'{contents.title}'!A1"


def test_a_sheet_holds_one_table_with_one_row_of_headings_and_no_merged_cell(opened):
    _, _, book = opened
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        left, top, right, bottom = range_boundaries(table.ref)
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]

        assert not sheet.merged_cells.ranges, sheet.title
        assert all(isinstance(heading, str) and heading for heading in headings)
        assert len({heading.casefold() for heading in headings}) == len(headings)
        assert table.headerRowCount in {1, None}
        assert sheet.max_row == bottom
        assert sheet.freeze_panes == f"B{top + 1}"


def test_no_cell_of_a_table_is_empty_and_numbers_are_numbers(opened):
    _, _, book = opened
    numbers = 0
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        left, top, right, bottom = range_boundaries(table.ref)
        for row in sheet.iter_rows(top + 1, bottom, left, right):
            for cell in row:
                assert cell.value not in {None, ""}, (sheet.title, cell.coordinate)
                if isinstance(cell.value, int | float):
                    numbers += 1
                    assert cell.number_format in {"#,##0", "#,##0.00", "+0.0%;−0.0%;0.0%"}
    assert numbers > 1000


def test_a_text_from_outside_never_becomes_a_formula_or_a_link():
    odd = completeness().with_columns(
        reason=pl.lit(FORMULA), institution=pl.lit("https://example.org/=1+1")
    )

    body = xlsx(composed(DAILY, "en", completeness=odd, fingerprint="=1+1"))

    book = openpyxl.load_workbook(BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert FORMULA in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s", "n"}
    with ZipFile(BytesIO(body)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
        assert not [
            name
            for name in parts.namelist()
            if b"example.org" in parts.read(name) and "rels" in name
        ]


def test_its_properties_name_title_issuer_date_and_language(opened):
    language, _, book = opened
    edition = composed(DAILY, language)

    assert book.properties.title == f"{edition.title}: {edition.period}, {edition.area}"
    assert book.properties.creator == edition.issuer
    assert book.properties.created.date() == NIGHT
    assert book.properties.language == language


def test_names_of_sheets_are_short_apart_and_plain():
    titles = ["A: b/c [d]? *" * 5, "A: b/c [d]? *" * 5, "'", "Ә" * 40, "History", ""]

    names = _names([Sheet(title, (), (), ()) for title in titles])

    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)


def test_it_says_which_figures_are_provisional(opened):
    language, _, book = opened
    edition = composed(DAILY, language)
    rows = list(book.worksheets[-1].iter_rows(values_only=True))[3:]

    said = {row[0]: row[8] for row in rows}

    words = dict(zip(("provisional", "final"), _statuses(language), strict=True))
    assert said == {d.key: words[d.status_code] for d in edition.data}


def _statuses(language: str) -> tuple[str, str]:
    return {
        "ru": ("предварительно", "окончательно"),
        "kk": ("алдын ала", "түпкілікті"),
        "en": ("provisional", "final"),
    }[language]


def test_an_edition_with_nothing_wrong_has_no_empty_sheet():
    whole = completeness(whole=True)

    book = openpyxl.load_workbook(BytesIO(xlsx(composed(DAILY, "en", completeness=whole))))

    assert "Deliveries not as they should be" not in {sheet["A1"].value for sheet in book}
