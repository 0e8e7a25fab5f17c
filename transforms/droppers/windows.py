"""What each account did over the last 1, 7, 30 and 90 days, as of a night.

Two ways lead to the same figures: from all days of the longest window, and from the figures of
the night before with the days that came in and went out of each window.
"""

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.measures import MEASURES
from transforms.feeds.cells import INSTANT

WINDOWS = (1, 7, 30, 90)
"""Lengths of the windows in days; they end on the night's business date, which counts."""

DISTINCT = {
    "payers": "Different accounts that sent transfers to it.",
    "single_payers": "Those of them that sent exactly one transfer in the window.",
    "payees": "Different accounts that got transfers from it.",
    "firms": "Different firms and authorities that paid it, or that it paid.",
    "devices": "Different devices that gave orders for it.",
    "cards": "Different cards of the account that were used.",
    "turns": "Different accounts that took cash at the same machine right before or after it, on "
    "as many days as the method asks for.",
}


def _unit(name: str) -> str:
    return "accounts" if name == "turns" else name.rsplit("_", maxsplit=1)[-1]


_FURTHER: dict[str, tuple[pl.DataType, str, str | None, bool]] = {
    "active_days": (pl.Int64(), "Days with anything booked.", "days", False),
    "device_accounts": (
        pl.Int64(),
        "Accounts that its most shared device gave orders for, itself counted; 0 without a device.",
        "accounts",
        False,
    ),
    "passed_on_soon_share": (
        pl.Float64(),
        "`passed_on_soon_tiyn` of the transfers in; null where none came.",
        "ratio",
        True,
    ),
    "passed_on_share": (
        pl.Float64(),
        "`passed_on_same_day_tiyn` of the transfers in; null where none came.",
        "ratio",
        True,
    ),
}


def _over(days: int) -> tuple[Column, ...]:
    over = f"Over {days} days." if days > 1 else "On the night's day."
    return (
        *(
            Column(f"{m.name}_{days}d", m.dtype, f"{over} {m.description}", unit=m.unit)
            for m in MEASURES
        ),
        *(
            Column(
                f"{name}_{days}d",
                pl.Int64(),
                f"{over} {says}",
                unit=_unit(name),
            )
            for name, says in DISTINCT.items()
        ),
        *(
            Column(f"{name}_{days}d", dtype, f"{over} {says}", unit=unit, nullable=nullable)
            for name, (dtype, says, unit, nullable) in _FURTHER.items()
        ),
    )


ACCOUNT_WINDOWS = Table(
    name="droppers.account_windows",
    grain="one account with anything booked in the 90 days up to a night",
    key=("night", "account_iban"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night; the last day of each window."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column(
            "holder_iin",
            pl.String(),
            "Holder's IIN or BIN on the last day with rows of the bank; else null.",
            nullable=True,
            is_personal=True,
        ),
        Column("bank_bic", pl.String(), "Bank of the account; else null.", nullable=True),
        Column("region_code", pl.String(), "KATO, 2 digits, or unknown."),
        Column(
            "holder_age_years",
            pl.Int64(),
            "Whole years of the holder's age on the night, from the IIN; null for a firm.",
            unit="years",
            nullable=True,
        ),
        Column("is_of_firm", pl.Boolean(), "The holder's number is a BIN."),
        Column(
            "holder_accounts_90d",
            pl.Int64(),
            "Accounts of the holder with anything booked in 90 days; 0 for an unknown holder.",
            unit="accounts",
        ),
        Column("holder_banks_90d", pl.Int64(), "Banks that these accounts are with.", unit="banks"),
        Column("holder_cards_90d", pl.Int64(), "Cards of them that were used.", unit="cards"),
        Column(
            "account_age_days",
            pl.Int64(),
            "Days from the opening of the account to the night; null where its bank has not told.",
            unit="days",
            nullable=True,
        ),
        Column(
            "phone_holders",
            pl.Int64(),
            "Persons of active accounts that banks reach by the same telephone as the holder, "
            "the holder counted; null where none is told.",
            unit="persons",
            nullable=True,
        ),
        Column(
            "address_holders",
            pl.Int64(),
            "The same by address.",
            unit="persons",
            nullable=True,
        ),
        Column("last_active_on", pl.Date(), "Last day with anything booked."),
        Column("last_at", INSTANT, "Last thing booked."),
        Column(
            "quiet_from_on",
            pl.Date(),
            "Last day with anything booked before the present run of activity, where that followed "
            "on longer silence; null where none of the 90 days lies before it.",
            nullable=True,
        ),
        Column(
            "quiet_days",
            pl.Int64(),
            "Days without anything booked after `quiet_from_on`, up to the present run.",
            unit="days",
            nullable=True,
        ),
        Column(
            "known_distance",
            pl.Int32(),
            "Steps to the nearest known account (arrested card, shop) along transfers of 90 days, "
            "either way: 0 it is one, 1, 2; null: further or none. No step leads through an "
            "account with very many others.",
            nullable=True,
        ),
        *(column for days in WINDOWS for column in _over(days)),
    ),
)

LINK_WINDOWS = Table(
    name="droppers.link_windows",
    grain="one account, one kind of link and one other side in the 90 days up to a night",
    key=("night", "account_iban", "link_code", "other"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("link_code", pl.String(), "As in `facts.account_links`."),
        Column("other", pl.String(), "As in `facts.account_links`.", is_personal=True),
        *(
            Column(
                f"transactions_{days}d",
                pl.Int64(),
                f"Transactions of the two over {days} days.",
                unit="transactions",
            )
            for days in WINDOWS
        ),
        Column("amount_tiyn_90d", pl.Int64(), "Sum of those of 90 days.", unit="tiyn"),
    ),
)
