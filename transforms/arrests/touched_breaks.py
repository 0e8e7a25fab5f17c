"""Breaks between registers, made anew of the orders and cases that a night touches alone."""

import polars as pl

from transforms.arrests.breaks import arrest_breaks
from transforms.arrests.parameters import Numbers
from transforms.arrests.told import Registers
from transforms.arrests.touched import (
    Renewed,
    Touched,
    Turn,
    about,
    at_hand,
    on_days_of,
    touched,
    touched_measures,
    with_same_assets,
)

_CASES = "criminal_cases"
_WITH_CASES = ("card_arrests", "measures")


def breaks_renewed(
    kept: pl.LazyFrame,
    changed: Registers,
    registers: Registers,
    *,
    told_of: pl.LazyFrame,
    turn: Turn,
    numbers: Numbers,
) -> Renewed:
    """`ARREST_BREAKS` of orders and cases of which one may have come, changed or gone.

    Collects what is touched, as `at_hand` says.

    Args:
        kept: `ARREST_BREAKS` as they were made before the turn.
        changed: rows that came or went since, by register.
        registers: what the breaks are made of, all that was delivered by the end of the turn.
        told_of: `TOLD`.
        turn: the days since.
        numbers: of the law and of the method.
    """
    found = touched(told_of, changed, turn, numbers)
    ids, cases, cards = at_hand(_orders(found), _cases(found), _cards(found))
    _, orders = with_same_assets(found, ids)
    _, beside = with_same_assets(found, orders)
    bearing = pl.concat([beside, cards]).unique()
    of_measures = {name: rows for name, rows in registers.items() if name != _CASES}
    mine = about(found, of_measures, bearing)
    numbers_of = [mine[name].select("case_no") for name in _WITH_CASES]
    [every] = at_hand(pl.concat([cases, *numbers_of]).unique())
    now = arrest_breaks(
        **mine,
        criminal_cases=_registered(found, registers[_CASES], every),
        night=turn.until,
        parameters=numbers.parameters,
        holidays=numbers.holidays,
    )
    lying = on_days_of(kept, _days(found, orders, cases))
    return Renewed(*(_of_these(breaks, orders, cases) for breaks in (lying, now)))


def _days(found: Touched, orders: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """On which a break of these may lie: it shows with a delivery, or on a day that turns it."""
    of_orders = found.known.join(orders, on="measure_id", how="semi")
    numbers = pl.concat([cases, of_orders.select("case_no").drop_nulls()])
    of_cases = found.known.filter(_is_of(_CASES)).join(numbers, on="case_no", how="semi")
    rows = pl.concat([of_orders, of_cases])
    turned = rows.select(business_date=pl.col("turns_on").explode()).drop_nulls()
    return pl.concat([rows.select("business_date"), turned])


def _registered(found: Touched, rows: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    told = found.known.filter(_is_of(_CASES)).join(cases, on="case_no", how="semi")
    return on_days_of(rows, told).join(cases, on="case_no", how="semi")


def _of_these(breaks: pl.LazyFrame, orders: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """Those of the orders, and of the cases those that have no order."""
    has_order = pl.col("order_id").is_not_null()
    of_orders = breaks.filter(has_order).join(
        orders, left_on="order_id", right_on="measure_id", how="semi"
    )
    of_cases = breaks.filter(~has_order).join(cases, on="case_no", how="semi")
    return pl.concat([of_orders, of_cases])


def _orders(found: Touched) -> pl.LazyFrame:
    """Those that are touched, and all of the cases that came, changed or went."""
    cases = found.told.filter(_is_of(_CASES))
    of_cases = found.known.join(cases, on="case_no", how="semi").select("measure_id")
    return pl.concat([touched_measures(found), of_cases.drop_nulls()]).unique()


def _cases(found: Touched) -> pl.LazyFrame:
    """Those that are touched themselves, and those in which orders of cards came, or went."""
    told = found.told.filter(_is_of(_CASES, "card_arrests"))
    turned = found.turned.filter(_is_of(_CASES))
    return pl.concat([told, turned]).select("case_no").drop_nulls().unique()


def _cards(found: Touched) -> pl.LazyFrame:
    """All orders of cards in these cases: of which there are none, is a break."""
    cards = found.known.filter(_is_of("card_arrests"))
    return cards.join(_cases(found), on="case_no", how="semi").select("measure_id").unique()


def _is_of(*registers: str) -> pl.Expr:
    return pl.col("register_code").is_in(registers)
