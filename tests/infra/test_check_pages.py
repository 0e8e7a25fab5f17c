"""Pages of checks: written once, the last of a Retry counts, one pointer that moves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from infra.check_pages import CheckPages, latest

NIGHT, NEXT = date(2025, 8, 18), date(2025, 8, 19)
TOLD = {"feed": "seizures", "rows": 3, "dates": ["2025-08-18"]}


@pytest.fixture
def reports(connection, fresh):
    connection.make_bucket(f"reports-{fresh}")
    return connection.bucket(f"reports-{fresh}")


@pytest.fixture
def pages(reports) -> CheckPages:
    return CheckPages(reports)


def overview(night, told) -> bytes:
    return "\n".join(page for page, _ in told).encode()


def test_a_page_and_its_numbers_lie_under_night_and_run(pages, reports):
    address = pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD)

    assert address == "checks/2025-08-18/run-1/seizures.html"
    assert reports.get(address) == b"<p>"
    assert pages.told(NIGHT, "run-1") == [("seizures.html", TOLD)]


def test_putting_the_same_twice_leaves_the_same_objects(pages, reports):
    addresses = {pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD) for _ in range(2)}

    assert addresses == {"checks/2025-08-18/run-1/seizures.html"}
    assert len(list(reports.keys("checks/"))) == 2


def test_a_page_that_says_otherwise_stands_beside_the_first_and_counts(pages, reports):
    pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD)

    address = pages.put(NIGHT, "run-1", "seizures", b"<q>", {**TOLD, "rows": 4})

    assert address == "checks/2025-08-18/run-1/seizures-2.html"
    assert reports.get("checks/2025-08-18/run-1/seizures.html") == b"<p>"
    assert pages.told(NIGHT, "run-1") == [("seizures-2.html", {**TOLD, "rows": 4})]


def test_a_page_whose_process_died_before_it_was_whole_is_completed(pages, reports):
    pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD)
    reports.delete("checks/2025-08-18/run-1/seizures.html")

    assert pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD).endswith("/seizures.html")
    assert reports.exists("checks/2025-08-18/run-1/seizures.html")


def test_a_night_shows_the_last_page_of_every_feed_whichever_run_made_it(pages, reports):
    pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD)
    pages.put(NIGHT, "run-1", "p2p_orders", b"<p>", {**TOLD, "feed": "p2p_orders"})
    pages.close(NIGHT, "run-1", overview)
    pages.put(NIGHT, "run-2", "seizures", b"<q>", {**TOLD, "rows": 4})

    assert pages.close(NIGHT, "run-2", overview) == latest(NIGHT)

    shown = b"../2025-08-18/run-1/p2p_orders.html\n../2025-08-18/run-2/seizures.html"
    assert reports.get(latest(NIGHT)) == shown
    assert reports.get("checks/2025-08-18/run-2/index.html") == b"seizures.html"
    assert set(pages.files(NIGHT)) == {
        latest(NIGHT),
        "checks/2025-08-18/run-1/index.html",
        "checks/2025-08-18/run-1/p2p_orders.html",
        "checks/2025-08-18/run-2/index.html",
        "checks/2025-08-18/run-2/seizures.html",
    }


def test_the_contract_that_was_in_force_goes_with_the_page(pages, reports):
    files = {"seizures.en.html": b"<p>", "seizures.ru.html": b"<p>"}
    for _ in range(2):
        folder = pages.put_contract("seizures", "3f9a", files)
    link = f"../../../{folder}/seizures.en.html"
    pages.put(NIGHT, "run-1", "seizures", b"<p>", {**TOLD, "contract": link})
    pages.close(NIGHT, "run-1", overview)

    assert set(reports.keys("contracts/")) == {f"contracts/seizures/3f9a/{name}" for name in files}
    assert set(reports.keys("contracts/")) <= set(pages.files(NIGHT))


def test_rows_that_came_late_are_shown_at_their_own_date_too(pages, reports):
    pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD)
    pages.close(NIGHT, "run-1", overview)
    pages.put(NEXT, "run-2", "seizures", b"<q>", {**TOLD, "dates": ["2025-08-18", "2025-08-19"]})
    pages.close(NEXT, "run-2", overview)

    shown = b"../2025-08-19/run-2/seizures.html"
    assert (reports.get(latest(NIGHT)), reports.get(latest(NEXT))) == (shown, shown)


def test_a_date_whose_night_was_not_held_is_left_alone(pages, reports):
    pages.put(NIGHT, "run-1", "seizures", b"<p>", {**TOLD, "dates": ["2025-08-17", "2025-08-18"]})

    pages.close(NIGHT, "run-1", overview)

    assert not reports.exists("checks/2025-08-17/latest.html")


def test_a_run_that_judged_nothing_leaves_a_page_and_takes_none_away(pages, reports):
    pages.close(NEXT, "run-1", overview)
    pages.put(NIGHT, "run-1", "seizures", b"<p>", TOLD)
    pages.close(NIGHT, "run-1", overview)
    before = pages.files(NIGHT)

    pages.close(NIGHT, "run-2", overview)

    assert reports.get(latest(NEXT)) == b""
    assert pages.files(NIGHT) == before


def test_two_runs_at_once_lose_neither_page(pages, reports):
    feeds = [f"feed_{n}" for n in range(8)]

    def judge(feed: str) -> None:
        pages.put(NIGHT, feed, feed, b"<p>", {**TOLD, "feed": feed})
        pages.close(NIGHT, feed, overview)

    with ThreadPoolExecutor(len(feeds)) as pool:
        list(pool.map(judge, feeds))

    shown = reports.get(latest(NIGHT)).decode().splitlines()
    assert shown == [f"../2025-08-18/{feed}/{feed}.html" for feed in feeds]


def test_what_a_feed_costs_does_not_grow_with_the_number_of_feeds(pages, reports):
    asked = []
    reports._s3.meta.events.register("before-send.s3", lambda **_: asked.append(1))

    def requests_for(feeds: int, run: str) -> int:
        asked.clear()
        for n in range(feeds):
            name = f"{run}_{n}"
            pages.put_contract(name, "3f9a", {"feed.ru.html": b"x", "feed.kk.html": b"x"})
            pages.put(NIGHT, run, name, b"x", {**TOLD, "feed": name})
        pages.close(NIGHT, run, overview)
        return len(asked)

    few, many = requests_for(5, "run-1"), requests_for(50, "run-2")

    assert 0 < few < many <= 10 * few


def test_a_night_without_checks_has_no_files(pages):
    assert pages.files(NIGHT) == {}
