"""A case traced on demand, forward and backward."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from polars.testing import assert_frame_equal

from tests.transforms.drawings import accepted, assert_drawn, rows_of
from tests.transforms.trail.drawn import LIMITS, NIGHT, frame_of, seeds_of, transfers_of
from tests.transforms.trail.planted import networks_moved
from tests.transforms.trail.test_roles import NETWORK
from tests.transforms.trail.test_trails import KINDS, moved
from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.case_wallets import CASE_WALLETS
from transforms.arrests.measures import MEASURES
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.trail.backward import mirrored
from transforms.trail.crossing import CROSSINGS
from transforms.trail.parameters import limits, ties
from transforms.trail.role_signs import signs
from transforms.trail.tracing import Measures, Traced, traced
from transforms.trail.trails import Told

NO_MEASURES = Measures(
    *(
        rows_of(each)
        for each in (MEASURES, ACCOUNT_ARRESTS, ASSET_ARRESTS, WALLET_FREEZES, CASE_WALLETS)
    )
)


def traced_from(
    transfers: pl.LazyFrame, *seeds: str, kind: str = "account", tied: str | None = None, **asked
) -> Traced:
    told = Told(transfers, rows_of(CROSSINGS, tied), accepted("wallet_labels"))
    sown = seeds_of(*seeds).with_columns(node_kind=pl.lit(kind))
    arguments = {
        "rule": "haircut",
        "limits": LIMITS,
        "ties": ties(),
        "signs": signs(),
        "since": NIGHT,
        "night": NIGHT,
        "measures": NO_MEASURES,
    }
    return traced(told, sown, **{**arguments, **asked})


def test_all_that_a_dossier_shows_is_of_one_rule_but_the_figures():
    found = traced_from(transfers_of(NETWORK), "shop", rule="fifo")

    for rows in (found.steps, found.roles, found.persons, found.held, found.exits, found.links):
        assert rows["rule_code"].unique().to_list() == ["fifo"]
    assert found.figures["rule_code"].to_list() == ["fifo", "haircut", "poison"]
    assert (found.case_no, found.is_empty) == ("c", False)


@pytest.mark.parametrize(("ordered_on", "role"), [(NIGHT, "dropper"), (date(2026, 3, 3), "shop")])
def test_an_order_of_a_later_day_is_not_known_yet(ordered_on, role):
    orders = rows_of(ACCOUNT_ARRESTS, f"account_iban | ordered_on\n-\nshop | {ordered_on}")
    measures = replace(NO_MEASURES, account_arrests=orders)

    found = traced_from(transfers_of(NETWORK), "shop", measures=measures)

    assert found.roles.filter(node_id="shop")["role_code"].to_list() == [role]


def test_a_seed_that_moved_nothing_is_counted_and_has_no_role():
    found = traced_from(transfers_of(NETWORK), "shop", "nobody")

    assert (found.seeds, found.seeds_moved) == (2, 1)
    assert found.roles.equals(traced_from(transfers_of(NETWORK), "shop").roles)


def test_days_outside_are_not_followed():
    late = transfers_of(
        NETWORK + "16 | 2026-03-03T01:00:00Z | friend | x | account | 5 | transfer\n"
    )

    assert traced_from(late, "shop").steps.height == 9
    assert traced_from(late, "shop", night=date(2026, 3, 3)).steps.height == 10
    assert traced_from(late, "shop", since=date(2026, 3, 3), night=date(2026, 3, 3)).is_empty


def test_backward_a_payment_is_explained_by_what_came_last_before_it():
    found = traced_from(
        transfers_of(
            """
            transfer_id | at                   | from_id | to_id | amount_tiyn
            ------------------------------------------------------------------
            1           | 2026-03-02T01:00:00Z | P       | A     | 100
            2           | 2026-03-02T02:00:00Z | Q       | A     | 30
            3           | 2026-03-02T03:00:00Z | A       | B     | 90
            4           | 2026-03-02T04:00:00Z | R       | A     | 500
            """
        ),
        "B",
        is_backward=True,
        rule="fifo",
    )

    assert_drawn(
        found.steps.lazy().sort("at"),
        """
        transfer_id | from_id | to_id | amount_tiyn | tainted_tiyn | layer
        ------------------------------------------------------------------
        1           | P       | A     | 100         | 60           | 2
        2           | Q       | A     | 30          | 30           | 2
        3           | A       | B     | 90          | 90           | 1
        """,
    )
    assert found.roles["role_code"].unique().to_list() == ["account"]
    assert found.held.is_empty()
    assert found.figures["arrestable_tiyn"].to_list() == [0, 0, 0]


BOUGHT = """
transfer_id | at                   | from_kind       | from_id  | to_kind         | to_id    | amount_tiyn
--------------------------------------------------------------------------------------------------------
1           | 2026-03-02T01:00:00Z | account         | shop     | account         | buyer    | 100
2           | 2026-03-02T02:00:00Z | account         | buyer    | account         | seller   | 100
3           | 2026-03-02T02:10:00Z | exchange_client | X/seller | exchange_client | X/buyer  | 100
4           | 2026-03-02T03:00:00Z | exchange_client | X/buyer  | wallet          | tron:w   | 100
"""
TIED = """
business_date | order_transfer_id | transfer_id | confidence
-----------------------------------------------------------
2026-03-02    | 3                 | 2           | 0.9
"""


def test_backward_a_wallet_leads_through_the_p2p_order_to_who_paid_for_it():
    wallet = {"kind": "wallet", "is_backward": True, "rule": "fifo"}

    crossing = traced_from(transfers_of(BOUGHT), "tron:w", tied=TIED, **wallet)
    unsure = traced_from(transfers_of(BOUGHT), "tron:w", tied=TIED.replace("0.9", "0.01"), **wallet)

    assert crossing.steps.sort("at")["transfer_id"].to_list() == ["1", "2", "4"]
    assert crossing.held["node_id"].to_list() == []
    assert set(crossing.roles["node_id"]) == {"tron:w", "X/buyer", "buyer", "shop"}
    assert unsure.steps.sort("at")["transfer_id"].to_list() == ["3", "4"]


def test_backward_the_exits_are_where_money_came_into_the_banks():
    found = traced_from(
        transfers_of(
            """
            transfer_id | at                   | from_kind | from_id | to_id | amount_tiyn | operation_code
            ------------------------------------------------------------------------------------------
            1           | 2026-03-02T01:00:00Z | cash      | cash:75 | A     | 70          | cash_deposit
            2           | 2026-03-02T02:00:00Z | cash      | cash:75 | A     | 30          | cash_deposit
            3           | 2026-03-02T03:00:00Z | account   | A       | B     | 100         | transfer
            """
        ),
        "B",
        is_backward=True,
    )

    assert_drawn(
        found.exits.lazy(),
        """
        node_id | role_code | transactions | payers | tainted_tiyn | last_at
        --------------------------------------------------------------------
        cash:75 | cash      | 2            | 1      | 100          | 2026-03-02T02:00:00Z
        """,
    )


@given(moved)
def test_transfers_mirrored_twice_are_what_they_were_and_keep_their_day(rows):
    frame = frame_of(rows, kinds=KINDS)

    once = mirrored(frame, about=NIGHT)
    assert_frame_equal(mirrored(once, about=NIGHT), frame)
    apart = once.select(
        pl.col("at").dt.convert_time_zone("Asia/Almaty").dt.date() - pl.col("business_date")
    )
    straight = frame.select(
        pl.col("at").dt.convert_time_zone("Asia/Almaty").dt.date() - pl.col("business_date")
    )
    assert apart.collect().to_series().to_list() == [-d for d in straight.collect().to_series()]


@given(moved)
def test_backward_time_never_runs_forward_and_money_is_conserved(rows):
    found = traced_from(frame_of(rows, kinds=KINDS), "A", is_backward=True, night=date(2026, 3, 4))

    paid_at: dict[str, datetime] = {}
    # Of one instant, the number of a transfer says which was first, whichever way time runs.
    walked = found.steps.sort("at", "transfer_id", descending=[True, False])
    for step in walked.iter_rows(named=True):
        assert step["to_id"] == "A" or step["at"] <= paid_at[step["to_id"]]
        paid_at[step["from_id"]] = max(step["at"], paid_at.get(step["from_id"], step["at"]))
        assert 0 < step["tainted_tiyn"] <= step["amount_tiyn"]


def test_from_an_organizer_backward_the_trail_leads_to_the_droppers():
    transfers, everybody = networks_moved(date(2025, 8, 10), days=3)
    of = everybody.filter(pl.col("network") == "network-2")
    organizer = of.filter(pl.col("role") == "organizer")["iban"].item()

    found = traced_from(
        transfers.lazy(),
        organizer,
        is_backward=True,
        limits=limits(),
        since=date(2025, 8, 10),
        night=date(2025, 8, 12),
    )

    reached = of.join(found.roles, left_on="iban", right_on="node_id", how="semi")
    counts = dict(reached.group_by("role").len().iter_rows())
    assert (counts["operator"], counts["shop"]) == (2, 1)
    assert counts["dropper"] >= 10


@pytest.mark.parametrize("days", [1, 4])
def test_an_instant_keeps_its_distance_from_the_day(days):
    row = transfers_of(NETWORK).head(1).with_columns(pl.col("at") - timedelta(days=days))

    there = mirrored(row, about=NIGHT).collect()["at"].item()

    assert there.date() in (NIGHT + timedelta(days=days), NIGHT + timedelta(days=days - 1))
