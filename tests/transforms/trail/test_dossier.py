"""What a dossier says of a case, from drawn transfers to figures, held money and bands."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.drawings import assert_drawn, rows_of
from tests.transforms.trail.drawn import followed, frame_of, seeds_of, transfers_of
from tests.transforms.trail.planted import followed_from_shops, networks_moved
from tests.transforms.trail.test_roles import NETWORK
from tests.transforms.trail.test_trails import KINDS, moved
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.trail.dossier import (
    case_figures,
    largest_steps,
    links,
    require_conserved,
)
from transforms.trail.held import case_measures, held_money
from transforms.trail.role_signs import signs
from transforms.trail.roles import roles
from transforms.trail.taint import NotConserved
from transforms.trail.trails import Trails

ENDS = ("cash", "exchange", "abroad", "service", "mixer", "lost")


def told(transfers: pl.LazyFrame, trail: Trails, arrests: str | None = None, freezes=None):
    """Figures, held money and links of a trail."""
    ordered = rows_of(ACCOUNT_ARRESTS, arrests)
    found = roles(transfers, trail.steps, trail.holdings, ordered, signs=signs())
    held = held_money(trail.holdings, found, ordered, rows_of(WALLET_FREEZES, freezes))
    figures = case_figures(trail.steps, trail.holdings, found, held)
    return figures, held, links(trail.steps, trail.holdings, found)


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
        8            | 3      | 6        | 0       | 4      | 600       | 300          | 100       | 100       | 100           | 0            | 0
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
order_id | account_iban | status_code | held_tiyn
------------------------------------------------
1        | full         | executed    | 30
2        | full         | refused     | -
3        | partly       | partly      | 30
4        | partly       | partly      | 40
5        | asked        | pending     | -
6        | more         | partly      | 999
"""
FREEZES = """
measure_id | address | asset_code | network_code | stage_code     | value_tiyn
-----------------------------------------------------------------------------
1          | w       | USDT       | tron         | arrested       | 10
2          | v       | USDT       | tron         | measures_taken | 15
2          | v       | TRX        | tron         | measures_taken | 15
"""


def test_what_no_measure_holds_can_still_be_arrested():
    figures, held, _ = told_of(HELD, "A", arrests=ARRESTS, freezes=FREEZES)

    assert_drawn(
        of_haircut(held),
        """
        node_id | held_tiyn | arrest_code    | arrested_tiyn | arrestable_tiyn
        --------------------------------------------------------------------
        asked   | 100       | pending        | 0             | 100
        full    | 100       | executed       | 30            | 0
        more    | 100       | partly         | 999           | 0
        none    | 100       | -              | 0             | 100
        partly  | 100       | partly         | 40            | 60
        tron:v  | 100       | measures_taken | 30            | 70
        tron:w  | 100       | arrested       | 10            | 0
        """,
    )
    assert of_haircut(figures).select("arrestable_tiyn", "held_tiyn").collect().row(0) == (330, 700)


def test_measures_of_a_case_stand_apart_by_kind_and_stage():
    result = case_measures(
        rows_of(
            ACCOUNT_ARRESTS,
            """
            case_no | order_id | account_iban | status_code | held_tiyn
            -----------------------------------------------------------
            c       | 1        | a            | executed    | 30
            c       | 2        | a            | executed    | 40
            c       | 3        | b            | pending     | -
            """,
        ),
        rows_of(
            ASSET_ARRESTS,
            """
            case_no | measure_id | stage_code | value_tiyn
            ----------------------------------------------
            c       | 1          | arrested   | 500
            c       | 2          | arrested   | -
            """,
        ),
        rows_of(
            WALLET_FREEZES,
            """
            case_no | measure_id | address | asset_code | stage_code | value_tiyn
            ---------------------------------------------------------------------
            c       | 1          | w       | USDT       | arrested   | 10
            c       | 1          | w       | TRX        | arrested   | 5
            """,
        ),
    )

    assert_drawn(
        result,
        """
        case_no | measure_code | stage_code | objects | amount_tiyn
        -----------------------------------------------------------
        c       | account      | executed   | 1       | 40
        c       | account      | pending    | 1       | 0
        c       | asset        | arrested   | 2       | 500
        c       | wallet       | arrested   | 1       | 15
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
        1          | collector | 2        | operator  | 1          | 1        | 1
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

    assert result["transfer_id"].to_list() == ["07", "09", "10"]


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

    assert require_conserved(right) is right
    is_poison = pl.col("rule_code") == "poison"
    require_conserved(right.filter(is_poison).with_columns(one_more))
    with pytest.raises(NotConserved, match=r"fifo: 301 tiyn entered.* 1 tiyn too few"):
        require_conserved(right.filter(~is_poison).with_columns(one_more))
