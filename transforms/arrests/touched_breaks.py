"""Breaks between registers, made anew of the orders and cases that a night touches alone."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from transforms.arrests.break_rules import first_order_late_on
from transforms.arrests.breaks import arrest_breaks
from transforms.arrests.measure_break_rules import answer_late_on
from transforms.arrests.touched import (
    MEASURE_ID_OF,
    Registers,
    Renewed,
    Turn,
    about,
    assets_named,
    at_hand,
    delivered,
    found_by,
    on_days_of,
    touched_measures,
    with_same_assets,
)
from transforms.periods import civil_date

_CASES = "criminal_cases"
_WITH_CASES = ("card_arrests", "measures")
_DATES: Mapping[str, tuple[pl.Expr | str, ...]] = {
    "card_arrests": (
        *("ordered_on", "executed_on", "answered_on"),
        pl.col("due_on").dt.offset_by("1d"),
    ),
    "card_arrest_confirmations": (civil_date(pl.col("answered_at")),),
    "measure_events": ("happened_on",),
    "measures": ("ordered_on", "sent_on", "answered_on", "executed_on", "confiscated_on"),
}
"""Of each register, the dates that a break may be seen from."""

_ALSO_FOUND_BY = {
    "card_arrests": ("case_no", "ordered_on", "executed_on", "answered_on", "due_on"),
    "card_arrest_confirmations": ("answered_at",),
    "criminal_cases": ("registered_on",),
    "measure_events": ("happened_on",),
    "measures": (
        *("case_no", "ordered_on", "sent_on", "answered_on", "executed_on"),
        "confiscated_on",
    ),
}


class Numbers(NamedTuple):
    """Dated numbers of the law and of the method, and days off on Monday to Friday."""

    parameters: pl.DataFrame
    holidays: pl.Series


def breaks_renewed(
    kept: pl.LazyFrame, changed: Registers, registers: Registers, turn: Turn, numbers: Numbers
) -> Renewed:
    """`ARREST_BREAKS` of orders and cases of which one may have come, changed or gone.

    Collects what is touched, as `at_hand` says.

    Args:
        kept: `ARREST_BREAKS` as they were made before the turn.
        changed: rows that came or went since, by register.
        registers: what the breaks are made of, all that was delivered by the end of the turn.
        turn: the days since.
        numbers: of the law and of the method.
    """
    known = found_by(registers, _ALSO_FOUND_BY)
    named, ids, cases = at_hand(
        assets_named(known, changed),
        _touched_orders(changed, known, turn, numbers),
        _touched_cases(changed, known, turn, numbers),
    )
    [orders] = at_hand(with_same_assets(ids, named))
    of_cases = known["card_arrests"].join(cases, on="case_no", how="semi")
    bearing = [with_same_assets(orders, named), of_cases.select(measure_id="order_id")]
    mine = about(_without_cases(registers), known, pl.concat(bearing).unique())
    numbers_of = [mine[name].select("case_no") for name in _WITH_CASES]
    every = known[_CASES].join(pl.concat([cases, *numbers_of]), on="case_no", how="semi")
    now = arrest_breaks(
        **mine,
        criminal_cases=on_days_of(registers[_CASES], every).join(every, on="case_no", how="semi"),
        night=turn.until,
        parameters=numbers.parameters,
        holidays=numbers.holidays,
    )
    return Renewed(*(_of_these(breaks, orders, cases) for breaks in (kept, now)))


def _of_these(breaks: pl.LazyFrame, orders: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """Those of the orders, and of the cases those that have no order."""
    has_order = pl.col("order_id").is_not_null()
    of_orders = breaks.filter(has_order).join(
        orders, left_on="order_id", right_on="measure_id", how="semi"
    )
    of_cases = breaks.filter(~has_order).join(cases, on="case_no", how="semi")
    return pl.concat([of_orders, of_cases])


def _touched_orders(
    changed: Registers, registers: Registers, turn: Turn, numbers: Numbers
) -> pl.LazyFrame:
    cases = _cases(changed, registers, turn)
    by_calendar = [
        registers[name].filter(turn.has(*days)).select(measure_id=MEASURE_ID_OF[name])
        for name, days in _DATES.items()
    ]
    ordered = registers["measures"].select(pl.col("ordered_on").unique())
    late = ordered.filter(turn.has(answer_late_on(*numbers)))
    by_calendar.append(
        registers["measures"].join(late, on="ordered_on", how="semi").select("measure_id")
    )
    of_cases = [
        registers[name].join(cases, on="case_no", how="semi").select(measure_id=MEASURE_ID_OF[name])
        for name in _WITH_CASES
    ]
    of_orders = _without_cases(registers)
    came = delivered(of_orders, turn)
    measures = touched_measures(_without_cases(changed), came, of_orders)
    return pl.concat([measures, *by_calendar, *of_cases]).unique()


def _touched_cases(
    changed: Registers, registers: Registers, turn: Turn, numbers: Numbers
) -> pl.LazyFrame:
    cards = [registers["card_arrests"].filter(turn.has("business_date"))]
    cards += [rows for name, rows in changed.items() if name == "card_arrests"]
    late = registers[_CASES].filter(turn.has(first_order_late_on(*numbers)))
    found = [rows.select("case_no") for rows in (*cards, late)]
    return pl.concat([_cases(changed, registers, turn), *found]).unique()


def _without_cases(registers: Registers) -> Registers:
    return {name: rows for name, rows in registers.items() if name != _CASES}


def _cases(changed: Registers, registers: Registers, turn: Turn) -> pl.LazyFrame:
    came = registers[_CASES].filter(turn.has("business_date"))
    parts = [came, *([changed[_CASES]] if _CASES in changed else [])]
    return pl.concat([rows.select("case_no") for rows in parts]).unique()
