"""What an edition says of revisions, anomalies, and of why its headlines moved."""

import csv
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO

import polars as pl
import pytest

from templates.comparing import comparisons
from templates.data import figures_json, told_csv, told_parquet
from templates.figures import Figures
from templates.found import nothing_found
from templates.html import html
from templates.material import Material
from templates.render import data_fingerprint
from templates.reports import DAILY, YEAR_TO_DATE
from templates.sections.beside_country import beside_country
from templates.sections.notes import RELEASES
from templates.sections.reasons import contributions, reasons
from templates.sections.revisions import CAUSES
from templates.sections.seizures import seizures_told
from templates.sheets import book
from templates.told import MEASURES
from templates.wording import LANGUAGES, wording
from tests.templates.story import NIGHT, completeness, composed, indicators
from tests.templates.test_wording import plain
from tests.transforms.drawings import rows_of
from transforms.deliveries import COMPLETENESS
from transforms.indicators import (
    ANOMALIES,
    INDICATOR_REVISIONS,
    INDICATOR_TABLE,
    INDICATORS,
    LARGEST,
)
from transforms.periods import Period
from transforms.regions import REGION_CODES
from transforms.seizures.largest import LARGEST_SEIZURES
from transforms.seizures.units import COUNTED_DRUGS

NOTHING = nothing_found()
ANOMALY = """
business_date | period | indicator              | region_code | dimension | member   | value | periods | lowest | highest | direction_code
-----------------------------------------------------------------------------------------------------------------------------------------
2025-08-18    | day    | dropper_cards_arrested | 75          |           |          | 412   | 26      | 120    | 180     | above
2025-08-18    | day    | dropper_cards_arrested | KZ          | bank_bic  | CASPKZKA | 3     | 21      | 40     | 60      | below
2025-08-18    | day    | drug_adverts_removed   | 10          |           |          | 0     | 26      | 12     | 30      | below
"""
REVISED = """
business_date | period       | period_start | period_end | indicator              | region_code | revision_no | value_before | value | unit  | restated_on | deliveries | first_day  | last_day
-------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
2025-08-18    | day          | 2025-08-18   | 2025-08-18 | dropper_cards_arrested | KZ          | 1           | 300          | 370   | cards | 2025-08-19  | 1          | 2025-08-18 | 2025-08-18
2025-08-17    | day          | 2025-08-17   | 2025-08-17 | seizure_acts           | KZ          | 1           | 12           | 9     | acts  | 2025-08-18  | 2          | 2025-08-15 | 2025-08-17
2025-08-17    | day          | 2025-08-16   | 2025-08-16 | seizure_acts           | KZ          | 1           | 12           | 9     | acts  | 2025-08-18  | 2          | 2025-08-15 | 2025-08-17
2025-08-18    | year_to_date | 2024-01-01   | 2024-08-18 | seizure_acts           | 75          | 1           | 12           | 9     | acts  | 2025-08-18  | 0          | -          | -
"""


def found(**changed: pl.DataFrame):
    return replace(NOTHING, **changed)


def anomalies() -> pl.DataFrame:
    drawn = rows_of(ANOMALIES, ANOMALY)
    return drawn.with_columns(pl.col("dimension", "member").fill_null("")).collect()


def revisions() -> pl.DataFrame:
    causes = [["late_delivery"], ["decided_rows"], ["decided_rows"], ["code"]]
    feeds = [["card_arrest_confirmations"], ["seizures"], ["seizures"], []]
    who = [["CASPKZKA"], ["mvd"], ["mvd"], []]
    lists = pl.DataFrame({"cause_codes": causes, "feeds": feeds, "institutions": who})
    drawn = rows_of(INDICATOR_REVISIONS, REVISED).collect()
    return drawn.with_columns(
        lists["cause_codes"],
        lists["feeds"],
        lists["institutions"],
        pl.lit("").alias("dimension"),
        pl.lit("").alias("member"),
    )


def material(report=DAILY, area: str = "KZ", **changed) -> Material:
    words, period = wording("en"), Period.ending(report.period, NIGHT)
    return Material(
        report=report,
        period=period,
        area=area,
        revision=1,
        compared=comparisons(report, period, words),
        beside=None,
        figures=Figures(changed.get("values", indicators()), INDICATORS, words),
        completeness=completeness(),
        found=changed.get("found", NOTHING),
        checks="",
        notes={},
        words=words,
    )


