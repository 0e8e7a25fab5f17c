"""What a reader, a browser, a printer and a screen reader find in a page."""

import json
import re
from itertools import pairwise

import pytest
from lxml import etree

from templates.html import html
from templates.reports import DAILY, YEAR_TO_DATE
from templates.wording import LANGUAGES
from tests.templates.story import CHECKS, DRAWN_REPORTS, EVALUATED, composed
from transforms.facts import FACTS
from transforms.regions import REGION_CODES

PAGES = [(report.id, language) for report in DRAWN_REPORTS for language in report.languages]
LARGEST_PAGE = 1_500_000


@pytest.fixture(params=PAGES, ids="-".join)
def page(request, editions) -> etree._Element:
    report, language = request.param
    return etree.fromstring(editions[report][f"{language}.html"], etree.HTMLParser())


def test_a_page_is_well_formed(editions):
    for files in editions.values():
        for language in LANGUAGES:
            parser = etree.HTMLParser()
            etree.fromstring(files[f"{language}.html"], parser)
            unknown = re.compile(r"Tag \w+ invalid")  # the parser knows HTML 4 only
            assert [e.message for e in parser.error_log if not unknown.match(e.message)] == []


def test_a_page_needs_nothing_from_outside(page):
    addresses = page.xpath("//@src | //@href | //@srcset | //@action | //@data")
    style = " ".join(page.xpath("//style/text()"))
    forms = ("html", "pdf", "xlsx")
    siblings = {f"{language}.{form}" for language in LANGUAGES for form in forms}
    siblings |= {f"figures.{form}" for form in ("csv", "json", "parquet")}
    siblings |= {"told.csv", "datapackage.json"}
    # The same place published these.
    siblings |= {f"provenance.{language}.html" for language in LANGUAGES}
    siblings |= {CHECKS} | {f"{EVALUATED}.{language}.html" for language in LANGUAGES}

    assert {a.partition("#")[0] for a in addresses if not a.startswith("#")} <= siblings
    assert "url(" not in style
    assert "@import" not in style
    assert page.xpath("//script | //link | //iframe | //object | //@onclick") == []


def test_every_link_within_the_page_arrives(page):
    targets = [href[1:] for href in page.xpath("//@href") if href.startswith("#")]

    assert targets
    assert set(targets) <= set(page.xpath("//@id"))


def test_no_id_stands_twice(page):
    ids = page.xpath("//@id")

    assert len(ids) == len(set(ids))


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(h.tag[1]) for h in page.xpath("//h1 | //h2 | //h3 | //h4")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_names_its_rows_and_columns(page):
    for table in page.xpath("//table"):
        columns = table.xpath("./thead/tr/th")
        assert columns
        assert all(th.get("scope") == "col" for th in columns)
        for row in table.xpath("./tbody/tr"):
            assert [th.get("scope") for th in row.xpath("./th")] == ["row"]
            assert len(row) == len(columns)


def test_every_drawing_says_in_words_what_it_shows(page):
    drawings = page.xpath("//*[@role='img']")

    curves = page.xpath("//*[@class='curve']")
    assert len(drawings) == 3 + len(curves)
    for drawing in drawings:
        text = drawing.get("aria-label") or "".join(drawing.xpath("./desc/text()"))
        if drawing in curves:
            [path] = drawing.xpath(".//path/@d")
            assert text.count(";") == path.count("L") > 0
        else:
            assert text.count("—") >= len(REGION_CODES)


def test_the_page_says_its_language_and_links_the_others(page):
    language = page.get("lang")

    assert language in LANGUAGES
    others = set(page.xpath("//header//nav/a/@hreflang"))
    assert others == set(LANGUAGES) - {language}


def test_every_number_shown_is_in_the_data_and_the_other_way_round(editions):
    for files in editions.values():
        data = {f["key"]: f["value"] for f in json.loads(files["figures.json"])["figures"]}
        for language in LANGUAGES:
            page = etree.fromstring(files[f"{language}.html"], etree.HTMLParser())
            shown = {e.get("data-figure"): int(e.get("data-value")) for e in figures(page)}
            assert shown == data


def test_a_number_reads_the_same_as_its_value(editions):
    """Counts are shown to the unit: the digits of the text are the value."""
    data = {f["key"]: f for f in json.loads(editions[YEAR_TO_DATE.id]["figures.json"])["figures"]}
    page = etree.fromstring(editions[YEAR_TO_DATE.id]["ru.html"], etree.HTMLParser())
    counted = [e for e in figures(page) if data[e.get("data-figure")]["unit"] in {"cards", "cases"}]

    assert len(counted) > 50
    for element in counted:
        assert int(re.sub(r"\D", "", "".join(element.itertext()))) == int(element.get("data-value"))


def test_a_table_of_regions_has_all_twenty_the_unknown_and_the_total(page):
    told = len(YEAR_TO_DATE.region_tables)
    tables = page.xpath("//section[.//h2[@id='regions']]//table")

    assert len(tables) == told == len(DAILY.region_tables)
    for table in tables:
        kinds = table.xpath("./tbody/tr/@class")
        assert kinds == ["member"] * len(REGION_CODES) + ["unknown", "total"]
        # What has no region has no inhabitants either.
        known = table.xpath("./tbody/tr[not(@class='unknown')]/td//text()")
        assert "—" not in "".join(known)


def test_a_page_names_no_person_card_account_or_wallet(page):
    texts = page.xpath("//body//text()")
    text = " ".join(texts)
    personal = {c.name for f in FACTS for c in f.table.columns if c.is_personal}

    assert not re.search(r"\b\d{12}\b", text)  # IIN
    assert not [t for t in texts if re.search(r"\b\d{4}(?:[ -]?\d{4}){3}\b", t)]  # card
    assert not re.search(r"\bKZ\d{2}[A-Z0-9]{16}\b", text)
    assert not re.search(r"\b(?:0x[0-9a-f]{40}|T[1-9A-HJ-NP-Za-km-z]{33}|bc1[0-9a-z]{25,})\b", text)
    dimensions = {key.split("/")[-2] for key in page.xpath("//@data-figure") if key.count("/") == 5}
    assert dimensions.isdisjoint(personal)


def test_versions_of_tables_stay_out_of_the_page(editions):
    for files in editions.values():
        for name in (*(f"{language}.html" for language in LANGUAGES), "figures.json"):
            assert b"@7" not in files[name], name


@pytest.mark.parametrize("report", DRAWN_REPORTS, ids=lambda report: report.id)
def test_a_page_is_small_enough_to_be_sent(editions, report):
    assert max(len(content) for content in editions[report.id].values()) < LARGEST_PAGE


def test_all_languages_of_an_edition_show_the_same_numbers(editions):
    for files in editions.values():
        shown = [
            sorted(e.get("data-figure") for e in figures(parsed))
            for language in LANGUAGES
            for parsed in [etree.fromstring(files[f"{language}.html"], etree.HTMLParser())]
        ]
        assert shown[0] == shown[1] == shown[2]


def test_a_region_has_an_edition_of_its_own_without_the_map():
    edition = composed(DAILY, "ru", area="75")

    page = etree.fromstring(html(edition), etree.HTMLParser())
    assert "город Алматы" in "".join(page.xpath("//header//text()"))
    assert page.xpath("//svg[not(ancestor::*[@class='curve'])]") == []
    assert {datum.region_code for datum in edition.data} == {"75"}


def figures(page: etree._Element) -> list[etree._Element]:
    return page.xpath("//*[@data-figure]")
