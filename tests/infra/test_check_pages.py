"""Pages of checks: written once, the last of a Retry counts, one pointer that moves."""

from datetime import date

import pytest

from infra.check_pages import CheckPages, latest

NIGHT = date(2025, 8, 18)
TOLD = {"feed": "seizures", "rows": 3}


@pytest.fixture
def reports(connection, fresh):
    connection.make_bucket(f"reports-{fresh}")
    return connection.bucket(f"reports-{fresh}")


@pytest.fixture
def pages(reports) -> CheckPages:
    return CheckPages(reports)


def overview(folder: str) -> bytes:
    return f'<a href="{folder}seizures.html">'.encode()


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


def test_the_pointer_shows_the_last_run_and_the_overviews_of_all_stay(pages, reports):
    for run in ("run-1", "run-2"):
        pages.put(NIGHT, run, "seizures", b"<p>", TOLD)
        pages.close(NIGHT, run, overview)

    assert reports.get(latest(NIGHT)) == overview("run-2/")
    assert reports.get("checks/2025-08-18/run-1/index.html") == overview("")
    assert set(pages.files(NIGHT)) == {
        latest(NIGHT),
        "checks/2025-08-18/run-2/index.html",
        "checks/2025-08-18/run-2/seizures.html",
    }


def test_a_night_without_checks_has_no_files(pages):
    assert pages.files(NIGHT) == {}
