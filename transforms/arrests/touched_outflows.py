"""What left before arrests, counted anew of the accounts in orders alone that a night touches."""

import polars as pl

from transforms.arrests.accounts import ACCOUNT_OF_ORDER
from transforms.arrests.outflows import order_outflows, waits
from transforms.arrests.told import Registers
from transforms.arrests.touched import Renewed, Turn, at_hand, on_days_of


def order_outflows_renewed(
    kept: pl.LazyFrame,
    changed: Registers,
    account_arrests: pl.LazyFrame,
    outflows: pl.LazyFrame,
    turn: Turn,
    *,
    parameters: pl.DataFrame,
) -> Renewed:
    """`ORDER_OUTFLOWS` of accounts that waited in a turn, or of which something came or went.

    Collects what is touched.

    Args:
        kept: `ORDER_OUTFLOWS` as they were made before the turn.
        changed: rows of both registers that came or went since.
        account_arrests: `ACCOUNT_ARRESTS`, whole.
        outflows: `ARREST_OUTFLOWS`, whole: each within the wait that it tells of.
        turn: the days since.
        parameters: dated numbers of the law and of the method.
    """
    dated = (*ACCOUNT_OF_ORDER, "business_date")
    told, lying = at_hand(
        account_arrests.select(*dated, "ordered_on", "settled_at"), kept.select(dated)
    )
    waiting = waits(told, turn.until, parameters=parameters).filter(
        pl.col("waited_until") >= turn.since
    )
    came = told.filter(turn.has("business_date"))
    parts = [rows.select(ACCOUNT_OF_ORDER) for rows in (waiting, came, *changed.values())]
    [touched] = at_hand(pl.concat(parts).unique())
    ordered, before = at_hand(
        *(
            _of(touched, on_days_of(rows, _of(touched, dates)))
            for rows, dates in ((account_arrests, told), (kept, lying))
        )
    )
    first = ordered.select(pl.col("ordered_on").min()).collect().item()
    left = _of(touched, outflows.filter(pl.col("business_date") >= pl.lit(first, pl.Date)))
    return Renewed(before, order_outflows(ordered, left, turn.until, parameters=parameters))


def _of(accounts: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.join(accounts, on=ACCOUNT_OF_ORDER, how="semi")
