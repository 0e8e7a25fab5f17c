"""Peer-to-peer orders at an exchange: crypto moves inside it, tenge from card to card."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, QUANTITY, code, instant, money, quantity, text
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="p2p_orders",
    grain="one completed order",
    key=(
        "institution",
        "p2p_order_id",
    ),
    happens=("completed_at",),
    adds_up=("amount_minor", "currency_code"),
    fields=(
        Field(
            "order_no", Column("p2p_order_id", pl.String(), "Exchange's number of the order."), text
        ),
        Field(
            "completed_at",
            Column("completed_at", INSTANT, "When both sides had confirmed."),
            instant,
        ),
        Field(
            "maker_iin",
            Column("maker_iin", pl.String(), "Who published the offer.", is_personal=True),
            code,
        ),
        Field(
            "taker_iin", Column("taker_iin", pl.String(), "Who took it.", is_personal=True), code
        ),
        Field(
            "side",
            Column("side_code", pl.String(), "buy or sell of crypto, from the taker's side."),
            code,
        ),
        Field("asset", Column("asset_code", pl.String(), "BTC, ETH, TRX, USDT or USDC."), code),
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
    ),
)
