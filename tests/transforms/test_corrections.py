"""A correction stands between the delivered text and the staged row; the evidence stays."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.corrections import (
    ROW,
    corrections_table,
    last_corrections,
    unreadable_cells,
    with_corrections,
)
from transforms.feeds import FEED_BY_NAME, FEEDS

PRICES = FEED_BY_NAME["crypto_prices"]
MONDAY, TUESDAY = date(2025, 8, 18), date(2025, 8, 19)
NOON = datetime(2025, 8, 20, 12, tzinfo=UTC)
CELLS = {
    "PRICE_ON": ["2025-08-18", "18.08.2025", "yesterday", ""],
    "ASSET": ["BTC", " ETH ", 'a"b\\c', "курс", ""],
    "PRICE_USD": ["1", "115000.5", "1,5", "-", ""],
}

row = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in CELLS.items()})
correction = row.flatmap(
    lambda cells: st.sets(st.sampled_from([*CELLS])).map(
        lambda names: {name: cells[name] for name in names}
    )
)


def wire(rows: list[dict[str, str]], *, day: date = MONDAY) -> pl.LazyFrame:
    text = pl.LazyFrame(rows, schema=dict.fromkeys(CELLS, pl.String))
    return text.with_columns(
        business_date=pl.lit(day),
        institution=pl.lit("nbk"),
        delivery=pl.lit("a"),
        line=pl.int_range(1, pl.len() + 1),
    )


def decided(
    line: int,
    cells: dict[str, str],
    *,
    waived: tuple[str, ...] = (),
    day: date = MONDAY,
    minutes: int = 0,
) -> pl.LazyFrame:
    at = NOON + timedelta(minutes=minutes)
    told = [day, "nbk", "a", line, json.dumps(cells), "{}", [*waived], "Saule", "a call", at]
    return pl.LazyFrame([told], schema=corrections_table(PRICES).schema, orient="row")


def staged(rows: pl.LazyFrame, *decisions: pl.LazyFrame) -> pl.DataFrame:
    made = last_corrections(pl.concat(decisions))
    return PRICES.staged(with_corrections(rows, made)).collect()


@settings(max_examples=60)
@given(rows=st.lists(row, min_size=1, max_size=5), fix=correction, data=st.data())
def test_a_corrected_row_is_typed_as_if_it_had_been_delivered_so(rows, fix, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    as_if = [{**cells, **fix} if n == at else cells for n, cells in enumerate(rows)]

    found = staged(wire(rows), decided(at + 1, fix))

    evidence = ("as_delivered", "corrected_by")
    expected = PRICES.staged(wire(as_if)).collect()
    assert_frame_equal(found.drop(evidence), expected.drop(evidence))
    assert found["corrected_by"].to_list() == [
        "Saule" if n == at and fix else None for n in range(len(rows))
    ]


@settings(max_examples=60)
@given(rows=st.lists(row, min_size=1, max_size=5), fix=correction)
def test_what_was_delivered_stays_as_evidence(rows, fix):
    found = staged(wire(rows), decided(1, fix))

    before = PRICES.staged(wire(rows)).collect()
    assert found["as_delivered"].to_list() == before["as_delivered"].to_list()


@settings(max_examples=30)
@given(rows=st.lists(row, max_size=5))
def test_without_decisions_nothing_changes(rows):
    nothing = pl.LazyFrame(schema=corrections_table(PRICES).schema)

    assert_frame_equal(staged(wire(rows), nothing), PRICES.staged(wire(rows)).collect())


@settings(max_examples=30)
@given(fixes=st.lists(correction, min_size=1, max_size=4), order=st.randoms())
def test_of_several_decisions_about_a_row_the_last_counts_whole(fixes, order):
    rows = wire([{"PRICE_ON": "2025-08-18", "ASSET": "BTC", "PRICE_USD": "x"}])
    made = [decided(1, fix, minutes=n) for n, fix in enumerate(fixes)]
    last = staged(rows, made[-1])

    order.shuffle(made)

    assert_frame_equal(staged(rows, *made), last)


def test_a_decision_that_says_nothing_leaves_the_row_as_delivered():
    rows = wire([{"PRICE_ON": "2025-08-18", "ASSET": "BTC", "PRICE_USD": "x"}])

    found = staged(rows, decided(1, {"PRICE_USD": "1"}), decided(1, {}, minutes=1))

    assert_frame_equal(found, PRICES.staged(rows).collect())


def test_the_same_content_for_another_day_is_another_row():
    rows = wire([{"PRICE_ON": "2025-08-18", "ASSET": "BTC", "PRICE_USD": "x"}], day=TUESDAY)

    found = staged(rows, decided(1, {"PRICE_USD": "1"}, day=MONDAY))

    assert found["price_usd"].to_list() == [None]


def test_a_waived_rule_stands_with_the_row_and_with_who_waived_it():
    rows = wire([{"PRICE_ON": "2025-08-18", "ASSET": "DOGE", "PRICE_USD": "1"}])

    found = staged(rows, decided(1, {}, waived=("CPR-05",)))

    assert found.select("corrected_by", "waived_rules").row(0) == ("Saule", ["CPR-05"])


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_every_column_of_every_feed_can_be_corrected(feed):
    names = feed.message_columns
    told = pl.LazyFrame({name: [None] for name in names}, schema=dict.fromkeys(names, pl.String))
    rows = told.with_columns(
        business_date=pl.lit(MONDAY),
        institution=pl.lit("nbk"),
        delivery=pl.lit("a"),
        line=pl.lit(1, pl.Int64),
    )
    cells = dict.fromkeys(names, "1")

    found = feed.staged(with_corrections(rows, decided(1, cells))).collect()

    expected = feed.staged(rows.with_columns(pl.lit("1").alias(name) for name in names)).collect()
    evidence = ("as_delivered", "corrected_by")
    assert_frame_equal(found.drop(evidence), expected.drop(evidence))


def test_a_cell_that_the_feed_cannot_read_is_named():
    cells = {"PRICE_ON": "tomorrow", "PRICE_USD": "", "ASSET": "anything"}

    assert unreadable_cells(PRICES, cells) == ["PRICE_ON"]
    assert unreadable_cells(PRICES, {}) == []


def test_decisions_are_identified_by_the_row_that_they_are_about():
    assert set(ROW) <= set(corrections_table(PRICES).schema)
    assert corrections_table(PRICES).is_append_only
