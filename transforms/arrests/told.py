"""Where arrests were told of: of each row of the registers the few columns that find it.

A night makes anew what its rows, its decisions or the calendar touch, wherever in the past that
was told of. To find it in the registers themselves, every day of each would be opened. These
columns lie together, a file a month.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from transforms.arrests.accounts import ACCOUNT_ARRESTS
from transforms.arrests.assets import ASSET_ARRESTS
from transforms.arrests.break_rules import first_order_late_on, is_not_answered_in_time
from transforms.arrests.cards import CARD_ARRESTS
from transforms.arrests.identity import asset_identity, card_identity
from transforms.arrests.measure_break_rules import answer_late_on
from transforms.arrests.measure_sources import last_day_of_order
from transforms.arrests.parameters import Numbers
from transforms.arrests.wallets import WALLET_FREEZES
from transforms.contracts import Column, Table
from transforms.feeds import FEED_BY_NAME
from transforms.periods import civil_date

Registers = Mapping[str, pl.LazyFrame]
"""Rows by the name of their feed or fact."""

Found = dict[str, Any]
"""Expressions by column of `TOLD`; of `turns_on` a list, of any days."""

TOLD = Table(
    name="arrests.told",
    grain="one row of a register of arrests, by what it is found by",
    key=("register_code", "business_date", "measure_id", "event_id", "case_no", "asset_id"),
    columns=(
        Column("month_on", pl.Date(), "First day of the month of the delivery."),
        Column("register_code", pl.String(), "Feed or fact that the row is of."),
        Column("business_date", pl.Date(), "Day of the delivery."),
        Column(
            "measure_id",
            pl.String(),
            "Number of the arrest order or measure; null where the row is of a case.",
            nullable=True,
        ),
        Column("event_id", pl.String(), "Number of the decision, if it is one.", nullable=True),
        Column("case_no", pl.String(), "Register number, if told.", nullable=True),
        Column(
            "asset_code",
            pl.String(),
            "As in `arrests.measures`, or iban: an account as orders write it; null where the row "
            "names none.",
            nullable=True,
        ),
        Column(
            "asset_id",
            pl.String(),
            "As in `arrests.measures`.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "turns_on",
            pl.List(pl.Date()),
            "Days after the delivery on which the calendar alone may make another thing of it.",
        ),
    ),
    partitioned_by=("month_on",),
)

REGISTERS: Mapping[str, Table] = {
    **{
        feed: FEED_BY_NAME[feed].accepted_table
        for feed in (
            *("card_arrest_orders", "card_arrest_confirmations"),
            *("criminal_cases", "measure_events"),
        )
    },
    "card_arrests": CARD_ARRESTS,
    "account_arrests": ACCOUNT_ARRESTS,
    "asset_arrests": ASSET_ARRESTS,
    "wallet_freezes": WALLET_FREEZES,
}
"""What is told of arrests, by the name that rules give it."""


def told(registers: Registers, numbers: Numbers) -> pl.LazyFrame:
    """`TOLD` of these rows, in no order; of `MEASURES` too, so that one frame has all names.

    Args:
        registers: rows of `REGISTERS` or `MEASURES`.
        numbers: of the law and of the method.
    """
    nothing = pl.LazyFrame(schema=TOLD.schema)
    rows = [_found_by(name, rows, numbers) for name, rows in registers.items()]
    return pl.concat([nothing, *rows]).pipe(TOLD.require)


def told_again(
    kept: pl.LazyFrame, changed: Registers, days: Mapping[str, Sequence[date]], numbers: Numbers
) -> pl.LazyFrame:
    """`TOLD` after these days of the registers became what they are now.

    Args:
        kept: `TOLD` before.
        changed: rows of these days as they are now.
        days: business dates by register.
        numbers: of the law and of the method.
    """
    return pl.concat([of_other_days(kept, days), told(changed, numbers)])


def of_other_days(kept: pl.LazyFrame, days: Mapping[str, Sequence[date]]) -> pl.LazyFrame:
    """Rows, by `register_code` and `business_date`, that are not of these days of a register."""
    were = pl.LazyFrame(
        [(name, day) for name, dates in days.items() for day in dates],
        schema={name: TOLD.schema[name] for name in ("register_code", "business_date")},
        orient="row",
    )
    return kept.join(were, on=["register_code", "business_date"], how="anti")


def told_in(rows: pl.LazyFrame, months: Sequence[date]) -> pl.LazyFrame:
    """Rows of `TOLD` of these months, by their first days."""
    return rows.filter(pl.col("month_on").is_in(list(months)))


def _found_by(name: str, rows: pl.LazyFrame, numbers: Numbers) -> pl.LazyFrame:
    found = {**_NOTHING, **_FOUND_BY[name](numbers)}
    turns = found.pop("turns_on")
    delivered = pl.col("business_date")
    later = [pl.when(day > delivered).then(day) for day in turns]
    return rows.select(
        month_on=delivered.dt.month_start(),
        register_code=pl.lit(name),
        business_date=delivered,
        **found,
        turns_on=pl.concat_list(pl.lit(None, pl.Date), *later).list.drop_nulls(),
    )


def _of_orders(_: Numbers) -> Found:
    account = pl.col("account_iban")
    return {"measure_id": _ORDER, "asset_code": pl.lit("iban"), "asset_id": account}


def _of_confirmations(_: Numbers) -> Found:
    return {"measure_id": _ORDER, "turns_on": [civil_date(pl.col("answered_at"))]}


def _of_cases(numbers: Numbers) -> Found:
    return {"case_no": _CASE, "turns_on": [first_order_late_on(*numbers)]}


def _of_events(_: Numbers) -> Found:
    happened, until = pl.col("happened_on"), pl.col("until_on")
    event = {"measure_id": pl.col("measure_id"), "event_id": pl.col("event_id")}
    return {**event, "turns_on": [happened, _after(until)]}


def _of_cards(_: Numbers) -> Found:
    card = {"asset_code": pl.lit("card"), "asset_id": card_identity()}
    days = [pl.col(day) for day in ("ordered_on", "executed_on", "answered_on")]
    late_on = pl.when(is_not_answered_in_time()).then(_after(pl.col("due_on")))
    return {"measure_id": _ORDER, "case_no": _CASE, **card, "turns_on": [*days, late_on]}


def _of_accounts(_: Numbers) -> Found:
    days = [pl.col("ordered_on"), civil_date(pl.col("settled_at"))]
    return {
        "measure_id": _ORDER,
        "case_no": _CASE,
        **_asset(pl.lit("bank_account"), "account_iban"),
        "turns_on": days,
    }


def _of_register(numbers: Numbers) -> Found:
    ordered, term = pl.col("arrested_on"), last_day_of_order(numbers.parameters)
    code = pl.col("asset_code").replace("crypto", "wallet")
    told_id = asset_identity(code, pl.col("asset_id"))
    return {
        "measure_id": pl.col("measure_id"),
        "case_no": _CASE,
        "asset_code": code,
        "asset_id": pl.coalesce(told_id, "measure_id"),
        "turns_on": [ordered, _after(term), answer_late_on(*numbers, ordered)],
    }


def _of_wallets(numbers: Numbers) -> Found:
    frozen = pl.col("frozen_on")
    return {
        "measure_id": pl.col("measure_id"),
        "case_no": _CASE,
        **_asset(pl.lit("wallet"), "address"),
        "turns_on": [frozen, answer_late_on(*numbers, frozen)],
    }


def _of_lives(_: Numbers) -> Found:
    """What becomes of a measure rests on the days that registers and decisions name."""
    return {name: pl.col(name) for name in ("measure_id", "case_no", "asset_code", "asset_id")}


def _asset(code: pl.Expr, written: str) -> Found:
    return {"asset_code": code, "asset_id": asset_identity(code, pl.col(written))}


def _after(last_day: pl.Expr) -> pl.Expr:
    return last_day.dt.offset_by("1d")


_ORDER, _CASE = pl.col("order_id"), pl.col("case_no")
_NOTHING: Found = {
    **{
        name: pl.lit(None, pl.String)
        for name in ("measure_id", "event_id", "case_no", "asset_code", "asset_id")
    },
    "turns_on": [],
}
_FOUND_BY: Mapping[str, Callable[[Numbers], Found]] = {
    "card_arrest_orders": _of_orders,
    "card_arrest_confirmations": _of_confirmations,
    "criminal_cases": _of_cases,
    "measure_events": _of_events,
    "card_arrests": _of_cards,
    "account_arrests": _of_accounts,
    "asset_arrests": _of_register,
    "wallet_freezes": _of_wallets,
    "measures": _of_lives,
}
