"""How holders are reached, as banks tell it: telephone, address, and since when the account is."""

from collections.abc import Mapping

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.several import of_several

CONTACTS = Table(
    name="droppers.account_contacts",
    grain="one account and one person at it, on a business date that said anything new of it",
    key=("business_date", "account_iban", "holder_iin"),
    partitioned_by=("business_date",),
    columns=(
        Column("business_date", pl.Date(), "When it was told."),
        Column("account_iban", pl.String(), "Account.", is_personal=True),
        Column("holder_iin", pl.String(), "Holder's IIN or BIN.", is_personal=True),
        Column("phone", pl.String(), "Last told, or null.", nullable=True, is_personal=True),
        Column("postal_address", pl.String(), "Likewise.", nullable=True, is_personal=True),
        Column("opened_on", pl.Date(), "When it was opened, likewise.", nullable=True),
    ),
)

_SAID = ("phone", "postal_address", "opened_on")
_COUNTED = {"phone": "phone_holders", "postal_address": "address_holders"}
_OF_WHOM = ("account_iban", "holder_iin")
_HOLDS = ("owner", "authorised", "cardholder")


def account_contacts(account_holders: pl.LazyFrame) -> pl.LazyFrame:
    """What was last told of each account's holder; a cell left empty keeps what was told before.

    Args:
        account_holders: accepted rows.

    Returns:
        `CONTACTS`, in order of account and holder, with the last date of each. Rows without an
        account, and beneficial owners, are left out: it is not their telephone that leads the
        account.
    """
    return (
        account_holders.filter(pl.col("role_code").is_in(_HOLDS))
        .drop_nulls(["account_id", "holder_iin"])
        .rename({"account_id": "account_iban"})
        .sort("business_date", "delivery", "line")
        .pipe(_last_told)
    )


def contact_news(account_holders: pl.LazyFrame, before: pl.LazyFrame) -> pl.LazyFrame:
    """What the accepted rows of a business date say that was not known.

    A bank may tell its whole reference each night: what is kept grows with what changes only.

    Args:
        account_holders: accepted rows of the date.
        before: `CONTACTS` of the dates before.

    Returns:
        `CONTACTS`, in order of account and holder; a cell that says nothing new is null.
    """
    known = contacts_as_told(before).select(
        *_OF_WHOM, *(pl.col(c).alias(f"known_{c}") for c in _SAID)
    )
    told = account_contacts(account_holders).join(known, on=_OF_WHOM, how="left", validate="1:1")
    is_new = (pl.col(c).is_not_null() & pl.col(c).ne_missing(pl.col(f"known_{c}")) for c in _SAID)
    return (
        told.with_columns(
            pl.when(new).then(pl.col(c)).alias(c) for c, new in zip(_SAID, is_new, strict=True)
        )
        .filter(pl.any_horizontal(pl.col(_SAID).is_not_null()))
        .select(CONTACTS.schema.names())
        .sort(_OF_WHOM)
        .pipe(CONTACTS.require)
    )


def contacts_as_told(news: pl.LazyFrame) -> pl.LazyFrame:
    """`CONTACTS` of some dates → what was last told of each account's holder, as one row."""
    return _last_told(news.sort("business_date"))


def _last_told(in_order: pl.LazyFrame) -> pl.LazyFrame:
    return (
        in_order.group_by(_OF_WHOM)
        .agg(pl.col("business_date").max(), pl.col(_SAID).drop_nulls().last())
        .select(CONTACTS.schema.names())
        .sort(_OF_WHOM)
        .pipe(CONTACTS.require)
    )


def contacts_of_active(contacts: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """`CONTACTS` of accounts with anything booked in the longest window."""
    return contacts.join(accounts.select("account_iban"), on="account_iban", how="semi")


def shared_contacts(active: pl.LazyFrame) -> dict[str, pl.LazyFrame]:
    """Telephones and addresses told of more than one row, with how many persons. Collects.

    Args:
        active: `contacts_of_active`, of all accounts.
    """
    return {
        said: of_several(active.drop_nulls(said).select(said, "holder_iin"), said)
        .group_by(said)
        .agg(pl.col("holder_iin").n_unique().cast(pl.Int64).alias(counted))
        .collect(engine="streaming")
        .lazy()
        for said, counted in _COUNTED.items()
    }


def reached_alike(active: pl.LazyFrame, shared: Mapping[str, pl.LazyFrame]) -> pl.LazyFrame:
    """How many persons each account's telephone and address are told of.

    Args:
        active: `contacts_of_active`, of some accounts.
        shared: `shared_contacts` of all.

    Returns:
        `account_iban`, `opened_on`, `phone_holders`, `address_holders`: the most that any person
        at the account shares it with, that person counted, among persons of active accounts; null
        where no telephone or address is told.
    """
    found = active
    for said, counted in _COUNTED.items():
        found = found.join(shared[said], on=said, how="left", validate="m:1").with_columns(
            pl.when(pl.col(said).is_not_null()).then(pl.col(counted).fill_null(1))
        )
    return found.group_by("account_iban").agg(
        pl.col("opened_on").min(), pl.col(*_COUNTED.values()).max()
    )
