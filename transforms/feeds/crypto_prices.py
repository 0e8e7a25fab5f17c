"""Daily reference prices of crypto assets."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import QUANTITY, code, day, quantity
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="crypto_prices",
    grain="one asset on one day",
    key=(
        "asset_code",
        "price_on",
    ),
    happens=("price_on",),
    fields=(
        Field("PRICE_ON", Column("price_on", pl.Date(), "Day of the price."), day),
        Field("ASSET", Column("asset_code", pl.String(), "BTC, ETH, TRX, USDT or USDC."), code),
        Field(
            "PRICE_USD",
            Column("price_usd", QUANTITY, "US dollars for one whole unit.", unit="usd"),
            quantity,
        ),
    ),
)