def test_a_region_out_of_its_pattern_is_told_in_words_with_its_past():
    page = composed(DAILY, found=found(anomalies=anomalies()))

    (alert,) = [a for a in page.alerts if "own past" in a.title]
    assert plain(alert.title) == "2 figures are far from their own past"
    assert plain(alert.text) == (
        "Almaty: Dropper cards arrested, 412; in 26 comparable periods before, 120 to 180. "
        "Abai Region: Drug adverts removed, 0; in 26 comparable periods before, 12 to 30."
    )


def test_a_low_figure_that_a_missing_delivery_explains_is_no_anomaly():
    low = anomalies().filter(pl.col("member") == "CASPKZKA")

    with_gap = composed(DAILY, found=found(anomalies=low)).alerts
    without = composed(
        DAILY, found=found(anomalies=low), completeness=completeness(whole=True)
    ).alerts

    assert not [a for a in with_gap if "own past" in a.title]
    assert [a for a in without if "Kaspi" in a.text]


def test_an_edition_tells_its_own_revisions_and_those_that_its_night_made():
    table = composed(DAILY, found=found(revisions=revisions()).of("KZ")).revisions

    shown = [(row.name, plain(row.period), row.before, row.now) for row in table.rows]
    assert shown == [
        ("Dropper cards arrested", "Monday, 18 August 2025", "300", "370"),
        ("Seizures", "Sunday, 17 August 2025", "12", "9"),
    ]
    first, second = table.rows
    assert plain(first.change) == "+23.3%"
    assert plain(second.change) == "−3"
    assert first.cause.startswith("A delivery came late; Banks' answers on card arrests; ")
    assert plain(second.cause).endswith("15 August – 17 August; restated on 18 August 2025")
    assert plain(table.text).startswith("2 figures that were published earlier have changed.")


def test_a_region_tells_its_own_revisions_alone():
    table = composed(DAILY, area="75", found=found(revisions=revisions()).of("75")).revisions

    assert [row.name for row in table.rows] == ["Seizures"]
    assert table.rows[0].cause.startswith("Rules, reference data or the program changed")


def test_data_and_workbook_hold_all_revisions_in_codes_and_whole_units():
    page = composed(DAILY, found=found(revisions=revisions()).of("KZ"))

    data = json.loads(figures_json(page))["revisions"]
    (sheet,) = [s for s in book(page).sheets if s.title == "Revisions"]

    assert [(r["indicator"], r["value_before"], r["value"], r["cause_codes"]) for r in data] == [
        ("dropper_cards_arrested", 300, 370, ["late_delivery"]),
        ("seizure_acts", 12, 9, ["decided_rows"]),
    ]
    assert [tuple(c.value for c in row[4:6]) for row in sheet.rows] == [(300, 370), (12, 9)]
    assert [row[-1] for row in sheet.rows] == [row.cause for row in page.revisions.rows]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("by", RELEASES)
def test_an_edition_says_whether_a_rule_or_a_person_lets_it_out(language, by):
    page = composed(DAILY, language, release=by)
    says = wording(language).say(RELEASES[by])

    assert (language == "en") == (says == RELEASES[by])
    assert says in html(page).decode()
    assert says in [fact.text for fact in page.provenance], "which the PDF prints"
    assert says in book(page).lead


def test_without_revisions_the_chapter_says_so():
    table = composed(DAILY).revisions

    assert table.rows == ()
    assert table.text == "No figure that was published earlier has changed."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_is_worded_in_each_language(language):
    words = wording(language)

    assert all(words.say(text) for text in CAUSES.values())
    if language != "en":
        assert all(words.say(text) != text for text in CAUSES.values())


@pytest.mark.parametrize("report", [DAILY, YEAR_TO_DATE], ids=lambda r: r.id)
@pytest.mark.parametrize("area", ["KZ", "75"])
def test_what_regions_parts_and_members_contribute_adds_up_to_the_change(report, area):
    at_hand = material(report, area)
    for name in report.headlines:
        at = at_hand.at(name)
        other = at._replace(period=at_hand.compared[0].period)
        change = at_hand.figures.value(at) - at_hand.figures.value(other)

        for row in contributions(at_hand, at, other):
            if row:
                assert sum(c.change for c in row) == change, name


def test_the_reason_names_the_region_that_moved_most_with_its_own_change():
    is_cards = (pl.col("indicator") == "dropper_cards_arrested") & (pl.col("dimension") == "")
    is_today = is_cards & (pl.col("period") == "day") & (pl.col("period_end") == NIGHT)
    before = dict(
        indicators()
        .filter(is_cards, pl.col("period") == "day", pl.col("period_end") == date(2025, 8, 17))
        .select("region_code", "value")
        .iter_rows()
    )
    jump = 80
    now = {**before, "75": before["75"] + jump, "KZ": before["KZ"] + jump}
    values = indicators().with_columns(
        value=pl.when(is_today)
        .then(pl.col("region_code").replace_strict(now, default=None, return_dtype=pl.Int64))
        .otherwise("value")
    )

    first, *_ = [plain(s) for s in reasons(material(values=values), "dropper_cards_arrested")]

    assert first.startswith("Against the day before: +80 cards, most of it from Almaty (+80 cards)")


