"""Arrests of assets other than cards and wallets, valued on the day of the arrest."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.redelivery import latest
from transforms.regions import region_or_unknown
from transforms.valuation import US_DOLLAR, minor_units_of, tiyn_of, with_rate

ASSET_ARRESTS = Table(
    name="facts.asset_arrests",
    grain="one arrested asset",
    key=("measure_id",),
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the measure."),
        Column("measure_id", pl.String(), "Number of the measure."),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column(
            "scheme_code",
            pl.String(),
            "Scheme of the case as last registered; unknown where the case is not (yet) known.",
        ),
        Column(
            "arrested_on",
            pl.Date(),
            "Day on which the measure took effect; of one that is only ordered, of the order.",
        ),
        Column(
            "stage_code",
            pl.String(),
            "ordered, arrested, restricted for the days of Art. 161, or under_investigation "
            "where value is known but not arrested.",
        ),
        Column("asset_code", pl.String(), "What was arrested."),
        Column(
            "asset_id",
            pl.String(),
            "IBAN, cadastral number, VIN, BIN or wallet address as told; null for cash.",
            nullable=True,
            is_personal=True,
        ),
        Column(
            "term_on",
            pl.Date(),
            "Last day of the measure that its order names; null where it names none.",
            nullable=True,
        ),
        Column("agency_code", pl.String(), "Who investigates the case."),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
        Column(
            "amount_minor", pl.Int64(), "Value in the currency of the measure.", unit="minor_units"
        ),
        Column("currency_code", pl.String(), "ISO 4217."),
        Column(
            "rate_on",
            pl.Date(),
            "Day of the official rate used: the last on or before the arrest; null without one.",
            nullable=True,
        ),
        Column(
            "value_tiyn",
            pl.Int64(),
            "Value at that rate, half a tiyn rounded up; null without a rate.",
            unit="tiyn",
            nullable=True,
        ),
        Column(
            "value_usd_cent",
            pl.Int64(),
            "Value in US dollars of the day: as it is where the measure is in dollars, else "
            "through tenge, half a cent rounded up; null without a rate.",
            unit="usd_cent",
            nullable=True,
        ),
    ),
)


def asset_arrests(
    asset_arrests: pl.LazyFrame, criminal_cases: pl.LazyFrame, exchange_rates: pl.LazyFrame
) -> pl.LazyFrame:
    """Each arrested asset with the scheme of its case and its value on the day.

    Args:
        asset_arrests: accepted rows, the whole feed; a measure delivered again (with a new
            stage or value) is taken from its last delivery.
        criminal_cases: accepted rows, the whole feed.
        exchange_rates: accepted rows, the whole feed.

    Returns:
        `ASSET_ARRESTS`, in order of its key.
    """
    schemes = criminal_cases.pipe(latest, ("case_no",)).select("case_no", "scheme_code")
    return (
        asset_arrests.pipe(latest, ("measure_id",))
        .join(schemes, on="case_no", how="left", validate="m:1")
        .pipe(with_rate, exchange_rates, day="arrested_on", currency="currency_code")
        .with_columns(
            region_code=region_or_unknown(pl.col("region_code")),
            scheme_code=pl.col("scheme_code").fill_null("unknown"),
            value_tiyn=tiyn_of(pl.col("amount_minor"), pl.col("tenge_per_quant"), pl.col("quant")),
        )
        .rename({"rate_on": "_rate_on"})
        .drop("tenge_per_quant", "quant")
        .pipe(with_rate, exchange_rates, day="arrested_on", currency=None)
        .with_columns(
            rate_on="_rate_on",
            value_usd_cent=pl.when(pl.col("currency_code") == US_DOLLAR)
            .then("amount_minor")
            .otherwise(
                minor_units_of(pl.col("value_tiyn"), pl.col("tenge_per_quant"), pl.col("quant"))
            ),
        )
        .select(ASSET_ARRESTS.schema.names())
        .sort("measure_id")
        .pipe(ASSET_ARRESTS.require)
    )
