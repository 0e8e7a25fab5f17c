"""Deposits to and withdrawals from an exchange.

The agreed flat layout tells completed transfers only, and names clients by IIN. What exchanges
give out by their own interfaces says less of the client and more of the transfer: those columns
are null in rows of the flat layout.
"""

from dataclasses import replace

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, QUANTITY, code, flag, instant, quantity, text
from transforms.feeds.feed import Feed, Field, maybe


def _said_by_exchanges() -> tuple[Field, ...]:
    return tuple(
        replace(field, in_tables=False)
        for field in (
            Field(
                "created_at",
                Column("created_at", INSTANT, "When the exchange noted it.", nullable=True),
                instant,
            ),
            maybe(
                "status", "status_code", "completed, pending, failed and others; null: completed."
            ),
            maybe("user_id", "user_id", "Client as the exchange numbers them.", is_personal=True),
            maybe("user_name", "user_name", "Client as the exchange names them.", is_personal=True),
            maybe(
                "own_address",
                "own_address",
                "Client's address at the exchange, to which a deposit came.",
                is_personal=True,
            ),
            maybe(
                "address_tag", "address_tag", "Memo or tag beside the address.", is_personal=True
            ),
            Field(
                "fee",
                Column(
                    "fee_quantity",
                    QUANTITY,
                    "Fee of the exchange, in whole units of the asset.",
                    unit="asset_units",
                    nullable=True,
                ),
                quantity,
            ),
            Field(
                "internal",
                Column(
                    "is_internal",
                    pl.Boolean(),
                    "Between clients of one exchange, so that no chain knows of it.",
                    nullable=True,
                ),
                flag,
            ),
            maybe("travel_rule_status", "travel_rule_status_code", "As the exchange codes it."),
        )
    )


FEED = Feed(
    name="crypto_transfers",
    grain="one deposit or withdrawal",
    key=(
        "institution",
        "transfer_id",
    ),
    happens=("completed_at", "created_at"),
    adds_up=("quantity", "asset_code"),
    fields=(
        Field("id", Column("transfer_id", pl.String(), "Exchange's number of the transfer."), text),
        Field(
            "completed_at",
            Column("completed_at", INSTANT, "When it was completed.", nullable=True),
            instant,
        ),
        Field("direction", Column("direction_code", pl.String(), "deposit or withdrawal."), code),
        maybe("user_iin", "user_iin", "Client's IIN.", is_personal=True),
        maybe("network", "network_code", "bitcoin, ethereum, tron or another."),
        Field(
            "address",
            Column(
                "address",
                pl.String(),
                "Outside address: sender of a deposit, receiver of a withdrawal.",
                nullable=True,
                is_personal=True,
            ),
            text,
        ),
        maybe("txid", "chain_transaction_id", "Transaction on the chain."),
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
                "Quantity moved, in whole units of the asset.",
                unit="asset_units",
            ),
            quantity,
        ),
        *_said_by_exchanges(),
    ),
)
