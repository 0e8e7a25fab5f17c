"""Night after night, what is kept of open terms gives the clock that all rows ever told give."""

import random
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.arrests.clock import TERMS, is_held_on, is_unanswered_on, terms
from transforms.arrests.measures import state_on
from transforms.arrests.open_terms import OPEN_TERMS, REGISTERS, open_terms, open_terms_again
from transforms.verification import differing

DAYS = [date(2026, 3, 1) + timedelta(days=n) for n in range(16)]
MAY_BE_UNKNOWN = (
    *("due_on", "ended_on", "answered_on", "term_on", "executed_on", "expired_on"),
    *("lifted_on", "returned_on", "confiscated_on", "result_code", "sent_on"),
)
WORDS = {
    "asset_code": ["card", "vehicle"],
    "result_code": ["executed", "partly", "refused", "not_found"],
}


def drawn(dice: random.Random, name: str, number: int) -> dict[str, object]:
    """A row whose days come in any order, and where anything that may be unknown often is."""
    cells = {c: cell(dice, c, t) for c, t in REGISTERS[name].schema.items()}
    numbers = {"hold_id": "H", "order_id": "O", "measure_id": "M", "card_token": "t"}
    cells |= {c: f"{of}{number}" for c, of in numbers.items() if c in cells}
    # A measure may have two assets, of one of which there are two parts.
    return cells | (
        {"part": number % 2, "measure_id": f"M{number // 2}"} if "part" in cells else {}
    )


def cell(dice: random.Random, column: str, dtype: pl.DataType) -> object:
    if column in MAY_BE_UNKNOWN and dice.random() < 0.5:
        return None
    if column in WORDS:
        return dice.choice(WORDS[column])
    return {pl.Date: dice.choice(DAYS), pl.String: "z", pl.Int64: 1}.get(dtype)


class World:
    """Rows of the registers, of which some come, some go and some become another each night."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rows = {name: [drawn(self.dice, name, n) for n in range(12)] for name in REGISTERS}

    def another_day(self) -> None:
        for name, rows in self.rows.items():
            for n in self.dice.sample(range(12), 3):
                rows[n] = drawn(self.dice, name, n)

    def lake(self) -> dict[str, pl.LazyFrame]:
        """An asset of a measure is of one delivery, and its parts are told of alike."""
        of = {n: pl.LazyFrame(rows, schema=REGISTERS[n].schema) for n, rows in self.rows.items()}
        alike = ("business_date", "term_on", "executed_on", "answered_on", "result_code")
        asset = ("measure_id", "asset_code", "asset_id")
        of["measures"] = of["measures"].with_columns(pl.col(alike).first().over(asset))
        return {name: rows.collect().lazy() for name, rows in of.items()}


def open_by_their_rules(lake: dict[str, pl.LazyFrame], night: date) -> pl.DataFrame:
    """Numbers of what each register has open, said without the look-up."""
    of = {n: rows.filter(pl.col("business_date") <= night) for n, rows in lake.items()}
    holds = of["payment_holds"].filter(is_held_on(night)).select("hold_id", "due_on")
    cards = of["card_arrests"].filter(is_unanswered_on(night))
    is_open = state_on(night).is_in(["executed", "partly", "expired"])
    lives = (
        of["measures"]
        .filter(is_open)
        .select("asset_code", "asset_id", order_id="measure_id", due_on="term_on")
    )
    cards = cards.select("order_id", "due_on", asset_code=pl.lit("card"), asset_id="card_token")
    every = pl.concat([holds, cards, lives.unique()], how="diagonal")
    return every.drop_nulls("due_on").select(*NUMBERS).sort(NUMBERS).collect()


NUMBERS = ("hold_id", "order_id", "asset_code", "asset_id", "due_on")


def days_that_differ(was: dict[str, pl.LazyFrame], now: dict[str, pl.LazyFrame]) -> dict:
    both = {n: differing(table, was[n], now[n]) for n, table in REGISTERS.items()}
    days = {n: rows.collect()["business_date"].unique().to_list() for n, rows in both.items()}
    return {name: of for name, of in days.items() if of}


def assert_carried_on(seed: int) -> None:
    world, night = World(seed), DAYS[3]
    was = world.lake()
    kept = open_terms(was, night).collect().lazy()
    for _ in range(4):
        world.another_day()
        now, night = world.lake(), night + timedelta(days=world.dice.randint(0, 4))
        days = days_that_differ(was, now)
        of_days = {n: now[n].filter(pl.col("business_date").is_in(d)) for n, d in days.items()}
        kept = open_terms_again(kept, of_days, days, night).collect().lazy()
        assert differing(OPEN_TERMS, kept, open_terms(now, night)).collect().is_empty()
        told = terms(kept, night).collect()
        assert_frame_equal(told.select(NUMBERS).sort(NUMBERS), open_by_their_rules(now, night))
        assert told.select(TERMS.key).is_unique().all()
        was = now


@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_nights_one_after_another_give_what_all_at_once_gives(seed):
    assert_carried_on(seed)


@pytest.mark.parametrize("night", [DAYS[2], DAYS[5], DAYS[9]])
def test_what_an_earlier_night_kept_serves_a_later_one(night):
    lake = World(7).lake()

    found = terms(open_terms(lake, DAYS[2]), night)

    assert_frame_equal(found.collect(), terms(open_terms(lake, night), night).collect())
    assert found.collect().height
