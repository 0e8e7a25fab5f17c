"""Deposits to and withdrawals from an exchange."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, QUANTITY, code, instant, quantity, text
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="crypto_transfers",
    grain="one deposit or withdrawal",
    key=(
        "institution",
        "transfer_id",
    ),
    happens=("completed_at",),
    adds_up=("quantity", "asset_code"),
    fields=(
        Field("id", Column("transfer_id", pl.String(), "Exchange's number of the transfer."), text),
        Field("completed_at", Column("completed_at", INSTANT, "When it was completed."), instant),
        Field("direction", Column("direction_code", pl.String(), "deposit or withdrawal."), code),
        Field("user_iin", Column("user_iin", pl.String(), "Client's IIN.", is_personal=True), code),
        Field("network", Column("network_code", pl.String(), "bitcoin, ethereum or tron."), code),
        Field(
            "address",
            Column(
                "address",
                pl.String(),
                "Outside address: sender of a deposit, receiver of a withdrawal.",
                is_personal=True,
            ),
            text,
        ),
        Field(
            "txid", Column("chain_transaction_id", pl.String(), "Transaction on the chain."), text
        ),
        Field("asset", Column("asset_code", pl.String(), "BTC, ETH, TRX, USDT or USDC."), code),
        Field(
            "quantity",
            Column(
                "quantity",
                QUANTITY,
                "Quantity moved, in whole units of the asset.",
                unit="asset_units",
            ),
            quantity,
        ),
    ),
)
