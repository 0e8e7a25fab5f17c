"""Totals that must agree before anything is published."""

from collections.abc import Sequence

import polars as pl

from transforms.contracts import Column, Table
from transforms.indicators.catalogue import INDICATORS
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator
from transforms.regions import COUNTRY

_CELL = tuple(column for column in INDICATOR_TABLE.columns if column.name in INDICATOR_TABLE.key)

UNRECONCILED = Table(
    name="unreconciled",
    grain="one figure that disagrees with what it should be the sum of",
    key=(*INDICATOR_TABLE.key, "rule_code"),
    columns=(
        *_CELL,
        Column(
            "rule_code",
            pl.String(),
            "regions: they do not add up to the country; members: those of a dimension do not "
            "add up to the total; parts: they do not add up to the composite.",
        ),
        Column("expected", pl.Int64(), "The figure, in the unit of its indicator."),
        Column("found", pl.Int64(), "What its regions, members or parts add up to."),
    ),
)


def unreconciled(
    values: pl.LazyFrame, indicators: Sequence[Indicator] = INDICATORS
) -> pl.LazyFrame:
    """Figures that their regions, members or parts do not add up to; none when all is well.

    Args:
        values: `INDICATOR_TABLE` rows of whole periods.
        indicators: the catalogue that they were computed by.

    Returns:
        `UNRECONCILED`, in order of its key. Figures that do not add up (medians) are not looked
        at. An absent figure counts as zero, so that a missing
        row is found as well as a wrong one.
    """
    adding = [i.id for i in indicators if i.adds_up]
    values = values.filter(pl.col("indicator").is_in(adding))
    return (
        pl.concat(
            [_by_regions(values), _by_members(values, indicators), _by_parts(values, indicators)]
        )
        .select(UNRECONCILED.schema.names())
        .sort(UNRECONCILED.key)
        .pipe(UNRECONCILED.require)
    )


def _by_regions(values: pl.LazyFrame) -> pl.LazyFrame:
    is_country = pl.col("region_code") == COUNTRY
    return values.with_columns(is_sum=is_country, region_code=pl.lit(COUNTRY)).pipe(
        _disagreements, "regions"
    )


def _by_members(values: pl.LazyFrame, indicators: Sequence[Indicator]) -> pl.LazyFrame:
    dimensions = _pairs([(i.id, dimension) for i in indicators for dimension in i.by])
    totals = (
        values.filter(pl.col("dimension") == "")
        .join(dimensions, on="indicator", validate="m:m")
        .with_columns(is_sum=pl.lit(value=True), dimension="other")
        .drop("other")
    )
    members = values.filter(pl.col("dimension") != "").with_columns(
        is_sum=pl.lit(value=False), member=pl.lit("")
    )
    return pl.concat([totals, members]).pipe(_disagreements, "members")


def _by_parts(values: pl.LazyFrame, indicators: Sequence[Indicator]) -> pl.LazyFrame:
    composites = _pairs([(part, i.id) for i in indicators for part in i.parts])
    totals = values.filter(pl.col("dimension") == "")
    sums = totals.filter(
        pl.col("indicator").is_in([i.id for i in indicators if i.parts])
    ).with_columns(is_sum=pl.lit(value=True))
    parts = (
        totals.join(composites, on="indicator", validate="m:m")
        .with_columns(is_sum=pl.lit(value=False), indicator="other")
        .drop("other")
    )
    return pl.concat([sums, parts]).pipe(_disagreements, "parts")


def _disagreements(values: pl.LazyFrame, rule_code: str) -> pl.LazyFrame:
    value = pl.col("value").cast(pl.Int128)
    return (
        values.group_by(INDICATOR_TABLE.key)
        .agg(
            expected=value.filter(pl.col("is_sum")).sum().cast(pl.Int64),
            found=value.filter(~pl.col("is_sum")).sum().cast(pl.Int64),
        )
        .filter(pl.col("expected") != pl.col("found"))
        .with_columns(rule_code=pl.lit(rule_code))
    )


def _pairs(pairs: Sequence[tuple[str, str]]) -> pl.LazyFrame:
    return pl.LazyFrame(
        list(pairs), schema={"indicator": pl.String, "other": pl.String}, orient="row"
    )
