"""Rows in parts are the same rows, each in one, and equals are together."""

import polars as pl
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from infra import shards
from infra.shards import gathered, in_order, kept, parted, shards_of
from transforms.shards import place_of_account, place_of_pair

ROWS = pl.DataFrame(
    {"account": [f"KZ{n % 97}" if n % 97 else None for n in range(2_000)], "n": range(2_000)}
).lazy()
BY = place_of_pair("account", "account")


@pytest.mark.parametrize("most_rows", [10_000, 500, 60])
def test_every_row_is_in_one_part_and_equals_are_together(most_rows):
    with parted(ROWS, BY, most_rows=most_rows) as found:
        parts = [part.collect() for part in found]

    assert len(parts) == -(-2_000 // most_rows)
    assert_frame_equal(pl.concat(parts).sort("n"), ROWS.collect())
    told = [part.select("account").unique() for part in parts]
    assert sum(accounts.height for accounts in told) == 97
    assert min(part.height for part in parts) > 0 or most_rows == 60


def test_shards_are_as_many_as_their_rows_need_and_halves_of_those_of_a_smaller_night():
    assert [len(shards_of(ROWS, most_rows=most)) for most in (2_000, 1_999, 501, 499)] == [
        1,
        2,
        4,
        8,
    ]
    assert len(shards_of(ROWS, ROWS, most_rows=2_000)) == 2
    assert len(shards_of(ROWS, most_rows=1)) == 64
    assert len(shards_of(ROWS.clear())) == 1


def test_pieces_kept_are_computed_once():
    computed = []

    def piece(shard) -> pl.LazyFrame:
        return shard.rows(ROWS, "account").map_batches(
            lambda rows: computed.append(rows.height) or rows
        )

    found = shards_of(ROWS, most_rows=500)
    with kept(piece(shard) for shard in found) as pieces:
        once = len(computed)
        assert_frame_equal(pieces.whole.sort("n").collect(), ROWS.collect())
        assert len(pieces.parts) == len(found) == 4

    assert len(computed) == once
    with kept([piece(shards_of(ROWS)[0])]) as pieces:
        once = len(computed)
        assert pieces.whole.collect().height == 2_000
    assert len(computed) == once


def test_few_rows_of_each_are_gathered():
    found = gathered(pl.LazyFrame({"n": [n]}) for n in range(4))

    assert found["n"].to_list() == [0, 1, 2, 3]


def test_parts_in_order_are_in_order_of_the_account():
    accounts = [f"KZ{n:02}{m:03}X" for n in range(2, 99) for m in (7, 1)]
    rows = pl.LazyFrame({"account": [*reversed(accounts), "other", None]})

    with parted(rows, place_of_account("account"), most_rows=50) as found:
        parts = [part.sort("account").collect()["account"].to_list() for part in found]

    assert len(parts) == 4
    assert [a for part in parts for a in part if a not in (None, "other")] == sorted(accounts)


def test_rows_in_order_of_accounts_are_those_rows_and_an_account_is_in_few_row_groups(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(shards, "_SORTED_AT_ONCE", 700)
    rows = pl.DataFrame(
        {"account": [f"KZ{n % 97 + 2:02}{n % 13:03}" for n in range(5_000)], "line": range(5_000)}
    ).sample(fraction=1, shuffle=True, seed=1)

    with in_order(rows.lazy(), "account", "line", count=5_000) as pieces:
        ordered = pl.concat([piece.collect() for piece in pieces])
        ordered.write_parquet(tmp_path / "ordered.parquet", row_group_size=500)

    assert len(pieces) == 8
    assert_frame_equal(ordered, rows.sort("account", "line"))
    file = pq.ParquetFile(tmp_path / "ordered.parquet").metadata
    spans = [file.row_group(g).column(0).statistics for g in range(file.num_row_groups)]
    touched = [sum(s.min <= a <= s.max for s in spans) for a in ordered["account"].unique()]
    assert len(spans) >= 10
    assert max(touched) <= 2


def test_both_directions_of_a_pair_are_in_one_part():
    pairs = [(f"KZ{n}", f"KZ{n + 1}") for n in range(300)]
    rows = pl.DataFrame(
        [*pairs, *((b, a) for a, b in pairs)], schema=["one", "other"], orient="row"
    )

    place = rows.select(place_of_pair("one", "other")).to_series()

    assert place[:300].to_list() == place[300:].to_list()
    assert place.is_between(0, 1, closed="left").all()
    assert all(100 < (place < part).sum() / part < 900 for part in (0.25, 0.5, 0.75))


def test_nothing_is_one_empty_part():
    with parted(ROWS.clear(), BY) as found:
        [only] = found
        assert only.collect().is_empty()
