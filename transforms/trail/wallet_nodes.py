"""Which node of a trail a wallet is, however an exchange or an investigator writes it.

A node is `network:address`. Exchanges write networks by their own names, or leave them out where
the address says it; capitals of an Ethereum address are a checksum and not another address.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.arrests.identity import asset_identity

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "tron": r"^T[1-9A-HJ-NP-Za-km-z]{33}$",
        "ethereum": r"^0[xX][0-9A-Fa-f]{40}$",
        "bitcoin": r"^([13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[0-9a-z]{8,87}|BC1[0-9A-Z]{8,87})$",
    }
)
"""How an address of a network looks."""

_NAMES = {
    "trx": "tron",
    "trc20": "tron",
    "eth": "ethereum",
    "erc20": "ethereum",
    "btc": "bitcoin",
}


def wallet_node(network: pl.Expr, address: pl.Expr, *, teller: pl.Expr) -> pl.Expr:
    """`network:address`; null without an address.

    Args:
        network: as told; where it is null, what the address looks like.
        address: as told.
        teller: stands for a network that neither tells: who told of it.
    """
    by_form = [
        pl.when(address.str.contains(form)).then(pl.lit(name)) for name, form in FORMS.items()
    ]
    named = network.str.to_lowercase().replace(_NAMES)
    return pl.concat_str(
        pl.coalesce(named, *by_form, teller), known_address(address), separator=":"
    )


def known_address(address: pl.Expr) -> pl.Expr:
    """The address as nodes have it."""
    return asset_identity(pl.lit("wallet"), address)


def address_of(node: pl.Expr) -> pl.Expr:
    """The address of a node, whatever stands in it."""
    return node.str.splitn(":", 2).struct.field("field_1")
