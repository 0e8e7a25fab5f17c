"""How holders are reached, as banks tell it: telephone, address, and since when the account is."""

import polars as pl

from transforms.contracts import Column, Table

CONTACTS = Table(
    name="facts.account_contacts",
    grain="one account and one person at it",
    key=("account_iban", "holder_iin"),
    partitioned_by=(),
    columns=(
        Column("account_iban", pl.String(), "Account.", is_personal=True),
        Column("holder_iin", pl.String(), "Holder's IIN or BIN.", is_personal=True),
        Column("phone", pl.String(), "Last told, or null.", nullable=True, is_personal=True),
        Column("postal_address", pl.String(), "Likewise.", nullable=True, is_personal=True),
        Column("opened_on", pl.Date(), "When it was opened, likewise.", nullable=True),
    ),
)

_SAID = ("phone", "postal_address", "opened_on")
_HOLDS = ("owner", "authorised", "cardholder")


def account_contacts(account_holders: pl.LazyFrame) -> pl.LazyFrame:
    """What was last told of each account's holder; a cell left empty keeps what was told before.

    Args:
        account_holders: accepted rows up to the night.

    Returns:
        `CONTACTS`, in order of its key. Rows without an account, and beneficial owners, are left
        out: it is not their telephone that leads the account.
    """
    return (
        account_holders.filter(pl.col("role_code").is_in(_HOLDS))
        .drop_nulls(["account_id", "holder_iin"])
        .sort("business_date", "delivery", "line")
        .group_by(account_iban="account_id", holder_iin="holder_iin")
        .agg(pl.col(_SAID).drop_nulls().last())
        .select(CONTACTS.schema.names())
        .sort(CONTACTS.key)
        .pipe(CONTACTS.require)
    )


def shared_contacts(contacts: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """How many persons each account's telephone and address are told of.

    Args:
        contacts: `CONTACTS`.
        accounts: `account_iban` of accounts with anything booked in the longest window.

    Returns:
        `account_iban`, `opened_on`, `phone_holders`, `address_holders`: the most that any person
        at the account shares it with, that person counted, among persons of active accounts; null
        where no telephone or address is told.
    """
    active = contacts.join(accounts.select("account_iban"), on="account_iban", how="semi")
    found = active
    for said, counted in (("phone", "phone_holders"), ("postal_address", "address_holders")):
        persons = (
            active.drop_nulls(said)
            .group_by(said)
            .agg(pl.col("holder_iin").n_unique().cast(pl.Int64).alias(counted))
        )
        found = found.join(persons, on=said, how="left", validate="m:1")
    return found.group_by("account_iban").agg(
        pl.col("opened_on").min(), pl.col("phone_holders", "address_holders").max()
    )
