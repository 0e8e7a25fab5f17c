"""Sums over windows of days: from all their days, or from the sums of the night before.

A sum over the last n days is yesterday's, and today, less the day n days ago: the second way
reads five days however long the windows and the history are.
"""

from datetime import date, timedelta

import polars as pl

from transforms.droppers.measures import MEASURE_NAMES
from transforms.droppers.parameters import in_force
from transforms.droppers.windows import LINK_WINDOWS, WINDOWS

LONGEST = max(WINDOWS)

_ADDED = ("active_days", *MEASURE_NAMES)
_LATEST = ("holder_iin", "bank_bic", "region_code", "last_at")
_SUMS = tuple(f"{name}_{window}d" for window in WINDOWS for name in _ADDED)
_SILENCE = ("last_active_on", "quiet_from_on", "quiet_days")
_LINK = ["account_iban", "link_code", "other"]
_day = pl.col("business_date")


def first_day(night: date, window: int = LONGEST) -> date:
    """First day of a window that ends on the night's day."""
    return night - timedelta(days=window - 1)


def moving_days(night: date) -> list[date]:
    """The day that enters all windows on a night, and those that leave one each."""
    return sorted({night, *(night - timedelta(days=window) for window in WINDOWS)})


def account_sums(days: pl.LazyFrame, night: date, parameters: pl.DataFrame) -> pl.LazyFrame:
    """Measures of each account over the windows, from all days of the longest one.

    Args:
        days: `ACCOUNT_DAYS`; rows outside the longest window are left out.
        night: last day of the windows.
        parameters: dated; `quiet_days` says how long a silence ends a run of activity.

    Returns:
        One row an account: what it is called on its last day, `last_active_on`,
        `quiet_from_on`, and each measure and `active_days` by window, in no order.
    """
    within = days.filter(_day.is_between(first_day(night), night))
    return (
        _summed(within.with_columns(active_days=pl.lit(1, pl.Int64)), night)
        .join(_latest(within), on="account_iban", validate="1:1")
        .join(_last_silence(within, parameters), on="account_iban", how="left", validate="1:1")
    )


def of_the_eve(windows: pl.LazyFrame) -> pl.LazyFrame:
    """What `account_sums_after` needs of `ACCOUNT_WINDOWS` of the night before."""
    return windows.select("account_iban", *_SUMS, *_LATEST, *_SILENCE)


def account_sums_after(
    before: pl.LazyFrame, days: pl.LazyFrame, night: date, parameters: pl.DataFrame
) -> pl.LazyFrame:
    """The same as `account_sums`, from those of the night before.

    Args:
        before: `ACCOUNT_WINDOWS` of the day before `night`, or `of_the_eve` of them.
        days: `ACCOUNT_DAYS` of `moving_days(night)`; other rows are left out.
        night: last day of the windows.
        parameters: as there.
    """
    moving = days.with_columns(active_days=pl.lit(1, pl.Int64))
    differences = pl.concat(
        [
            moving.filter(_day == night).select("account_iban", **_for_each_window(WINDOWS, 1)),
            *(
                moving.filter(_day == night - timedelta(days=window)).select(
                    "account_iban", **_for_each_window([window], -1)
                )
                for window in WINDOWS
            ),
        ]
    )
    return (
        pl.concat([before.select("account_iban", *_SUMS), differences])
        .group_by("account_iban")
        .agg(_exact_sum(name) for name in _SUMS)
        .filter(pl.col(f"active_days_{LONGEST}d") > 0)
        .join(
            _latest_after(before, days.filter(_day == night), night, parameters),
            on="account_iban",
            validate="1:1",
        )
    )


