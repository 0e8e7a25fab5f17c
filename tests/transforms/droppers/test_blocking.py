"""The blocking list: what is to be done with each account, and what is known beside it."""

from datetime import date

import polars as pl

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.arrests.holds import PAYMENT_HOLDS
from transforms.arrests.measures import MEASURES
from transforms.droppers.alerts import ALERTS
from transforms.droppers.blocking import BLOCKING, blocking, draft_orders
from transforms.droppers.boosted import MODEL_REASONS
from transforms.droppers.evidence import EVIDENCE
from transforms.droppers.windows import LINK_WINDOWS

NIGHT = date(2026, 3, 31)
THREE = """
account_iban | bank_bic | region_code | score | amount_at_stake_tiyn | exemption_code
-------------------------------------------------------------------------------------
A            | X        | 75          | 60    | 10                   | -
B            | Y        | unknown     | 90    | 0                    | -
C            | X        | 75          | 60    | 20                   | -
"""


def listed(
    alerts: str = THREE,
    *,
    evidence: str | None = None,
    links: str | None = None,
    arrests: str | None = None,
    left: str | None = None,
    holds: str | None = None,
    model: str | None = None,
) -> pl.LazyFrame:
    return blocking(
        rows_of(ALERTS, alerts),
        rows_of(EVIDENCE, evidence),
        link_windows=rows_of(LINK_WINDOWS, links),
        measures=rows_of(MEASURES, arrests).with_columns(
            pl.col("asset_code").fill_null("bank_account"),
            pl.col("ordered_on", "answered_on").fill_null(NIGHT),
        ),
        left_since=rows_of(BLOCKING, left).select("account_iban", "arrested_at", "left_since_tiyn"),
        payment_holds=rows_of(PAYMENT_HOLDS, holds),
        model_reasons=rows_of(MODEL_REASONS, model),
        night=NIGHT,
    )


def test_accounts_to_block_stand_by_score_and_then_by_what_is_at_stake():
    assert_drawn(
        listed(),
        """
        state_code | rank | account_iban | is_held
        ------------------------------------------
        to_block   | 1    | B            | false
        to_block   | 2    | C            | false
        to_block   | 3    | A            | false
        """,
    )


def test_the_furthest_of_several_orders_decides_whether_another_is_needed():
    result = listed(
        arrests="""
        measure_id | asset_id | result_code
        -----------------------------------
        1          | A        | refused
        2          | A        | partly
        1          | B        | not_found
        2          | B        | refused
        """
    )

    assert_drawn(
        result,
        """
        state_code | rank | account_iban | arrest_code
        ----------------------------------------------
        to_block   | 1    | B            | refused
        to_block   | 2    | C            | -
        ordered    | 1    | A            | partly
        """,
    )


def test_an_account_whose_arrest_ended_is_to_block_again_and_one_of_the_register_is_not():
    result = listed(
        arrests="""
        measure_id | asset_id | result_code | lifted_on  | expired_on | executor_code | asset_code
        -------------------------------------------------------------------------------------------
        1          | A        | executed    | 2026-03-31 | -          | X             | bank_account
        2          | B        | executed    | 2026-04-01 | -          | -             | bank_account
        3          | C        | executed    | -          | 2026-03-20 | X             | bank_account
        4          | C        | executed    | -          | -          | X             | card
        """
    )

    assert_drawn(
        result,
        """
        state_code | account_iban | arrest_code
        ---------------------------------------
        to_block   | C            | expired
        to_block   | A            | lifted
        ordered    | B            | executed
        """,
    )


def test_an_exempted_account_is_exempted_whatever_was_ordered():
    result = listed(
        """
        account_iban | score | amount_at_stake_tiyn | exemption_code | exempt_until_on
        ------------------------------------------------------------------------------
        A            | 60    | 10                   | wages          | 2026-04-30
        """,
        arrests="""
        measure_id | asset_id | result_code
        -----------------------------------
        1          | A        | executed
        """,
    )

    assert result.collect()["state_code"].to_list() == ["exempted"]


