"""What left before arrests, counted anew of the accounts in orders alone that a night touches."""

from datetime import date, timedelta

import polars as pl

from transforms.arrests.accounts import ACCOUNT_OF_ORDER
from transforms.arrests.outflows import days_waited, order_outflows, waits
from transforms.arrests.told import Registers
from transforms.arrests.touched import Renewed, Turn, at_hand, on_days_of

_ACCOUNTS = "account_arrests"


def order_outflows_renewed(
    kept: pl.LazyFrame,
    changed: Registers,
    account_arrests: pl.LazyFrame,
    outflows: pl.LazyFrame,
    *,
    told_of: pl.LazyFrame,
    turn: Turn,
    parameters: pl.DataFrame,
) -> Renewed:
    """`ORDER_OUTFLOWS` of accounts that waited in a turn, or of which something came or went.

    Collects what is touched.

    Args:
        kept: `ORDER_OUTFLOWS` as they were made before the turn.
        changed: rows of both registers that came or went since.
        account_arrests: `ACCOUNT_ARRESTS`, whole.
        outflows: `ARREST_OUTFLOWS`, whole: each within the wait that it tells of.
        told_of: `TOLD` of `account_arrests` at least.
        turn: the days since.
        parameters: dated numbers of the law and of the method.
    """
    told = told_of.filter(pl.col("register_code") == _ACCOUNTS)
    ordered = may_wait_since(turn.since, account_arrests, told_of, parameters=parameters)
    waiting = waits(ordered, turn.until, parameters=parameters).filter(
        pl.col("waited_until") >= turn.since
    )
    came = ordered.filter(turn.has("business_date"))
    parts = [rows.select(ACCOUNT_OF_ORDER) for rows in (waiting, came, *changed.values())]
    [touched] = at_hand(pl.concat(parts).unique())
    days = [told.join(touched, left_on="measure_id", right_on="order_id", how="semi")]
    days += [rows for name, rows in changed.items() if name == _ACCOUNTS]
    [lying] = at_hand(pl.concat([rows.select("business_date") for rows in days]).unique())
    again, before = at_hand(
        *(
            on_days_of(rows, lying).join(touched, on=ACCOUNT_OF_ORDER, how="semi")
            for rows in (account_arrests, kept)
        )
    )
    left = on_days_of(outflows, days_waited(again, turn.until, parameters=parameters)).join(
        touched, on=ACCOUNT_OF_ORDER, how="semi"
    )
    return Renewed(before, order_outflows(again, left, turn.until, parameters=parameters))


def may_wait_since(
    first: date, account_arrests: pl.LazyFrame, told_of: pl.LazyFrame, *, parameters: pl.DataFrame
) -> pl.LazyFrame:
    """Every account in an order that waited on a day or after it, and others of the same files.

    Args:
        first: the day.
        account_arrests: `ACCOUNT_ARRESTS`, whole; files of other days are not opened.
        told_of: `TOLD` of these at least.
        parameters: dated numbers of the law and of the method.
    """
    longest = parameters.filter(pl.col("parameter") == "outflow_most_days")["value"].cast(pl.Int64)
    # Told of, or ordered later than that, so lately that the longest wait is not over.
    lately = pl.lit(first - timedelta(days=max(longest)))
    is_late = (pl.col("business_date") >= lately) | (pl.col("turns_on").list.max() >= lately)
    told = told_of.filter(pl.col("register_code") == _ACCOUNTS, is_late)
    return on_days_of(account_arrests, told)