def test_a_case_that_carries_an_amount_is_told_with_its_share():
    at_hand = material()
    value = at_hand.figures.value(at_hand.at("cashout_amount_intercepted"))
    one = rows_of(
        LARGEST,
        f"""
        business_date | period | period_start | period_end | indicator                 | region_code | rows | largest
        -------------------------------------------------------------------------------------------------------------
        2025-08-18    | day    | 2025-08-18   | 2025-08-18 | cashout_amount_intercepted | KZ         | 4    | {value // 2}
        """,
    ).collect()

    told = [*reasons(material(found=found(largest=one)), "cashout_amount_intercepted")]
    small = one.with_columns(largest=pl.lit(value // 10, pl.Int64))
    untold = [*reasons(material(found=found(largest=small)), "cashout_amount_intercepted")]

    assert plain(told[-1]).startswith("The largest single case is ")
    assert plain(told[-1]).endswith("50.0% of the figure.")
    assert len(untold) == len(told) - 1


SEIZURES = """
business_date | period | substance_code | region_code | seizures | net_g  | largest_g | largest_share | is_carried
-----------------------------------------------------------------------------------------------------------------
2025-08-18    | day    | hashish        | KZ          | 412      | 17200  | 12200     | 0.709         | true
2025-08-18    | day    | heroin         | KZ          | 3        | 900000 | 900000    | 1             | false
2025-08-18    | day    | cocaine        | KZ          | 9        | 120    | 119       | 0.99          | true
"""
COUNTED = """
business_date | period | substance_code | unit_code | region_code | items | quantity | grams_per_unit | net_g
-----------------------------------------------------------------------------------------------------------
2025-08-18    | day    | mdma           | tablet    | KZ          | 4     | 2300     | 0.3            | 690
2025-08-18    | day    | hashish        | handful   | KZ          | 1     | 2.5      | -              | -
"""


def test_seizures_that_carry_a_weight_are_named_and_what_was_counted_has_its_factor():
    which = ["police/ДП-00017/25", "customs/ТК-3", "police/ДП-00019/25"]
    carried = rows_of(LARGEST_SEIZURES, SEIZURES).with_columns(
        largest_ids=pl.lit(which), largest_each_g=pl.lit([9000, 2000, 1200])
    )
    counted = rows_of(COUNTED_DRUGS, COUNTED)
    at_hand = material(found=found(seizures=carried.collect(), counted=counted.collect()))

    told = [plain(sentence) for sentence in seizures_told(at_hand)]

    assert data_fingerprint(indicators(), completeness(), *at_hand.found.frames)
    assert told == [
        "Hashish: the 3 largest of 412 seizures are 70.9% of 17.2 kg: Police, ДП-00017/25 "
        "(9.0 kg); Customs, ТК-3 (2.0 kg); Police, ДП-00019/25 (1.2 kg).",
        "MDMA: 2,300 tablets count as 690 g, 0.3 g each.",
        "Hashish: 2.5 handful, of which no weight is known.",
    ]


def test_every_number_told_in_words_is_in_the_data_with_its_table():
    which = ["police/ДП-00017/25", "customs/ТК-3"]
    carried = rows_of(LARGEST_SEIZURES, SEIZURES).with_columns(
        largest_ids=pl.lit(which), largest_each_g=pl.lit([9000, 3200])
    )
    everything = found(
        anomalies=anomalies().head(1),
        seizures=carried.collect(),
        counted=rows_of(COUNTED_DRUGS, COUNTED).collect(),
    )

    page = composed(DAILY, found=everything)

    drug, cards = "drugs_seized/day/2025-08-18/KZ/substance_code/", "dropper_cards_arrested/day"
    header, *rows = csv.reader(StringIO(told_csv(page).decode()))
    assert header == ["key", "figure", "measure_code", "of", "value", "unit", "table"]
    assert rows == [
        [f"{figure}#{told}{of and '#'}{of}", figure, told, of, str(value), unit, table]
        for figure, told, of, value, unit, table in (
            (f"{cards}/2025-08-18/75", "comparable_periods", "", 26, "periods", "anomalies"),
            (f"{cards}/2025-08-18/75", "far_value", "", 412, "cards", "anomalies"),
            (f"{cards}/2025-08-18/75", "highest_before", "", 180, "cards", "anomalies"),
            (f"{cards}/2025-08-18/75", "lowest_before", "", 120, "cards", "anomalies"),
            (f"{drug}hashish", "all_seizures", "", 412, "seizures", "largest_seizures"),
            (f"{drug}hashish", "all_weight", "", 17200, "gram", "largest_seizures"),
            (f"{drug}hashish", "counted", "handful", 2.5, "handful", "counted_drugs"),
            (f"{drug}hashish", "largest_number", "", 2, "seizures", "largest_seizures"),
            (f"{drug}hashish", "largest_seizure", which[1], 3200, "gram", "largest_seizures"),
            (f"{drug}hashish", "largest_seizure", which[0], 9000, "gram", "largest_seizures"),
            (f"{drug}hashish", "largest_share", "", 0.709302326, "ratio", "largest_seizures"),
            (f"{drug}mdma", "counted", "tablet", 2300, "tablet", "counted_drugs"),
            (f"{drug}mdma", "counted_weight", "tablet", 690, "gram", "counted_drugs"),
            (f"{drug}mdma", "grams_per_unit", "tablet", 0.3, "gram", "counted_drugs"),
        )
    ]
    as_json = json.loads(figures_json(page))["told"]
    as_parquet = pl.read_parquet(told_parquet(page))
    assert [row["key"] for row in as_json] == as_parquet["key"].to_list()
    assert [Decimal(row["value"]) for row in as_json] == as_parquet["value"].to_list()
    assert {row["measure_code"] for row in as_json} <= set(MEASURES)


def test_numbers_told_in_words_are_the_same_in_every_language():
    everything = found(counted=rows_of(COUNTED_DRUGS, COUNTED).collect(), anomalies=anomalies())

    first, *others = [composed(DAILY, language, found=everything).told for language in LANGUAGES]

    assert first
    assert all(other == first for other in others)


def test_a_region_stands_beside_the_country_with_share_place_and_rate():
    page = composed(DAILY, area="75")
    at_hand = material(area="75")
    name = "dropper_cards_arrested"
    values = {
        code: at_hand.figures.value(at_hand.at(name)._replace(region=code)) or 0
        for code in (*REGION_CODES, "KZ")
    }
    place = 1 + sum(values[code] > values["75"] for code in REGION_CODES)

    (cards,) = (h for h in page.headlines if h.name == "Dropper cards arrested")

    share = f"{values['75'] / values['KZ']:.1%}"
    assert plain(cards.reasons[0]).startswith(f"{share} of the country's ")
    assert plain(cards.reasons[0]).endswith(f"; place {place} of 20 regions.")
    assert plain(cards.reasons[1]).startswith("Per 100,000 inhabitants: ")
    assert not [r for h in composed(DAILY).headlines for r in h.reasons if "of 20 regions" in r]


def test_of_a_small_figure_of_the_country_a_region_has_no_share():
    few = indicators().with_columns(
        value=pl.when(
            pl.col("indicator") == "precursor_import_violations", pl.col("region_code") == "KZ"
        )
        .then(3)
        .when(pl.col("indicator") == "precursor_import_violations", pl.col("region_code") == "75")
        .then(2)
        .when(pl.col("indicator") == "precursor_import_violations")
        .then(0)
        .otherwise("value")
    )
    at_hand = material(area="75", values=few)

    told = [plain(s) for s in beside_country(at_hand, at_hand.at("precursor_import_violations"))]

    assert told == ["The country has 3 facts, too few for a share; place 1 of 20 regions.†"]


def test_a_headline_says_what_it_means_in_the_language_of_the_page():
    pages = {language: composed(DAILY, language) for language in LANGUAGES}

    meanings = {language: page.headlines[1].meaning for language, page in pages.items()}
    assert len(set(meanings.values())) == 3
    assert all(page.headlines[1].reasons for page in pages.values())


def test_a_fingerprint_tells_lists_of_numbers_apart():
    """Weights of each largest seizure are such a list; an edition is made anew when one changes."""
    empty = pl.DataFrame(schema=INDICATOR_TABLE.schema), pl.DataFrame(schema=COMPLETENESS.schema)

    def stamp(*weights: int) -> str:
        return data_fingerprint(*empty, pl.DataFrame({"each_g": [list(weights)]}))

    assert stamp(1, 2) == stamp(1, 2) != stamp(12)
    assert data_fingerprint(*empty, *nothing_found().frames)
