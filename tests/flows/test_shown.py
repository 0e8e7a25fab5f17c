"""What an operator reads in a run beside its steps."""

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from flows import shown
from templates.status import status_page
from templates.status_model import EditionState
from transforms.status import KINDS

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


def test_the_status_tells_of_each_feed_and_edition_and_leads_to_them(markdown):
    days = pl.DataFrame(
        {
            "feed": ["seizures", "seizures", "field_reports"],
            "business_date": [NIGHT, date(2025, 8, 17), NIGHT],
            "deliveries": [2, 1, 1],
            **{kind: [0, 0, 0] for kind in KINDS},
        }
    ).with_columns(missing=pl.Series([1, 0, 0]), in_time=pl.Series([1, 1, 1]))
    out = EditionState("daily", NIGHT, address="reports/daily/KZ/2025-08-18/r2", revision=2, gaps=1)
    due = EditionState("weekly", date(2025, 8, 24))
    page = status_page("en", night=NIGHT, days=days, editions=[out, due])

    shown.show_status(NIGHT, "status/en.html", page)

    assert markdown[0].replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "1 delivery is missing or cannot be used. 1 report is out. "
        "[The page](https://reports.kz/status/en.html)",
        "",
        "| report | period | state |",
        "| --- | --- | --- |",
        "| [Daily brief](https://reports.kz/reports/daily/KZ/2025-08-18/r2/en.html) | "
        "to 18 August 2025 | out, revision 2; 1 delivery missing or short |",
        "| Weekly report | to 24 August 2025 | due |",
        "",
        "| feed | 18 August | 17 August |",
        "| --- | --- | --- |",
        "| Reports of regional prosecutors | ✓ | · |",
        "| Seizure acts | ✕ 1/2 | ✓ |",
        "",
        "✓ in time, ◷ late, ▽ fewer rows than usual, ✕ not delivered, ! cannot be used, "
        "· nothing owed",
    ]


def test_headlines_are_told_by_their_names(monkeypatch):
    made = []
    monkeypatch.setattr(shown, "create_table_artifact", lambda table, **_: made.extend(table))
    row = {"value": 120050, "value_before": None, "unit": "tiyn", "status_code": "final"}

    shown.show_headlines("daily", NIGHT, [{"indicator": "shop_transaction_amount", **row}])

    assert made == [
        {
            "figure": "Sum of payments to drug shops",
            "value": "1,200.50 KZT",
            "period before": "no data",
            "status": "final",
        }
    ]