def test_arrested_accounts_that_money_left_since_come_first_of_those_with_an_order():
    result = listed(
        arrests="""
        measure_id | asset_id | result_code
        -----------------------------------
        1          | A        | executed
        2          | B        | executed
        """,
        left="""
        account_iban | arrested_at          | left_since_tiyn
        -----------------------------------------------------
        A            | 2026-03-30T05:00:00Z | 500
        B            | 2026-03-30T06:00:00Z | 0
        """,
    )

    assert_drawn(
        result,
        """
        state_code | rank | account_iban | left_since_tiyn
        --------------------------------------------------
        to_block   | 1    | C            | -
        ordered    | 1    | A            | 500
        ordered    | 2    | B            | 0
        """,
    )


def test_a_hold_that_stands_is_told_and_takes_no_account_off_the_list():
    result = listed(
        holds="""
        hold_id | account_iban | status_code | blocked_on | due_on     | ended_on
        ---------------------------------------------------------------------------
        1       | A            | held        | 2026-03-30 | 2026-04-01 | -
        2       | A            | held        | 2026-03-30 | 2026-04-02 | -
        3       | B            | released    | 2026-03-30 | 2026-04-03 | 2026-03-31
        4       | C            | held        | 2026-03-30 | -          | -
        """
    )

    assert_drawn(
        result.sort("account_iban"),
        """
        account_iban | state_code | is_held | held_until_on
        ---------------------------------------------------
        A            | to_block   | true    | 2026-04-02
        B            | to_block   | false   | -
        C            | to_block   | true    | -
        """,
    )


def test_a_hold_is_told_from_its_first_day_until_it_ends_or_its_term_is_over():
    result = listed(
        holds="""
        hold_id | account_iban | status_code | blocked_on | due_on     | ended_on
        ---------------------------------------------------------------------------
        1       | A            | held        | 2026-03-26 | 2026-03-30 | -
        2       | B            | released    | 2026-03-27 | 2026-03-31 | 2026-04-01
        3       | C            | held        | 2026-04-01 | 2026-04-03 | -
        """
    )

    assert_drawn(
        result.sort("account_iban"),
        """
        account_iban | is_held | held_until_on
        --------------------------------------
        A            | false   | -
        B            | true    | 2026-03-31
        C            | false   | -
        """,
    )


def test_the_heaviest_reason_comes_first_and_what_favours_the_holder_last():
    result = listed(
        evidence="""
        account_iban | typology_code | points
        -------------------------------------
        A            | CTR-02        | -20
        A            | DRP-01        | 10
        A            | DRP-03        | 35
        """
    )

    codes = result.filter(account_iban="A").select(
        pl.col("reasons").list.eval(pl.element().struct.field("typology_code"))
    )
    assert codes.collect().item().to_list() == ["DRP-03", "DRP-01", "CTR-02"]
    assert result.filter(account_iban="B").collect()["reasons"].item().is_empty()


def test_of_the_model_only_what_raised_its_score_is_a_reason():
    result = listed(
        model="""
        account_iban | rank | feature_code | measured | contribution
        ------------------------------------------------------------
        A            | 3    | payers_30d   | 40       | 0.5
        A            | 2    | age          | 50       | -0.7
        A            | 1    | payees_30d   | -        | 0.9
        """
    )

    told = result.filter(account_iban="A").collect()["model_reasons"].item().to_list()
    assert [one["feature_code"] for one in told] == ["payees_30d", "payers_30d"]
    assert result.filter(account_iban="B").collect()["model_reasons"].item().is_empty()


def test_a_draft_names_each_card_and_leaves_out_what_needs_no_order():
    links = """
        account_iban | link_code | other
        --------------------------------
        A            | card      | t2
        A            | card      | t1
        A            | device    | d1
        C            | card      | t3
        """
    arrests = """
        measure_id | asset_id | result_code
        -----------------------------------
        1          | C        | -
        """

    assert_drawn(
        draft_orders(listed(links=links, arrests=arrests)),
        """
        bank_bic | account_iban | card_token
        ------------------------------------
        Y        | B            | -
        X        | A            | t1
        X        | A            | t2
        """,
    )


def test_an_account_of_an_unknown_bank_is_listed_but_nobody_is_ordered():
    nowhere = listed(
        """
        account_iban | bank_bic | region_code | score | amount_at_stake_tiyn
        --------------------------------------------------------------------
        A            | -        | 75          | 60    | 10
        """
    )

    assert nowhere.collect().height == 1
    assert draft_orders(nowhere).collect().is_empty()
