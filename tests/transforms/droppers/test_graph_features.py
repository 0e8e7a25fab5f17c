"""Shapes of an account's transfers: each measured in its unit, and as surprise."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.droppers.test_rings import OTHERS, RING, transfers
from transforms.droppers.equal_sums import tempered
from transforms.droppers.graph_features import graph_features
from transforms.droppers.rings import rings

WEEK = timedelta(days=7)


def features(rows: pl.LazyFrame, *, within: timedelta = WEEK) -> dict[str, dict[str, float]]:
    return {row["account_id"]: row for row in frame(rows, within).iter_rows(named=True)}


def frame(rows: pl.LazyFrame, within: timedelta = WEEK) -> pl.DataFrame:
    ways = {
        "within": within,
        "most_lost_share": 0.05,
        "most_counterparties": 20,
        "is_order_kept": True,
    }
    return graph_features(rows, rings(rows, most_legs=5, **ways), **ways).collect()


def test_payers_are_counted_in_the_fullest_window():
    rows = transfers(
        """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        a       | m     | 700001      | 1
        b       | m     | 800002      | 2
        b       | m     | 300003      | 3
        c       | m     | 900004      | 20
        """
    )

    assert features(rows)["m"]["payers"] == 2
    assert features(rows, within=timedelta(days=30))["m"]["payers"] == 3


def test_who_gathers_from_many_surprises_more_than_who_does_not():
    many = [(f"p{n}", "m", 500_000 + 7 * n, 3) for n in range(9)]

    result = features(transfers(RING, OTHERS + many))

    assert result["m"]["fan_in_surprise"] == max(r["fan_in_surprise"] for r in result.values())
    assert result["m"]["fan_in_surprise"] > 1
    assert result["m"]["fan_out_surprise"] == 0


def test_who_pays_into_a_burst_has_part_in_it_and_whoever_is_always_busy_has_none():
    burst = [(f"p{n}", "m", 500_000 + 7 * n, 3) for n in range(9)]
    busy = [(f"q{n}", "shop", 500_000 + 13 * n, 1 + n % 28) for n in range(120)]

    result = features(transfers(RING, OTHERS + burst + busy))

    assert 0 < result["p1"]["fan_in_surprise"] <= result["m"]["fan_in_surprise"]
    assert result["shop"]["payers"] > result["m"]["payers"]
    assert result["shop"]["fan_in_surprise"] < 0.5


def test_equal_sums_to_many_are_told_like_equal_sums_from_many():
    out = [("boss", f"p{n}", 777_700, 3) for n in range(6)]

    result = features(transfers(RING, OTHERS + out))

    assert result["boss"]["equal_out_surprise"] > 2
    assert result["p1"]["equal_out_surprise"] > 2
    assert result["p1"]["equal_in_surprise"] == 0


def test_what_everybody_does_is_tempered_in_the_sum_and_what_few_do_is_not():
    usual = pl.LazyFrame(
        {"everybody": [40.0 + n for n in range(100)], "few": [0.0] * 97 + [9.0] * 3}
    )

    found = tempered(usual, ["everybody", "few"]).collect()

    assert found["everybody"].max() < 3
    assert found["few"].max() == 9


def test_money_that_goes_on_surprises_in_the_middle_and_at_the_end_not_at_the_payer():
    rows = transfers(
        """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        a       | m     | 900100      | 2
        m       | c     | 891000      | 3
        """
    )

    result = features(rows)

    assert result["m"]["matched_hops"] == 1
    assert result["m"]["pass_through_surprise"] > 1
    assert result["c"]["end_of_chain_surprise"] > 1
    assert result["a"]["pass_through_surprise"] == result["a"]["end_of_chain_surprise"] == 0
    assert result["m"]["passed_on_share"] == pytest.approx(891000 / 900100)


def test_a_longer_chain_surprises_more():
    two = """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        a       | m     | 900100      | 2
        m       | c     | 891000      | 3
        """
    three = two.rstrip() + "\n        c       | d     | 890000      | 4"

    shorter, longer = (features(transfers(drawn))["m"] for drawn in (two, three))

    assert longer["pass_through_surprise"] > shorter["pass_through_surprise"]


def test_equal_transfers_of_one_day_to_one_payee_are_a_repetition():
    rows = transfers(
        """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        a       | m     | 900100      | 2
        a       | m     | 900100      | 2
        a       | m     | 900100      | 2
        b       | n     | 900100      | 2
        b       | n     | 900100      | 5
        """
    )

    result = features(rows)

    assert (result["a"]["repeats"], result["m"]["repeats"], result["n"]["repeats"]) == (3, 3, 1)
    assert result["m"]["repetition_surprise"] > result["n"]["repetition_surprise"] == 0


def test_the_same_price_from_different_payers_is_told_from_other_amounts():
    shop = [(f"p{n}", "shop", 777_700, 3) for n in range(6)]
    club = [(f"q{n}", "club", 600_000 + 11 * n, 3) for n in range(6)]

    result = features(transfers(RING, OTHERS + shop + club))

    assert (result["shop"]["equal_payers"], result["club"]["equal_payers"]) == (6, 1)
    assert result["shop"]["equal_in_surprise"] > 2
    assert result["club"]["equal_in_surprise"] == 0


def test_accounts_side_by_side_are_middlemen():
    rows = transfers(
        """
        from_id | to_id | amount_tiyn | day
        -----------------------------------
        s       | m1    | 900100      | 2
        s       | m2    | 700300      | 2
        s       | m3    | 500500      | 2
        m1      | t     | 900000      | 3
        m2      | t     | 700000      | 3
        m3      | u     | 500000      | 3
        """
    )

    result = features(rows)

    assert {a: r["middlemen"] for a, r in result.items() if r["middlemen"]} == {
        "s": 2,
        "m1": 2,
        "m2": 2,
        "t": 2,
    }


def test_members_of_a_ring_bear_its_surprise():
    result = features(transfers(RING))

    assert {a for a, r in result.items() if r["ring_surprise"] > 0} == {"a", "b", "c"}


def test_the_sum_is_over_all_shapes():
    result = frame(transfers(RING))

    parts = [c for c in result.columns if c.endswith("_surprise")]
    assert result["surprise"].to_list() == pytest.approx(
        result.select(pl.sum_horizontal(parts)).to_series().to_list()
    )


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=5)
def test_the_order_of_rows_changes_nothing(dice):
    more = [("a", "b", 900_100, 2), ("b", "q", 900_000, 2)]
    rows = transfers(RING, [*OTHERS, *more]).collect()
    shuffled = rows[dice.sample(range(rows.height), rows.height)]

    assert_frame_equal(frame(rows.lazy()), frame(shuffled.lazy()))
