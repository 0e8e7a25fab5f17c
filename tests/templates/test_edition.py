"""What an edition says, and when it refuses to be made."""

from dataclasses import replace

import polars as pl
import pytest

from templates.edition import edition
from templates.figures import FiguresDisagree, NotInCatalogue
from templates.found import nothing_found
from templates.reports import DAILY, YEAR_TO_DATE
from tests.templates.story import CHECKS, NIGHT, YEAR, completeness, composed, indicators, rules
from tests.templates.test_wording import plain
from transforms.deliveries import GAPS
from transforms.indicators import INDICATORS
from transforms.regions import COUNTRY


def of(indicator: str, *, region: str = COUNTRY, end: str = "2025-08-18") -> pl.Expr:
    return (
        (pl.col("indicator") == indicator)
        & (pl.col("region_code") == region)
        & (pl.col("dimension") == "")
        & (pl.col("period_end") == pl.lit(end).str.to_date())
    )


def with_value(value: int, where: pl.Expr) -> pl.DataFrame:
    return indicators().with_columns(value=pl.when(where).then(value).otherwise("value"))


def headline(name: str, report=YEAR_TO_DATE, **changed):
    place = report.headlines.index(name)
    return composed(report, **changed).headlines[place]


def test_the_lead_gives_the_number_then_the_comparison_then_the_reservation():
    first, second, *_, last = [plain(s) for s in composed(YEAR_TO_DATE).lead]

    assert first.startswith("11.5 billion tenge is the value of arrested assets")
    assert "2.3 billion tenge on dropper cards (85,214 cards)" in first
    assert second.startswith("Against the same period of 2024: +61.3% in value")
    assert last == "2 deliveries are missing, so the figures marked “p” are provisional."


def test_a_headline_shows_the_parts_that_it_is_the_sum_of():
    total = headline("drug_assets_arrested_total")

    assert [part.figure.value for part in total.parts] == [
        YEAR["dropper_amount_arrested"],
        YEAR["followmoney_case_amount"],
    ]
    assert total.figure.value == sum(part.figure.value for part in total.parts)


def test_a_headline_that_is_not_the_sum_of_its_parts_is_not_published():
    wrong = with_value(1, of("drug_assets_arrested_total"))

    with pytest.raises(
        FiguresDisagree, match=r"drug_assets_arrested_total/.* Nothing was published"
    ):
        composed(DAILY, indicators=wrong)


def test_regions_that_do_not_add_up_to_the_country_are_not_published():
    wrong = with_value(999_999, of("drug_adverts_removed", region="75"))

    with pytest.raises(FiguresDisagree, match="drug_adverts_removed/"):
        composed(DAILY, indicators=wrong)


def test_banks_that_do_not_add_up_to_the_total_are_not_published():
    wrong = indicators().filter(pl.col("member") != "CASPKZKA")

    with pytest.raises(FiguresDisagree, match="dropper_cards_ordered/"):
        composed(DAILY, indicators=wrong)


def test_without_a_comparison_the_page_says_so_and_gives_no_change():
    only_this = indicators().filter(pl.col("period_end") == NIGHT)

    page = composed(YEAR_TO_DATE, indicators=only_this)

    change = page.headlines[0].changes[0]
    assert (change.amount, change.base, change.direction) == ("", None, "none")
    assert change.words == "no data for the same period of 2024"
    assert "Nothing to compare with" in [alert.title for alert in page.alerts]
    assert "no data in value" in page.lead[1]


@pytest.mark.parametrize(
    ("now", "before", "amount", "mark", "words"),
    [
        (24, 20, "+20.0%", "", "more than in the same period of 2024"),
        (24, 19, "+5", "†", "more than in the same period of 2024"),
        (14, 19, "−5", "†", "less than in the same period of 2024"),
        (19, 19, "", "", "the same as in that period of 2024"),
        (7, 0, "+7", "†", "more than in the same period of 2024"),
        (10, 40, "−75.0%", "", "less than in the same period of 2024"),
        (208, 40, "×5.2", "", "more than in the same period of 2024"),
    ],
)
def test_a_change_is_a_percentage_only_where_the_base_is_twenty_or_more(
    now, before, amount, mark, words
):
    name = "precursor_import_violations"
    is_it, is_this_year = pl.col("indicator") == name, pl.col("period_end") == NIGHT
    small = indicators().with_columns(
        value=pl.when(of(name) | of(name, region="unknown"))
        .then(now)
        .when(of(name, end="2024-08-18"))
        .then(before)
        .when(is_it & is_this_year)
        .then(0)
        .otherwise("value")
    )
    report = replace(YEAR_TO_DATE, member_tables=())

    change = composed(report, indicators=small).headlines[-1].changes[0]

    assert (plain(change.amount), change.small_mark, change.words) == (amount, mark, words)


def test_a_provisional_figure_carries_its_mark_and_a_final_one_does_not():
    assert headline("dropper_cards_arrested").figure.mark == "p"
    assert headline("drug_adverts_removed").figure.mark == ""


def test_an_edition_whose_deliveries_are_all_in_is_final_and_says_so():
    whole = completeness(whole=True)
    final = indicators().with_columns(status_code=pl.lit("final"))

    page = composed(DAILY, completeness=whole, indicators=final)

    assert page.status == "Final"
    assert page.lead[-1] == "All deliveries that were due are in."
    assert all(effect.is_complete for effect in page.deliveries.effects)


def test_a_gap_that_no_figure_rests_on_makes_nothing_provisional():
    final = indicators().with_columns(status_code=pl.lit("final"))

    page = composed(YEAR_TO_DATE, indicators=final)

    assert page.status == "Final"
    assert page.lead[-1].endswith("deliveries are missing; no figure of this report rests on them.")


