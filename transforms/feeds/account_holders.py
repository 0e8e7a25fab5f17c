"""Whose an account or card is, as banks answer or keep in their reference of cards."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, phone, postal_address
from transforms.feeds.feed import Feed, Field, maybe


def _civil_day(wire: str, name: str, says: str) -> Field:
    return Field(wire, Column(name, pl.Date(), says, nullable=True), day)


def _contact(wire: str, name: str, read: Callable[[pl.Expr], pl.Expr], says: str) -> Field:
    column = Column(name, pl.String(), says, nullable=True, is_personal=True)
    return Field(wire, column, read, is_later=True)


FEED = Feed(
    name="account_holders",
    grain="one person in one role at one account, with one card where there are cards",
    key=("institution", "account_id", "card_token", "holder_iin", "role_code"),
    fields=(
        maybe(
            "ACCOUNT",
            "account_id",
            "IBAN where there is one, else the bank's number; a customer may be told without.",
            is_personal=True,
        ),
        maybe("CARD_TOKEN", "card_token", "Bank's token for a card of it.", is_personal=True),
        maybe("CURRENCY", "currency_code", "Currency of the account, ISO 4217."),
        Field(
            "ROLE",
            Column(
                "role_code",
                pl.String(),
                "owner, authorised, beneficial_owner, cardholder, or customer of the bank.",
            ),
            code,
        ),
        maybe("HOLDER_NAME", "holder_name", "Name.", is_personal=True),
        maybe("HOLDER_IIN", "holder_iin", "IIN or BIN, else a foreign number.", is_personal=True),
        _civil_day("OPENED_ON", "opened_on", "When the account or card was opened."),
        _civil_day("CLOSED_ON", "closed_on", "When it was closed."),
        _civil_day("SINCE", "role_since", "First day of the role, or of being a customer."),
        _civil_day("UNTIL", "role_until", "Last day of it."),
        replace(
            maybe(
                "CUSTOMER_NAME",
                "customer_name",
                "Whose beneficial owner the person is.",
                is_personal=True,
            ),
            in_tables=False,
        ),
        replace(
            maybe(
                "CUSTOMER_IIN",
                "customer_iin",
                "IIN or BIN of that customer, else a foreign number.",
                is_personal=True,
            ),
            in_tables=False,
        ),
        _contact(
            "PHONE",
            "phone",
            phone,
            "Telephone that the bank sends its codes to, in digits with the country's, or a token "
            "of it that all banks make alike by the agreed key.",
        ),
        _contact(
            "ADDRESS",
            "postal_address",
            postal_address,
            "Where the holder lives or is reached, or a token of it likewise; capital letters "
            "without punctuation, so that the same place is written the same.",
        ),
    ),
)
