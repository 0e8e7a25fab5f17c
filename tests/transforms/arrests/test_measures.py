"""The life of an arrest: its state on any day, its term, its parts, and one asset in two cases."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.identity import asset_identity
from transforms.arrests.measure_sources import sources
from transforms.arrests.measures import MEASURES, measures, stands_on, state_on
from transforms.arrests.parameters import parameters_of_arrests
from transforms.arrests.wallets import WALLET_FREEZES

NIGHT = date(2026, 3, 31)
CAR = """
measure_id | case_no | stage_code | asset_code | asset_id          | arrested_on | value_tiyn | currency_code
-----------------------------------------------------------------------------------------------------------
1          | 100     | ordered    | vehicle    | jn1 tanj50-000001 | 2026-03-02  | 1000       | KZT
"""


def life(
    assets: str | None = None,
    events: str | None = None,
    *,
    cards: str | None = None,
    accounts: str | None = None,
    wallets: str | None = None,
    orders: str | None = None,
    night: date = NIGHT,
) -> pl.LazyFrame:
    told = sources(
        rows_of(CARD_ARRESTS, cards),
        rows_of(ACCOUNT_ARRESTS, accounts),
        rows_of(ASSET_ARRESTS, assets),
        rows_of(WALLET_FREEZES, wallets),
        card_arrest_orders=accepted("card_arrest_orders", orders),
        parameters=parameters_of_arrests(),
    )
    return measures(told, accepted("measure_events", events), night)


def states(found: pl.LazyFrame, *days: int) -> list[str | None]:
    """The states on these days of March of the only row."""
    row = found.select(state_on(date(2026, 3, d)).alias(str(d)) for d in days).collect().rows()
    assert len(row) == 1
    return list(row[0])


def test_a_measure_goes_from_its_order_to_the_court():
    found = life(
        CAR,
        """
        event_id | measure_id | asset_code | asset_id          | event_code  | happened_on | until_on
        -----------------------------------------------------------------------------------------
        1        | 1          | vehicle    | JN1TANJ50000001   | sent        | 2026-03-03  | -
        2        | 1          | vehicle    | JN1TANJ50-000001  | executed    | 2026-03-05  | -
        3        | 1          | vehicle    | -                 | confiscated | 2026-03-20  | -
        """,
    )

    expected = [None, "ordered", "sent", "executed", "executed", "confiscated"]
    assert states(found, 1, 2, 4, 5, 19, 20) == expected
    assert_drawn(found, "asset_id | held_tiyn | part\n-\nJN1TANJ50000001 | 1000 | 0")


@pytest.mark.parametrize("answer", ["refused", "not_found"])
def test_what_was_not_carried_out_holds_nothing_and_never_expires(answer):
    found = life(
        CAR,
        f"""
        event_id | measure_id | asset_code | event_code | happened_on
        -------------------------------------------------------------
        1        | 1          | vehicle    | {answer}   | 2026-03-05
        """,
    )

    assert states(found, 4, 5) == ["ordered", answer]
    assert found.select("held_tiyn", "executed_on", "expired_on").collect().row(0) == (None,) * 3


def test_a_partial_answer_holds_what_it_tells():
    found = life(
        CAR,
        """
        event_id | measure_id | asset_code | event_code | happened_on | amount_minor | currency_code
        --------------------------------------------------------------------------------------------
        1        | 1          | vehicle    | refused    | 2026-03-04  | -            | -
        2        | 1          | vehicle    | partly     | 2026-03-05  | 300          | KZT
        """,
    )

    assert states(found, 5) == ["partly"]
    assert found.collect()["held_tiyn"].to_list() == [300]


def test_a_restriction_ends_after_ten_days_and_an_order_s_term_where_it_says():
    found = life(
        """
        measure_id | stage_code | asset_code  | asset_id | arrested_on | term_on    | value_tiyn
        ---------------------------------------------------------------------------------------
        1          | restricted | real_estate | 20-312   | 2026-03-02  | -          | 5
        2          | restricted | real_estate | 20-313   | 2026-03-02  | 2026-03-04 | 5
        3          | restricted | real_estate | 20-314   | 2026-03-02  | 2026-05-04 | 5
        4          | arrested   | real_estate | 20-315   | 2026-03-02  | 2026-03-20 | 5
        5          | arrested   | real_estate | 20-316   | 2026-03-02  | -          | 5
        """
    )

    assert_drawn(
        found,
        """
        asset_id | term_on    | expired_on
        ----------------------------------
        20:312   | 2026-03-12 | 2026-03-13
        20:313   | 2026-03-04 | 2026-03-05
        20:314   | 2026-03-12 | 2026-03-13
        20:315   | 2026-03-20 | 2026-03-21
        20:316   | -          | -
        """,
    )
    standing = {d: found.filter(stands_on(date(2026, 3, d))).collect().height for d in (4, 12, 13)}
    assert standing == {4: 5, 12: 4, 13: 2}


def test_a_term_is_extended_in_time_only():
    arrests = """
        measure_id | stage_code | asset_code | asset_id | arrested_on | term_on
        -----------------------------------------------------------------------
        1          | arrested   | vehicle    | A        | 2026-03-02  | 2026-03-10
        2          | arrested   | vehicle    | B        | 2026-03-02  | 2026-03-10
        """
    found = life(
        arrests,
        """
        event_id | measure_id | asset_code | event_code | happened_on | until_on
        -------------------------------------------------------------------------
        1        | 1          | vehicle    | extended   | 2026-03-10  | 2026-03-20
        2        | 1          | vehicle    | extended   | 2026-03-20  | 2026-05-20
        3        | 2          | vehicle    | extended   | 2026-03-11  | 2026-05-20
        """,
    )

    assert_drawn(
        found, "asset_id | term_on | expired_on\n-\nA | 2026-05-20 | -\nB | 2026-03-10 | 2026-03-11"
    )


def test_what_expired_can_be_confiscated_and_what_was_lifted_returned():
    found = life(
        """
        measure_id | stage_code | asset_code | asset_id | arrested_on | term_on    | value_tiyn
        --------------------------------------------------------------------------------------
        1          | arrested   | vehicle    | A        | 2026-03-02  | 2026-03-10 | 7
        """,
        """
        event_id | measure_id | asset_code | event_code  | happened_on
        --------------------------------------------------------------
        1        | 1          | vehicle    | lifted      | 2026-03-12
        2        | 1          | vehicle    | confiscated | 2026-03-15
        """,
    )

    assert states(found, 10, 11, 12, 15) == ["executed", "expired", "lifted", "confiscated"]


def test_parts_end_in_different_ways_and_add_up():
    found = life(
        """
        measure_id | stage_code | asset_code | arrested_on | value_tiyn | amount_minor | currency_code
        ----------------------------------------------------------------------------------------------
        1          | arrested   | cash       | 2026-03-02  | 5000       | 1000         | USD
        """,
        """
        event_id | measure_id | asset_code | event_code  | happened_on | amount_minor | currency_code
        ---------------------------------------------------------------------------------------------
        1        | 1          | cash       | lifted      | 2026-03-05  | 400          | USD
        2        | 1          | cash       | returned    | 2026-03-07  | 300          | USD
        3        | 1          | cash       | confiscated | 2026-03-09  | 500          | KZT
        """,
    )

    by_state = found.group_by(state=state_on(NIGHT)).agg(pl.col("held_tiyn").sum()).sort("state")
    assert by_state.collect().rows() == [
        ("confiscated", 500),
        ("executed", 2500),
        ("lifted", 500),
        ("returned", 1500),
    ]


_ends = st.lists(
    st.tuples(
        st.sampled_from(["lifted", "returned", "confiscated", "extended"]),
        st.integers(2, 30),
        st.none() | st.integers(1, 150),
    ),
    max_size=5,
)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 100), _ends, st.randoms())
def test_on_every_day_the_parts_of_an_arrest_add_up_to_what_it_holds(held, ends, chance):
    drawn = [
        f"{n} | 1 | cash | {code} | 2026-03-{day:02} | {day_after(day)} | {amount or '-'} | KZT"
        for n, (code, day, amount) in enumerate(ends)
    ]
    head = "event_id | measure_id | asset_code | event_code | happened_on | until_on | amount_minor | currency_code\n-"
    arrest = f"""
        measure_id | stage_code | asset_code | arrested_on | value_tiyn | amount_minor | currency_code
        -
        1          | arrested   | cash       | 2026-03-02  | {held}     | {held}       | KZT
        """
    found = life(arrest, "\n".join([head, *drawn])).collect()
    chance.shuffle(drawn)
    again = life(arrest, "\n".join([head, *drawn])).collect()

    assert found.equals(again)
    assert found["held_tiyn"].sum() == held
    assert not found.select(MEASURES.key).is_duplicated().any()
    on_days = found.select(state_on(date(2026, 3, day)).alias(str(day)) for day in (2, 16, 31))
    assert not sum(on_days.null_count().row(0))


def day_after(day: int) -> date:
    return date(2026, 3, day) + timedelta(days=1)


def test_one_asset_in_two_cases_is_known_as_one_with_the_case_that_holds_it():
    found = life(
        """
        measure_id | case_no | stage_code | asset_code   | asset_id             | arrested_on | value_tiyn
        ------------------------------------------------------------------------------------------------
        А-1        | 200     | arrested   | bank_account | kz72 722S 0000000001 | 2026-03-05  | 900
        """,
        """
        event_id | measure_id | asset_code   | event_code | happened_on
        --------------------------------------------------------------
        1        | 7-1        | bank_account | lifted     | 2026-03-20
        """,
        accounts="""
        order_id | account_iban       | bank_bic | case_no | status_code | ordered_on | executed_on | settled_at           | held_tiyn
        ---------------------------------------------------------------------------------------------------------------------------
        7-1      | KZ72722S0000000001 | X        | 100     | executed    | 2026-03-02 | 2026-03-03  | 2026-03-03T06:00:00Z | 400
        """,
    )

    assert found.collect()["asset_id"].n_unique() == 1
    assert_drawn(
        found,
        """
        measure_id | case_no | first_case_no | holding_case_no
        ------------------------------------------------------
        7-1        | 100     | 100           | 200
        А-1        | 200     | 100           | 200
        """,
    )


def test_a_wallet_has_its_order_and_the_exchange_s_answer():
    found = life(
        """
        measure_id | case_no | stage_code | asset_code | asset_id | arrested_on | agency_code
        ------------------------------------------------------------------------------------
        W1         | 100     | ordered    | crypto     | 0xAB     | 2026-03-02  | police
        W2         | 100     | ordered    | crypto     | 0xCD     | 2026-03-02  | police
        """,
        wallets="""
        measure_id | address | asset_code | case_no | stage_code     | frozen_on  | value_tiyn
        ------------------------------------------------------------------------------------
        W1         | 0xab    | USDT       | 100     | arrested       | 2026-03-04 | 70
        W1         | 0xab    | ETH        | 100     | arrested       | 2026-03-04 | 5
        W3         | 0xef    | USDT       | 100     | measures_taken | 2026-03-04 | 9
        """,
    )

    assert_drawn(
        found.with_columns(held_tiyn=pl.col("held_tiyn")),
        """
        measure_id | asset_id | ordered_on | executed_on | held_tiyn
        ------------------------------------------------------------
        W1         | 0xab     | 2026-03-02 | 2026-03-04  | 75
        W2         | 0xcd     | 2026-03-02 | -           | -
        W3         | 0xef     | 2026-03-04 | -           | -
        """,
    )


def test_cards_hold_no_money_and_a_token_of_two_banks_is_two_cards():
    found = life(
        cards="""
        order_id | card_token | bank_bic | case_no | status_code | ordered_on | executed_on | held_tiyn
        --------------------------------------------------------------------------------------------
        7-1      | t          | X        | 100     | executed    | 2026-03-02 | 2026-03-03  | 400
        8-1      | t          | Y        | 100     | pending     | 2026-03-02 | -           | -
        """
    )

    assert_drawn(
        found,
        """
        asset_id | held_tiyn | result_code
        ----------------------------------
        X/t      | -         | executed
        Y/t      | -         | -
        """,
    )


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("bank_account", "KZ72 722S 0000", "kz72722s0000"),
        ("vehicle", "jn1-tanj50 000001", "JN1TANJ50000001"),
        ("real_estate", "20-312-045-117", "20:312:045:117"),
        ("business_share", "БИН 990 140 000 017", "990140000017"),
        ("wallet", "0xAbC1", "0xabc1"),
        ("wallet", "BC1QXY", "bc1qxy"),
    ],
)
def test_an_asset_is_the_same_however_it_is_written(kind, one, other):
    rows = pl.DataFrame({"kind": [kind] * 2, "id": [one, other]})

    assert rows.select(asset_identity(pl.col("kind"), pl.col("id"))).to_series().n_unique() == 1
    other_wallets = pl.DataFrame({"id": ["TQn9Y2", "tqn9y2"]})
    tron = other_wallets.select(asset_identity(pl.lit("wallet"), pl.col("id"))).to_series()
    assert tron.n_unique() == 2


ONE_ORDER = {
    "orders": """
        order_id | card_token | account_iban         | business_date
        ------------------------------------------------------------
        7        | a          | KZ72722S000000000001 | 2026-03-02
        7        | b          | KZ72722S000000000001 | 2026-03-02
        7        | c          | KZ72722S000000000002 | 2026-03-02
        """,
    "cards": """
        order_id | card_token | bank_bic | status_code | ordered_on | executed_on
        -------------------------------------------------------------------------
        7        | a          | X        | executed    | 2026-03-02 | 2026-03-03
        7        | b          | X        | executed    | 2026-03-02 | 2026-03-03
        7        | c          | X        | executed    | 2026-03-02 | 2026-03-03
        """,
    "accounts": """
        order_id | account_iban         | bank_bic | status_code | ordered_on | settled_at           | held_tiyn
        -------------------------------------------------------------------------------------------------------
        7        | KZ72722S000000000001 | X        | executed    | 2026-03-02 | 2026-03-03T05:00:00Z | 100
        7        | KZ72722S000000000002 | X        | executed    | 2026-03-02 | 2026-03-03T05:00:00Z | 50
        """,
}


def ended(events: str) -> dict[str, str | None]:
    """What stands on 30 March of one order of two accounts, of two cards and of one."""
    found = life(events=events, **ONE_ORDER)
    told = found.select("asset_id", "part", state_on(date(2026, 3, 30)).alias("state")).collect()
    short = pl.col("asset_id").str.slice(-1) + pl.when(pl.col("part") > 0).then(
        pl.lit("+")
    ).otherwise(pl.lit(""))
    return dict(told.select(short, "state").filter(pl.col("state") != "executed").rows())


@pytest.mark.parametrize(
    ("happened", "states_after"),
    [
        (
            "1 | bank_account | ..1 | lifted | 2026-03-10 | -",
            {"1": "lifted", "a": "lifted", "b": "lifted"},
        ),
        ("1 | bank_account | ..1 | lifted | 2026-03-10 | 40", {"1": "lifted"}),
        (
            "1 | bank_account | ..1 | lifted | 2026-03-10 | 40\n"
            "2 | bank_account | ..1 | confiscated | 2026-03-12 | 60",
            {"1": "lifted", "1+": "confiscated", "a": "confiscated", "b": "confiscated"},
        ),
        ("1 | card | a | lifted | 2026-03-10 | -", {"a": "lifted"}),
        (
            "1 | card | a | returned | 2026-03-10 | -\n2 | card | b | lifted | 2026-03-12 | -",
            {"a": "returned", "b": "lifted", "1": "lifted"},
        ),
        ("1 | card | c | lifted | 2026-03-10 | -", {"c": "lifted", "2": "lifted"}),
        (
            "1 | card | - | lifted | 2026-03-10 | -",
            {"a": "lifted", "b": "lifted", "c": "lifted", "1": "lifted", "2": "lifted"},
        ),
    ],
)
def test_a_decision_on_a_whole_account_reaches_its_cards_and_one_on_all_its_cards_the_account(
    happened, states_after
):
    header = "event_id | asset_code | asset_id | event_code | happened_on | amount_minor | measure_id | currency_code"
    rows = [
        line.replace("..1", "KZ72722S000000000001") + " | 7 | KZT" for line in happened.split("\n")
    ]

    assert ended("\n".join([header, "-", *rows])) == states_after


def test_a_term_extended_for_an_account_is_extended_for_its_cards_and_ends_there_too():
    found = life(
        events="""
        event_id | measure_id | asset_code   | asset_id             | event_code | happened_on | until_on
        -----------------------------------------------------------------------------------------------
        1        | 7          | bank_account | KZ72722S000000000001 | extended   | 2026-03-10  | 2026-03-20
        """,
        **ONE_ORDER,
    )

    over = found.filter(pl.col("expired_on") == date(2026, 3, 21)).collect()
    assert sorted(over["asset_id"]) == ["KZ72722S000000000001", "X/a", "X/b"]