def test_a_comparison_with_a_sunday_is_pointed_out():
    told = {alert.title: plain(alert.text) for alert in composed(DAILY).alerts}

    assert told["Compared with a day off"] == "Sunday, 17 August 2025; Sunday, 18 August 2024"
    assert "Compared with a day off" not in {a.title for a in composed(YEAR_TO_DATE).alerts}


def test_a_missing_delivery_is_told_at_the_headlines_that_rest_on_it_and_no_others():
    page = composed(DAILY)

    told = {item.name: item.gap for item in page.headlines}

    assert told["Dropper cards arrested"] == "1 delivery is missing: the figure may change"
    assert told["Assets of the drug trade arrested, in all"]
    assert told["Drug adverts removed"] == ""


def test_a_delivery_with_fewer_rows_than_usual_is_told_with_both_numbers():
    is_it = (pl.col("feed") == "card_arrest_orders") & pl.lit(value=True)
    short = completeness(whole=True).with_columns(
        state_code=pl.when(is_it).then(pl.lit("short")).otherwise("state_code"),
        rows_delivered=pl.when(is_it).then(70).otherwise("rows_delivered"),
        usual_rows=pl.when(is_it).then(100).otherwise("usual_rows"),
    )

    page = composed(DAILY, completeness=short)
    told = {item.name: item.gap for item in page.headlines}
    (gap,) = page.deliveries.gaps

    assert told["Dropper cards arrested"] == "1 delivery is short: the figure may change"
    assert told["Drug adverts removed"] == ""
    assert (gap.state, gap.reason) == (
        "fewer rows than usual",
        "70 rows; usual on this weekday: 100",
    )
    assert gap.is_grave
    assert "1 delivery has fewer rows than usual" in [plain(alert.title) for alert in page.alerts]


def test_every_gap_is_listed_with_its_reason_and_what_it_affects():
    gaps = composed(DAILY).deliveries.gaps

    grave = [gap for gap in gaps if gap.is_grave]
    assert len(grave) == completeness().filter(pl.col("state_code").is_in(GAPS)).height
    assert grave[1].reason == "Line 1 is not the header of annex 2. Deliver the file again."
    assert all(gap.affects for gap in grave)


def test_what_a_gap_affects_follows_from_the_catalogue_where_it_is_not_given():
    given = composed(DAILY).deliveries
    found = composed(DAILY, completeness=completeness().drop("affects")).deliveries

    assert found == given


def test_a_gap_of_an_earlier_day_is_told_but_does_not_touch_the_figure_of_the_day():
    earlier = completeness().with_columns(
        business_date=pl.when(pl.col("state_code").is_in(GAPS))
        .then(pl.date(2025, 3, 4))
        .otherwise("business_date")
    )

    day = composed(DAILY, completeness=earlier)
    year = composed(YEAR_TO_DATE, completeness=earlier)

    assert all(item.gap == "" for item in day.headlines)
    assert "2 deliveries for earlier days are still missing." in day.deliveries.summary
    assert any(item.gap for item in year.headlines)


def test_a_correction_says_that_it_replaces_the_earlier_revision():
    page = composed(DAILY, revision=2)

    assert page.revision == "Revision 2"
    assert page.alerts[-1].title == "Corrected edition"


def test_a_quiet_night_without_any_data_still_makes_a_page():
    page = composed(DAILY, indicators=indicators().clear(), completeness=completeness().clear())

    assert page.lead[0] == "There is no data for this period."
    assert all(item.figure is None for item in page.headlines)


def test_each_rule_stands_with_its_version_and_how_often_it_was_right():
    told = composed(DAILY).rules

    assert told.version == "Version 7 of the rules."
    assert "of 2 planted members 1 were listed, and of 2 accounts listed 1 were" in told.text
    assert [(row.code, tuple(map(plain, row.cells))) for row in told.rows] == [
        ("CTR-01.1", ("20.0% over 90 days", "−25", "—", "—")),
        ("DRP-01.1", ("20 over 30 days", "10", "100.0% (20.7% – 100.0%)", "50.0% (9.5% – 90.5%)")),
        ("DRP-03.1", ("80.0% over 30 days", "35", "0.0% (0.0% – 79.3%)", "0.0% (0.0% – 65.8%)")),
    ]
    assert told.page.endswith("checks/evaluation/7/2025-08-18/evaluation.en.html")
    assert all(row.source for row in told.rows)


def test_rules_that_were_never_measured_say_so_and_how_to_measure_them():
    measured = rules()
    unmeasured = replace(measured, measured=measured.measured.clear(), page=None)

    told = composed(DAILY, rules=unmeasured).rules

    assert "has not been measured yet" in told.text
    assert "aqsha evaluate" in told.text
    assert {row.cells[2:] for row in told.rows} == {("—", "—")}
    assert told.page == ""


def test_the_order_of_rows_does_not_matter():
    mixed = indicators().sample(fraction=1, shuffle=True, seed=7)
    late = completeness().sample(fraction=1, shuffle=True, seed=7)

    assert composed(DAILY, indicators=mixed, completeness=late) == composed(DAILY)


def test_an_indicator_outside_the_catalogue_is_refused():
    with pytest.raises(NotInCatalogue):
        composed(DAILY, catalogue=INDICATORS[1:])


def test_the_constructor_is_the_documented_one():
    assert composed(DAILY, "kk") == edition(
        DAILY,
        area="KZ",
        business_date=NIGHT,
        revision=1,
        language="kk",
        indicators=indicators(),
        completeness=completeness(),
        checks=CHECKS,
        rules=rules(),
        found=nothing_found(),
        release="rule",
        catalogue=INDICATORS,
        fingerprint="3f9a2c71d0b84e56",
    )
