"""Rows are parted among files: none is lost, none changes its order, few wait in memory."""

from collections.abc import Iterator
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra import parted_files as module
from infra.parted_files import Layout, PartFile, parted_files

PLAIN = {"compression": "lz4", "use_dictionary": False}
PARTS = st.lists(st.sampled_from("abc"), max_size=60)


@given(parts=PARTS, batch=st.integers(1, 9), group=st.integers(1, 7), most=st.integers(1, 40))
def test_each_row_is_in_a_file_of_its_part_in_the_order_in_which_it_came(
    tmp_path_factory, parts, batch, group, most
):
    rows = pl.DataFrame({"part": parts, "n": range(len(parts))}, schema=SCHEMA)
    folder = tmp_path_factory.mktemp("parted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CELLS_HELD", most)
        files = list(parted_files(in_batches(rows, batch), ("part",), Layout(group, PLAIN), folder))

    assert {part: told(files, part) for (part,) in {f.values for f in files}} == {
        part: rows.filter(part=part)["n"].to_list() for part in set(parts)
    }
    assert len(files) == len(set(parts))


SCHEMA = {"part": pl.String, "n": pl.Int64}


def in_batches(rows: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    yield from rows.iter_slices(size)


def told(files: list[PartFile], part: str) -> list[int]:
    paths = [file.path for file in files if file.values == (part,)]
    assert all("part" not in pl.read_parquet_schema(path) for path in paths)
    return [n for path in paths for n in pl.read_parquet(path)["n"]]


def test_a_file_that_is_big_enough_is_closed_and_given_at_once(tmp_path):
    rows = pl.DataFrame({"n": range(10_000)})
    given_after = []

    def batches() -> Iterator[pl.DataFrame]:
        for taken, batch in enumerate(rows.iter_slices(1_000)):
            given_after.append((taken, len(list(tmp_path.iterdir()))))
            yield batch

    layout = Layout(1_000, PLAIN, bytes_of_file=2_000)
    files = list(parted_files(batches(), (), layout, tmp_path))

    assert len(files) == 10
    assert all(had <= has for (_, had), (_, has) in pairwise(given_after))
    assert given_after[-1][1] == 9
    assert [n for file in files for n in pl.read_parquet(file.path)["n"]] == list(range(10_000))


def test_rows_that_are_parted_by_nothing_are_one_file_and_no_rows_are_none(tmp_path):
    rows = pl.DataFrame({"n": range(10)})

    [file] = parted_files(rows.iter_slices(3), (), Layout(4, PLAIN), tmp_path)

    assert file.values == ()
    assert pl.read_parquet(file.path).equals(rows)
    assert list(parted_files([rows.clear()], (), Layout(4, PLAIN), tmp_path)) == []


def test_many_parts_of_few_rows_wait_for_no_more_than_so_many_cells(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CELLS_HELD", 100)
    waited = []

    class Counted(module._Part):
        def take(self, rows: pl.DataFrame) -> Iterator[PartFile]:
            yield from super().take(rows)
            waited.append(self.waiting_rows)

    monkeypatch.setattr(module, "_Part", Counted)
    rows = pl.DataFrame({"part": [n % 20 for n in range(2_000)], "n": range(2_000)})

    files = list(parted_files(rows.iter_slices(20), ("part",), Layout(1_000, PLAIN), tmp_path))

    assert len(files) == 20
    assert max(waited) < 50
    assert sum(pl.scan_parquet(f.path).select(pl.len()).collect().item() for f in files) == 2_000