def link_windows(links: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """`LINK_WINDOWS` from all `ACCOUNT_LINKS` of the longest window, in no order."""
    return (
        links.filter(_day.is_between(first_day(night), night))
        .group_by(_LINK)
        .agg(
            *(
                pl.when(_day >= first_day(night, window))
                .then("transactions")
                .otherwise(0)
                .sum()
                .alias(f"transactions_{window}d")
                for window in WINDOWS
            ),
            _exact_sum("amount_tiyn").alias(f"amount_tiyn_{LONGEST}d"),
        )
        .pipe(_as_link_windows, night)
    )


def link_windows_after(before: pl.LazyFrame, links: pl.LazyFrame, night: date) -> pl.LazyFrame:
    """The same, from those of the night before and the `ACCOUNT_LINKS` of `moving_days(night)`."""
    sums = (*(f"transactions_{window}d" for window in WINDOWS), f"amount_tiyn_{LONGEST}d")
    moving = [links.filter(_day == night).select(*_LINK, **_link_change(WINDOWS, 1))]
    moving += [
        links.filter(_day == night - timedelta(days=window)).select(
            *_LINK, **_link_change([window], -1)
        )
        for window in WINDOWS
    ]
    changes = pl.concat(moving).group_by(_LINK).agg(_exact_sum(name) for name in sums)
    # A join, since far more links stand than move: grouping all anew takes three times as long.
    return (
        before.select(*_LINK, *sums)
        .join(changes, on=_LINK, how="full", coalesce=True, suffix="_change")
        .with_columns(
            pl.sum_horizontal(pl.col(name, f"{name}_change").cast(pl.Int128)).cast(pl.Int64)
            for name in sums
        )
        .filter(pl.col(f"transactions_{LONGEST}d") > 0)
        .pipe(_as_link_windows, night)
    )


def _as_link_windows(frame: pl.LazyFrame, night: date) -> pl.LazyFrame:
    return (
        frame.with_columns(night=pl.lit(night))
        .select(LINK_WINDOWS.schema.names())
        .pipe(LINK_WINDOWS.require)
    )


def _exact_sum(name: str) -> pl.Expr:
    if "tiyn" not in name:
        return pl.col(name).sum()
    return pl.col(name).cast(pl.Int128).sum().cast(pl.Int64)


def _summed(days: pl.LazyFrame, night: date) -> pl.LazyFrame:
    # By the shortest window that holds the day, then windows from these: few rows for many sums.
    shortest = pl.lit(LONGEST)
    for window in sorted(WINDOWS, reverse=True):
        shortest = pl.when(_day >= first_day(night, window)).then(window).otherwise(shortest)
    return (
        days.with_columns(shortest=shortest)
        .group_by("account_iban", "shortest")
        .agg(_exact_sum(name) for name in _ADDED)
        .group_by("account_iban")
        .agg(
            pl.when(pl.col("shortest") <= window)
            .then(pl.col(name).cast(pl.Int128) if "tiyn" in name else pl.col(name))
            .otherwise(0)
            .sum()
            .cast(pl.Int64)
            .alias(f"{name}_{window}d")
            for window in WINDOWS
            for name in _ADDED
        )
    )


def _for_each_window(entered: tuple[int, ...] | list[int], sign: int) -> dict[str, pl.Expr]:
    return {
        f"{name}_{window}d": sign * pl.col(name) if window in entered else pl.lit(0, pl.Int64)
        for window in WINDOWS
        for name in _ADDED
    }


def _link_change(entered: tuple[int, ...] | list[int], sign: int) -> dict[str, pl.Expr]:
    counts = {
        f"transactions_{window}d": sign * pl.col("transactions")
        if window in entered
        else pl.lit(0, pl.Int64)
        for window in WINDOWS
    }
    amount = sign * pl.col("amount_tiyn") if LONGEST in entered else pl.lit(0, pl.Int64)
    return counts | {f"amount_tiyn_{LONGEST}d": amount}


def _latest(days: pl.LazyFrame) -> pl.LazyFrame:
    return days.group_by("account_iban").agg(
        pl.col(_LATEST).max_by("business_date"), last_active_on=_day.max()
    )


def _is_silence(parameters: pl.DataFrame, since: pl.Expr, until: pl.Expr) -> pl.Expr:
    silent_days = (until - since).dt.total_days() - 1
    return silent_days >= in_force(parameters, "quiet_days", until)


def _last_silence(days: pl.LazyFrame, parameters: pl.DataFrame) -> pl.LazyFrame:
    previous = pl.col("previous")
    return (
        days.select("account_iban", "business_date")
        .sort("account_iban", "business_date")
        .with_columns(previous=_day.shift(1).over("account_iban"))
        .filter(_is_silence(parameters, previous, _day))
        .group_by("account_iban")
        .agg(quiet_from_on=previous.max(), quiet_until_on=_day.max())
    )


def _latest_after(
    before: pl.LazyFrame, today: pl.LazyFrame, night: date, parameters: pl.DataFrame
) -> pl.LazyFrame:
    earlier = before.select("account_iban", *_SILENCE, *_LATEST).with_columns(
        quiet_until_on=pl.col("quiet_from_on") + pl.duration(days=pl.col("quiet_days") + 1)
    )
    now = today.select("account_iban", *_LATEST, last_active_on=pl.lit(night))
    is_now = pl.col("last_active_on_now").is_not_null()
    is_new_silence = is_now & _is_silence(parameters, pl.col("last_active_on"), pl.lit(night))
    since = pl.when(is_new_silence).then("last_active_on").otherwise("quiet_from_on")
    until = pl.when(is_new_silence).then(pl.lit(night)).otherwise("quiet_until_on")
    return (
        earlier.join(
            now, on="account_iban", how="full", coalesce=True, suffix="_now", validate="1:1"
        )
        .with_columns(
            **{c: pl.when(is_now).then(f"{c}_now").otherwise(c) for c in _LATEST},
            last_active_on=pl.coalesce("last_active_on_now", "last_active_on"),
            quiet_from_on=since,
            quiet_until_on=until,
        )
        .with_columns(
            pl.when(pl.col("quiet_from_on") >= first_day(night)).then(c).alias(c)
            for c in ("quiet_from_on", "quiet_until_on")
        )
        .select("account_iban", *_LATEST, "last_active_on", "quiet_from_on", "quiet_until_on")
    )
