"""Rings: the same money all the way round, in time, among accounts that are not services."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.tables import table
from transforms.droppers.hops import hops, legs
from transforms.droppers.rings import RINGS, rings

TYPES = {"from_id": pl.String, "to_id": pl.String, "amount_tiyn": pl.Int64}

# Payments of all kinds of amounts, so that equal ones are a coincidence.
OTHERS = [(f"x{n}", f"y{n}", 1_000 + 37 * n, 1 + n % 20) for n in range(200)]


def transfers(drawing: str, others: list[tuple[str, str, int, int]] = OTHERS) -> pl.LazyFrame:
    at = pl.concat_str(pl.lit("2026-03-"), pl.col("day").cast(pl.String).str.zfill(2))
    drawn = table(drawing, {**TYPES, "day": pl.Int64})
    more = pl.LazyFrame(others, {**TYPES, "day": pl.Int64}, orient="row")
    return pl.concat([drawn, more]).select(
        *TYPES, at=at.str.to_datetime("%Y-%m-%d", time_unit="us", time_zone="UTC")
    )


def found(rows: pl.LazyFrame, **changed: object) -> pl.DataFrame:
    ways = {
        "most_legs": 6,
        "within": timedelta(days=7),
        "most_lost_share": 0.05,
        "most_counterparties": 20,
        "is_order_kept": True,
    }
    return rings(rows, **{**ways, **changed}).collect()


RING = """
from_id | to_id | amount_tiyn | day
-----------------------------------
a       | b     | 900100      | 2
b       | c     | 891000      | 3
c       | a     | 882000      | 5
"""


def test_a_ring_is_read_from_its_first_payer_in_order_of_payment():
    result = found(transfers(RING))

    row = result.row(0, named=True)
    assert result.height == 1
    assert row["accounts"] == ["a", "b", "c"]
    assert row["legs"] == 3
    assert row["most_tiyn"] == 900100
    assert row["kept_share"] == pytest.approx(882000 / 900100)
    assert row["is_in_order"]
    assert (row["first_at"].day, row["last_at"].day) == (2, 5)


@pytest.mark.parametrize(
    ("leg", "broken"),
    [
        ("c       | a     | 882000      | 5", "c | a | 840000 | 5"),  # lost more than a share
        ("c       | a     | 882000      | 5", "c | a | 899000 | 5"),  # more than came
        ("c       | a     | 882000      | 5", "c | a | 882000 | 1"),  # went before it came
        ("c       | a     | 882000      | 5", "c | a | 882000 | 12"),  # too late
        ("c       | a     | 882000      | 5", "c | d | 882000 | 5"),  # does not come back
    ],
)
def test_each_rule_of_a_ring_has_a_leg_that_breaks_it(leg, broken):
    result = found(transfers(RING.replace(leg, broken)))

    assert result.height == 0


def test_a_leg_paid_too_early_is_in_a_ring_only_where_order_is_not_asked_for():
    early = transfers(RING.replace("891000      | 3", "891000      | 1"))

    result = found(early, is_order_kept=False)

    assert result.select("legs", "is_in_order").rows() == [(3, False)]


@pytest.mark.parametrize("first", ["a", "z"])
def test_legs_of_the_same_instant_stand_in_either_order(first):
    at_once = """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        FIRST   | b     | 900100      | 3
        b       | c     | 891000      | 3
        c       | FIRST | 882000      | 5
        """

    result = found(transfers(at_once.replace("FIRST", first)))

    assert result["accounts"].to_list() == [[first, "b", "c"]]


def test_two_who_pay_each_other_back_are_no_ring():
    result = found(
        transfers(
            """
            from_id | to_id | amount_tiyn | day
            -----------------------------------
            a       | b     | 900100      | 2
            b       | a     | 900100      | 3
            """
        )
    )

    assert result.height == 0


def test_a_ring_longer_than_asked_for_is_not_told():
    assert found(transfers(RING), most_legs=3).height == 1
    four = RING.replace(
        "c       | a     | 882000      | 5", "c | d | 882000 | 5\nd | a | 880000 | 6"
    )

    assert found(transfers(four), most_legs=3).height == 0
    assert found(transfers(four), most_legs=4)["legs"].to_list() == [4]


def test_nothing_is_followed_through_a_service():
    clients = [(f"p{n}", "b", 5_000 + n, 2) for n in range(25)]

    assert found(transfers(RING, OTHERS + clients), most_counterparties=20).height == 0
    assert found(transfers(RING, OTHERS + clients), most_counterparties=30).height == 1


def test_a_round_amount_that_everybody_sends_surprises_nobody():
    rounded = [(f"x{n}", f"y{n}", 900_100, 2) for n in range(200)]
    also_paid = [(who, f"z{n}", 900_100, 3) for who in "abc" for n in range(3)]

    result = found(transfers(RING.replace("891000", "900100"), rounded + also_paid))

    assert result.height == 0


def test_equal_transfers_of_a_day_are_one_leg_and_one_ring():
    doubled = RING + "\n".join(RING.strip().splitlines()[2:])

    assert_frame_equal(
        found(transfers(doubled)).drop("surprise"), found(transfers(RING)).drop("surprise")
    )
    assert legs(transfers(doubled), most_counterparties=9).collect()["repeats"].max() == 2


def test_the_surprise_of_a_hop_is_the_share_of_such_amounts_times_the_ways_on():
    rows = transfers(
        """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        a       | b     | 100         | 2
        b       | c     | 100         | 2
        b       | d     | 555000      | 2
        """,
        [(f"x{n}", f"y{n}", 10_000 + n, 1) for n in range(17)],
    )

    hop = hops(
        legs(rows, most_counterparties=9),
        within=timedelta(days=1),
        most_lost_share=0.01,
        is_order_kept=True,
    ).collect()

    # Two of twenty legs have the amount, and two ways lead out of b.
    assert hop.select("payer", "account", "payee").rows() == [("a", "b", "c")]
    assert 10 ** -hop["surprise"].item() == pytest.approx(2 * 2 / 20)


PAYMENTS = st.lists(
    st.tuples(
        st.sampled_from("abcde"),
        st.sampled_from("abcde"),
        st.sampled_from([900_100, 899_999, 880_000, 500_123]),
        st.integers(1, 9),
    ),
    max_size=25,
)


@given(PAYMENTS, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_the_order_of_rows_changes_no_ring(payments, dice):
    rows = transfers(RING, OTHERS + payments).collect()
    shuffled = rows[dice.sample(range(rows.height), rows.height)]

    for is_order_kept in (True, False):
        assert_frame_equal(
            found(rows.lazy(), is_order_kept=is_order_kept),
            found(shuffled.lazy(), is_order_kept=is_order_kept),
        )


@given(PAYMENTS)
@settings(deadline=None, max_examples=25)
def test_every_ring_can_be_walked_along_transfers_and_time_never_runs_backward(payments):
    rows = transfers(RING, OTHERS + payments)
    paid = set(rows.select("from_id", "to_id").collect().rows())

    for ring in found(rows).iter_rows(named=True):
        members = ring["accounts"]
        assert len(set(members)) == len(members) == ring["legs"] >= 3
        assert set(zip(members, members[1:] + members[:1], strict=True)) <= paid
        assert timedelta() <= ring["last_at"] - ring["first_at"] <= timedelta(days=7)
        assert ring["is_in_order"]
        assert ring["kept_share"] >= 0.95 ** (ring["legs"] - 1) - 1e-6


def test_without_transfers_there_are_no_rings():
    result = found(transfers(RING, []).clear())

    assert result.height == 0
    assert result.schema == RINGS.schema
