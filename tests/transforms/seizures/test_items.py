"""Seizures, field events and cases: weights, values, regions, and what was delivered again."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn
from transforms.facts import FACT_BY_NAME, differing_partitions
from transforms.seizures.links import NoVerdict, Verdict, verdicts

ITEMS = """
agency_code | act_no | item_no | seized_on  | asset_code | net_kg   | amount_minor | currency_code
--------------------------------------------------------------------------------------------------
police      | 1      | 1       | 2026-03-08 | drug       | 0.000499 | -            | -
police      | 1      | 2       | 2026-03-08 | drug       | 0.0005   | 700          | KZT
police      | 1      | 3       | 2026-03-08 | cash       | -        | 700          | KZT
police      | 1      | 4       | 2026-03-08 | cash       | -        | 700          | USD
police      | 1      | 5       | 2026-03-05 | cash       | -        | 700          | USD
"""

RATES = """
currency_code | rate_on    | quant | tenge_per_quant
----------------------------------------------------
USD           | 2026-03-06 | 1     | 500
"""


def items(drawing: str, **others: str | pl.LazyFrame) -> pl.LazyFrame:
    fact = FACT_BY_NAME["facts.seizures"]
    feeds = {feed: others.get(feed) for feed in fact.feeds if feed != "seizures"}
    told = {feed: accepted(feed, drawn) for feed, drawn in feeds.items()}
    decided = {k: v for k, v in others.items() if k == "seizure_verdicts"}
    return fact.rows(seizures=accepted("seizures", drawing), **told, **decided)


def test_drugs_have_a_weight_and_no_value_and_cash_the_other_way_round():
    result = items(ITEMS, exchange_rates=RATES)

    assert_drawn(
        result,
        """
        item_no | asset_code | region_code | net_g | value_tiyn | rate_on
        --------------------------------------------------------------------
        1       | drug       | unknown     | 0     | -          | -
        2       | drug       | unknown     | 1     | -          | 2026-03-08
        3       | cash       | unknown     | -     | 700        | 2026-03-08
        4       | cash       | unknown     | -     | 350000     | 2026-03-06
        5       | cash       | unknown     | -     | -          | -
        """,
    )


def test_acts_of_two_agencies_may_have_the_same_number():
    result = items(
        """
        business_date | agency_code | act_no | item_no | seized_on  | region_code
        -------------------------------------------------------------------------
        2026-03-02    | police      | 1      | 1       | 2026-03-02 | 10
        2026-03-03    | police      | 1      | 1       | 2026-03-02 | 75
        2026-03-02    | customs     | 1      | 1       | 2026-03-02 | 11
        """
    )

    assert_drawn(
        result,
        """
        business_date | agency_code | act_no | region_code
        --------------------------------------------------
        2026-03-02    | customs     | 1      | 11
        2026-03-03    | police      | 1      | 75
        """,
    )


def test_a_line_of_a_report_delivered_again_counts_as_last_delivered():
    result = FACT_BY_NAME["facts.field_events"].rows(
        field_reports=accepted(
            "field_reports",
            """
            business_date | report_id | line_no | event_code     | objects | region_code
            ----------------------------------------------------------------------------
            2026-03-02    | R         | 1       | advert_removed | 5       | 10
            2026-03-03    | R         | 1       | advert_removed | 7       | 10
            2026-03-03    | R         | 2       | advert_removed | 1       | -
            """,
        )
    )

    assert_drawn(
        result,
        """
        business_date | report_id | line_no | objects | region_code | amount_tiyn
        -------------------------------------------------------------------------
        2026-03-03    | R         | 1       | 7       | 10          | -
        2026-03-03    | R         | 2       | 1       | unknown     | -
        """,
    )


def test_a_case_requalified_by_the_register_stands_as_last_delivered():
    result = FACT_BY_NAME["facts.criminal_cases"].rows(
        criminal_cases=accepted(
            "criminal_cases",
            """
            business_date | case_no | registered_on | article_code | region_code
            --------------------------------------------------------------------
            2026-03-04    | 100     | 2026-03-02    | 299-1        | -
            2026-03-02    | 100     | 2026-03-02    | 297          | 75
            """,
        )
    )

    assert_drawn(
        result,
        """
        business_date | case_no | article_code | region_code
        ----------------------------------------------------
        2026-03-04    | 100     | 299-1        | unknown
        """,
    )


TWICE = """
business_date | agency_code | act_no | item_no | seized_on  | asset_code | substance_code | net_kg  | place_text  | case_no
--------------------------------------------------------------------------------------------------------------------------
2026-03-03    | police      | 1      | 1       | 2026-03-02 | drug       | heroin         | 2.36341 | г. Жезказган | -
2026-03-03    | police      | 1      | 2       | 2026-03-02 | drug       | hashish        | 0.5     | г. Жезказган | -
2026-03-03    | police      | 2      | 1       | 2026-03-02 | drug       | heroin         | 2.36341 | г. Жезказган | -
2026-03-05    | customs     | 7      | 1       | 2026-03-03 | drug       | heroin         | 2.3634  | Zhezkazgan   | -
"""


def test_a_seizure_reported_by_two_agencies_counts_once_and_two_of_one_agency_twice():
    assert_drawn(
        items(TWICE),
        """
        agency_code | act_no | item_no | seizure_id | is_counted | region_code | region_source_code
        ------------------------------------------------------------------------------------------
        customs     | 7      | 1       | customs/7  | false      | 62          | place
        police      | 1      | 1       | customs/7  | true       | 62          | place
        police      | 1      | 2       | customs/7  | true       | 62          | place
        police      | 2      | 1       | police/2   | true       | 62          | place
        """,
    )


def test_a_second_report_that_comes_late_takes_nothing_from_the_first_days_partition():
    whole = items(TWICE).collect()

    first = items("\n".join(TWICE.strip().splitlines()[:-1])).collect()

    assert first["is_counted"].all()
    assert whole.filter("is_counted").height == first.height
    changed = differing_partitions(first.lazy(), whole.lazy()).collect()["business_date"]
    assert changed.to_list() == [date(2026, 3, 3), date(2026, 3, 5)]  # the seizure's name changed


def test_a_late_seizure_elsewhere_changes_no_other_partition():
    stranger = "2026-03-06 | customs | 9 | 1 | 2026-03-03 | drug | heroin | 7.77123 | Кордай | -"

    changed = differing_partitions(items(TWICE), items(TWICE + stranger)).collect()

    assert changed["business_date"].to_list() == [date(2026, 3, 6)]


def test_what_two_agencies_were_joined_by_is_a_row_with_reason_and_a_word_undoes_it():
    links = FACT_BY_NAME["facts.seizure_links"].rows
    at = datetime(2026, 3, 9, tzinfo=UTC)
    apart = verdicts(
        [Verdict("police/1", "customs/7", "apart", "I. Ivanov", "two bags")], on=at.date(), at=at
    )
    back = verdicts(
        [Verdict("customs/7", "police/1", "model", "I. Ivanov", "one after all")],
        on=at.date(),
        at=at.replace(hour=9),
    )

    (found,) = links(seizures=accepted("seizures", TWICE)).collect().iter_rows(named=True)
    parted = links(seizures=accepted("seizures", TWICE), seizure_verdicts=apart)

    assert (found["act_id"], found["act_id_other"]) == ("customs/7", "police/1")
    assert "rounded" in found["reason"]
    assert "a day apart" in found["reason"]
    assert_drawn(
        parted,
        """
        business_date | act_id    | act_id_other | status_code | decided_by | decided_why
        --------------------------------------------------------------------------------
        2026-03-05    | customs/7 | police/1     | apart       | I. Ivanov  | two bags
        2026-03-05    | customs/7 | police/2     | joined      | -          | -
        """,
    )
    again = items(TWICE, seizure_verdicts=pl.concat([apart, back]))
    assert_frame_equal(again, items(TWICE))


@pytest.mark.parametrize(
    ("act", "other", "code", "by"),
    [
        ("police/1", "7", "same", "I"),
        ("police/1", "police/1", "same", "I"),
        ("police/1", "customs/7", "perhaps", "I"),
        ("police/1", "customs/7", "same", " "),
    ],
)
def test_a_verdict_names_two_acts_and_who_says_so(act: str, other: str, code: str, by: str):
    with pytest.raises(NoVerdict):
        verdicts([Verdict(act, other, code, by, "why")], on=date(2026, 3, 9), at=datetime.now(UTC))


def test_a_region_is_of_the_act_else_its_place_its_case_its_office_else_unknown_with_the_reason():
    assert_drawn(
        items(
            """
            act_no | item_no | agency_code | seized_on  | region_code | place_text  | case_no | office_text
            ------------------------------------------------------------------------------------------------
            1      | 1       | police      | 2026-03-02 | 10          | г. Алматы   | 100     | -
            2      | 1       | police      | 2026-03-02 | -           | г. Алматы   | 100     | -
            3      | 1       | police      | 2026-03-02 | -           | Абай        | 100     | -
            4      | 1       | police      | 2026-03-02 | -           | Абай        | -       | ДП Актау
            5      | 1       | police      | 2026-03-02 | -           | Абай        | -       | -
            6      | 1       | police      | 2026-03-02 | -           | -           | -       | -
            """,
            criminal_cases="""
            business_date | case_no | region_code
            -------------------------------------
            2026-03-02    | 100     | 55
            """,
        ),
        """
        act_no | region_code | region_source_code
        -----------------------------------------
        1      | 10          | act
        2      | 75          | place
        3      | 55          | case
        4      | 47          | office
        5      | unknown     | ambiguous
        6      | unknown     | not_told
        """,
    )


def test_what_was_counted_has_its_equivalent_in_grams_and_crypto_its_reference_price():
    assert_drawn(
        items(
            """
            act_no | item_no | agency_code | seized_on  | asset_code | substance_code | quantity | unit_code
            ------------------------------------------------------------------------------------------------
            1      | 1       | police      | 2026-03-06 | drug       | mdma           | 40       | tablet
            2      | 1       | police      | 2026-03-06 | precursor  | acetone        | 2.5      | litre
            3      | 1       | police      | 2026-03-06 | drug       | hashish        | 3        | handful
            4      | 1       | police      | 2026-03-06 | crypto     | -              | 0.5      | BTC
            """,
            exchange_rates=RATES,
            crypto_prices="""
            asset_code | price_on   | price_usd
            -----------------------------------
            BTC        | 2026-03-05 | 100000
            """,
        ),
        """
        act_no | quantity | unit_code | net_g | value_tiyn | rate_on
        ---------------------------------------------------------------
        1      | 40       | tablet    | 12    | -          | -
        2      | 2.5      | litre     | 2500  | -          | -
        3      | 3        | handful   | -     | -          | -
        4      | 0.5      | BTC       | -     | 2500000000 | 2026-03-06
        """,
    )
