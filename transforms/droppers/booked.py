"""Measures of a day that each row alone, or its equals of the same day, say."""

import polars as pl

from transforms.droppers.measures import KINDS, OTHER_KIND
from transforms.droppers.parameters import in_force
from transforms.money import total
from transforms.periods import CIVIL_TIME_ZONE

_KEY = ["business_date", "account_iban"]
_ON = pl.col("business_date")
_KINDS = [*(name for name, _ in KINDS.values()), *OTHER_KIND.values()]


def is_at_night(instant: pl.Expr, *, from_hour: pl.Expr, until_hour: pl.Expr) -> pl.Expr:
    """The hour in Almaty is `from_hour` or later, or before `until_hour`."""
    hour = instant.dt.convert_time_zone(CIVIL_TIME_ZONE).dt.hour()
    return (hour >= from_hour) | (hour < until_hour)


def is_just_under(amount: pl.Expr, threshold: pl.Expr, *, percent: pl.Expr) -> pl.Expr:
    """At most the threshold, and less than `percent` of it below."""
    return (amount <= threshold) & (amount * 100 > threshold * (100 - percent))


def booked(movements: pl.LazyFrame, parameters: pl.DataFrame) -> pl.LazyFrame:
    """For each account and day: what of each kind was booked, and what stands out of it.

    Args:
        movements: as `movements` gives them.
        parameters: dated numbers of the law and of the method.
    """
    marks = _marks(parameters)
    # First by kind, then side by side: few rows are left for the many sums.
    by_kind = (
        movements.with_columns(
            **{name: (mark & pl.col("is_tenge")) for name, mark in marks.items()},
            kind=pl.when("is_tenge").then("kind"),
        )
        .group_by(*_KEY, "kind")
        .agg(
            pl.col("holder_iin", "region_code").max(),
            pl.col(list(marks)).sum().cast(pl.Int64),
            bank_bic=pl.col("institution").max(),
            first_at=pl.col("booked_at").min(),
            last_at=pl.col("booked_at").max(),
            rows=pl.len().cast(pl.Int64),
            tiyn=total("amount_minor"),
        )
    )
    return by_kind.group_by(_KEY).agg(
        pl.col("holder_iin", "bank_bic", "region_code", "last_at").max(),
        pl.col("first_at").min(),
        pl.col(list(marks)).sum(),
        **{kind: _only(pl.col("rows"), kind) for kind in _KINDS},
        **{f"{kind}_tiyn": _only(pl.col("tiyn"), kind) for kind in _KINDS},
        transactions=pl.col("rows").filter(pl.col("kind").is_not_null()).sum(),
        other_currency_transactions=pl.col("rows").filter(pl.col("kind").is_null()).sum(),
    )


def repeated(movements: pl.LazyFrame) -> pl.LazyFrame:
    """For each account and day with such: transfers in whose very amount came more than once."""
    return (
        movements.filter("is_tenge", pl.col("kind") == "transfers_in")
        .group_by(*_KEY, "amount_minor")
        .agg(repeated_transfers_in=pl.len().cast(pl.Int64))
        .filter(pl.col("repeated_transfers_in") > 1)
        .group_by(_KEY)
        .agg(pl.col("repeated_transfers_in").sum())
    )


def _only(column: pl.Expr, kind: str) -> pl.Expr:
    # A day has one row of each kind: nothing is added that could grow too large.
    return pl.when(pl.col("kind") == kind).then(column).otherwise(0).sum()


def _marks(parameters: pl.DataFrame) -> dict[str, pl.Expr]:
    amount = pl.col("amount_minor")
    is_transfer_in = pl.col("kind") == "transfers_in"
    percent = in_force(parameters, "just_under_percent", _ON)
    identified = in_force(parameters, "card_topup_identification_tiyn", _ON)
    from_a_machine = in_force(parameters, "atm_withdrawal_limit_tiyn", _ON)
    return {
        "round_transfers_in": is_transfer_in
        & (amount % in_force(parameters, "round_sum_tiyn", _ON) == 0),
        "transfers_in_just_under": is_transfer_in
        & is_just_under(amount, identified, percent=percent),
        "cash_out_just_under": (pl.col("kind") == "cash_out")
        & is_just_under(amount, from_a_machine, percent=percent),
        "night_transactions": is_at_night(
            pl.col("booked_at"),
            from_hour=in_force(parameters, "night_from_hour", _ON),
            until_hour=in_force(parameters, "night_until_hour", _ON),
        ),
    }
