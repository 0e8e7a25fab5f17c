"""What a dossier says of a case, from drawn transfers to figures, held money and bands."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.drawings import assert_drawn, rows_of
from tests.transforms.trail.drawn import NIGHT, followed, frame_of, seeds_of, transfers_of
from tests.transforms.trail.planted import followed_from_shops, networks_moved
from tests.transforms.trail.test_roles import NETWORK
from tests.transforms.trail.test_trails import KINDS, moved
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.arrests.measures import MEASURES
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.trail.dossier import (
    case_figures,
    conserved_figures,
    largest_steps,
    links,
)
from transforms.trail.held import case_measures, held_money, wallets
from transforms.trail.role_signs import signs
from transforms.trail.roles import roles
from transforms.trail.taint import NotConserved
from transforms.trail.trails import Trails

ENDS = ("cash", "exchange", "abroad", "service", "mixer", "lost")


def told(transfers: pl.LazyFrame, trail: Trails, arrests: str | None = None, freezes=None):
    """Figures, held money and links of a trail."""
    nobody = rows_of(ACCOUNT_ARRESTS)
    found = roles(transfers, trail.steps, trail.holdings, nobody, signs=signs()).collect().lazy()
    lives, frozen = lives_of(arrests), rows_of(WALLET_FREEZES, freezes)
    held = held_money(trail.holdings, found, lives, frozen, night=NIGHT)
    figures = case_figures(trail.steps, trail.holdings, found, held)
    return figures, held, links(trail.steps, trail.holdings, found)


def lives_of(drawing: str | None) -> pl.LazyFrame:
    """Arrests, all ordered and answered before the night where no day is drawn."""
    drawn = rows_of(MEASURES, drawing)
    if drawing and "ordered_on" not in drawing:
        drawn = drawn.with_columns(ordered_on=date(2026, 1, 5))
    is_answered = pl.col("result_code").is_not_null()
    return drawn.with_columns(
        pl.col("part").fill_null(0),
        pl.col("asset_code").fill_null("bank_account"),
        answered_on=pl.when(is_answered).then(pl.coalesce("answered_on", "ordered_on")),
    )


def told_of(drawing: str, *seeds: str, **measures: str):
    transfers = transfers_of(drawing)
    return told(transfers, followed(transfers, seeds_of(*seeds)), **measures)


def of_haircut(frame: pl.LazyFrame) -> pl.LazyFrame:
    return frame.filter(pl.col("rule_code") == "haircut")


def test_the_figures_of_a_case():
    figures, _, _ = told_of(NETWORK, "shop")

    assert_drawn(
        of_haircut(figures),
        """
        transactions | layers | accounts | holders | payers | paid_tiyn | entered_tiyn | held_tiyn | cash_tiyn | exchange_tiyn | service_tiyn | lost_tiyn
        -----------------------------------------------------------------------------------------------------------------------------------------------
        9            | 3      | 6        | 0       | 4      | 600       | 300          | 100       | 100       | 100           | 0            | 0
        """,
    )


def test_every_end_of_a_trail_is_counted_where_it_was():
    figures, _, _ = told_of(
        """
        transfer_id | at                   | from_id | to_id    | to_kind | amount_tiyn | operation_code
        ------------------------------------------------------------------------------------------------
        1           | 2026-03-02T01:00:00Z | A       | cash:75  | cash    | 1           | cash_withdrawal
        2           | 2026-03-02T01:01:00Z | A       | service:1 | service | 20          | exchange_topup
        3           | 2026-03-02T01:02:00Z | A       | service:2 | service | 300         | utility
        4           | 2026-03-02T01:03:00Z | A       | abroad:1 | abroad  | 4000        | transfer
        5           | 2026-03-02T01:04:00Z | A       | B        | account | 50000       | transfer
        """,
        "A",
    )

    assert_drawn(
        of_haircut(figures),
        """
        cash_tiyn | exchange_tiyn | service_tiyn | abroad_tiyn | held_tiyn | entered_tiyn
        ---------------------------------------------------------------------------------
        1         | 20            | 300          | 4000        | 50000     | 54321
        """,
    )


HELD = """
transfer_id | at                   | from_id | to_id  | to_kind | amount_tiyn
----------------------------------------------------------------------------
1           | 2026-03-02T01:00:00Z | A       | none   | account | 100
2           | 2026-03-02T01:01:00Z | A       | full   | account | 100
3           | 2026-03-02T01:02:00Z | A       | partly | account | 100
4           | 2026-03-02T01:03:00Z | A       | asked  | account | 100
5           | 2026-03-02T01:04:00Z | A       | tron:w | wallet  | 100
6           | 2026-03-02T01:05:00Z | A       | tron:v | wallet  | 100
7           | 2026-03-02T01:06:00Z | A       | more   | account | 100
"""
ARRESTS = """
measure_id | asset_id | asset_code   | result_code | held_tiyn | sent_on
-------------------------------------------------------------------------
1          | full     | bank_account | executed    | 30        | -
2          | full     | bank_account | refused     | -         | -
3          | partly   | bank_account | partly      | 30        | -
4          | partly   | bank_account | partly      | 40        | -
5          | asked    | bank_account | -           | -         | -
6          | more     | bank_account | partly      | 999       | -
7          | w        | wallet       | executed    | 10        | -
8          | v        | wallet       | -           | -         | 2026-01-06
"""
FREEZES = """
measure_id | address | asset_code | network_code | stage_code     | value_tiyn
-----------------------------------------------------------------------------
7          | w       | USDT       | tron         | arrested       | 10
8          | v       | USDT       | tron         | measures_taken | 15
8          | v       | TRX        | tron         | measures_taken | 15
"""


def test_what_no_measure_holds_can_still_be_arrested():
    figures, held, _ = told_of(HELD, "A", arrests=ARRESTS, freezes=FREEZES)

    assert_drawn(
        of_haircut(held),
        """
        node_id | held_tiyn | arrest_code    | arrested_tiyn | confiscated_tiyn | arrestable_tiyn
        ----------------------------------------------------------------------------------------
        asked   | 100       | ordered        | 0             | 0                | 100
        full    | 100       | executed       | 30            | 0                | 0
        more    | 100       | partly         | 999           | 0                | 0
        none    | 100       | -              | 0             | 0                | 100
        partly  | 100       | partly         | 40            | 0                | 60
        tron:v  | 100       | measures_taken | 0             | 0                | 100
        tron:w  | 100       | executed       | 10            | 0                | 0
        """,
    )
    assert of_haircut(figures).select("arrestable_tiyn", "held_tiyn").collect().row(0) == (360, 700)


TO_EACH = """
transfer_id | at                   | from_id | to_id    | amount_tiyn
---------------------------------------------------------------------
1           | 2026-03-02T01:00:00Z | A       | lifted   | 100
2           | 2026-03-02T01:01:00Z | A       | expired  | 100
3           | 2026-03-02T01:02:00Z | A       | returned | 100
4           | 2026-03-02T01:03:00Z | A       | taken    | 100
5           | 2026-03-02T01:04:00Z | A       | cut      | 100
6           | 2026-03-02T01:05:00Z | A       | shared   | 100
7           | 2026-03-02T01:06:00Z | A       | again    | 100
8           | 2026-03-02T01:07:00Z | A       | tomorrow | 100
"""
ENDED = """
measure_id | asset_id | part | result_code | held_tiyn | lifted_on  | expired_on | returned_on | confiscated_on
--------------------------------------------------------------------------------------------------------------
1          | lifted   | 0    | executed    | 100       | 2026-03-02 | -          | -           | -
2          | expired  | 0    | executed    | 100       | -          | 2026-03-01 | -           | -
3          | returned | 0    | executed    | 100       | 2026-02-01 | -          | 2026-02-02  | -
4          | taken    | 0    | executed    | 80        | -          | -          | -           | 2026-03-01
5          | cut      | 0    | executed    | 30        | 2026-03-01 | -          | -           | -
5          | cut      | 1    | executed    | 70        | -          | -          | -           | -
6          | shared   | 0    | executed    | 60        | -          | -          | -           | -
6          | shared   | 1    | executed    | 40        | -          | -          | -           | 2026-03-01
7          | again    | 0    | executed    | 100       | 2026-03-01 | -          | -           | -
8          | again    | 0    | partly      | 25        | -          | -          | -           | -
9          | tomorrow | 0    | executed    | 100       | 2026-03-03 | -          | -           | -
"""


def test_what_an_ended_arrest_held_can_be_arrested_again_but_not_what_was_confiscated():
    figures, held, _ = told_of(TO_EACH, "A", arrests=ENDED)

    assert_drawn(
        of_haircut(held),
        """
        node_id  | arrest_code | arrested_tiyn | confiscated_tiyn | arrestable_tiyn
        --------------------------------------------------------------------------
        again    | partly      | 25            | 0                | 75
        cut      | partly      | 70            | 0                | 30
        expired  | expired     | 0             | 0                | 100
        lifted   | lifted      | 0             | 0                | 100
        returned | returned    | 0             | 0                | 100
        shared   | executed    | 60            | 40               | 0
        taken    | confiscated | 0             | 80               | 20
        tomorrow | executed    | 100           | 0                | 0
        """,
    )
    assert_drawn(
        of_haircut(figures),
        """
        held_tiyn | arrested_tiyn | confiscated_tiyn | arrestable_tiyn
        --------------------------------------------------------------
        800       | 255           | 120              | 425
        """,
    )


def test_an_arrest_ordered_after_the_night_holds_nothing_yet():
    later = """
    measure_id | asset_id | result_code | held_tiyn | ordered_on
    ------------------------------------------------------------
    1          | none     | executed    | 100       | 2026-03-03
    """

    _, held, _ = told_of(HELD, "A", arrests=later)

    assert held.filter(pl.col("node_id") == "none").select("arrest_code").collect()[0, 0] is None
    assert of_haircut(held).select(pl.col("arrestable_tiyn").sum()).collect().item() == 700


def test_measures_of_a_case_stand_apart_by_kind_and_stage():
    result = case_measures(
        lives_of(
            """
            case_no | measure_id | asset_code   | asset_id | part | result_code | held_tiyn | lifted_on  | sent_on
            ------------------------------------------------------------------------------------------------------
            c       | 1          | card         | k        | 0    | executed    | -         | -          | -
            c       | 1          | bank_account | a        | 0    | executed    | 30        | -          | -
            c       | 2          | bank_account | a        | 0    | executed    | 40        | -          | -
            c       | 3          | bank_account | b        | 0    | -           | -         | -          | -
            c       | 4          | vehicle      | x        | 0    | executed    | 500       | -          | -
            c       | 5          | cash         | 5        | 0    | executed    | -         | -          | -
            c       | 6          | real_estate  | y        | 0    | executed    | 700       | -          | -
            c       | 7          | cash         | 7        | 0    | executed    | 60        | 2026-03-01 | -
            c       | 7          | cash         | 7        | 1    | executed    | 40        | -          | -
            c       | 8          | wallet       | w        | 0    | executed    | 15        | -          | -
            c       | 9          | wallet       | v        | 0    | -           | -         | -          | 2026-01-06
            """,
        ),
        rows_of(
            ASSET_ARRESTS,
            """
            case_no | measure_id | stage_code          | value_tiyn
            -------------------------------------------------------
            c       | 4          | arrested            | 500
            c       | 6          | restricted          | 700
            c       | z          | under_investigation | 9
            """,
        ),
        rows_of(
            WALLET_FREEZES,
            """
            measure_id | address | stage_code
            ---------------------------------
            9          | v       | measures_taken
            """,
        ),
        night=NIGHT,
    )

    assert_drawn(
        result,
        """
        case_no | measure_code | stage_code          | objects | amount_tiyn
        --------------------------------------------------------------------
        c       | account      | executed            | 1       | 40
        c       | account      | ordered             | 1       | 0
        c       | asset        | executed            | 3       | 540
        c       | asset        | lifted              | 1       | 60
        c       | asset        | restricted          | 1       | 700
        c       | asset        | under_investigation | 1       | 9
        c       | wallet       | executed            | 1       | 15
        c       | wallet       | measures_taken      | 1       | 0
        """,
    )


def test_wallets_of_a_case_say_what_became_of_them():
    result = wallets(
        rows_of(
            CASE_WALLETS,
            """
            case_no | address | asset_code | stage_code
            --------------------------------------------------
            c       | 0xAb    | ETH        | arrested
            c       | 0xAb    | USDT       | arrested
            c       | T1      | USDT       | arrested
            c       | T2      | USDT       | measures_taken
            d       | T1      | USDT       | arrested
            """,
        ),
        lives_of(
            """
            case_no | measure_id | asset_code | asset_id | result_code | lifted_on
            ------------------------------------------------------------------------
            c       | 1          | wallet     | 0xab     | executed    | 2026-02-01
            c       | 2          | wallet     | T1       | executed    | 2026-02-01
            c       | 3          | wallet     | T1       | executed    | -
            d       | 4          | wallet     | T1       | executed    | 2026-12-01
            """
        ),
        rows_of(WALLET_FREEZES),
        night=NIGHT,
    )

    assert_drawn(
        result,
        """
        case_no | address | asset_code | state_code
        -----------------------------------------------
        c       | 0xAb    | ETH        | lifted
        c       | 0xAb    | USDT       | lifted
        c       | T1      | USDT       | executed
        c       | T2      | USDT       | measures_taken
        d       | T1      | USDT       | executed
        """,
    )


def test_bands_carry_all_that_the_steps_carried():
    _, _, bands = told_of(NETWORK, "shop")

    assert_drawn(
        of_haircut(bands),
        """
        from_layer | from_role | to_layer | to_role   | from_nodes | to_nodes | transactions
        ------------------------------------------------------------------------------------
        0          | shop      | 1        | collector | 1          | 1        | 1
        1          | collector | 2        | operator  | 1          | 1        | 2
        2          | operator  | 3        | cash      | 1          | 1        | 1
        2          | operator  | 3        | exchange  | 1          | 1        | 1
        2          | operator  | 3        | organizer | 1          | 1        | 3
        2          | operator  | 3        | recipient | 1          | 1        | 1
        """,
    )


def test_the_largest_steps_stand_in_order_of_time():
    transfers = transfers_of(NETWORK)
    trail = followed(transfers, seeds_of("shop"))

    result = of_haircut(largest_steps(trail.steps, most=3)).select("transfer_id").collect()

    assert result["transfer_id"].to_list() == ["07", "09", "10a"]


@settings(max_examples=25)
@given(moved, st.sets(st.sampled_from("ABC"), min_size=1, max_size=2))
def test_by_every_rule_what_ended_is_the_sum_of_where_and_bands_sum_to_steps(rows, seeds):
    transfers = frame_of(rows, kinds=KINDS)
    trail = followed(transfers, seeds_of(*seeds), night=date(2026, 3, 4))

    figures, held, bands = (part.collect() for part in told(transfers, trail))

    ended = (
        trail.holdings.group_by("case_no", "rule_code")
        .agg(pl.col("ended_tiyn").sum(), pl.col("held_tiyn").sum())
        .sort("rule_code")
        .collect()
    )
    sums = figures.select(pl.sum_horizontal(f"{end}_tiyn" for end in ENDS)).to_series()
    assert sums.to_list() == ended["ended_tiyn"].to_list()
    assert figures["held_tiyn"].to_list() == ended["held_tiyn"].to_list()
    carried = trail.steps.select(pl.col("tainted_tiyn").sum()).collect().item()
    assert bands["tainted_tiyn"].sum() == carried
    assert held["arrestable_tiyn"].sum() == ended["held_tiyn"].sum()


@pytest.mark.parametrize("rule", ["haircut", "fifo"])
def test_money_of_the_planted_networks_is_conserved_to_the_tiyn(rule):
    transfers, everybody = networks_moved(date(2025, 8, 10), days=3)
    trail = followed_from_shops(transfers, everybody)

    figures, _, _ = told(transfers.lazy(), trail)

    of = figures.filter(pl.col("rule_code") == rule).collect()
    assert of.height == 3
    assert (of["entered_tiyn"] == of["held_tiyn"] + sum(of[f"{end}_tiyn"] for end in ENDS)).all()
    assert (of["cash_tiyn"] > 0).all()


def test_money_that_does_not_add_up_stops_all_but_poison():
    figures, _, _ = told_of(NETWORK, "shop")
    right = figures.collect()
    one_more = (pl.col("entered_tiyn") + 1).alias("entered_tiyn")

    assert conserved_figures(right) is right
    is_poison = pl.col("rule_code") == "poison"
    conserved_figures(right.filter(is_poison).with_columns(one_more))
    with pytest.raises(NotConserved, match=r"fifo: 301 tiyn entered.* 1 tiyn too few"):
        conserved_figures(right.filter(~is_poison).with_columns(one_more))
