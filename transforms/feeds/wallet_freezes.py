"""Crypto wallets frozen or being frozen at exchanges by order in a criminal case."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import INSTANT, QUANTITY, code, instant, quantity, region_code, text
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="wallet_freezes",
    grain="one wallet and asset under one measure",
    key=(
        "measure_id",
        "address",
        "asset_code",
    ),
    happens=("frozen_at",),
    adds_up=("quantity", "asset_code"),
    fields=(
        Field("measure_id", Column("measure_id", pl.String(), "Number of the measure."), text),
        Field(
            "case_no", Column("case_no", pl.String(), "Register number (ERDR), 15 digits."), code
        ),
        Field(
            "stage",
            Column(
                "stage_code",
                pl.String(),
                "arrested, or measures_taken while the arrest is being carried out.",
            ),
            code,
        ),
        Field("frozen_at", Column("frozen_at", INSTANT, "When the exchange acted."), instant),
        Field("network", Column("network_code", pl.String(), "bitcoin, ethereum or tron."), code),
        Field("address", Column("address", pl.String(), "Wallet address.", is_personal=True), text),
        Field("asset", Column("asset_code", pl.String(), "BTC, ETH, TRX, USDT or USDC."), code),
        Field(
            "quantity",
            Column(
                "quantity",
                QUANTITY,
                "Quantity held, in whole units of the asset.",
                unit="asset_units",
            ),
            quantity,
        ),
        Field(
            "kato",
            Column("region_code", pl.String(), "Region of the case: KATO, 2 digits."),
            region_code,
        ),
    ),
)
