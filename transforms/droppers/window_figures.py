"""From sums and links to all that is known of an account as of a night."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import polars as pl

from transforms.droppers.contacts import contacts_of_active, reached_alike, shared_contacts
from transforms.droppers.neighbours import (
    device_accounts,
    distinct_others,
    holders,
    holders_of_several,
    known_distances,
    shared_devices,
)
from transforms.droppers.parameters import in_force
from transforms.droppers.window_sums import (
    account_sums,
    account_sums_after,
    link_windows,
    link_windows_after,
)
from transforms.droppers.windows import ACCOUNT_WINDOWS, DISTINCT, WINDOWS


class Summed(NamedTuple):
    """What is summed over the windows of a night: of accounts, and of pairs (`LINK_WINDOWS`)."""

    accounts: pl.LazyFrame
    links: pl.LazyFrame


class Ties(NamedTuple):
    """What others have to do with an account; of what is its own alone, nothing."""

    devices: pl.LazyFrame
    holders: pl.LazyFrame
    distances: pl.LazyFrame
    contacts: Mapping[str, pl.LazyFrame]


def summed(
    days: pl.LazyFrame, links: pl.LazyFrame, night: date, parameters: pl.DataFrame
) -> Summed:
    """From all days and links of the longest window."""
    return Summed(account_sums(days, night, parameters), link_windows(links, night))


def summed_after(
    before: Summed,
    days: pl.LazyFrame,
    links: pl.LazyFrame,
    night: date,
    parameters: pl.DataFrame,
) -> Summed:
    """The same from those of the night before, and days and links of `moving_days(night)`."""
    return Summed(
        account_sums_after(before.accounts, days, night, parameters),
        link_windows_after(before.links, links, night),
    )


def windows_from_days(
    days: pl.LazyFrame,
    links: pl.LazyFrame,
    night: date,
    *,
    known: pl.LazyFrame,
    contacts: pl.LazyFrame,
    parameters: pl.DataFrame,
) -> pl.LazyFrame:
    """`ACCOUNT_WINDOWS` of a night from all days and links of the longest window."""
    return account_windows(
        account_sums(days, night, parameters),
        link_windows(links, night),
        night,
        known=known,
        contacts=contacts,
        parameters=parameters,
    )


def account_windows(
    sums: pl.LazyFrame,
    links: pl.LazyFrame,
    night: date,
    *,
    known: pl.LazyFrame,
    contacts: pl.LazyFrame,
    parameters: pl.DataFrame,
) -> pl.LazyFrame:
    """All that is known of each account as of a night, of all accounts at once.

    Args:
        sums: as `account_sums` or `account_sums_after` give them.
        links: `LINK_WINDOWS` of the night.
        night: last day of the windows.
        known: `account_iban` of known droppers and shops, each once.
        contacts: `CONTACTS` as known on the night.
        parameters: dated numbers of the method.

    Returns:
        `ACCOUNT_WINDOWS`, in order of the account.
    """
    active = contacts_of_active(contacts, sums)
    tied = ties(sums, links, active, night=night, known=known, parameters=parameters)
    return account_figures(sums, links, active, night=night, ties=tied, parameters=parameters)


def ties(
    sums: pl.LazyFrame,
    links: pl.LazyFrame,
    active: pl.LazyFrame,
    *,
    night: date,
    known: pl.LazyFrame,
    parameters: pl.DataFrame,
) -> Ties:
    """What figures of an account need to know of others. Collects.

    Args:
        sums: of all accounts; `account_iban`, `holder_iin` and `bank_bic` are read.
        links: `LINK_WINDOWS` of all.
        active: `contacts_of_active` of all.
        night: last day of the windows.
        known: as in `account_windows`.
        parameters: dated numbers of the method.
    """
    hub_links = in_force(parameters, "hub_links", pl.lit(night))
    distances = known_distances(links, known, hub_links=hub_links)
    return Ties(
        devices=shared_devices(links),
        holders=holders_of_several(sums, links),
        distances=distances.collect(engine="streaming").lazy(),
        contacts=shared_contacts(active),
    )


def account_figures(
    sums: pl.LazyFrame,
    links: pl.LazyFrame,
    active: pl.LazyFrame,
    *,
    night: date,
    ties: Ties,
    parameters: pl.DataFrame,
) -> pl.LazyFrame:
    """`ACCOUNT_WINDOWS` of some accounts, in order of the account: of all, part by part.

    Args:
        sums: of these accounts.
        links: `LINK_WINDOWS` of them.
        active: `contacts_of_active` of them.
        night: last day of the windows.
        ties: `ties` of all accounts.
        parameters: dated numbers of the method.
    """
    turn_days = in_force(parameters, "turn_days", pl.lit(night))
    counted = [f"{name}_{w}d" for w in WINDOWS for name in (*DISTINCT, "device_accounts")]
    by_account = (
        distinct_others(links, turn_days=turn_days),
        device_accounts(links, ties.devices),
        ties.distances,
        reached_alike(active, ties.contacts),
    )
    joined = sums
    for told in by_account:
        joined = joined.join(told, on="account_iban", how="left", validate="1:1")
    return (
        # An account without a link of a kind has none of it.
        joined.with_columns(pl.col(counted).fill_null(0))
        .pipe(holders, ties.holders)
        .with_columns(
            night=pl.lit(night),
            is_of_firm=is_bin_like(pl.col("holder_iin")),
            holder_age_years=age_years(pl.col("holder_iin"), night),
            account_age_days=(pl.lit(night) - pl.col("opened_on")).dt.total_days(),
            quiet_days=(pl.col("quiet_until_on") - pl.col("quiet_from_on")).dt.total_days() - 1,
            **{
                f"passed_on_soon_share_{w}d": _of_transfers_in("passed_on_soon", w) for w in WINDOWS
            },
            **{f"passed_on_share_{w}d": _of_transfers_in("passed_on_same_day", w) for w in WINDOWS},
        )
        .select(ACCOUNT_WINDOWS.schema.names())
        .sort("account_iban")
        .pipe(ACCOUNT_WINDOWS.require)
    )


def is_bin_like(number: pl.Expr) -> pl.Expr:
    """The fifth digit is of a company's number; an unknown holder is taken for a person."""
    return number.str.slice(4, 1).is_in(["4", "5", "6"]).fill_null(value=False)


def age_years(iin: pl.Expr, on: date) -> pl.Expr:
    """Whole years from the birth date in an IIN; null for a BIN and an unknown holder."""
    mark = iin.str.slice(6, 1).cast(pl.Int32, strict=False)
    century = pl.when(mark.is_between(1, 6)).then(18 + (mark - 1) // 2)
    born = pl.concat_str(century.cast(pl.String), iin.str.slice(0, 6)).str.to_date(
        "%Y%m%d", strict=False
    )
    is_before_birthday = born.dt.month().cast(pl.Int32) * 100 + born.dt.day() > (
        on.month * 100 + on.day
    )
    years = on.year - born.dt.year() - is_before_birthday.cast(pl.Int32)
    return pl.when(~is_bin_like(iin)).then(years.cast(pl.Int64))


def _of_transfers_in(measure: str, window: int) -> pl.Expr:
    came = pl.col(f"transfers_in_tiyn_{window}d")
    return pl.when(came > 0).then(pl.col(f"{measure}_tiyn_{window}d") / came)
