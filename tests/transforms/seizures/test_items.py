"""Seizures, field events and cases: weights, values, regions, and what was delivered again."""

from tests.transforms.drawings import accepted, assert_drawn
from transforms.facts import FACT_BY_NAME

ITEMS = """
agency_code | act_no | item_no | seized_on  | asset_code | net_kg   | amount_minor | currency_code
--------------------------------------------------------------------------------------------------
police      | 1      | 1       | 2026-03-08 | drug       | 0.000499 | -            | -
police      | 1      | 2       | 2026-03-08 | drug       | 0.0005   | 700          | KZT
police      | 1      | 3       | 2026-03-08 | cash       | -        | 700          | KZT
police      | 1      | 4       | 2026-03-08 | cash       | -        | 700          | USD
police      | 1      | 5       | 2026-03-05 | cash       | -        | 700          | USD
"""


def test_drugs_have_a_weight_and_no_value_and_cash_the_other_way_round():
    result = FACT_BY_NAME["facts.seizures"].rows(
        seizures=accepted(
            "seizures",
            ITEMS,
        ),
        exchange_rates=accepted(
            "exchange_rates",
            """
            currency_code | rate_on    | quant | tenge_per_quant
            ----------------------------------------------------
            USD           | 2026-03-06 | 1     | 500
            """,
        ),
    )

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
    result = FACT_BY_NAME["facts.seizures"].rows(
        seizures=accepted(
            "seizures",
            """
            business_date | agency_code | act_no | item_no | region_code
            ------------------------------------------------------------
            2026-03-02    | police      | 1      | 1       | 10
            2026-03-03    | police      | 1      | 1       | 75
            2026-03-02    | customs     | 1      | 1       | 11
            """,
        ),
        exchange_rates=accepted("exchange_rates"),
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
