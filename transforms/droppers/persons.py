"""Persons resolved across banks: whose accounts and cards belong together."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.identifiers import is_bin, is_iin

PERSON_COLUMNS = ("person_id", "person_accounts_90d", "person_banks_90d", "bank_cards_90d")

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


def persons(windows: pl.LazyFrame, link_windows: pl.LazyFrame) -> pl.LazyFrame:
    """Each account's person, with the person's accounts, banks, and cards at the account's bank.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night or more.
        link_windows: `LINK_WINDOWS` of the same nights.

    Returns:
        `PERSONS`, in order of its key. An account of an unknown holder has no row: nothing says
        whose other accounts are the same person's.
    """
    accounts = (
        windows.drop_nulls("holder_iin")
        .select("night", "account_iban", "bank_bic", "holder_iin")
        .with_columns(person_id=person_id(pl.col("holder_iin"), pl.col("bank_bic")))
    )
    person, at_bank = ["night", "person_id"], ["night", "person_id", "bank_bic"]
    cards = (
        link_windows.filter(pl.col("link_code") == "card")
        .join(accounts, on=["night", "account_iban"], validate="m:1")
        .group_by(at_bank)
        .agg(bank_cards_90d=pl.col("other").n_unique().cast(pl.Int64))
    )
    of_person = accounts.group_by(person).agg(
        person_accounts_90d=pl.len().cast(pl.Int64),
        person_banks_90d=pl.col("bank_bic").drop_nulls().n_unique().cast(pl.Int64),
    )
    return (
        accounts.join(of_person, on=person, how="left", validate="m:1")
        .join(cards, on=at_bank, how="left", nulls_equal=True, validate="m:1")
        # All used cards of the windows are at hand: no row is none.
        .with_columns(pl.col("bank_cards_90d").fill_null(0))
        .select(PERSONS.schema.names())
        .sort(PERSONS.key)
        .pipe(PERSONS.require)
    )
