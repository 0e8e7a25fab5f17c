"""Editions as workbooks that a screen reader can walk: contents, notes, one table a sheet.

As the checklist of gptables asks: a contents sheet with links, one row of headings, no merged and
no empty cells, real numbers, texts never read as formulas or links.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from templates.model import Edition
from templates.sheets import Book, Cell, Number, Sheet, book

_FORMATS = {"whole": "#,##0", "money": "#,##0.00", "share": "+0.0%;−0.0%;0.0%"}
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NAME_LENGTH = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_WIDEST, _NARROWEST = 60, 9
_NOTHING = "—"


def xlsx(edition: Edition) -> bytes:
    """The workbook. Equal editions give equal bytes: its date is the business date."""
    from xlsxwriter import Workbook  # noqa: PLC0415

    made = book(edition)
    body = BytesIO()
    writing = Workbook(body, {"in_memory": True, **_PLAIN})
    writing.set_properties(
        {
            "title": made.title,
            "subject": edition.period,
            "author": made.issuer,
            "company": made.issuer,
            "comments": " ".join(edition.lead),
            "created": datetime(edition.ends_on.year, edition.ends_on.month, edition.ends_on.day),  # noqa: DTZ001
        }
    )
    _Writer(writing, made).write()
    writing.close()
    return _in_language(body.getvalue(), made.language)


class _Writer:
    """Writes the sheets of one book; formats are made once."""

    def __init__(self, workbook: Any, made: Book) -> None:
        self._workbook, self._book = workbook, made
        self._names = [made.contents, *_names(made.sheets)]
        self._title = workbook.add_format({"bold": True, "font_size": 15})
        self._heading = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._link = workbook.get_default_url_format()
        self._numbers = {
            name: workbook.add_format({"num_format": shown, "valign": "top"})
            for name, shown in _FORMATS.items()
        }

    def write(self) -> None:
        self._contents()
        for number, sheet in enumerate(self._book.sheets, start=1):
            self._sheet(self._names[number], sheet, number)

    def _contents(self) -> None:
        page = self._workbook.add_worksheet(self._names[0])
        page.write_string(0, 0, self._book.title, self._title)
        for row, text in enumerate(self._book.lead, start=1):
            page.write_string(row, 0, text)
        top = 1 + len(self._book.lead)
        for column, heading in enumerate(self._book.contents_headings):
            page.write_string(top, column, heading, self._heading)
        for row, (name, sheet) in enumerate(
            zip(self._names[1:], self._book.sheets, strict=True), start=top + 1
        ):
            page.write_url(row, 0, f"internal:'{name}'!A1", self._link, name)
            page.write_string(row, 1, sheet.title)
        page.set_column(0, 0, 36)
        page.set_column(1, 1, 80)

    def _sheet(self, name: str, sheet: Sheet, number: int) -> None:
        page = self._workbook.add_worksheet(name)
        page.write_string(0, 0, sheet.title, self._title)
        page.write_url(1, 0, f"internal:'{self._names[0]}'!A1", self._link, self._book.back)
        for row, remark in enumerate(sheet.remarks, start=2):
            page.write_string(row, 0, remark)
        top = 2 + len(sheet.remarks)
        for row, cells in enumerate(sheet.rows, start=top + 1):
            for column, cell in enumerate(cells):
                self._cell(page, row, column, cell)
        page.add_table(
            top,
            0,
            top + len(sheet.rows),
            len(sheet.headings) - 1,
            {
                "name": f"table_{number}",
                "style": None,
                "autofilter": False,
                "columns": [
                    {"header": heading, "header_format": self._heading}
                    for heading in sheet.headings
                ],
            },
        )
        page.freeze_panes(top + 1, 1)
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)

    def _cell(self, page: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, Number):
            page.write_number(row, column, float(cell.value), self._numbers[cell.shows])
        else:
            page.write_string(row, column, cell or _NOTHING, self._text)


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """A number, and as much of the title as the name of a sheet holds."""
    names = []
    for number, sheet in enumerate(sheets, start=1):
        whole = f"{number}. {_NOT_IN_NAMES.sub('', sheet.title)}"
        cut = whole if len(whole) <= _NAME_LENGTH else whole[: _NAME_LENGTH + 1].rsplit(" ", 1)[0]
        names.append(cut[:_NAME_LENGTH].rstrip(" ,.;"))
    return names


def _widths(sheet: Sheet) -> list[int]:
    """Wide enough for the longest text of a column, up to a limit from which it wraps."""
    return [
        max(
            _NARROWEST,
            min(_WIDEST, max((_length(row[n]) for row in sheet.rows), default=0)) + 2,
            min(len(heading), 24),
        )
        for n, heading in enumerate(sheet.headings)
    ]


def _length(cell: Cell) -> int:
    return len(f"{cell.value:,.2f}") if isinstance(cell, Number) else len(cell)


def _in_language(workbook: bytes, language: str) -> bytes:
    """The same workbook, its language named in its properties: xlsxwriter can not say it."""
    out = BytesIO()
    with ZipFile(BytesIO(workbook)) as made, ZipFile(out, "w", ZIP_DEFLATED) as named:
        for entry in made.infolist():
            body = made.read(entry)
            if entry.filename == "docProps/core.xml":
                said = f"<dc:language>{language}</dc:language></cp:coreProperties>"
                body = body.replace(b"</cp:coreProperties>", said.encode())
            plain = ZipInfo(entry.filename)  # dated 1980, whoever makes it
            plain.compress_type = ZIP_DEFLATED
            named.writestr(plain, body)
    return out.getvalue()
