"""Peer-to-peer orders at an exchange: crypto moves inside it, tenge from card to card.

The agreed flat layout tells completed orders only, and both sides by IIN. What exchanges give
out by their own interfaces names buyer and seller as the exchange does, and has orders of every
status: those columns are null in rows of the flat layout.
"""

from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, QUANTITY, code, instant, money, quantity, text
from transforms.feeds.feed import Feed, Field, maybe


def _said_by_exchanges() -> tuple[Field, ...]:
    sides = (
        maybe(
            f"{side}_{wire}",
            f"{side}_{wire}",
            f"{side.capitalize()} of the crypto: {says}.",
            is_personal=True,
        )
        for side in ("buyer", "seller")
        for wire, says in (
            ("id", "number at the exchange"),
            ("name", "real name"),
            ("nickname", "name shown to others"),
        )
    )
    return tuple(
        replace(field, in_tables=False)
        for field in (
            Field(
                "created_at",
                Column("created_at", INSTANT, "When the order was placed.", nullable=True),
                instant,
            ),
            maybe(
                "status", "status_code", "completed, pending, failed and others; null: completed."
            ),
            *sides,
            maybe(
                "pay_method", "pay_method", "How the fiat money was paid, in the exchange's words."
            ),
        )
    )


FEED = Feed(
    name="p2p_orders",
    grain="one order; only those completed moved anything",
    key=(
        "institution",
        "p2p_order_id",
    ),
    happens=("completed_at", "created_at"),
    adds_up=("amount_minor", "currency_code"),
    fields=(
        Field(
            "order_no", Column("p2p_order_id", pl.String(), "Exchange's number of the order."), text
        ),
        Field(
            "completed_at",
            Column("completed_at", INSTANT, "When both sides had confirmed.", nullable=True),
            instant,
        ),
        maybe("maker_iin", "maker_iin", "Who published the offer.", is_personal=True),
        maybe("taker_iin", "taker_iin", "Who took it.", is_personal=True),
        maybe("side", "side_code", "buy or sell of crypto, from the taker's side."),
        Field(
            "asset",
            Column("asset_code", pl.String(), "BTC, ETH, TRX, USDT, USDC or another."),
            code,
        ),
        Field(
            "quantity",
            Column(
                "quantity",
                QUANTITY,
                "Quantity of crypto, in whole units of the asset.",
                unit="asset_units",
            ),
            quantity,
        ),
        Field("fiat", Column("currency_code", pl.String(), "ISO 4217."), code),
        Field(
            "fiat_amount",
            Column("amount_minor", pl.Int64(), "Price paid in fiat money.", unit="minor_units"),
            money,
        ),
        Field(
            "pay_account",
            Column(
                "pay_account_iban",
                pl.String(),
                "Account that received the fiat money.",
                nullable=True,
                is_personal=True,
            ),
            code,
        ),
        *_said_by_exchanges(),
    ),
)
