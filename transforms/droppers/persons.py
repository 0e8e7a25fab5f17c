"""Persons resolved across banks: whose accounts and cards belong together."""

from typing import NamedTuple

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.several import of_several
from transforms.identifiers import is_bin, is_iin

PERSON_COLUMNS = ("person_id", "person_accounts_90d", "person_banks_90d", "bank_cards_90d")

_ACCOUNT = ["night", "account_iban"]
_PERSON = ["night", "person_id"]
_AT_BANK = [*_PERSON, "bank_bic"]

PERSONS = Table(
    name="droppers.persons",
    grain="one account of a known holder on one night",
    key=("night", "account_iban"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column(
            "person_id",
            pl.String(),
            "The IIN or BIN, the same at every bank. A number that is neither is a foreign paper's "
            "or a mistake: it is one person within a bank only, and stands behind the bank's BIC.",
            is_personal=True,
        ),
        Column(
            "person_accounts_90d",
            pl.Int64(),
            "Accounts of the person with anything booked in 90 days.",
            unit="accounts",
        ),
        Column("person_banks_90d", pl.Int64(), "Banks that these are with.", unit="banks"),
        Column(
            "bank_cards_90d",
            pl.Int64(),
            "Cards of the person at the bank of this account that were used in 90 days. The law's "
            "cap counts issued cards, of which these are a part.",
            unit="cards",
        ),
    ),
)


def person_id(holder: pl.Expr, bank: pl.Expr) -> pl.Expr:
    """Who a holder is across banks; null for an unknown holder."""
    is_national = is_iin(holder) | is_bin(holder)
    within_bank = pl.concat_str(bank.fill_null("?"), pl.lit(":"), holder)
    return pl.when(is_national).then(holder).otherwise(within_bank)


class Shared(NamedTuple):
    """What is counted of persons with more than one account, and of such a person at one bank."""

    persons: pl.LazyFrame
    at_banks: pl.LazyFrame


def persons(windows: pl.LazyFrame, link_windows: pl.LazyFrame) -> pl.LazyFrame:
    """Each account's person, with the person's accounts, banks, and cards at the account's bank.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night or more.
        link_windows: `LINK_WINDOWS` of the same nights.

    Returns:
        `PERSONS`, in order of its key. An account of an unknown holder has no row: nothing says
        whose other accounts are the same person's.
    """
    return persons_of(windows, link_windows, shared=shared_persons(windows, link_windows))


def shared_persons(windows: pl.LazyFrame, link_windows: pl.LazyFrame) -> Shared:
    """Of all accounts: persons who have several of them. Collects.

    Args:
        windows: `ACCOUNT_WINDOWS` of all accounts.
        link_windows: `LINK_WINDOWS` of the same.
    """
    accounts = of_several(_accounts(windows), "holder_iin").collect(engine="streaming").lazy()
    of_person = accounts.group_by(_PERSON).agg(
        person_accounts_90d=pl.len().cast(pl.Int64),
        person_banks_90d=pl.col("bank_bic").drop_nulls().n_unique().cast(pl.Int64),
    )
    cards = (
        _cards(link_windows)
        .join(accounts, on=_ACCOUNT, validate="m:1")
        .group_by(_AT_BANK)
        .agg(bank_cards_90d=pl.col("other").n_unique().cast(pl.Int64))
    )
    at_banks = (
        accounts.select(_AT_BANK)
        .unique()
        .join(cards, on=_AT_BANK, how="left", nulls_equal=True, validate="1:1")
        .with_columns(pl.col("bank_cards_90d").fill_null(0))
    )
    return Shared(*(told.collect(engine="streaming").lazy() for told in (of_person, at_banks)))


def persons_of(
    windows: pl.LazyFrame, link_windows: pl.LazyFrame, *, shared: Shared
) -> pl.LazyFrame:
    """`PERSONS` of some accounts, in order of its key.

    Args:
        windows: `ACCOUNT_WINDOWS` of these accounts.
        link_windows: `LINK_WINDOWS` of them.
        shared: `shared_persons` of all.
    """
    cards = _cards(link_windows).group_by(_ACCOUNT).agg(own_cards=pl.len().cast(pl.Int64))
    alone = {
        "person_accounts_90d": pl.lit(1, pl.Int64),
        "person_banks_90d": pl.col("bank_bic").is_not_null().cast(pl.Int64),
        # All used cards of the windows are at hand: no row is none.
        "bank_cards_90d": pl.col("own_cards").fill_null(0),
    }
    return (
        _accounts(windows)
        .join(cards, on=_ACCOUNT, how="left", validate="1:1")
        .join(shared.persons, on=_PERSON, how="left", validate="m:1")
        .join(shared.at_banks, on=_AT_BANK, how="left", nulls_equal=True, validate="m:1")
        .with_columns(pl.coalesce(name, own).alias(name) for name, own in alone.items())
        .select(PERSONS.schema.names())
        .sort(PERSONS.key)
        .pipe(PERSONS.require)
    )


def _accounts(windows: pl.LazyFrame) -> pl.LazyFrame:
    return (
        windows.drop_nulls("holder_iin")
        .select(*_ACCOUNT, "bank_bic", "holder_iin")
        .with_columns(person_id=person_id(pl.col("holder_iin"), pl.col("bank_bic")))
    )


def _cards(link_windows: pl.LazyFrame) -> pl.LazyFrame:
    cards = link_windows.filter(pl.col("link_code") == "card")
    return cards.select(*_ACCOUNT, "other").unique()
