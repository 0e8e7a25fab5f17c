"""What an operator reads in a run beside its steps."""

from datetime import date
from types import SimpleNamespace

import pytest

from flows import shown

NIGHT = date(2025, 8, 18)


@pytest.fixture
def markdown(monkeypatch) -> list[str]:
    made: list[str] = []
    chosen = {"reports_url": "https://reports.kz", "runbook_url": "https://wiki.kz/runbook"}
    at = SimpleNamespace(settings=SimpleNamespace(**chosen))
    monkeypatch.setattr(shown, "installation", lambda: at)
    monkeypatch.setattr(
        shown, "create_markdown_artifact", lambda markdown, **_: made.append(markdown)
    )
    return made


def judged(feed: str, aside: int, rules=(), outcome=None) -> dict[str, object]:
    rows = {"rows": 1200, "rows_accepted": 1200 - aside, "rows_quarantined": aside}
    return {"feed": feed, "rules": rules, "outcome": outcome, **rows}


def test_the_summary_leads_from_each_feed_to_its_page_and_to_the_rows_set_aside(markdown):
    broken = [
        {"code": "SEZ-01", "is_met": False, "unexpected_count": 3},
        {"code": "SEZ-02", "is_met": True},
    ]
    feeds = [
        ("checks/n/run/prices.html", judged("prices", 0)),
        ("checks/n/run/seizures.html", judged("seizures", 3, broken)),
        ("checks/n/run/orders.html", judged("orders", 1200, broken, "It was set aside whole.")),
    ]

    shown.show_validation(NIGHT, "checks/n/latest.html", feeds)

    lines = markdown[0].splitlines()
    assert lines[0] == "[All checks of 2025-08-18](https://reports.kz/checks/n/latest.html)"
    assert lines[4:] == [
        "| [prices](https://reports.kz/checks/n/run/prices.html) | 1,200 | 1,200 | 0 | none |  |",
        "| [seizures](https://reports.kz/checks/n/run/seizures.html) | 1,200 | 1,197 | 3 | "
        "SEZ-01: 3 | `aqsha quarantine list --feed seizures` |",
        "| [orders](https://reports.kz/checks/n/run/orders.html) | 1,200 | 0 | 1,200 | "
        "It was set aside whole. | `aqsha quarantine list --feed orders` |",
    ]


def test_a_night_in_which_nothing_came_says_so(markdown):
    shown.show_validation(NIGHT, "checks/n/latest.html", [])

    assert "Nothing new came" in markdown[0]


def test_what_failed_is_told_with_the_way_to_the_runbook(markdown):
    shown.show_failures(["Failed: TooFewRows: seizures has 2 rows."])

    assert markdown[0].startswith("- Failed: TooFewRows: seizures has 2 rows.")
    assert "[the runbook](https://wiki.kz/runbook#ops-04)" in markdown[0]
