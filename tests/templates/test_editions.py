"""Golden editions as last accepted: pages byte for byte, prints as text, workbooks as cells."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from templates.charts import _drawn
from tests.templates.story import DRAWN_REPORTS, rendered

EDITIONS = Path(__file__).parent.parent / "editions"
KEPT = ("ru.html", "kk.html", "en.html")
KEPT_AS_TEXT = ("ru.pdf", "kk.pdf", "en.pdf", "ru.xlsx", "kk.xlsx", "en.xlsx")


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("report", DRAWN_REPORTS, ids=lambda report: report.id)
def test_an_edition_is_as_accepted(request, editions, report, name):
    kept = EDITIONS / report.id / name
    made = editions[report.id][name]
    if request.config.getoption("--accept-editions", default=False):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(made)

    assert made.decode() == kept.read_text(encoding="utf-8"), (
        "The edition differs from the accepted one. Look at it; if it should be so: "
        "pytest tests/templates --accept-editions"
    )


@pytest.mark.parametrize("name", KEPT_AS_TEXT)
def test_a_print_and_a_workbook_read_as_accepted(request, editions, name):
    report = DRAWN_REPORTS[0].id
    kept = EDITIONS / report / f"{name}.txt"
    made = "\n".join((pages if name.endswith(".pdf") else cells)(editions[report][name])) + "\n"
    if request.config.getoption("--accept-editions", default=False):
        kept.write_text(made, encoding="utf-8")

    assert made == kept.read_text(encoding="utf-8")


def pages(pdf: bytes) -> Iterator[str]:
    """How many pages, and the text of each."""
    with pypdfium2.PdfDocument(pdf) as document:
        yield f"{len(document)} pages"
        for page in document:
            yield "\f" + page.get_textpage().get_text_bounded().replace("\r\n", "\n")


def cells(workbook: bytes) -> Iterator[str]:
    """All sheets but the last, which is the data once more: a row a line."""
    for sheet in openpyxl.load_workbook(BytesIO(workbook)).worksheets[:-1]:
        yield f"[{sheet.title}]"
        for row in sheet.iter_rows(values_only=True):
            yield " | ".join("" if value is None else str(value) for value in row).rstrip(" |")


@pytest.mark.parametrize("report", DRAWN_REPORTS, ids=lambda report: report.id)
def test_the_same_inputs_give_the_same_bytes(editions, report):
    _drawn.cache_clear()

    assert rendered(report) == editions[report.id]
