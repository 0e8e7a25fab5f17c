"""Which arrests a night touches: lives and breaks are made anew of these, and of no others.

What becomes of an arrest depends on what registers and decisions tell of its measure, on the
calendar, and on other measures of the same asset; a break also on the case. Whatever none of
these has touched since the table was made is as it was. `TOLD` tells where it was told of; whole
rows are read of those days alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from transforms.arrests.measure_sources import ASSET_OF_MEASURE, sources
from transforms.arrests.measures import measures
from transforms.arrests.parameters import Numbers
from transforms.arrests.told import Registers, told
from transforms.contracts import Table

ASSET = ("asset_code", "asset_id")
_EVENTS = "measure_events"
_FOUND_BY = {
    "card_arrest_orders": "order_id",
    "card_arrest_confirmations": "order_id",
    "card_arrests": "order_id",
    "account_arrests": "order_id",
    "asset_arrests": "measure_id",
    "wallet_freezes": "measure_id",
    _EVENTS: "event_id",
    "measures": "measure_id",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """The days that have come since a table was made."""

    since: date
    until: date

    @classmethod
    def after(cls, was: date, night: date) -> "Turn":
        """Those after one night, to another; none where they are one."""
        return cls(was + timedelta(days=1), night)

    def has(self, *days: pl.Expr | str) -> pl.Expr:
        """One of these dates is among them."""
        dates = [pl.col(day) if isinstance(day, str) else day for day in days]
        return pl.any_horizontal(day.is_between(self.since, self.until) for day in dates).fill_null(
            value=False
        )


class Touched(NamedTuple):
    """What a turn touches, in columns of `TOLD`, at hand.

    known: all that is known to have been told of; a row may be there more than once.
    told: of these, what came, changed or went.
    turned: of these, what the calendar makes another thing of.
    """

    known: pl.LazyFrame
    told: pl.LazyFrame
    turned: pl.LazyFrame


class Renewed(NamedTuple):
    """Rows of a table that a night touches: as they lie there, and as they are now."""

    before: pl.LazyFrame
    now: pl.LazyFrame


def lives_renewed(
    kept: pl.LazyFrame,
    changed: Registers,
    registers: Registers,
    *,
    told_of: pl.LazyFrame,
    turn: Turn,
    numbers: Numbers,
) -> Renewed:
    """`MEASURES` of the assets whose measures may have become another, by the end of a turn.

    Collects what is touched, as `at_hand` says.

    Args:
        kept: `MEASURES` as they were made before the turn.
        changed: rows that came or went since, by register.
        registers: what the lives are made of, all that was delivered by the end of the turn.
        told_of: `TOLD` of these registers at least.
        turn: the days since.
        numbers: of the law and of the method.
    """
    of_lives = told_of.filter(pl.col("register_code").is_in([*registers]))
    found = touched(of_lives, changed, turn, numbers)
    [ids] = at_hand(touched_measures(found))
    assets, bearing = with_same_assets(found, ids)
    mine = about(found, {**registers, "measures": kept}, bearing)
    events, before = mine.pop(_EVENTS), mine.pop("measures")
    now = measures(sources(**mine, parameters=numbers.parameters), events, turn.until)
    return Renewed(*(lives.join(assets, on=ASSET, how="semi") for lives in (before, now)))


def touched(told_of: pl.LazyFrame, changed: Registers, turn: Turn, numbers: Numbers) -> Touched:
    """What a turn touches, whatever it is.

    Args:
        told_of: `TOLD`.
        changed: rows that came or went since, by register; what has gone is told of by them alone.
        turn: the days since.
        numbers: of the law and of the method.
    """
    is_told = pl.col("business_date") <= turn.until
    lying, new = at_hand(told_of.filter(is_told), told(changed, numbers))
    came = pl.concat([lying.filter(turn.has("business_date")), new])
    turned = lying.filter(pl.col("turns_on").list.eval(turn.has(pl.element())).list.any())
    of_turn = at_hand(*(rows.drop("turns_on").unique() for rows in (came, turned)))
    return Touched(pl.concat([lying, new]), *of_turn)


def touched_measures(found: Touched) -> pl.LazyFrame:
    """`measure_id` of all that is touched, once.

    A decision told again may be about another measure than it was: then both are touched.
    """
    rows = pl.concat([found.told, found.turned])
    every = [part.select("measure_id") for part in (rows, _told_of_events(found, rows))]
    return pl.concat(every).drop_nulls().unique()


def _told_of_events(found: Touched, rows: pl.LazyFrame) -> pl.LazyFrame:
    """All that was told of the decisions among these rows."""
    return found.known.drop_nulls("event_id").join(rows, on="event_id", how="semi")


def with_same_assets(found: Touched, ids: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The assets of these measures, and these with all other measures of their assets; each once,
    at hand.

    Accounts as orders write them are assets too, as `iban`.
    """
    named = found.known.select(ASSET_OF_MEASURE).drop_nulls()
    [assets] = at_hand(named.join(ids, on="measure_id", how="semi").select(ASSET).unique())
    others = named.join(assets, on=ASSET, how="semi").select("measure_id")
    [measures_of_them] = at_hand(pl.concat([ids, others]).unique())
    return assets, measures_of_them


def about(found: Touched, registers: Registers, ids: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """Rows about these measures alone, `at_hand`; of decisions, each telling of those ever so.

    Files of days on which none of them was told of are not opened.

    Args:
        found: what is touched.
        registers: whole rows; lives, as `measures`, lie on the days on which an asset was named.
        ids: `measure_id`, each once.
    """
    mine = found.known.join(ids, on="measure_id", how="semi")
    events = mine.select("event_id").drop_nulls().unique()
    again = _told_of_events(found, events)
    lives = mine.drop_nulls("asset_id").with_columns(register_code=pl.lit("measures"))
    parts = [rows.select("register_code", "business_date") for rows in (mine, again, lives)]
    days = pl.concat(parts).unique()
    events, days = at_hand(events, days)
    rows = []
    for name, whole in registers.items():
        keys, key = (events, "event_id") if name == _EVENTS else (ids, "measure_id")
        on_days = on_days_of(whole, days.filter(pl.col("register_code") == name))
        rows.append(on_days.join(keys, left_on=_FOUND_BY[name], right_on=key, how="semi"))
    return dict(zip(registers, at_hand(*rows), strict=True))


def on_days_of(rows: pl.LazyFrame, found: pl.LazyFrame) -> pl.LazyFrame:
    """Those of the business dates that were found; files of other days are not opened."""
    [days] = pl.collect_all([found.select(pl.col("business_date").unique())])
    return rows.filter(pl.col("business_date").is_in(days["business_date"].implode()))


def at_hand(*frames: pl.LazyFrame) -> list[pl.LazyFrame]:
    """In memory: they are few, and each of many rules looks at them several times.

    As one plan, a night would look for what is touched once for each of these rules.
    """
    return [rows.lazy() for rows in pl.collect_all(frames)]


def in_place_of(
    table: Table, there: pl.LazyFrame, renewed: Renewed, days: Sequence[date]
) -> pl.LazyFrame:
    """Rows of these business dates: those that were touched as they are now, and the rest.

    Args:
        table: whose rows all are.
        there: its rows of these dates as they lie there.
        renewed: what was touched, of any date.
        days: business dates.
    """
    looked_at = pl.concat([rows.select(table.key) for rows in renewed])
    rest = there.join(looked_at, on=table.key, how="anti", nulls_equal=True)
    return pl.concat([rest, renewed.now.filter(pl.col("business_date").is_in(days))])
