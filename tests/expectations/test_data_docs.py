"""Data Docs of what was judged: every rule in our words, no cell, nothing asked of the internet."""

import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest
from lxml import etree
from playwright.sync_api import Browser, sync_playwright

from expectations.data_docs import Run, Verdict, index, page, summary
from expectations.screen import Screened, screen
from expectations.suites import SUITE_BY_FEED
from tests.expectations.drawn import delivered
from tests.expectations.test_card_arrest_orders import DELIVERED
from tests.expectations.test_card_arrest_orders import FEED as ORDERS
from transforms.feeds import FEED_BY_NAME, FEEDS

NIGHT = date(2025, 8, 18)
RUN = Run("nightly-2025-08-18", "run-1", NIGHT, datetime(2025, 8, 18, 20, 30, tzinfo=UTC))
SUITE = SUITE_BY_FEED["card_arrest_orders"]
CHROMIUM, QUIET = "/usr/bin/chromium", ("--no-sandbox", "--disable-background-networking")
MOST_SECONDS = 0.3  # 200 suites a night in a minute


def verdict(found: Screened, outcome: str | None = None) -> Verdict:
    counts = (found.rows, found.rows_accepted, found.rows_quarantined)
    return Verdict("card_arrest_orders", (NIGHT,), *counts, outcome)


@pytest.fixture(scope="module")
def broken() -> Screened:
    return screen(delivered(ORDERS, DELIVERED), SUITE, most_rejected=1)


@pytest.fixture(scope="module")
def text(broken) -> str:
    return page(RUN, verdict(broken), broken.result).decode()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


def words(html: str) -> str:
    return " ".join("".join(etree.fromstring(html, etree.HTMLParser()).itertext()).split())


def test_every_rule_is_shown_with_its_code_severity_sentence_and_source(text):
    rendered_by_gx = words(text[text.index('id="all"') :])

    for rule in SUITE.expectations:
        said = f"{rule.meta['code']} {rule.severity.value}{rule.description}{rule.meta['source']}"
        assert said in rendered_by_gx


def test_broken_rules_stand_first_with_their_rows(broken, text):
    rows = etree.fromstring(text, etree.HTMLParser()).xpath("//section[h2/@id='broken']//tbody/tr")
    found = {row[0].xpath("string()"): int(row[2].xpath("string()")) for row in rows}

    assert found == {finding.code: finding.rows for finding in broken.findings}


def test_a_page_is_the_same_however_often_it_is_made(broken, text):
    assert page(RUN, verdict(broken), broken.result).decode() == text


def test_why_a_feed_was_stopped_is_told(broken):
    stopped = page(RUN, verdict(broken, "Nothing was accepted <here>."), broken.result)

    assert b"Nothing was accepted &lt;here&gt;." in stopped


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_no_cell_of_a_row_is_in_a_page_or_its_numbers(feed):
    """Rows of cells that occur nowhere else, all of them broken in one way or another."""
    schema = feed.staged_table.schema
    told = [c.name for c in feed.staged_table.columns if c.dtype == pl.String()]
    marks = {name: pl.lit(f"zq{n}zq") for n, name in enumerate(told) if name != "delivery"}
    rows = pl.LazyFrame([dict.fromkeys(schema)] * 3, schema=schema).with_columns(
        business_date=pl.lit(NIGHT), delivery=pl.lit("a"), line=pl.lit(7, pl.Int64()), **marks
    )
    found = screen(rows, SUITE_BY_FEED[feed.name], most_rejected=1)

    shown = page(RUN, Verdict(feed.name, (NIGHT,), 3, 0, 3), found.result).decode()
    numbers = json.dumps(summary(RUN, Verdict(feed.name, (NIGHT,), 3, 0, 3), found.result))

    assert found.findings
    assert "zq" not in shown + numbers


def test_no_rule_of_a_suite_tells_a_value_that_it_observed():
    """Largest, smallest and most common values are cells; suites count rows that break rules."""
    for suite in SUITE_BY_FEED.values():
        for rule in suite.expectations:
            assert hasattr(rule, "map_metric") or "table" in rule.expectation_type, rule


def test_the_overview_links_the_page_of_each_feed_and_sums_up(broken):
    told = summary(RUN, verdict(broken), broken.result)

    tree = etree.fromstring(
        index(RUN, [("run-1/card_arrest_orders-2.html", told)]), etree.HTMLParser()
    )

    assert tree.xpath("//tbody//a/@href") == ["run-1/card_arrest_orders-2.html"]
    assert tree.xpath("//header//dd/text()") == [
        str(n) for n in (broken.rows, broken.rows_accepted, broken.rows_quarantined)
    ]
    assert len(tree.xpath("//tbody//code")) == len(broken.findings)


def test_a_feed_judged_in_another_night_says_in_which(broken):
    told = summary(RUN, verdict(broken), broken.result)
    before = replace(RUN, night=date(2025, 8, 17))

    assert "in the night of 2025-08-18" in words(index(before, [("a.html", told)]).decode())
    assert "in the night of" not in words(index(RUN, [("a.html", told)]).decode())


def test_a_night_that_judged_nothing_says_so():
    assert "Nothing was judged" in words(index(RUN, []).decode())


def test_a_page_is_made_within_its_budget(broken):
    began = time.process_time()
    for _ in range(5):
        page(RUN, verdict(broken), broken.result)

    assert (time.process_time() - began) / 5 < MOST_SECONDS


def test_a_browser_asks_nobody_for_anything_and_finds_no_fault(browser: Browser, broken, tmp_path):
    (tmp_path / "card_arrest_orders.html").write_bytes(page(RUN, verdict(broken), broken.result))
    told = [("card_arrest_orders.html", summary(RUN, verdict(broken), broken.result))]
    (tmp_path / "index.html").write_bytes(index(RUN, told))
    asked, faults = [], []
    tab = browser.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text))

    tab.goto((tmp_path / "index.html").as_uri())
    tab.get_by_role("link", name="card_arrest_orders").click()
    tab.wait_for_load_state("networkidle")

    assert tab.title() == "card_arrest_orders: rules, night of 2025-08-18"
    assert [url for url in asked if not url.startswith("file:")] == []
    assert faults == []


def test_the_reader_may_leave_only_the_broken_rules(browser: Browser, tmp_path):
    healthy = delivered(FEED_BY_NAME["card_arrest_orders"], "\n".join(DELIVERED.splitlines()[:5]))
    some = pl.concat(
        [
            healthy,
            healthy.with_columns(
                line=pl.lit(9, pl.Int64()), case_no=pl.lit("1"), order_id=pl.lit("z")
            ),
        ]
    )
    found = screen(some, SUITE, most_rejected=1)
    (tmp_path / "page.html").write_bytes(page(RUN, verdict(found), found.result))
    tab = browser.new_page()
    tab.goto((tmp_path / "page.html").as_uri())
    rows = tab.locator(".ge-section tbody tr")
    assert rows.count() == len(SUITE.expectations)

    tab.get_by_label("Only those that were broken").check()

    shown = [row.inner_text() for row in rows.all() if row.is_visible()]
    assert ["CAO-10" in text or "CAO-17" in text for text in shown] == [True] * len(found.findings)
