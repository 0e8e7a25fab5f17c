"""The reconciliation: each rule with a row that breaks it, and rows beside it that don't."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.breaks import ARREST_BREAKS, BREAK_CODES, arrest_breaks, is_open_on
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.measure_sources import sources
from transforms.arrests.measures import MEASURES, measures
from transforms.arrests.parameters import parameters_of_arrests
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.facts import FACT_BY_NAME
from transforms.reference import reference

NIGHT = date(2026, 3, 10)
NO_HOLIDAYS = pl.Series([], dtype=pl.Date)

ONE_ORDER = """
order_id | card_token | account_iban | bank_bic | case_no | ordered_on | agency_code | region_code
--------------------------------------------------------------------------------------------------
7-1      | a          | KZ1          | X        | 100     | 2026-03-09 | police      | 75
"""
ITS_CASE = """
case_no | registered_on | scheme_code | agency_code | region_code
-----------------------------------------------------------------
100     | 2026-03-01    | drug_shop   | police      | 75
"""


def breaks(
    orders: str | None = ONE_ORDER,
    answers: str | None = None,
    cases: str | None = ITS_CASE,
    *,
    assets: str | None = None,
    accounts: str | None = None,
    wallets: str | None = None,
    events: str | None = None,
    night: date = NIGHT,
) -> pl.LazyFrame:
    told = sources(
        rows_of(CARD_ARRESTS),
        rows_of(ACCOUNT_ARRESTS, accounts),
        rows_of(ASSET_ARRESTS, assets),
        rows_of(WALLET_FREEZES, wallets),
        card_arrest_orders=accepted("card_arrest_orders", orders),
        parameters=parameters_of_arrests(),
    )
    feeds = {
        "card_arrest_orders": accepted("card_arrest_orders", orders),
        "card_arrest_confirmations": accepted("card_arrest_confirmations", answers),
    }
    return arrest_breaks(
        **feeds,
        criminal_cases=accepted("criminal_cases", cases),
        # Tables, as nights have them: in one plan with the rules they would be made many times.
        card_arrests=FACT_BY_NAME["facts.card_arrests"].rows(**feeds).collect().lazy(),
        asset_arrests=rows_of(ASSET_ARRESTS, assets),
        measures=measures(told, accepted("measure_events", events), night).collect().lazy(),
        measure_events=accepted("measure_events", events),
        night=night,
        parameters=parameters_of_arrests(),
        holidays=NO_HOLIDAYS,
    )


def test_an_order_with_its_case_and_within_its_term_breaks_nothing():
    assert breaks().collect().is_empty()


def test_an_answer_to_an_order_that_the_register_does_not_have():
    result = breaks(
        answers="""
        institution | order_id | card_token | ordered_on | result_code | answered_at          | held_tiyn
        ------------------------------------------------------------------------------------------------
        X           | 7-1      | a          | 2026-03-09 | executed    | 2026-03-09T06:00:00Z | 5
        X           | 7-1      | b          | 2026-03-09 | executed    | 2026-03-09T19:00:00Z | 5
        Y           | 9-9      | a          | 2026-03-09 | refused     | 2026-03-09T06:00:00Z | 0
        """
    )

    assert_drawn(
        result,
        """
        break_code                 | acts_code | severity_code | order_id | asset_id   | bank_bic | since_on   | region_code
        -------------------------------------------------------------------------------------------------------------------
        confirmation_without_order | committee | critical      | 7-1      | b          | X        | 2026-03-10 | unknown
        confirmation_without_order | committee | critical      | 9-9      | a          | Y        | 2026-03-09 | unknown
        """,
    )


def test_an_order_unanswered_past_its_term_is_open_until_an_answer_comes():
    orders = """
    order_id     | card_token | case_no | ordered_on | region_code | bank_bic | agency_code
    ---------------------------------------------------------------------------------------
    1-unanswered | a          | 100     | 2026-03-05 | 75          | X        | police
    2-late       | a          | 100     | 2026-03-05 | 75          | X        | police
    3-in-time    | a          | 100     | 2026-03-05 | 75          | X        | police
    4-not-due    | a          | 100     | 2026-03-09 | 75          | X        | police
    """
    answers = """
    institution | order_id  | card_token | ordered_on | result_code | answered_at          | held_tiyn
    -------------------------------------------------------------------------------------------------
    X           | 2-late    | a          | 2026-03-05 | executed    | 2026-03-07T06:00:00Z | 1
    X           | 3-in-time | a          | 2026-03-05 | refused     | 2026-03-06T06:00:00Z | 0
    """

    result = breaks(orders, answers)

    assert_drawn(
        result,
        """
        break_code         | acts_code | order_id     | since_on   | ended_on   | business_date
        ---------------------------------------------------------------------------------------
        order_not_answered | bank      | 1-unanswered | 2026-03-07 | -          | 2026-03-07
        order_not_answered | bank      | 2-late       | 2026-03-07 | 2026-03-07 | 2026-03-07
        """,
    )
    still_open = result.filter(is_open_on(NIGHT)).select("order_id").collect()
    assert still_open.to_series().to_list() == ["1-unanswered"]
    assert breaks(orders, answers, night=date(2026, 3, 6)).collect().is_empty()


def test_an_order_in_a_case_that_is_not_registered():
    result = breaks(cases=None)

    assert_drawn(
        result,
        """
        break_code          | acts_code | order_id | case_no | since_on   | agency_code | region_code
        --------------------------------------------------------------------------------------------
        case_not_registered | agency    | 7-1      | 100     | 2026-03-09 | police      | 75
        """,
    )


def test_a_case_of_droppers_without_orders_warns_after_ten_working_days():
    cases = """
    case_no | registered_on | scheme_code     | agency_code | region_code
    ----------------------------------------------------------------------
    100     | 2026-02-02    | dropper_network | police      | 75
    200     | 2026-02-02    | dropper_network | police      | -
    300     | 2026-02-02    | drug_shop       | police      | 75
    400     | 2026-02-24    | dropper_network | police      | 75
    """

    result = breaks(cases=cases)

    assert_drawn(
        result,
        """
        break_code          | severity_code | order_id | case_no | since_on   | ended_on   | region_code
        ------------------------------------------------------------------------------------------------
        case_without_orders | warning       | -        | 100     | 2026-02-17 | 2026-03-09 | 75
        case_without_orders | warning       | -        | 200     | 2026-02-17 | -          | unknown
        """,
    )
    the_day_after = breaks(cases=cases, night=date(2026, 3, 11)).collect()
    warned = the_day_after.filter(pl.col("break_code") == "case_without_orders")
    assert warned["case_no"].to_list() == ["100", "200", "400"]


def test_an_arrest_after_a_refusal():
    result = breaks(
        answers="""
        institution | order_id | card_token | ordered_on | result_code | answered_at          | held_tiyn
        ------------------------------------------------------------------------------------------------
        X           | 7-1      | a          | 2026-03-09 | executed    | 2026-03-09T05:00:00Z | 5
        X           | 7-1      | a          | 2026-03-09 | not_found   | 2026-03-09T06:00:00Z | 0
        X           | 7-1      | a          | 2026-03-09 | executed    | 2026-03-10T06:00:00Z | 5
        """
    )

    assert_drawn(
        result,
        """
        break_code             | acts_code | order_id | asset_id   | bank_bic | since_on
        -------------------------------------------------------------------------------
        executed_after_refusal | bank      | 7-1      | a          | X        | 2026-03-10
        """,
    )


def test_a_refusal_after_an_arrest_is_no_arrest_after_a_refusal():
    result = breaks(
        answers="""
        institution | order_id | card_token | ordered_on | result_code | answered_at          | held_tiyn
        ------------------------------------------------------------------------------------------------
        X           | 7-1      | a          | 2026-03-09 | executed    | 2026-03-09T05:00:00Z | 5
        X           | 7-1      | a          | 2026-03-09 | refused     | 2026-03-09T06:00:00Z | 0
        """
    )

    assert result.collect().is_empty()


def test_two_answers_of_one_kind_that_name_different_amounts():
    result = breaks(
        orders="""
        order_id   | card_token | bank_bic | case_no | ordered_on | agency_code | region_code
        ------------------------------------------------------------------------------------
        1-differs  | a          | X        | 100     | 2026-03-06 | police      | 75
        2-again    | a          | X        | 100     | 2026-03-06 | police      | 75
        3-the-rest | a          | X        | 100     | 2026-03-06 | police      | 75
        """,
        answers="""
        institution | order_id   | card_token | ordered_on | result_code | answered_at          | held_tiyn
        --------------------------------------------------------------------------------------------------
        X           | 1-differs  | a          | 2026-03-06 | executed    | 2026-03-06T05:00:00Z | 5
        X           | 1-differs  | a          | 2026-03-06 | executed    | 2026-03-09T05:00:00Z | 7
        X           | 1-differs  | a          | 2026-03-06 | executed    | 2026-03-10T05:00:00Z | 5
        X           | 2-again    | a          | 2026-03-06 | executed    | 2026-03-06T05:00:00Z | 5
        X           | 2-again    | a          | 2026-03-06 | executed    | 2026-03-07T05:00:00Z | 5
        X           | 3-the-rest | a          | 2026-03-06 | partly      | 2026-03-06T05:00:00Z | 5
        X           | 3-the-rest | a          | 2026-03-06 | executed    | 2026-03-07T05:00:00Z | 9
        """,
    )

    assert_drawn(
        result,
        """
        break_code          | order_id  | since_on
        -----------------------------------------
        held_amount_differs | 1-differs | 2026-03-09
        """,
    )


def test_a_card_and_an_account_in_a_second_case():
    result = breaks(
        orders="""
        order_id       | card_token | account_iban | bank_bic | case_no | ordered_on | agency_code | region_code
        --------------------------------------------------------------------------------------------------------
        1-first        | a          | KZ1          | X        | 100     | 2026-03-09 | police      | 75
        2-same-case    | a          | KZ1          | X        | 100     | 2026-03-10 | police      | 75
        3-other-case   | a          | KZ1          | X        | 200     | 2026-03-10 | police      | 10
        4-other-card   | b          | KZ1          | X        | 200     | 2026-03-10 | police      | 10
        5-other-bank   | a          | KZ5          | Y        | 200     | 2026-03-10 | police      | 10
        """,
        cases="""
        case_no | registered_on | scheme_code | agency_code | region_code
        -----------------------------------------------------------------
        100     | 2026-03-01    | drug_shop   | police      | 75
        200     | 2026-03-01    | drug_shop   | police      | 10
        """,
    )

    assert_drawn(
        result,
        """
        break_code           | severity_code | order_id     | asset_id   | case_no | other_case_no | since_on
        ------------------------------------------------------------------------------------------------------
        account_in_two_cases | warning       | 4-other-card | b          | 200     | 100           | 2026-03-10
        card_in_two_cases    | warning       | 3-other-case | a          | 200     | 100           | 2026-03-10
        """,
    )


@pytest.mark.parametrize(
    ("agency", "region", "codes"),
    [
        ("police", "75", []),
        ("customs", "75", ["order_of_other_agency"]),
        ("police", "10", ["order_of_other_region"]),
        ("police", "-", []),
        ("customs", "10", ["order_of_other_agency", "order_of_other_region"]),
    ],
)
def test_an_order_in_a_case_of_another_region_or_agency(agency, region, codes):
    result = breaks(
        cases=f"""
        case_no | registered_on | scheme_code | agency_code | region_code
        -----------------------------------------------------------------
        100     | 2026-03-01    | drug_shop   | {agency}    | {region}
        """
    )

    assert result.collect()["break_code"].to_list() == codes


def test_an_arrest_before_the_order_and_a_date_of_it_that_differs():
    result = breaks(
        answers="""
        institution | order_id | card_token | ordered_on | result_code | answered_at          | held_tiyn
        ------------------------------------------------------------------------------------------------
        X           | 7-1      | a          | 2026-03-08 | executed    | 2026-03-08T18:59:00Z | 5
        """
    )

    assert_drawn(
        result,
        """
        break_code            | acts_code | order_id | since_on
        -------------------------------------------------------
        executed_before_order | bank      | 7-1      | 2026-03-08
        order_date_differs    | bank      | 7-1      | 2026-03-08
        """,
    )


def test_an_arrest_in_the_first_minute_of_the_day_of_the_order_is_not_before_it():
    result = breaks(
        answers="""
        institution | order_id | card_token | ordered_on | result_code | answered_at          | held_tiyn
        ------------------------------------------------------------------------------------------------
        X           | 7-1      | a          | 2026-03-09 | executed    | 2026-03-08T19:00:00Z | 5
        """
    )

    assert result.collect().is_empty()


def test_an_answer_of_another_bank():
    result = breaks(
        answers="""
        institution | order_id | card_token | ordered_on | result_code | answered_at          | held_tiyn
        ------------------------------------------------------------------------------------------------
        Y           | 7-1      | a          | 2026-03-09 | executed    | 2026-03-09T05:00:00Z | 5
        """
    )

    assert result.collect()["break_code"].to_list() == ["answer_of_other_bank"]


PROPERTY = """
measure_id | case_no | stage_code | asset_code  | asset_id | arrested_on | agency_code | region_code
---------------------------------------------------------------------------------------------------
1          | 100     | arrested   | vehicle     | A        | 2026-03-02  | police      | 75
"""


def of_measures(**told: str) -> pl.LazyFrame:
    return breaks(None, **told).select(
        "break_code", "acts_code", "order_id", "asset_id", "since_on", "ended_on", "other_case_no"
    )


def test_an_arrest_of_property_with_its_case_breaks_nothing():
    assert of_measures(assets=PROPERTY).collect().is_empty()


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("arrested  ", "ordered   ", ("measure_not_answered", "2026-03-06")),
        ("100 ", "900 ", ("case_not_registered", "2026-03-02")),
        ("75", "10", ("order_of_other_region", "2026-03-02")),
        ("police", "national_security", ("order_of_other_agency", "2026-03-02")),
    ],
)
def test_an_arrest_of_property_is_held_against_its_answer_and_its_case(was, now, expected):
    assert was in PROPERTY

    result = of_measures(assets=PROPERTY.replace(was, now)).collect()

    assert [
        (code, str(since)) for code, since in result.select("break_code", "since_on").rows()
    ] == [expected]


def test_customs_arrest_in_cases_of_others():
    assert of_measures(assets=PROPERTY.replace("police", "customs")).collect().is_empty()


def test_answers_and_decisions_are_held_against_the_register():
    result = of_measures(
        assets=PROPERTY,
        events="""
        event_id | measure_id | asset_code   | asset_id | event_code  | happened_on
        ---------------------------------------------------------------------------
        1        | 1          | vehicle      | a        | refused     | 2026-03-03
        2        | 1          | vehicle      | B        | executed    | 2026-03-04
        3        | 2          | cash         | -        | lifted      | 2026-03-05
        4        | 1          | vehicle      | A        | confiscated | 2026-03-06
        """,
    )

    assert_drawn(
        result,
        """
        break_code                 | acts_code | order_id | asset_id | since_on
        ----------------------------------------------------------------------
        confiscated_without_arrest | agency    | 1        | A        | 2026-03-06
        event_without_measure      | committee | 1        | B        | 2026-03-04
        event_without_measure      | committee | 2        | -        | 2026-03-05
        register_and_answer_differ | committee | 1        | A        | 2026-03-03
        """,
    )


def test_an_account_of_a_card_order_and_of_the_register_is_one_asset():
    result = of_measures(
        assets="""
        measure_id | case_no | stage_code | asset_code   | asset_id | arrested_on | agency_code | region_code
        -----------------------------------------------------------------------------------------------------
        А-1        | 100     | arrested   | bank_account | KZ 1     | 2026-03-05  | police      | 75
        """,
        accounts="""
        order_id | account_iban | bank_bic | case_no | status_code | ordered_on
        ------------------------------------------------------------------------
        7-1      | KZ1          | X        | 200     | pending     | 2026-03-02
        8-1      | KZ1          | X        | 300     | pending     | 2026-03-03
        """,
    )

    # The second card order is `account_in_two_cases` already.
    assert_drawn(
        result,
        """
        break_code         | order_id | asset_id | other_case_no
        -------------------------------------------------------
        asset_in_two_cases | А-1      | KZ1      | 200
        """,
    )


def test_an_exchange_freezes_what_an_order_names():
    result = of_measures(
        assets="""
        measure_id | case_no | stage_code | asset_code | asset_id | arrested_on | agency_code | region_code
        ---------------------------------------------------------------------------------------------------
        W1         | 100     | ordered    | crypto     | 0xAB     | 2026-03-02  | police      | 75
        W2         | 100     | ordered    | crypto     | 0xCD     | 2026-03-02  | police      | 75
        """,
        wallets="""
        measure_id | address | asset_code | case_no | stage_code     | frozen_on  | region_code
        -------------------------------------------------------------------------------------
        W1         | 0xab    | USDT       | 100     | measures_taken | 2026-03-03 | 75
        W3         | 0xef    | USDT       | 100     | arrested       | 2026-03-03 | 75
        """,
    )

    assert_drawn(
        result,
        """
        break_code                  | acts_code | order_id | asset_id | since_on
        -----------------------------------------------------------------------
        measure_not_answered        | executor  | W2       | 0xcd     | 2026-03-06
        wallet_frozen_without_order | executor  | W3       | 0xef     | 2026-03-03
        """,
    )


def test_the_codelist_and_the_rules_name_the_same_breaks():
    rules = reference("arrest_breaks")

    assert len(set(BREAK_CODES)) == len(BREAK_CODES) == 19
    assert set(rules["acts_code"]) == {"bank", "executor", "agency", "committee"}
    assert set(rules["severity"]) == {"critical", "warning"}
    assert rules["source"].null_count() == 0


DAYS = [date(2026, 3, day) for day in range(2, 7)]
CODES = {
    "order_id": ["1", "2"],
    "card_token": ["a", "b"],
    "account_iban": ["KZ1", "KZ2"],
    "case_no": ["100", "200"],
    "bank_bic": ["X", "Y"],
    "institution": ["X", "Y"],
    "region_code": ["10", "75"],
    "agency_code": ["police", "customs"],
    "scheme_code": ["dropper_network", "drug_shop"],
    "result_code": ["executed", "partly", "refused"],
    "business_date": DAYS,
}


def rows_of_feed(feed: str) -> st.SearchStrategy:
    schema = accepted(feed).collect_schema()
    cells = {
        name: st.sampled_from(
            CODES.get(name)
            or {pl.Date: DAYS, pl.Int64: [1, 2]}.get(dtype.base_type())
            or ([["z"]] if dtype.base_type() == pl.List else ["z"])
        )
        if dtype.base_type() is not pl.Datetime
        else st.datetimes(date_of(DAYS[0]), date_of(DAYS[-1]))
        for name, dtype in schema.items()
    }
    return st.lists(st.fixed_dictionaries(cells), max_size=20).map(
        lambda rows: pl.DataFrame(rows, schema=schema)
    )


def date_of(day: date):
    return pl.Series([day]).cast(pl.Datetime("us"))[0]


FEEDS = ("card_arrest_orders", "card_arrest_confirmations", "criminal_cases")


def broken(feeds: dict[str, pl.DataFrame]) -> pl.DataFrame:
    frames = {name: frame.lazy() for name, frame in feeds.items()}
    arrests = FACT_BY_NAME["facts.card_arrests"].rows(**{n: frames[n] for n in FEEDS[:2]})
    return arrest_breaks(
        **frames,
        card_arrests=arrests,
        asset_arrests=rows_of(ASSET_ARRESTS),
        measures=rows_of(MEASURES),
        measure_events=accepted("measure_events"),
        night=NIGHT,
        parameters=parameters_of_arrests(),
        holidays=NO_HOLIDAYS,
    ).collect()


@settings(max_examples=6)
@given(st.fixed_dictionaries({feed: rows_of_feed(feed) for feed in FEEDS}))
def test_a_break_is_one_row_whatever_was_delivered_in_whatever_order_or_twice(feeds):
    result = broken(feeds)

    again = {name: pl.concat([frame.reverse(), frame]) for name, frame in feeds.items()}
    assert not result.select(ARREST_BREAKS.key).is_duplicated().any()
    assert_frame_equal(broken(again), result)
    assert set(result["break_code"]) <= set(BREAK_CODES)
    assert result["acts_code"].null_count() == 0
