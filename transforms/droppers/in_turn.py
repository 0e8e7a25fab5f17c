"""Cards that are emptied one after the other at one machine: whose hand may be the same."""

import polars as pl

from transforms.droppers.parameters import in_force


def in_turn(tenge: pl.LazyFrame, parameters: pl.DataFrame) -> pl.LazyFrame:
    """Accounts that took cash at one machine right after each other, soon, on one day.

    Strangers stand in one queue too; that the same two do so again and again is what tells.

    Args:
        tenge: movements in tenge of days that are whole.
        parameters: dated; `turn_seconds` says what is soon.

    Returns:
        `business_date`, `account_iban`, `other`: the account before or after it, once a pair and
        day, both ways. A turn that runs over midnight is not seen.
    """
    soon = pl.duration(seconds=in_force(parameters, "turn_seconds", pl.col("business_date")))
    queue = (
        tenge.filter(pl.col("kind") == "cash_out", pl.col("machine_id").is_not_null())
        .select("business_date", "machine_id", "booked_at", "account_iban")
        .sort("business_date", "machine_id", "booked_at", "account_iban")
        .with_columns(
            pl.col("account_iban", "booked_at")
            .shift(1)
            .over("business_date", "machine_id")
            .name.suffix("_before")
        )
        .filter(
            pl.col("account_iban") != pl.col("account_iban_before"),
            pl.col("booked_at") - pl.col("booked_at_before") <= soon,
        )
    )
    one_way = queue.select("business_date", "account_iban", other="account_iban_before")
    other_way = queue.select(
        "business_date", account_iban="account_iban_before", other="account_iban"
    )
    return pl.concat([one_way, other_way]).unique()
