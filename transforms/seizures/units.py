"""Drugs that were counted, not weighed: how many of which unit, and what they count as."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.feeds.cells import QUANTITY
from transforms.money import total
from transforms.periods import Period, is_during
from transforms.quantities import kg_of, names_of_drugs
from transforms.regions import COUNTRY

_GRAMS_PER_KG = 1000

COUNTED_DRUGS = Table(
    name="counted_drugs",
    grain="one drug in one unit, in one region or the country, in one period, as of one night",
    key=("business_date", "period", "substance_code", "unit_code", "region_code"),
    columns=(
        Column("business_date", pl.Date(), "Night of the figures; the period ends on it."),
        Column("period", pl.String(), "Kind of period: day, week, month and so on."),
        Column("substance_code", pl.String(), "Drug."),
        Column("unit_code", pl.String(), "Unit, as told."),
        Column("region_code", pl.String(), "KZ for the country, KATO of 2 digits, or unknown."),
        Column("items", pl.Int64(), "Items of acts that tell the drug in the unit.", unit="items"),
        Column("quantity", QUANTITY, "How many units.", unit="told_units"),
        Column(
            "grams_per_unit",
            pl.Float64(),
            "By seizure_units.csv; null for a unit that it gives no weight.",
            unit="gram",
            nullable=True,
        ),
        Column(
            "net_g", pl.Int64(), "What they count as; null for no weight.", "gram", nullable=True
        ),
    ),
    partitioned_by=("business_date", "period"),
)


def counted_drugs(seizures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """For each drug and unit how much was counted, and its equivalent.

    Args:
        seizures: `SEIZURES`; rows delivered after the end of the period do not count.

    Returns:
        `COUNTED_DRUGS`, in order of its key.
    """
    rows = seizures.filter(
        is_during("seized_on", period),
        pl.col("business_date") <= period.end,
        pl.col("is_counted"),
        pl.col("asset_code") == "drug",
        pl.col("quantity").is_not_null(),
        pl.col("unit_code").is_not_null(),
    )
    everywhere = pl.concat([rows, rows.with_columns(region_code=pl.lit(COUNTRY))])
    return (
        everywhere.group_by("substance_code", "unit_code", "region_code")
        .agg(
            items=pl.len().cast(pl.Int64),
            quantity=pl.col("quantity").sum().cast(QUANTITY),
            net_g=pl.when(pl.col("net_g").is_not_null().all()).then(total("net_g")),
        )
        .join(_factors(rows), on=["substance_code", "unit_code"], how="left", validate="m:1")
        .with_columns(business_date=pl.lit(period.end), period=pl.lit(period.kind.value))
        .select(COUNTED_DRUGS.schema.names())
        .sort(COUNTED_DRUGS.key)
        .pipe(COUNTED_DRUGS.require)
    )


def _factors(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Grams of one unit of each drug."""
    return (
        rows.select("substance_code", "unit_code")
        .unique()
        .pipe(names_of_drugs, drug="substance_code")
        .with_columns(_one=1.0, _told="unit_code")
        .drop("unit_code")
        .pipe(kg_of, amount="_one", unit="_told")
        .select("substance_code", unit_code="_told", grams_per_unit=pl.col("kg") * _GRAMS_PER_KG)
    )
