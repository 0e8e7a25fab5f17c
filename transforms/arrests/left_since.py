"""Money that left an account after its bank had answered that it arrested the account.

What left before that answer stands in `arrests.outflows`. After it nothing should leave: either the
bank's word is wrong, or the order lets some payments through, which the bank has to say.
"""

from datetime import date

import polars as pl

from transforms.arrests.measures import state_on
from transforms.money import total
from transforms.periods import civil_date
from transforms.redelivery import earliest
from transforms.valuation import TENGE

_ORDER = ["measure_id", "asset_id"]
_has_moved = pl.col("freshest_at") > pl.col("arrested_at")


def arrested_in_full(
    alerts: pl.LazyFrame, measures: pl.LazyFrame, account_arrests: pl.LazyFrame, night: date
) -> pl.LazyFrame:
    """Listed accounts that their banks arrested in full, by orders of which all stands.

    Args:
        alerts: `droppers.alerts` of a night.
        measures: `arrests.measures`.
        account_arrests: `facts.account_arrests`.
        night: what was decided later is left out.

    Returns:
        `account_iban`, `freshest_at` and `arrested_at`, when the first of these orders was carried
        out, in order of account.
    """
    whole = (
        measures.filter(pl.col("asset_code") == "bank_account")
        .group_by(_ORDER)
        .agg(stands=(state_on(night) == "executed").all())
        .filter("stands")
    )
    arrested = (
        account_arrests.filter(pl.col("status_code") == "executed")
        .join(whole, left_on=["order_id", "account_iban"], right_on=_ORDER, how="semi")
        .group_by("account_iban")
        .agg(arrested_at=pl.col("executed_at").min())
    )
    return (
        alerts.select("account_iban", "freshest_at")
        .join(arrested, on="account_iban", validate="1:1")
        .sort("account_iban")
    )


def first_day(arrested: pl.DataFrame, night: date) -> date:
    """The first day on which money may have left one of them since; the night's where none has."""
    moved = arrested.filter(_has_moved).select(civil_date(pl.col("arrested_at")).min())
    return moved.item() or night


def left_since(
    card_transactions: pl.LazyFrame, arrested: pl.DataFrame, night: date
) -> pl.LazyFrame:
    """What left each account after its arrest, up to the end of a night.

    Args:
        card_transactions: accepted rows from `first_day` on.
        arrested: of `arrested_in_full`, at hand: by the few accounts files are left unopened.
        night: what was booked later is left out.

    Returns:
        `account_iban`, `arrested_at` and `left_since_tiyn`, 0 where nothing left.
    """
    moved = arrested.filter(_has_moved)
    left = (
        card_transactions.filter(
            pl.col("account_iban").is_in(moved["account_iban"].to_list()),
            pl.col("direction_code") == "debit",
            pl.col("currency_code") == TENGE,
            civil_date(pl.col("booked_at")) <= night,
        )
        .pipe(earliest, ("institution", "transaction_id"))
        .join(moved.lazy().select("account_iban", "arrested_at"), on="account_iban", validate="m:1")
        .filter(pl.col("booked_at") > pl.col("arrested_at"))
        .group_by("account_iban")
        .agg(left_since_tiyn=total("amount_minor"))
    )
    return (
        arrested.lazy()
        .join(left, on="account_iban", how="left", validate="1:1")
        # All that was booked is at hand: no row is none.
        .select("account_iban", "arrested_at", pl.col("left_since_tiyn").fill_null(0))
    )
