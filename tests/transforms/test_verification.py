"""Rows held against rows: any difference is told, order is none."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from transforms.contracts import Column, Table
from transforms.verification import differing

THINGS = Table(
    name="facts.things",
    grain="one thing",
    key=("place",),
    columns=(
        Column("place", pl.String(), "Where."),
        Column("value", pl.Int64(), "How many.", nullable=True),
        Column("version", pl.Int64(), "Of the source."),
    ),
)
DRAWN = """
place | value | version
-----------------------
a     | 1     | 7
b     | -     | 7
"""


def test_one_changed_row_is_told_from_both_sides():
    kept = table(DRAWN, THINGS.schema)
    again = kept.with_columns(value=pl.col("value").replace(1, 2))

    found = differing(THINGS, kept, again).collect()

    assert found.select("place", "value", "side").rows() == [("a", 2, "again"), ("a", 1, "kept")]


def test_what_tells_of_the_computation_alone_is_passed_over():
    kept = table(DRAWN, THINGS.schema)

    found = differing(THINGS, kept, kept.with_columns(version=8), without=("version",)).collect()

    assert found.is_empty()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=6), st.randoms())
def test_order_is_no_difference_and_a_row_more_is_one(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    kept, again = (
        pl.LazyFrame([(*r, 1) for r in each], schema=THINGS.schema, orient="row")
        for each in (rows, mixed)
    )

    assert differing(THINGS, kept, again).collect().is_empty()
    one_more = pl.concat([again, again.head(1)])
    assert differing(THINGS, kept, one_more).collect().height == min(1, len(rows))
