"""A few very large seizures that carry a total: without them it would be another."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.money import total
from transforms.periods import Period, is_during
from transforms.regions import COUNTRY
from transforms.seizures.parameters import number_in_force

LARGEST_SEIZURES = Table(
    name="largest_seizures",
    grain="one drug in one region, or the country, in one period, as of one night",
    key=("business_date", "period", "substance_code", "region_code"),
    columns=(
        Column("business_date", pl.Date(), "Night of the figures; the period ends on it."),
        Column("period", pl.String(), "Kind of period: day, week, month and so on."),
        Column("substance_code", pl.String(), "Drug."),
        Column("region_code", pl.String(), "KZ for the country, KATO of 2 digits, or unknown."),
        Column("seizures", pl.Int64(), "Seizures of the drug.", unit="seizures"),
        Column("net_g", pl.Int64(), "Their weight.", unit="gram"),
        Column("largest_g", pl.Int64(), "Weight of the few largest of them.", unit="gram"),
        Column("largest_share", pl.Float64(), "Of the weight.", unit="ratio"),
        Column(
            "is_carried",
            pl.Boolean(),
            "The few largest make up most of the weight, and there are others beside them.",
        ),
        Column("largest_ids", pl.List(pl.String()), "Which they are, the largest first."),
        Column("largest_each_g", pl.List(pl.Int64()), "Weight of each of them.", unit="gram"),
    ),
    partitioned_by=("business_date", "period"),
)


def largest_seizures(seizures: pl.LazyFrame, period: Period) -> pl.LazyFrame:
    """For each drug and region how much of the weight the few largest seizures are.

    How many are a few, and from which share on they carry the total, are the numbers of
    `seizure_parameters.csv` in force on the last day of the period.

    Args:
        seizures: `SEIZURES`; rows delivered after the end of the period do not count. Each
            seizure is in the region of its heaviest item of the drug.

    Returns:
        `LARGEST_SEIZURES`, in order of its key.
    """
    few = number_in_force("largest_seizures", period.end)
    least = number_in_force("largest_least_percent", period.end) / 100
    weights = (
        seizures.filter(
            is_during("seized_on", period),
            pl.col("business_date") <= period.end,
            pl.col("is_counted"),
            pl.col("asset_code") == "drug",
            pl.col("net_g") > 0,
        )
        .sort("net_g", "region_code", descending=[True, False])
        .group_by("substance_code", "seizure_id", maintain_order=True)
        .agg(pl.col("region_code").first(), net_g=total("net_g"))
    )
    return (
        pl.concat([weights, weights.with_columns(region_code=pl.lit(COUNTRY))])
        .sort("net_g", "seizure_id", descending=[True, False])
        .group_by("substance_code", "region_code", maintain_order=True)
        .agg(
            seizures=pl.len().cast(pl.Int64),
            net_g=total("net_g"),
            largest_g=pl.col("net_g").head(few).sum(),
            largest_ids=pl.col("seizure_id").head(few),
            largest_each_g=pl.col("net_g").head(few),
        )
        .with_columns(
            business_date=pl.lit(period.end),
            period=pl.lit(period.kind.value),
            largest_share=pl.col("largest_g") / pl.col("net_g"),
        )
        .with_columns(is_carried=(pl.col("largest_share") >= least) & (pl.col("seizures") > few))
        .select(LARGEST_SEIZURES.schema.names())
        .sort(LARGEST_SEIZURES.key)
        .pipe(LARGEST_SEIZURES.require)
    )
