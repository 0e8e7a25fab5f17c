"""The twenty first-level regions, and what stands for the country and for "not known"."""

import polars as pl

from transforms.reference import reference

COUNTRY = "KZ"
UNKNOWN_REGION = "unknown"

REGION_CODES: tuple[str, ...] = tuple(sorted(reference("regions")["kato2"]))


def inhabitants() -> pl.LazyFrame:
    """`region_code` and `inhabitants` of each region and of the country.

    Regions are told as of two dates (regions.csv), so that the country's is a number of its own.
    """
    regions = reference("regions").select(region_code="kato2", inhabitants="population")
    country = reference("country_population").select(
        region_code="area_code", inhabitants="population"
    )
    return pl.concat([regions, country]).lazy().with_columns(pl.col("inhabitants").cast(pl.Int64))


def region_or_unknown(region: pl.Expr) -> pl.Expr:
    """The region's code, or "unknown" where the fact has none: shown, never spread or dropped."""
    return region.fill_null(UNKNOWN_REGION)
