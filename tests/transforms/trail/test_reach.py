"""Reach: time never runs backward, limits hold, services and busy nodes end it."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.transforms.drawings import assert_drawn, rows_of
from transforms.trail.reach import REACHED, Limits, reached
from transforms.trail.transfers import TRANSFERS

LIMITS = Limits(most_hops=4, most_poison_hops=4, least_tiyn=10, most_payees=3)
START = """
case_no | node_id | at                   | layer
------------------------------------------------
c       | A       | 2026-03-02T00:00:00Z | 0
"""


def test_money_goes_on_only_after_it_has_come():
    result = of(
        """
        transfer_id | at                   | from_id | to_id | to_kind | amount_tiyn
        ---------------------------------------------------------------------------
        1           | 2026-03-02T06:00:00Z | A       | B     | account | 100
        2           | 2026-03-02T05:59:59Z | B       | C     | account | 100
        3           | 2026-03-02T06:00:00Z | B       | D     | account | 100
        4           | 2026-03-01T23:59:59Z | A       | E     | account | 100
        """
    )

    assert_drawn(
        result,
        """
        node_id | at                   | layer
        --------------------------------------
        A       | 2026-03-02T00:00:00Z | 0
        B       | 2026-03-02T06:00:00Z | 1
        D       | 2026-03-02T06:00:00Z | 2
        """,
    )


def test_a_later_arrival_after_fewer_transfers_counts_beside_an_earlier_one():
    chain = """
        transfer_id | at                   | from_id | to_id | to_kind | amount_tiyn
        ---------------------------------------------------------------------------
        1           | 2026-03-02T01:00:00Z | A       | B     | account | 100
        2           | 2026-03-02T02:00:00Z | B       | C     | account | 100
        3           | 2026-03-02T03:00:00Z | C       | D     | account | 100
        4           | 2026-03-02T04:00:00Z | A       | D     | account | 100
        5           | 2026-03-02T05:00:00Z | D       | E     | account | 100
        6           | 2026-03-02T03:30:00Z | D       | F     | account | 100
        """

    result = of(chain, most_hops=3)

    assert_drawn(
        result.filter(pl.col("node_id").is_in(["D", "E", "F"])),
        """
        node_id | at                   | layer
        --------------------------------------
        D       | 2026-03-02T04:00:00Z | 1
        D       | 2026-03-02T03:00:00Z | 3
        E       | 2026-03-02T05:00:00Z | 2
        """,
    )


def test_services_cash_and_abroad_are_reached_and_not_passed_and_small_sums_neither():
    result = of(
        """
        transfer_id | at                   | from_id | to_id  | to_kind | amount_tiyn
        ----------------------------------------------------------------------------
        1           | 2026-03-02T01:00:00Z | A       | S      | service | 100
        2           | 2026-03-02T02:00:00Z | S       | x1     | account | 100
        3           | 2026-03-02T01:00:00Z | A       | cash:1 | cash    | 100
        4           | 2026-03-02T02:00:00Z | cash:1  | x2     | account | 100
        5           | 2026-03-02T01:00:00Z | A       | B      | account | 9
        6           | 2026-03-02T02:00:00Z | B       | x3     | account | 100
        7           | 2026-03-02T03:00:00Z | A       | C      | account | 9
        8           | 2026-03-02T04:00:00Z | A       | C      | account | 10
        9           | 2026-03-02T05:00:00Z | C       | D      | account | 10
        """
    )

    assert sorted(set(result.collect()["node_id"])) == ["A", "B", "C", "D", "S", "cash:1"]


def test_a_node_that_pays_too_many_on_a_day_is_not_passed_on_that_day_unless_it_is_a_start():
    def fan(payer: str, day: int) -> str:
        return "\n".join(
            f"{payer}{day}{n} | 2026-03-0{day}T06:00:00Z | {payer} | {payer}{day}{n} | account | 100"
            for n in range(4)
        )

    result = of(
        f"""
        transfer_id | at                   | from_id | to_id | to_kind | amount_tiyn
        ---------------------------------------------------------------------------
        1           | 2026-03-02T01:00:00Z | A       | B     | account | 100
        {fan("A", 3)}
        {fan("B", 3)}
        8           | 2026-03-04T06:00:00Z | B       | later | account | 100
        """
    )

    assert set(result.collect()["node_id"]) == {"A", "B", "later", "A30", "A31", "A32", "A33"}


def test_backward_is_from_whom_it_can_have_come():
    result = of(
        """
        transfer_id | at                   | from_id | to_id | to_kind | amount_tiyn
        ---------------------------------------------------------------------------
        1           | 2026-03-01T01:00:00Z | C       | B     | account | 100
        2           | 2026-03-01T02:00:00Z | B       | A     | account | 100
        3           | 2026-03-01T03:00:00Z | D       | B     | account | 100
        4           | 2026-03-02T03:00:00Z | E       | A     | account | 100
        """,
        is_backward=True,
    )

    assert_drawn(
        result,
        """
        node_id | at                   | layer
        --------------------------------------
        A       | 2026-03-02T00:00:00Z | 0
        B       | 2026-03-01T02:00:00Z | 1
        C       | 2026-03-01T01:00:00Z | 2
        """,
    )


def of(drawing: str, *, is_backward: bool = False, most_hops: int = 4) -> pl.LazyFrame:
    drawn = rows_of(TRANSFERS, drawing).with_columns(
        business_date=pl.col("at").dt.date(), from_kind=pl.lit("account")
    )
    limits = Limits(most_hops, most_hops, LIMITS.least_tiyn, LIMITS.most_payees)
    return reached(drawn, rows_of(REACHED, START), limits=limits, is_backward=is_backward)


moves = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from("ABCDEFG"),
        st.sampled_from("ABCDEFG"),
        st.integers(1, 30),
    ),
    max_size=30,
)


def _by_walking(rows, most_hops, start=0):
    """The same by trying every path: (node, layer) → earliest arrival."""
    best = {("A", 0): start}
    for layer in range(most_hops):
        for at, payer, payee, amount in sorted(rows):
            been = best.get((payer, layer))
            if payer != payee and been is not None and been <= at and amount >= 10:
                key = (payee, layer + 1)
                best[key] = min(at, best.get(key, at))
    return best


@given(moves, st.integers(1, 5), st.randoms(use_true_random=False))
def test_it_is_what_walking_every_path_finds_whatever_the_order_of_rows(rows, most_hops, dice):
    limits = Limits(most_hops, most_hops, 10, 100)
    start = rows_of(REACHED, START)

    big = [row for row in rows if row[3] >= 10]
    result = reached(_frame(big), start, limits=limits).collect()
    dice.shuffle(rows)
    shuffled = reached(_frame([r for r in rows if r[3] >= 10]), start, limits=limits).collect()

    walked = _by_walking(big, most_hops)
    found = {
        (node, layer): (at - MIDNIGHT) // timedelta(minutes=30)
        for node, at, layer in result.select("node_id", "at", "layer").iter_rows()
    }
    assert_frame_equal(result, shuffled)
    assert found == {
        (node, layer): at
        for (node, layer), at in walked.items()
        if not any(
            n == node and (a, k) != (at, layer) and a <= at and k <= layer
            for (n, k), a in walked.items()
        )
    }


MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def _frame(rows) -> pl.LazyFrame:
    drawn = [
        {
            "business_date": MIDNIGHT.date(),
            "transfer_id": str(n),
            "at": MIDNIGHT + timedelta(minutes=30) * at,
            "from_kind": "account",
            "from_id": payer,
            "to_kind": "account",
            "to_id": payee,
            "amount_tiyn": amount,
            "operation_code": "transfer",
            "confidence": 1.0,
        }
        for n, (at, payer, payee, amount) in enumerate(rows)
    ]
    schema = TRANSFERS.schema
    return pl.LazyFrame([{c: r.get(c) for c in schema} for r in drawn], schema=schema)
