"""Wallets of each case: what they held was worth when the measure was taken, and is tonight."""

from datetime import date

import polars as pl

from transforms.arrests.wallets import WALLET_FREEZES
from transforms.contracts import Column, Table
from transforms.feeds.cells import QUANTITY
from transforms.valuation import cents_of, tiyn_of, with_price, with_rate

WALLET = ("address", "asset_code")


def _column(name: str) -> Column:
    return next(column for column in WALLET_FREEZES.columns if column.name == name)


CASE_WALLETS = Table(
    name="arrests.case_wallets",
    grain="one wallet and asset in one case, as of one night",
    key=("business_date", "case_no", *WALLET),
    columns=(
        Column("business_date", pl.Date(), "Night of whose prices and rate the value is."),
        _column("case_no"),
        _column("address"),
        _column("asset_code"),
        _column("network_code"),
        Column(
            "stage_code",
            pl.String(),
            "arrested once a measure of the case arrested it, else measures_taken.",
        ),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
        Column(
            "measures",
            pl.Int64(),
            "Measures of the case on the wallet; the last one says what it holds.",
        ),
        Column(
            "is_first_case",
            pl.Boolean(),
            "No other case took a measure on this wallet and asset before: counted here once.",
        ),
        _column("frozen_on"),
        _column("quantity"),
        _column("price_on"),
        _column("value_usd_cent"),
        _column("rate_on"),
        _column("value_tiyn"),
        Column(
            "night_price_on",
            pl.Date(),
            "Day of tonight's price: the last on or before the night; null without one.",
            nullable=True,
        ),
        Column(
            "night_price_usd",
            QUANTITY,
            "US dollars for one whole unit.",
            unit="usd",
            nullable=True,
        ),
        Column(
            "night_value_usd_cent",
            pl.Int64(),
            "The same quantity at that price, half a cent rounded up.",
            unit="usd_cent",
            nullable=True,
        ),
        Column(
            "night_rate_on",
            pl.Date(),
            "Day of tonight's dollar rate; null without one.",
            nullable=True,
        ),
        Column(
            "night_value_tiyn",
            pl.Int64(),
            "Those whole cents at that rate, half a tiyn rounded up.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)

_AT_THE_MEASURE = ("price_on", "value_usd_cent", "rate_on", "value_tiyn")


def case_wallets(
    wallet_freezes: pl.LazyFrame,
    crypto_prices: pl.LazyFrame,
    exchange_rates: pl.LazyFrame,
    night: date,
) -> pl.LazyFrame:
    """Each wallet and asset of each case with its value then and tonight.

    Args:
        wallet_freezes: `WALLET_FREEZES`, whole; measures after the night are left out.
        crypto_prices: accepted rows, the whole feed up to the night.
        exchange_rates: accepted rows, likewise.
        night: the business date.

    Returns:
        `CASE_WALLETS`, in order of its key. A wallet is held to keep the quantity of its last
        measure: what moved since is in the trail, not here.
    """
    in_order = ("frozen_on", "measure_id")
    return (
        wallet_freezes.filter(pl.col("business_date") <= night, pl.col("frozen_on") <= night)
        .sort(*WALLET, *in_order)
        .with_columns(is_first_case=pl.col("case_no") == pl.col("case_no").first().over(WALLET))
        .group_by("case_no", *WALLET, maintain_order=True)
        .agg(
            pl.col("is_first_case", "network_code").first(),
            pl.col("region_code", "frozen_on", "quantity", *_AT_THE_MEASURE).last(),
            measures=pl.len().cast(pl.Int64),
            is_arrested=(pl.col("stage_code") == "arrested").any(),
        )
        .with_columns(
            business_date=pl.lit(night),
            stage_code=pl.when("is_arrested")
            .then(pl.lit("arrested"))
            .otherwise(pl.lit("measures_taken")),
        )
        .pipe(_valued, crypto_prices, exchange_rates)
        .select(CASE_WALLETS.schema.names())
        .sort(CASE_WALLETS.key)
        .pipe(CASE_WALLETS.require)
    )


def _valued(
    wallets: pl.LazyFrame, crypto_prices: pl.LazyFrame, exchange_rates: pl.LazyFrame
) -> pl.LazyFrame:
    then = {name: f"_{name}" for name in _AT_THE_MEASURE}
    back = {own: name for name, own in then.items()}
    return (
        wallets.rename(then)
        .pipe(with_price, crypto_prices, day="business_date")
        .pipe(with_rate, exchange_rates, day="business_date", currency=None)
        .rename(
            {
                "price_on": "night_price_on",
                "price_usd": "night_price_usd",
                "rate_on": "night_rate_on",
            }
        )
        .with_columns(night_value_usd_cent=cents_of(pl.col("quantity"), pl.col("night_price_usd")))
        .with_columns(
            night_value_tiyn=tiyn_of(
                pl.col("night_value_usd_cent"), pl.col("tenge_per_quant"), pl.col("quant")
            )
        )
        .rename(back)
    )
