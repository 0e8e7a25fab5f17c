"""What an investigator names: which node of a trail a text stands for.

A mistyped number must not be followed as if it were another, so whatever has check digits is
checked. No error repeats the text: it is personal data.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from transforms.identifiers import (
    is_bin,
    is_bitcoin_address,
    is_card_number,
    is_ethereum_address,
    is_iin,
    is_kz_iban,
    is_tron_address,
)
from transforms.trail.wallet_nodes import FORMS, wallet_node

_Check = Callable[[pl.Expr], pl.Expr]

_CASE = re.compile(r"[0-9]{15}")
_NUMBER = re.compile(r"[0-9]+")
_PERSON = re.compile(r"[0-9]{12}")
_ACCOUNT = re.compile(r"KZ[0-9]{2}[0-9A-Z]*")
_CLIENT = re.compile(r"[A-Za-z0-9]+/\S(.*\S)?")
_TOKEN = re.compile(r"[\w.-]+")
_ADDRESSES: dict[str, _Check] = {
    "tron": is_tron_address,
    "ethereum": is_ethereum_address,
    "bitcoin": is_bitcoin_address,
}


class NotAnIdentifier(ValueError):
    """A text names nothing that could be followed."""


@dataclass(frozen=True, slots=True)
class Named:
    """What was named; `kind` and `id` as in `trail.seeds`."""

    kind: str
    id: str


def is_case(text: str) -> bool:
    """The text is a register number (ERDR): 15 digits."""
    return bool(_CASE.fullmatch(text.strip()))


def named(text: str) -> Named:
    """What a text names: account, card, wallet, client of an exchange, or person.

    An address without its network is one of tron, bitcoin or ethereum by how it looks; those of
    other networks are taken as they are, `network:address`.

    Raises:
        NotAnIdentifier: it is mistyped, a card's number, or nothing known; never repeats it.
    """
    written = text.strip()
    account = re.sub(r"\s", "", written).upper()
    network, colon, address = written.partition(":")
    if _ACCOUNT.fullmatch(account):
        return _checked("account", account, "account number (IBAN)", is_kz_iban)
    if _CLIENT.fullmatch(written):
        exchange, _, client = written.partition("/")
        return Named("exchange_client", f"{exchange.upper()}/{client}")
    if network and colon and address:
        return _wallet(network, address)
    if _PERSON.fullmatch(written):
        return _checked("person", written, "IIN or BIN", is_iin, is_bin)
    for chain, form in FORMS.items():
        if re.fullmatch(form, written):
            return _wallet(chain, written)
    if _holds(is_card_number, written):
        raise NotAnIdentifier(
            "This is the number of a payment card. Cards are known here by their bank's token "
            "alone: give the token, or the account."
        )
    if _NUMBER.fullmatch(written) or not _TOKEN.fullmatch(written):
        raise NotAnIdentifier(
            "This is no case (15 digits), IBAN, card token, address, network:address, "
            "EXCHANGE/client, IIN or BIN. Correct it."
        )
    return Named("card", written)


def _wallet(network: str, address: str) -> Named:
    told = (pl.lit(text) for text in (network, address))
    node = pl.select(wallet_node(*told, teller=pl.lit(None, pl.String))).item()
    chain = node.partition(":")[0]
    if chain not in _ADDRESSES:
        return Named("wallet", node)
    return _checked("wallet", node, f"address of {chain}", _ADDRESSES[chain], of=address)


def _checked(kind: str, node: str, what: str, *checks: _Check, of: str | None = None) -> Named:
    if any(_holds(check, of or node) for check in checks):
        return Named(kind, node)
    raise NotAnIdentifier(
        f"This is written like an {what}, but its check digits are wrong: a sign is mistyped or "
        f"lost. Nothing was done. Correct it."
    )


def _holds(check: _Check, text: str) -> bool:
    return bool(pl.DataFrame({"text": [text]}).select(check(pl.col("text"))).item())
