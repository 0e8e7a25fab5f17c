"""The twenty first-level regions, and what stands for the country and for "not known"."""

import polars as pl

from transforms.reference import reference

COUNTRY = "KZ"
UNKNOWN_REGION = "unknown"

REGION_CODES: tuple[str, ...] = tuple(sorted(reference("regions")["kato2"]))


def region_or_unknown(region: pl.Expr) -> pl.Expr:
    """The region's code, or "unknown" where the fact has none: shown, never spread or dropped."""
    return region.fill_null(UNKNOWN_REGION)
