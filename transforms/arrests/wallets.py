"""Crypto wallets frozen at exchanges, valued on the day of the measure."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import QUANTITY
from transforms.periods import civil_date
from transforms.redelivery import latest
from transforms.regions import region_or_unknown
from transforms.valuation import cents_of, tiyn_of, with_price, with_rate

MEASURE = ("measure_id", "address", "asset_code")

WALLET_FREEZES = Table(
    name="facts.wallet_freezes",
    grain="one wallet and asset under one measure",
    key=MEASURE,
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the measure."),
        Column("measure_id", pl.String(), "Number of the measure."),
        Column("address", pl.String(), "Wallet address.", is_personal=True),
        Column("asset_code", pl.String(), "BTC, ETH, TRX, USDT or USDC."),
        Column("network_code", pl.String(), "bitcoin, ethereum or tron."),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column(
            "stage_code",
            pl.String(),
            "arrested, or measures_taken while the arrest is being carried out.",
        ),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
        Column("frozen_on", pl.Date(), "Day, in Almaty, on which the exchange acted."),
        Column("quantity", QUANTITY, "Quantity held, never rounded.", unit="asset_units"),
        Column(
            "price_on",
            pl.Date(),
            "Day of the price used: the last on or before the measure; null without one.",
            nullable=True,
        ),
        Column("price_usd", QUANTITY, "US dollars for one whole unit.", unit="usd", nullable=True),
        Column(
            "value_usd_cent",
            pl.Int64(),
            "Quantity times price, half a cent rounded up; null without a price.",
            unit="usd_cent",
            nullable=True,
        ),
        Column(
            "rate_on",
            pl.Date(),
            "Day of the dollar rate used: the last on or before the measure; null without one.",
            nullable=True,
        ),
        Column(
            "value_tiyn",
            pl.Int64(),
            "Those whole cents at that rate, half a tiyn rounded up.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)


def wallet_freezes(
    wallet_freezes: pl.LazyFrame, crypto_prices: pl.LazyFrame, exchange_rates: pl.LazyFrame
) -> pl.LazyFrame:
    """Each frozen wallet and asset with its value on the day of the measure.

    Args:
        wallet_freezes: accepted rows, the whole feed; a measure delivered again (arrested after
            measures were taken) is taken from its last delivery.
        crypto_prices: accepted rows, the whole feed.
        exchange_rates: accepted rows, the whole feed.

    Returns:
        `WALLET_FREEZES`, in order of its key.
    """
    return (
        wallet_freezes.pipe(latest, MEASURE)
        .with_columns(
            frozen_on=civil_date(pl.col("frozen_at")),
            region_code=region_or_unknown(pl.col("region_code")),
        )
        .pipe(with_price, crypto_prices, day="frozen_on")
        .pipe(with_rate, exchange_rates, day="frozen_on", currency=None)
        .with_columns(value_usd_cent=cents_of(pl.col("quantity"), pl.col("price_usd")))
        .with_columns(
            value_tiyn=tiyn_of(pl.col("value_usd_cent"), pl.col("tenge_per_quant"), pl.col("quant"))
        )
        .select(WALLET_FREEZES.schema.names())
        .sort(MEASURE)
        .pipe(WALLET_FREEZES.require)
    )
