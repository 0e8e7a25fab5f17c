"""Whom an account pays most to: how much of its money goes to few, whatever days it lay there."""

import polars as pl

from transforms.droppers.windows import WINDOWS

MAIN_PAYEES_TIYN = f"main_payees_tiyn_{max(WINDOWS)}d"
_AMOUNT = f"amount_tiyn_{max(WINDOWS)}d"
_PAYMENTS = f"transactions_{max(WINDOWS)}d"


def main_payees(links: pl.LazyFrame, *, at_most: pl.Expr, least_payments: pl.Expr) -> pl.LazyFrame:
    """What each account sent to the few others that it pays most to, over the longest window.

    Args:
        links: `LINK_WINDOWS` of one night or more.
        at_most: how many others those few are.
        least_payments: who was paid less often is none of them: a clinic, a car, a flat.

    Returns:
        `night`, `account_iban` and `MAIN_PAYEES_TIYN`, in no order; who sent nothing has no row.
        Money to accounts of the same holder, to firms and over a counter is not counted.
    """
    place = pl.col(_AMOUNT).rank("ordinal", descending=True).over("night", "account_iban")
    return (
        links.filter(pl.col("link_code") == "payee", pl.col(_PAYMENTS) >= least_payments)
        .filter(place <= at_most)
        .group_by("night", "account_iban")
        .agg(pl.col(_AMOUNT).cast(pl.Int128).sum().cast(pl.Int64).alias(MAIN_PAYEES_TIYN))
    )
