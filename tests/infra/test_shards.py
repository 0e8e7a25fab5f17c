"""Rows in shards are the same rows, each in one, and equals are together."""

import polars as pl
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from infra import shards
from infra.shards import each_kept, in_order, one_after_another, sharded
from transforms.shards import place_of_account, place_of_pair

ROWS = pl.DataFrame(
    {"account": [f"KZ{n % 97}" if n % 97 else None for n in range(2_000)], "n": range(2_000)}
).lazy()
BY = place_of_pair("account", "account")


@pytest.mark.parametrize("most_rows", [10_000, 500, 60])
def test_every_row_is_in_one_shard_and_equals_are_together(most_rows):
    with sharded(ROWS, BY, most_rows=most_rows) as parts_of:
        parts = [shard.rows.collect() for shard in parts_of]

    assert len(parts) == -(-2_000 // most_rows)
    assert_frame_equal(pl.concat(parts).sort("n"), ROWS.collect())
    told = [part.select("account").unique() for part in parts]
    assert sum(accounts.height for accounts in told) == 97
    assert min(part.height for part in parts) > 0 or most_rows == 60


def test_other_rows_belong_to_the_shard_of_their_equals():
    others = pl.LazyFrame({"paid": ["KZ1", "KZ2", "KZ50", "nobody", None]})

    with sharded(ROWS, BY, most_rows=500) as parts_of:
        found = [
            (shard.of(others, place_of_pair("paid", "paid")).collect(), shard.rows.collect())
            for shard in parts_of
        ]

    assert sum(own.height for own, _ in found) == 5
    for own, rows in found:
        known = own.filter(pl.col("paid").is_in(["KZ1", "KZ2", "KZ50"]))
        assert known.join(rows, left_on="paid", right_on="account", how="anti").is_empty()


def test_rows_beside_are_parted_alike_and_pieces_kept_are_computed_once():
    beside = ROWS.with_columns(pl.col("n") * 2).reverse()
    computed = []

    def piece(shard) -> pl.LazyFrame:
        return shard.rows.map_batches(lambda rows: computed.append(rows.height) or rows)

    with sharded(ROWS, BY, beside=[beside, ROWS.clear()], most_rows=1_000) as parts_of:
        shards = [*parts_of]
        with each_kept(piece(shard) for shard in shards) as kept:
            once = len(computed)
            for shard, own in zip(shards, kept.parts, strict=True):
                others, nothing = (rows.collect() for rows in shard.beside)
                assert set(others["account"]) == set(own.collect()["account"])
                assert nothing.is_empty()
            assert_frame_equal(kept.whole.sort("n").collect(), ROWS.collect())

    assert len(shards) == 4
    assert len(computed) == once


def test_parts_in_order_are_in_order_of_the_account():
    accounts = [f"KZ{n:02}{m:03}X" for n in range(2, 99) for m in (7, 1)]
    rows = pl.LazyFrame({"account": [*reversed(accounts), "other", None]})

    with sharded(rows, place_of_account("account"), most_rows=50) as parts_of:
        parts = [shard.rows.sort("account").collect()["account"].to_list() for shard in parts_of]

    assert len(parts) == 4
    assert [a for part in parts for a in part if a not in (None, "other")] == sorted(accounts)


def test_rows_in_order_of_accounts_are_those_rows_and_an_account_is_in_few_row_groups(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(shards, "_SORTED_AT_ONCE", 700)
    rows = pl.DataFrame(
        {"account": [f"KZ{n % 97 + 2:02}{n % 13:03}" for n in range(5_000)], "line": range(5_000)}
    ).sample(fraction=1, shuffle=True, seed=1)

    with in_order(rows.lazy(), "account", "line", count=5_000) as ordered:
        found = ordered.collect()
        ordered.sink_parquet(tmp_path / "ordered.parquet", row_group_size=500)

    assert_frame_equal(found, rows.sort("account", "line"))
    file = pq.ParquetFile(tmp_path / "ordered.parquet").metadata
    spans = [file.row_group(g).column(0).statistics for g in range(file.num_row_groups)]
    touched = [sum(s.min <= a <= s.max for s in spans) for a in found["account"].unique()]
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


def test_nothing_is_one_empty_shard():
    with sharded(ROWS.clear(), BY) as parts_of:
        [only] = parts_of
        assert only.rows.collect().is_empty()


def test_pieces_are_computed_one_after_another():
    begun = []

    def piece(n: int) -> pl.LazyFrame:
        begun.append(n)
        return pl.LazyFrame({"n": [n]}).map_batches(lambda frame: frame)

    with one_after_another(piece(n) for n in range(4)) as rows:
        assert rows.collect()["n"].to_list() == begun == [0, 1, 2, 3]
    with one_after_another([pl.LazyFrame({"n": [7]})]) as rows:
        assert rows.collect()["n"].to_list() == [7]
