"""Trails: what each rule says of the same transfers, what ends them, and that nothing is lost."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import assert_drawn
from tests.transforms.trail.drawn import (
    LIMITS,
    MIDNIGHT,
    NIGHT,
    followed,
    frame_of,
    seeds_of,
    transfers_of,
)
from transforms.trail.taint import NotConserved, conserved
from transforms.trail.trails import HOLDINGS, STEPS

MIXED = """
transfer_id | at                   | from_id | to_id | amount_tiyn
------------------------------------------------------------------
1           | 2026-03-02T01:00:00Z | P       | A     | 100
2           | 2026-03-02T02:00:00Z | A       | B     | 90
3           | 2026-03-02T03:00:00Z | X       | B     | 110
4           | 2026-03-02T04:00:00Z | B       | C     | 101
5           | 2026-03-02T05:00:00Z | B       | D     | 150
"""


def of_rule(frame: pl.LazyFrame, rule: str) -> pl.LazyFrame:
    return frame.filter(pl.col("rule_code") == rule)


def test_haircut_carries_the_share_of_what_is_there_and_the_part_of_a_tiyn_stays():
    result = followed(transfers_of(MIXED), seeds_of("A"))

    assert_drawn(
        of_rule(result.steps, "haircut"),
        """
        transfer_id | from_id | to_id | amount_tiyn | tainted_tiyn | layer
        ------------------------------------------------------------------
        2           | A       | B     | 90          | 90           | 1
        4           | B       | C     | 101         | 45           | 2
        5           | B       | D     | 150         | 45           | 2
        """,
    )


def test_fifo_sends_what_came_first():
    result = followed(transfers_of(MIXED), seeds_of("A"))

    assert_drawn(
        of_rule(result.steps, "fifo"),
        """
        transfer_id | tainted_tiyn
        --------------------------
        2           | 90
        4           | 90
        """,
    )


def test_poison_taints_whatever_leaves():
    result = followed(transfers_of(MIXED), seeds_of("A"))

    assert_drawn(
        of_rule(result.steps, "poison"),
        """
        transfer_id | tainted_tiyn
        --------------------------
        2           | 90
        4           | 101
        5           | 150
        """,
    )


def test_what_stays_is_held_and_the_seed_holds_what_it_did_not_pass_on():
    result = followed(transfers_of(MIXED), seeds_of("A"))

    assert_drawn(
        of_rule(result.holdings, "haircut"),
        """
        node_id | came_in_tiyn | went_out_tiyn | held_tiyn | ended_tiyn | entered_tiyn | balance_tiyn | layer | hops
        ------------------------------------------------------------------------------------------------------------
        A       | 100          | 90            | 10        | 0          | 100          | 10           | 0     | 0
        B       | 90           | 90            | 0         | 0          | 0            | 0            | 1     | -
        C       | 45           | 0             | 45        | 0          | 0            | 101          | 2     | 2
        D       | 45           | 0             | 45        | 0          | 0            | 150          | 2     | 2
        """,
    )


def test_money_that_was_there_before_is_clean_and_leaves_last():
    result = followed(
        transfers_of(
            """
            transfer_id | at                   | from_id | to_id | amount_tiyn
            ------------------------------------------------------------------
            1           | 2026-03-02T00:30:00Z | X       | B     | 999
            2           | 2026-03-02T02:00:00Z | A       | B     | 50
            3           | 2026-03-02T03:00:00Z | B       | C     | 70
            4           | 2026-03-02T04:00:00Z | B       | D     | 70
            """
        ),
        seeds_of("A"),
    )

    assert_drawn(
        of_rule(result.steps, "haircut"),
        """
        transfer_id | amount_tiyn | tainted_tiyn
        ----------------------------------------
        2           | 50          | 50
        3           | 70          | 50
        """,
    )


def test_at_a_seed_all_is_tainted_but_wages_and_benefits():
    result = followed(
        transfers_of(
            """
            transfer_id | at                   | from_id | to_id | amount_tiyn | operation_code
            -----------------------------------------------------------------------------------
            1           | 2026-03-02T01:00:00Z | S       | A     | 300         | salary
            2           | 2026-03-02T02:00:00Z | P       | A     | 100         | transfer
            3           | 2026-03-02T03:00:00Z | A       | B     | 200         | transfer
            4           | 2026-03-02T04:00:00Z | A       | C     | 500         | transfer
            5           | 2026-03-01T04:00:00Z | A       | D     | 500         | transfer
            """
        ),
        seeds_of("A"),
    )

    assert_drawn(
        of_rule(result.steps, "haircut"),
        """
        transfer_id | tainted_tiyn
        --------------------------
        3           | 50
        4           | 350
        """,
    )


@pytest.mark.parametrize("rule", ["haircut", "fifo", "poison"])
def test_services_cash_and_abroad_end_a_trail(rule):
    result = followed(
        transfers_of(
            """
            transfer_id | at                   | from_id | to_id  | from_kind | to_kind | amount_tiyn
            -----------------------------------------------------------------------------------------
            1           | 2026-03-02T01:00:00Z | A       | S      | account   | service | 10
            2           | 2026-03-02T02:00:00Z | A       | cash:1 | account   | cash    | 20
            3           | 2026-03-02T03:00:00Z | A       | abroad | account   | abroad  | 30
            4           | 2026-03-02T04:00:00Z | cash:1  | X      | cash      | account | 20
            5           | 2026-03-02T05:00:00Z | Y       | S      | account   | service | 10
            """
        ),
        seeds_of("A"),
    )

    assert_drawn(
        of_rule(result.steps, rule),
        """
        transfer_id | tainted_tiyn | ended_by_code
        ------------------------------------------
        1           | 10           | service
        2           | 20           | cash
        3           | 30           | abroad
        """,
    )
    assert_drawn(
        of_rule(result.holdings, rule).filter(pl.col("node_id") != "A"),
        """
        node_id | held_tiyn | ended_tiyn
        --------------------------------
        S       | 0         | 10
        abroad  | 0         | 30
        cash:1  | 0         | 20
        """,
    )


def test_mixers_and_exchanges_end_a_trail_and_other_labels_colour_it():
    result = followed(
        transfers_of(
            """
            transfer_id | at                   | from_id | to_id   | from_kind | to_kind | amount_tiyn
            ------------------------------------------------------------------------------------------
            1           | 2026-03-02T01:00:00Z | A       | tron:m  | account   | wallet  | 10
            2           | 2026-03-02T02:00:00Z | A       | tron:d  | account   | wallet  | 20
            3           | 2026-03-02T03:00:00Z | tron:d  | E/x     | wallet    | account | 20
            4           | 2026-03-02T04:00:00Z | tron:m  | E/x     | wallet    | account | 10
            5           | 2026-03-02T05:00:00Z | A       | eth:0xa | account   | wallet  | 30
            """
        ),
        seeds_of("A"),
        labels="""
        address | asset_code | label | category_code | source_uri
        ---------------------------------------------------------
        0xA     | ETH        | mix   | mixer         | x
        m       | USDT       | mix   | market        | x
        m       | TRX        | mix   | mixer         | y
        d       | BTC        | dark  | market        | x
        """,
    )

    assert_drawn(
        of_rule(result.steps, "haircut"),
        """
        transfer_id | tainted_tiyn | ended_by_code | label_code
        -------------------------------------------------------
        1           | 10           | label         | mixer
        2           | 20           | -             | market
        3           | 20           | -             | -
        5           | 30           | label         | mixer
        """,
    )


def test_a_trail_ends_at_a_named_stop_but_not_at_a_seed():
    chain = transfers_of(
        """
        transfer_id | at                   | from_id | to_id | amount_tiyn
        ------------------------------------------------------------------
        1           | 2026-03-02T01:00:00Z | A       | B     | 100
        2           | 2026-03-02T02:00:00Z | B       | C     | 60
        3           | 2026-03-02T03:00:00Z | C       | D     | 60
        4           | 2026-03-02T04:00:00Z | B       | A     | 40
        """
    )

    result = followed(chain, seeds_of("A"), limits=replace(LIMITS, stops=("C", "A")))

    assert_drawn(
        of_rule(result.steps, "fifo"),
        """
        transfer_id | tainted_tiyn | ended_by_code
        ------------------------------------------
        1           | 100          | -
        2           | 60           | stop
        4           | 40           | -
        """,
    )


def test_a_trail_ends_at_its_limits():
    chain = transfers_of(
        """
        transfer_id | at                   | from_id | to_id | amount_tiyn
        ------------------------------------------------------------------
        1           | 2026-03-02T01:00:00Z | A       | B     | 100
        2           | 2026-03-02T02:00:00Z | B       | C     | 9
        3           | 2026-03-02T03:00:00Z | B       | C     | 80
        4           | 2026-03-02T04:00:00Z | C       | D     | 70
        5           | 2026-03-02T05:00:00Z | D       | E     | 70
        """
    )

    result = followed(
        chain, seeds_of("A"), limits=replace(LIMITS, most_hops=3, most_poison_hops=2, least_tiyn=10)
    )

    assert_drawn(
        of_rule(result.steps, "haircut"),
        """
        transfer_id | tainted_tiyn | ended_by_code
        ------------------------------------------
        1           | 100          | -
        2           | 9            | amount
        3           | 80           | -
        4           | 70           | hops
        """,
    )
    assert_drawn(
        of_rule(result.steps, "poison"),
        """
        transfer_id | tainted_tiyn | ended_by_code
        ------------------------------------------
        1           | 100          | -
        2           | 9            | hops
        3           | 80           | hops
        """,
    )


def test_cases_are_told_apart():
    both = pl.concat([seeds_of("A"), seeds_of("B", case_no="d")])

    together = followed(transfers_of(MIXED), both)
    alone = followed(transfers_of(MIXED), seeds_of("B", case_no="d"))

    of_d = pl.col("case_no") == "d"
    assert_frame_equal(together.steps.filter(of_d), alone.steps)
    assert_frame_equal(together.holdings.filter(of_d), alone.holdings)


def test_without_seeds_or_transfers_the_tables_are_empty():
    nothing = followed(transfers_of(MIXED), seeds_of())
    still = followed(frame_of([], kinds={}), seeds_of("A"))

    assert nothing.steps.collect().schema == STEPS.schema
    assert nothing.holdings.collect().is_empty()
    assert still.holdings.collect()["held_tiyn"].to_list() == [0, 0, 0]


def test_money_made_out_of_nothing_is_told_with_the_difference():
    made = of_rule(followed(transfers_of(MIXED), seeds_of("A")).holdings, "fifo").with_columns(
        entered_tiyn=pl.col("entered_tiyn") + 2
    )

    with pytest.raises(NotConserved, match="6 tiyn too few"):
        conserved(made.collect())


KINDS = {"S": "service", "cash:1": "cash"}
NODES = ["A", "B", "C", "D", "E", "S", "cash:1"]
moved = st.lists(
    st.tuples(
        st.integers(0, 143),
        st.sampled_from(NODES),
        st.sampled_from(NODES),
        st.integers(1, 1000),
    ),
    max_size=40,
)
limited = st.builds(
    lambda hops, least, payees: replace(
        LIMITS,
        most_hops=hops,
        most_poison_hops=max(1, hops - 1),
        least_tiyn=least,
        most_payees=payees,
    ),
    st.integers(1, 6),
    st.integers(1, 50),
    st.integers(1, 4),
)
sown = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 40)), min_size=1, max_size=3)
LAST = date(2026, 3, 4)


def _seeds(found) -> pl.LazyFrame:
    return pl.concat(
        seeds_of(node, from_at=MIDNIGHT + timedelta(minutes=30) * at)
        for node, at in dict(found).items()
    )


@settings(max_examples=20)
@given(moved, sown, limited)
def test_what_entered_is_held_or_ended_and_no_transfer_carries_more_than_it_is(rows, found, limits):
    result = followed(frame_of(rows, kinds=KINDS), _seeds(found), limits=limits, night=LAST)

    sums = result.holdings.group_by("rule_code").agg(pl.col(pl.Int64).sum()).collect()
    kept = sums.filter(pl.col("rule_code") != "poison")
    assert (kept["entered_tiyn"] == kept["held_tiyn"] + kept["ended_tiyn"]).all()
    assert (
        sums["came_in_tiyn"] == sums["went_out_tiyn"] + sums["held_tiyn"] + sums["ended_tiyn"]
    ).all()
    steps = result.steps.collect()
    assert (steps["tainted_tiyn"] <= steps["amount_tiyn"]).all()
    assert (steps["tainted_tiyn"] > 0).all()
    held = result.holdings.collect()
    assert (held["held_tiyn"] <= held["balance_tiyn"]).all()
    assert (held["held_tiyn"] >= 0).all()


@settings(max_examples=12)
@given(moved, sown, limited)
def test_night_by_night_is_what_all_days_at_once_are(rows, found, limits):
    frame, seeds = frame_of(rows, kinds=KINDS), _seeds(found)

    at_once = followed(frame, seeds, limits=limits, night=LAST)
    holdings, steps = None, []
    for day in (NIGHT, date(2026, 3, 3), LAST):
        of_day = frame.filter(pl.col("business_date") == day)
        trail = followed(of_day, seeds, holdings, limits=limits, since=day, night=day)
        holdings = trail.holdings
        steps.append(trail.steps)

    assert_frame_equal(
        pl.concat(steps).sort("case_no", "rule_code", "at", "transfer_id"), at_once.steps
    )
    assert_frame_equal(holdings, at_once.holdings)


@settings(max_examples=20)
@given(moved, sown, limited, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_a_rerun_change_nothing(rows, found, limits, dice):
    frame = frame_of(rows, kinds=KINDS).collect()
    order = list(range(len(rows)))
    dice.shuffle(order)

    once = followed(frame.lazy(), _seeds(found), limits=limits, night=LAST)
    again = followed(frame[order].lazy(), _seeds(found), limits=limits, night=LAST)

    assert_frame_equal(once.steps, again.steps)
    assert_frame_equal(once.holdings, again.holdings)


@given(moved, sown, limited)
def test_time_never_runs_backward_along_a_trail(rows, found, limits):
    result = followed(frame_of(rows, kinds=KINDS), _seeds(found), limits=limits, night=LAST)

    first = _seeds(found).select("node_id", "from_at").collect()
    steps = result.steps.collect()
    for rule in ("poison", "haircut", "fifo"):
        of = steps.filter(pl.col("rule_code") == rule)
        came = {**dict(first.iter_rows())}
        for at, payer, payee, ended in (
            of.sort("at", "transfer_id")
            .select("at", "from_id", "to_id", "ended_by_code")
            .iter_rows()
        ):
            assert came[payer] <= at
            if ended is None:
                came[payee] = min(at, came.get(payee, at))


@given(moved, sown)
def test_the_search_leaves_out_nothing_that_a_full_walk_would_carry(rows, found):
    """The kernel over every transfer, without search, carries the same."""
    result = followed(frame_of(rows, kinds=KINDS), _seeds(found), night=LAST)

    seeds, carried_by_hand = dict(found), []
    since = {n: (MIDNIGHT + timedelta(minutes=30) * at) for n, at in seeds.items()}
    balance, held = dict.fromkeys(NODES, 0), dict.fromkeys(NODES, 0)
    for n, (at, payer, payee, amount) in sorted(enumerate(rows), key=lambda r: (r[1][0], r[0])):
        if payer == payee:
            continue
        now = MIDNIGHT + timedelta(minutes=30) * at
        is_seed = payer in since and since[payer] <= now
        tainted = 0
        if is_seed or held[payer]:
            there = balance[payer]
            tainted = held[payer] if amount >= there else amount * held[payer] // there
            balance[payer], held[payer] = max(0, there - amount), held[payer] - tainted
            tainted += max(0, amount - there) if is_seed else 0
        if payee in since and since[payee] <= now:
            wage = amount - tainted if payer == "S" else 0
            balance[payee] += amount
            held[payee] += amount - wage
        elif payee not in KINDS and (tainted or held[payee]):
            balance[payee] += amount
            held[payee] += tainted
        if tainted:
            carried_by_hand.append((f"{n:04}", tainted))

    steps = of_rule(result.steps, "haircut").select("transfer_id", "tainted_tiyn").collect()
    assert sorted(steps.iter_rows()) == sorted(carried_by_hand)


def test_the_tables_keep_their_contracts():
    result = followed(transfers_of(MIXED), seeds_of("A"))

    assert result.steps.collect_schema() == STEPS.schema
    assert result.holdings.collect_schema() == HOLDINGS.schema
