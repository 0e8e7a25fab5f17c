"""Every report for every area: which there are, when they are due, what a region leaves out."""

from datetime import date

import pytest

from templates.reports import AREAS, DAILY, REPORTS, WEEKLY, reports_due
from tests.templates.story import NIGHT, composed, indicators
from tests.templates.test_wording import plain
from transforms.regions import REGION_CODES


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.id)
def test_each_report_stands_for_its_own_period(report):
    told = indicators(NIGHT, report.periods)

    page = composed(report, "en", indicators=told)

    kinds = {datum.period for datum in page.data}
    assert kinds == {kind.value for kind in report.periods}
    assert page.headlines[0].figure.value > 0
    assert [change.base is not None for change in page.headlines[0].changes] == [True] * len(
        report.comparisons
    )


def test_all_reports_have_ids_and_titles_of_their_own():
    assert len({r.id for r in REPORTS} | {r.title for r in REPORTS}) == 2 * len(REPORTS)
    assert {r.period.value for r in REPORTS} == {
        *("day", "week", "month", "quarter", "half_year", "year", "year_to_date")
    }


def test_the_reports_due_are_those_whose_period_ends():
    assert [r.id for r in reports_due(date(2025, 8, 18))] == ["daily", "year_to_date"]
    assert [r.id for r in reports_due(date(2025, 12, 31))] == [
        *("daily", "monthly", "quarterly", "half_yearly", "yearly", "year_to_date")
    ]
    assert WEEKLY in reports_due(date(2025, 8, 17))


def test_there_is_an_edition_for_the_country_and_each_of_the_twenty_regions():
    assert ("KZ", *REGION_CODES) == AREAS
    assert len(AREAS) == 21


@pytest.mark.parametrize("area", ["75", "62"])
def test_the_edition_of_a_region_shows_its_own_figures_and_no_map(area):
    page = composed(DAILY, "en", area=area)
    country = composed(DAILY, "en")

    own = {datum.key: datum.value for datum in page.data}
    of_country = {datum.key: datum.value for datum in country.data}
    cards = f"dropper_cards_arrested/day/2025-08-18/{area}"
    assert own[cards] == of_country[cards]
    assert page.tile_map is None
    assert page.charts == page.region_tables == ()
    assert page.member_tables
    assert page.area != country.area


def test_a_region_does_not_say_in_how_many_regions_something_was():
    shown = {datum.indicator for datum in composed(DAILY, "en", area="75").data}

    assert "followmoney_regions" not in shown
    assert "followmoney_regions" in {d.indicator for d in composed(DAILY, "en").data}


def test_a_week_over_the_turn_of_the_year_names_both_years():
    page = composed(WEEKLY, "en", business_date=date(2026, 1, 4))

    assert plain(page.period) == "29 December 2025 – 4 January 2026"
