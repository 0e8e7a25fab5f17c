"""One number, to the digit, in every format and language of an edition."""

import re
from decimal import Decimal

import pytest

from templates.wording import LANGUAGES
from tests.templates.shown import (
    csv_values,
    html_texts,
    html_values,
    json_values,
    parquet_values,
    pdf_texts,
    units,
    whole,
    xlsx_cells,
    xlsx_values,
)
from tests.templates.story import DRAWN_REPORTS, composed

EDITIONS = [(report.id, language) for report in DRAWN_REPORTS for language in LANGUAGES]
BY_ID = {report.id: report for report in DRAWN_REPORTS}
# How each language writes what a compact number is short of.
THOUSANDS = {
    "ru": {"тыс.": 3, "млн": 6, "млрд": 9, "трлн": 12},
    "kk": {"мың": 3, "млн": 6, "млрд": 9, "трлн": 12},
    "en": {"thousand": 3, "million": 6, "billion": 9, "trillion": 12},
}


@pytest.fixture(params=EDITIONS, ids="-".join)
def edition(request, editions):
    report, language = request.param
    return language, editions[report], composed(BY_ID[report], language)


def test_data_is_the_same_in_json_csv_and_parquet(editions):
    for files in editions.values():
        assert json_values(files) == csv_values(files) == parquet_values(files)


def test_a_page_a_print_a_workbook_and_the_data_hold_the_same_figures(edition):
    language, files, made = edition
    data = json_values(files)
    exact = whole(data, units(files))

    assert html_values(files[f"{language}.html"]) == data
    assert xlsx_values(files[f"{language}.xlsx"]) == exact
    cells = xlsx_cells(files[f"{language}.xlsx"], made)
    assert {key: {exact[key]} for key in cells} == cells
    assert len(cells) > 300


def test_what_is_printed_is_what_the_page_shows(edition):
    language, files, made = edition

    on_page = html_texts(files[f"{language}.html"])
    printed = pdf_texts(files[f"{language}.pdf"], made)

    assert printed == on_page


def test_what_is_shown_is_the_value_rounded_once(edition):
    """Read back, a text is within half of its last digit of the value."""
    language, files, _ = edition
    exact = whole(json_values(files), units(files))

    for key, texts in html_texts(files[f"{language}.html"]).items():
        for text in texts:
            if text.startswith("<"):
                assert exact[key] > 0
                continue
            assert is_rounding(text, exact[key], language), (key, text, exact[key])


def is_rounding(text: str, value: Decimal, language: str) -> bool:
    number = re.search(r"\d[\d\s,.]*\d|\d", text)[0]
    plain = re.sub(r"[\s,]" if language == "en" else r"\s", "", number).replace(",", ".")
    said = Decimal(plain)
    digits = -said.as_tuple().exponent
    powers = {0, 3} | {p for word, p in THOUSANDS[language].items() if word in text} | {6}
    half = Decimal(5).scaleb(-digits - 1)
    return any(abs(value.scaleb(-power) - said) <= half for power in powers)
