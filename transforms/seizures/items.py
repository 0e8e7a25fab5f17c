"""Seizures: what was physically taken away, by weight or by value. Not an arrest."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.redelivery import latest
from transforms.regions import region_or_unknown
from transforms.valuation import tiyn_of, with_rate
from transforms.weights import grams

ITEM = ("agency_code", "act_no", "item_no")

SEIZURES = Table(
    name="facts.seizures",
    grain="one substance or asset of one seizure act",
    key=ITEM,
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the item."),
        Column("agency_code", pl.String(), "Who seized it; numbers its own acts."),
        Column("act_no", pl.String(), "Number of the seizure act."),
        Column("item_no", pl.Int64(), "Number of the item in the act."),
        Column("seized_on", pl.Date(), "Day of the seizure."),
        Column("region_code", pl.String(), "Where: KATO, 2 digits, or unknown."),
        Column("case_no", pl.String(), "Register number, where one is opened.", nullable=True),
        Column(
            "asset_code", pl.String(), "drug, precursor, cash, vehicle, equipment or real_estate."
        ),
        Column("substance_code", pl.String(), "Drug or precursor; null for others.", nullable=True),
        Column(
            "net_g",
            pl.Int64(),
            "Net weight of a drug or precursor, half a gram rounded up; null for others.",
            unit="gram",
            nullable=True,
        ),
        Column(
            "rate_on", pl.Date(), "Day of the official rate of the value; else null.", nullable=True
        ),
        Column(
            "value_tiyn",
            pl.Int64(),
            "Value of cash or property at the official rate of the day, half a tiyn rounded up; "
            "null for drugs, which have no lawful price, and without a rate.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)


def seizures(seizures: pl.LazyFrame, exchange_rates: pl.LazyFrame) -> pl.LazyFrame:
    """Each item of each seizure act.

    Args:
        seizures: accepted rows, the whole feed; an item delivered again is taken from its last
            delivery.
        exchange_rates: accepted rows, the whole feed.

    Returns:
        `SEIZURES`, in order of its key.
    """
    has_price = pl.col("asset_code") != "drug"
    return (
        seizures.pipe(latest, ITEM)
        .pipe(with_rate, exchange_rates, day="seized_on", currency="currency_code")
        .with_columns(
            region_code=region_or_unknown(pl.col("region_code")),
            net_g=grams(pl.col("net_kg")),
            value_tiyn=pl.when(has_price).then(
                tiyn_of(pl.col("amount_minor"), pl.col("tenge_per_quant"), pl.col("quant"))
            ),
        )
        .select(SEIZURES.schema.names())
        .sort(ITEM)
        .pipe(SEIZURES.require)
    )
