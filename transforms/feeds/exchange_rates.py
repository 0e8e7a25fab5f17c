"""Official rates of the National Bank, one row a currency and day."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import QUANTITY, code, day, quantity, whole
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="exchange_rates",
    grain="one currency on one day",
    key=(
        "currency_code",
        "rate_on",
    ),
    happens=("rate_on",),
    fields=(
        Field("date", Column("rate_on", pl.Date(), "Day of the rate."), day),
        Field("title", Column("currency_code", pl.String(), "ISO 4217."), code),
        Field(
            "quant",
            Column(
                "quant",
                pl.Int64(),
                "Number of units that the rate is for; changes over time.",
                unit="currency_units",
            ),
            whole,
        ),
        Field(
            "description",
            Column("tenge_per_quant", QUANTITY, "Tenge for `quant` units.", unit="tenge"),
            quantity,
        ),
    ),
)
