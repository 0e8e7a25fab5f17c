"""Pages in a real browser: axe-core finds nothing serious, a phone shows all, no request leaves."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from templates.html import contract_html, dossier_html, html
from templates.portal import portal
from templates.provenance import provenance
from templates.reports import DAILY
from templates.wording import LANGUAGES
from tests.templates import test_contract, test_dossier, test_portal, test_provenance
from tests.templates.story import composed
from tests.transforms.trail.drawn import transfers_of
from tests.transforms.trail.test_roles import NETWORK
from tests.transforms.trail.test_tracing import traced_from

CHROMIUM, QUIET = "/usr/bin/chromium", ("--no-sandbox", "--disable-background-networking")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RULES = {"runOnly": STANDARDS, "resultTypes": ["violations"]}
# Colours are the same in each language, and take long to measure.
COLOURLESS = RULES | {"rules": {"color-contrast": {"enabled": False}}}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}

Made = Callable[[dict[str, dict[str, bytes]], str], bytes]


def dossier_page(_: object, language: str) -> bytes:
    case = traced_from(transfers_of(NETWORK), "shop")
    return dossier_html(test_dossier.made(case, language))


def portal_page(language: str) -> bytes:
    made = portal("KZ", 2025, test_portal.ROWS, test_portal.SHELVES)
    return made[f"portal.KZ.2025.{language}.html"]


def provenance_page(editions, language: str) -> bytes:
    """Of some figures: there is a section for each, all alike."""
    whole = test_provenance.traced(editions)
    some = replace(whole, figures=whole.figures[:: len(whole.figures) // 8])
    return provenance(some, LANGUAGES)[f"provenance.{language}.html"]


# The page of a dossier is also that of the blocking list and of an evaluation.
KINDS: dict[str, Made] = {
    "daily": lambda editions, language: editions[DAILY.id][f"{language}.html"],
    "region": lambda _, language: html(composed(DAILY, language, area="75")),
    "contract": lambda _, language: contract_html(test_contract.made(language=language)),
    "dossier": dossier_page,
    "portal": lambda _, language: portal_page(language),
    "provenance": provenance_page,
}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


PAGES = [(kind, language) for kind in KINDS if kind != "region" for language in LANGUAGES]


def opened(browser: Browser, body: bytes, place: Path) -> tuple[Page, list[str]]:
    place.write_bytes(body)
    page, asked = browser.new_page(viewport=DESKTOP, color_scheme="light"), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(place.as_uri())
    return page, asked


def found(page: Page, rules: dict[str, object]) -> list[str]:
    violations = Axe().run(page, options=rules).response["violations"]
    return [
        f"{v['id']} ({v['impact']}): {node['html'][:120]}"
        for v in violations
        if v["impact"] in {"serious", "critical"}
        for node in v["nodes"]
    ]


@pytest.mark.parametrize(("kind", "language"), PAGES)
def test_a_page_has_no_serious_violation_fits_a_phone_and_asks_for_nothing(
    browser, editions, tmp_path, kind, language
):
    place = tmp_path / "page.html"
    page, asked = opened(browser, KINDS[kind](editions, language), place)

    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert found(page, COLOURLESS) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert asked == [place.as_uri()]
    page.close()


def test_a_reader_finds_an_edition_by_typing(browser, tmp_path):
    page, asked = opened(browser, portal_page("ru"), tmp_path / "page.html")
    days = page.locator("li[data-search]:visible h3")

    assert days.count() == len(test_portal.ROWS)
    page.get_by_role("searchbox").fill("17 АВГУСТА")
    assert [text.split()[0] for text in days.all_inner_texts()] == ["17"]
    assert page.get_by_role("status").inner_text() == f"1 / {len(test_portal.ROWS)}"
    page.get_by_role("searchbox").fill("2024-01")
    assert days.count() == 0
    assert page.locator("main > section:visible").count() == 0
    page.get_by_role("searchbox").fill("")
    assert days.count() == len(test_portal.ROWS)
    page.keyboard.press("Enter")
    assert asked == [page.url]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "daily"])
def test_texts_stand_out_from_their_ground(browser, editions, tmp_path, kind, scheme):
    """The page of a region has all parts of the country's but the map and the charts."""
    page, _ = opened(browser, KINDS[kind](editions, "ru"), tmp_path / "page.html")

    page.emulate_media(color_scheme=scheme)

    assert found(page, CONTRAST) == []
    page.close()
