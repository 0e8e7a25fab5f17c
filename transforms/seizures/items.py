"""Seizures: what was physically taken away, by weight or by value. Not an arrest.

How they are counted: a seizure counts once in the total, whatever was found, and once for each
drug; the raids of one operation are one seizure; a seizure that two agencies report is one, and
each of its items counts once; two equal seizures of one agency are two.
"""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import QUANTITY
from transforms.places import place_regions
from transforms.quantities import kg_of, names_of_drugs
from transforms.redelivery import latest
from transforms.regions import UNKNOWN_REGION
from transforms.seizures.links import (
    SEIZURE_VERDICTS,
    linked_reports,
    links_of,
    reports_of,
    standing_items,
)
from transforms.valuation import US_DOLLAR, cents_of, tiyn_of, with_price, with_rate
from transforms.weights import grams

ITEM = ("agency_code", "act_no", "item_no")

SEIZURES = Table(
    name="facts.seizures",
    grain="one substance or asset of one seizure act, as one agency reported it",
    key=ITEM,
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the item."),
        Column("agency_code", pl.String(), "Who seized it; numbers its own acts."),
        Column("act_no", pl.String(), "Number of the seizure act."),
        Column("item_no", pl.Int64(), "Number of the item in the act."),
        Column(
            "seizure_id",
            pl.String(),
            "The seizure that the act is of: its first act, as agency/number. Acts of several "
            "agencies that report one seizure, and of one operation, have the same.",
        ),
        Column(
            "is_counted",
            pl.Boolean(),
            "Adds up. False where another agency's report of the same item does, see "
            "facts.seizure_links.",
        ),
        Column("seized_on", pl.Date(), "Day of the seizure."),
        Column("region_code", pl.String(), "Where: KATO, 2 digits, or unknown."),
        Column(
            "region_source_code",
            pl.String(),
            "Where the region is known from: act (its KATO), place (its words), case (the "
            "register), office; or why not: not_told, not_listed, ambiguous, contradictory, "
            "divided.",
        ),
        Column("case_no", pl.String(), "Register number, where one is opened.", nullable=True),
        Column("operation_id", pl.String(), "Operation of several raids.", nullable=True),
        Column(
            "asset_code",
            pl.String(),
            "drug, precursor, cash, bank_account, crypto, vehicle, equipment or real_estate.",
        ),
        Column("substance_code", pl.String(), "Drug or precursor; null for others.", nullable=True),
        Column(
            "quantity",
            QUANTITY,
            "As reported, in unit_code, where it was not weighed.",
            unit="told_units",
            nullable=True,
        ),
        Column("unit_code", pl.String(), "Unit of the quantity.", nullable=True),
        Column(
            "net_g",
            pl.Int64(),
            "Net weight of a drug or precursor, half a gram rounded up; of what was counted or "
            "measured in litres, its equivalent by seizure_units.csv. Null for others, and for "
            "units without a factor.",
            unit="gram",
            nullable=True,
        ),
        Column(
            "rate_on", pl.Date(), "Day of the official rate of the value; else null.", nullable=True
        ),
        Column(
            "value_tiyn",
            pl.Int64(),
            "Value of money or property at the official rate of the day, of crypto at its "
            "reference price in US dollars; half a tiyn rounded up. Null for drugs, which have no "
            "lawful price, and without a rate.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)


def seizures(
    seizures: pl.LazyFrame,
    exchange_rates: pl.LazyFrame,
    criminal_cases: pl.LazyFrame,
    crypto_prices: pl.LazyFrame,
    seizure_verdicts: pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    """Each item of each seizure act.

    Args:
        seizures: accepted rows, the whole feed; an item delivered again is taken from its last
            delivery, and out where that withdraws it.
        exchange_rates: accepted rows, the whole feed.
        criminal_cases: accepted rows, the whole feed: region of a case where no act tells it.
        crypto_prices: accepted rows, the whole feed.
        seizure_verdicts: `SEIZURE_VERDICTS`, whole; without them nobody decided anything.

    Returns:
        `SEIZURES`, in order of its key.
    """
    verdicts = seizure_verdicts if seizure_verdicts is not None else _nobody()
    items = seizures.pipe(standing_items).pipe(_with_region, criminal_cases).collect().lazy()
    reports = reports_of(items).collect().lazy()
    return (
        items.join(
            linked_reports(reports, links_of(reports, verdicts)),
            on=ITEM,
            how="left",
            validate="1:1",
        )
        .pipe(_with_weight)
        .pipe(_with_value, exchange_rates, crypto_prices)
        .select(SEIZURES.schema.names())
        .sort(ITEM)
        .pipe(SEIZURES.require)
    )


def _nobody() -> pl.LazyFrame:
    return pl.LazyFrame(schema=SEIZURE_VERDICTS.schema)


def _with_region(items: pl.LazyFrame, criminal_cases: pl.LazyFrame) -> pl.LazyFrame:
    """The act's region; else that of its place, its case, its office; else unknown, and why."""
    cases = criminal_cases.pipe(latest, ("case_no",)).select("case_no", _of_case="region_code")
    return (
        items.pipe(_with_place, "place_text", "_of_place", "_why")
        .pipe(_with_place, "office_text", "_of_office", "_why_office")
        .join(cases, on="case_no", how="left", validate="m:1")
        .with_columns(
            region_source_code=pl.when(pl.col("region_code").is_not_null())
            .then(pl.lit("act"))
            .when(pl.col("_of_place").is_not_null())
            .then(pl.lit("place"))
            .when(pl.col("_of_case").is_not_null())
            .then(pl.lit("case"))
            .when(pl.col("_of_office").is_not_null())
            .then(pl.lit("office"))
            .otherwise(pl.coalesce("_why", "_why_office", pl.lit("not_told"))),
            region_code=pl.coalesce(
                "region_code", "_of_place", "_of_case", "_of_office", pl.lit(UNKNOWN_REGION)
            ),
        )
    )


def _with_place(items: pl.LazyFrame, text: str, region: str, why: str) -> pl.LazyFrame:
    known = place_regions(items.select(place=text, day="seized_on")).select(
        "place", "day", pl.col("region_code").alias(region), pl.col("place_code").alias(why)
    )
    on = ["place", "day"]
    return items.join(known, left_on=[text, "seized_on"], right_on=on, how="left", validate="m:1")


def _with_weight(items: pl.LazyFrame) -> pl.LazyFrame:
    """Grams as weighed, else by the factor of the unit for the substance."""
    has_weight = pl.col("asset_code").is_in(["drug", "precursor"])
    counted_g = (pl.col("kg") * 1000 + 0.5).floor().cast(pl.Int64)
    known = (
        items.select("substance_code", "unit_code", "quantity")
        .unique()
        .pipe(names_of_drugs, drug="substance_code")
        .with_columns(_number=pl.col("quantity").cast(pl.Float64), _told="unit_code")
        .drop("unit_code")
        .pipe(kg_of, amount="_number", unit="_told")
        .select("substance_code", "quantity", unit_code="_told", _counted_g=counted_g)
    )
    return items.join(
        known,
        on=["substance_code", "unit_code", "quantity"],
        how="left",
        nulls_equal=True,
        validate="m:1",
    ).with_columns(
        net_g=pl.when(has_weight).then(pl.coalesce(grams(pl.col("net_kg")), "_counted_g"))
    )


def _with_value(
    items: pl.LazyFrame, exchange_rates: pl.LazyFrame, crypto_prices: pl.LazyFrame
) -> pl.LazyFrame:
    is_crypto = pl.col("asset_code") == "crypto"
    assets = {"asset_code": "_asset", "unit_code": "asset_code"}
    minor = pl.when(pl.col("_asset") == "crypto").then(
        cents_of(pl.col("quantity"), pl.col("price_usd"))
    )
    return (
        items.with_columns(
            currency_code=pl.when(is_crypto).then(pl.lit(US_DOLLAR)).otherwise("currency_code")
        )
        .rename(assets)
        .pipe(with_price, crypto_prices, day="seized_on")
        .with_columns(amount_minor=minor.otherwise("amount_minor"))
        .rename({new: old for old, new in assets.items()})
        .pipe(with_rate, exchange_rates, day="seized_on", currency="currency_code")
        .with_columns(
            value_tiyn=pl.when(pl.col("asset_code") != "drug").then(
                tiyn_of(pl.col("amount_minor"), pl.col("tenge_per_quant"), pl.col("quant"))
            )
        )
    )
