"""The portal: every revision with its state, found by search, made of links that are relative."""

import pytest
from lxml import etree

from templates.html import portal_html
from templates.portal import page, portal
from templates.wording import LANGUAGES

FILES = ["en.html", "en.pdf", "figures.csv", "kk.html", "ru.html"]
SHELVES = {"KZ": [2024, 2025], "75": [2025]}


def told(revision: int, state: str, why: str = "", *, is_provisional: bool = False) -> dict:
    return {
        "revision": revision,
        "state": state,
        "why": why,
        "files": FILES,
        "is_provisional": is_provisional,
        "released_at": f"2025-08-19T0{revision}:30:00+00:00",
    }


ROWS = [
    {
        "report": "daily",
        "area": "KZ",
        "period_end": "2025-08-18",
        "revisions": [
            told(1, "superseded", is_provisional=True),
            told(2, "current"),
            told(3, "withdrawn", "a bank sent <test> data"),
        ],
    },
    {
        "report": "daily",
        "area": "KZ",
        "period_end": "2025-08-17",
        "revisions": [told(1, "current")],
    },
]


@pytest.fixture(scope="module")
def made():
    return portal("KZ", 2025, ROWS, SHELVES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_revision_is_there_with_its_state_and_links_beside_it(made, language):
    body = made[f"portal.KZ.2025.{language}.html"]
    html = etree.fromstring(body, etree.HTMLParser())

    states = [e.get("class").split()[1] for e in html.xpath("//div[contains(@class, 'revision')]")]
    assert states == ["withdrawn", "current", "superseded", "current"]
    links = html.xpath("//ul[@class='links']//a/@href")
    assert f"reports/daily/KZ/2025-08-18/r2/{language}.html" in links
    assert links[0].endswith(f"r3/{language}.html")
    assert all(link.startswith("reports/daily/KZ/2025-08-1") for link in links)
    assert "a bank sent &lt;test&gt; data" in body.decode()
    assert len(html.xpath("//@id")) == len(set(html.xpath("//@id")))


def test_nothing_is_asked_of_elsewhere(made):
    for body in made.values():
        assert "http://" not in body.decode().replace("http://www.w3.org/2005/Atom", "")
        assert "https://" not in body.decode()


def test_regions_years_and_the_feed_are_linked(made):
    html = etree.fromstring(made["portal.KZ.2025.en.html"], etree.HTMLParser())

    assert html.xpath("//nav[@class='areas']//@href") == [
        "portal.KZ.2025.en.html",
        "portal.75.2025.en.html",
    ]
    assert html.xpath("//nav[@class='years']//@href") == [
        "portal.KZ.2025.en.html",
        "portal.KZ.2024.en.html",
    ]
    assert made["index.html"] == made["portal.KZ.2025.ru.html"]
    assert "portal.KZ.en.atom" in made


def test_an_earlier_year_replaces_neither_the_feed_nor_the_first_page():
    assert sorted(portal("KZ", 2024, ROWS, SHELVES)) == [
        f"portal.KZ.2024.{language}.html" for language in sorted(LANGUAGES)
    ]


def test_the_feed_has_every_edition_once_the_last_first(made):
    feed = etree.fromstring(made["portal.KZ.en.atom"])
    atom = {"a": "http://www.w3.org/2005/Atom"}

    ids = feed.xpath("//a:entry/a:id/text()", namespaces=atom)
    assert ids[0] == "urn:aqsha-izi:daily:KZ:2025-08-18:r3"
    assert len(ids) == len(set(ids)) == 4
    times = feed.xpath("//a:entry/a:updated/text()", namespaces=atom)
    assert feed.xpath("string(/a:feed/a:updated)", namespaces=atom) == times[0] == max(times)


def test_links_that_run_out_take_the_place_of_relative_ones():
    made = page(
        "KZ", 2025, "en", rows=ROWS, shelves={}, address=lambda key: f"https://s3/{key}?signed"
    )

    links = etree.fromstring(portal_html(made), etree.HTMLParser()).xpath("//@href")
    assert links and all(link.endswith("?signed") for link in links)
