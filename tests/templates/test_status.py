"""The status page: what an operator sees at seven in the morning, in three languages."""

from datetime import date

import polars as pl
import pytest
from lxml.html import HtmlElement, fromstring

from templates.html import status_html
from templates.status import status_page
from templates.status_model import EditionState
from templates.wording import LANGUAGES

NIGHT = date(2025, 8, 18)
DAYS = pl.DataFrame(
    [
        ("seizures", NIGHT, 4, 1, 1, 0, 0, 2, 5),
        ("seizures", date(2025, 8, 15), 4, 0, 0, 0, 4, 0, 9),
        ("field_reports", NIGHT, 1, 0, 0, 0, 0, 1, 20),
    ],
    schema=[
        "feed",
        "business_date",
        "deliveries",
        "corrupt",
        "missing",
        "short",
        "late",
        "in_time",
        "rows_accepted",
    ],
    orient="row",
)
EDITIONS = (
    EditionState("weekly", date(2025, 8, 24)),
    EditionState("daily", NIGHT, f"reports/daily/KZ/{NIGHT}/r2", 2, 3),
    EditionState("year_to_date", NIGHT),
)
WAIT = (
    EditionState("daily", NIGHT, waiting=1),
    EditionState("daily", NIGHT, f"reports/daily/KZ/{NIGHT}/r1", 1, waiting=2),
    EditionState("daily", NIGHT, withdrawn=1),
)


def page(language: str, editions=EDITIONS) -> HtmlElement:
    made = status_page(language, night=NIGHT, days=DAYS, editions=editions)
    return fromstring(status_html(made))


def cells(html: HtmlElement, row: int) -> list[tuple[str, str]]:
    return [
        (cell.get("class"), cell.get("title"))
        for cell in html.xpath(f"//table[contains(@class, 'days')]/tbody/tr[{row}]/td")
    ]


def test_a_cell_is_of_its_gravest_kind_and_says_all_of_it():
    assert cells(page("en"), 2) == [
        ("corrupt", "cannot be used: 1; not delivered: 1; in time: 2"),
        ("late", "late: 4"),
    ]


def test_a_day_on_which_nothing_was_owed_is_told_from_one_on_which_nothing_came():
    assert cells(page("en"), 1) == [("in_time", "in time: 1"), ("none", "nothing owed")]


def test_what_is_shown_by_a_sign_is_said_in_words_too():
    [said, *_] = page("en").xpath("//td[@class='corrupt']//*[@class='said']/text()")

    assert "cannot be used: 1" in said


def test_editions_are_linked_where_they_are_out_and_told_where_they_are_not():
    rows = page("en").xpath("//table[contains(@class, 'editions')]/tbody/tr")
    states = [row.xpath("string(td[2])") for row in rows]

    assert states == ["due", "out, revision 2; 3 deliveries missing or short", "not out"]
    assert [row.xpath("string(.//a/@href)") for row in rows] == [
        "",
        f"../reports/daily/KZ/{NIGHT}/r2/en.html",
        "",
    ]


def test_one_that_waits_or_is_withdrawn_is_not_called_out_and_not_linked():
    html = page("en", WAIT)
    rows = html.xpath("//table[contains(@class, 'editions')]/tbody/tr")

    assert [row.xpath("string(td[2])") for row in rows] == [
        "revision 1 waits for its release",
        "out, revision 1; revision 2 waits for its release",
        "revision 1 withdrawn",
    ]
    assert [bool(row.xpath(".//a")) for row in rows] == [False, True, False]
    assert "1 report is out." in html.xpath("string(//div[@class='lead'])")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ru", "2 поставки отсутствуют или непригодны. Выпущен 1 отчёт."),
        ("kk", "2 жеткізілім жоқ немесе жарамсыз. 1 есеп шығарылды."),
        ("en", "2 deliveries are missing or cannot be used. 1 report is out."),
    ],
)
def test_the_page_is_there_in_every_language(language, says):
    html = page(language)

    assert " ".join(html.xpath("string(//div[@class='lead'])").split()) == says
    assert html.get("lang") == language
    assert {link.get("lang") for link in html.xpath("//nav/*")} == set(LANGUAGES)


def test_before_anything_was_owed_the_page_says_so():
    made = status_page("en", night=NIGHT, days=DAYS.clear(), editions=())

    assert "No deliveries were due" in status_html(made).decode()
    assert "Every delivery owed is there." in status_html(made).decode()
