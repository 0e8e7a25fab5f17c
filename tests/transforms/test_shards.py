"""Shards of accounts: each account in one, alike in size, in order of the IBAN as text."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.shards import Shard

TEXTS = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.integers(0, 99).map(lambda digits: f"KZ{digits:02}722C000022530096"),
)


@given(st.lists(TEXTS, max_size=30), st.integers(1, 64))
def test_every_row_is_in_one_shard_whatever_stands_for_its_account(accounts, of):
    rows = pl.LazyFrame({"account_iban": accounts}, schema={"account_iban": pl.String})

    parts = [Shard(n, of).rows(rows).collect()["account_iban"].to_list() for n in range(of)]

    def as_text(account: str | None) -> str:
        return account or ""

    assert sorted([a for part in parts for a in part], key=as_text) == sorted(accounts, key=as_text)
    named = [a for part in parts for a in sorted(part, key=as_text) if a is not None]
    assert named == sorted(a for a in accounts if a is not None)


@pytest.mark.parametrize("of", [2, 8, 32])
def test_shards_are_alike_and_each_is_two_halves(of):
    digits = [f"KZ{2 + n % 97:02}" for n in range(9_700)]
    rows = pl.LazyFrame({"paid": digits})

    sizes = [Shard(n, of).rows(rows, "paid").collect().height for n in range(of)]
    halves = [Shard(n, 2 * of).rows(rows, "paid").collect().height for n in range(2 * of)]

    assert max(sizes) - min(sizes) <= 100
    assert sizes == [sum(halves[n : n + 2]) for n in range(0, 2 * of, 2)]


def test_all_accounts_are_one_shard_of_one():
    rows = pl.LazyFrame({"account_iban": ["KZ10", None]})

    assert Shard(0, 1).rows(rows) is rows
