"""What is listed, in which list, since and until when; and under which names it is told.

The lists: `united_nations` (Tables I and II of the 1988 Convention and their named esters),
`national` (named by the Interior Ministry and not by the United Nations), `equipment` (under
special control, Article 301 of the Criminal Code) and `watch` (not scheduled; watched only).
"""

import polars as pl

from transforms.reference import reference

LICENSED_LISTS = ("united_nations", "national")
"""Lists whose substances may be imported under a licence only."""

_NAMED = "named subheading"


def listed_things() -> pl.LazyFrame:
    """Everything listed: `listed_id`, `hs6`, `is_named`, `cas`.

    `is_named`: nothing but this substance is imported under its subheading. `hs6` and `cas` are
    null where none is known.
    """
    chemicals = [
        reference(name).select(
            "hs6",
            "cas",
            listed_id="id",
            is_named=pl.col("hs6_basis").str.starts_with(_NAMED).fill_null(value=False),
        )
        for name in ("precursors", "watched_chemicals")
    ]
    equipment = reference("lab_equipment_hs").select(
        hs6="hs6_candidate",
        cas=pl.lit(None, pl.String),
        listed_id="id",
        is_named=pl.lit(value=False),
    )
    every = pl.concat([*chemicals, equipment.select("hs6", "cas", "listed_id", "is_named")])
    return every.lazy().select("listed_id", "hs6", "is_named", "cas")


def listings() -> pl.LazyFrame:
    """`listed_id`, `list_code`, `listed_from`, `listed_to`: which list names it, and when.

    Where a source gives only a year, its 1 January; the decisions of March 2024 count from
    3 December 2024. An open end is null.
    """
    return (
        reference("precursor_control")
        .lazy()
        .select(
            "list_code",
            listed_id="substance_id",
            listed_from=pl.col("controlled_from").str.to_date(),
            listed_to=pl.col("controlled_to").str.to_date(),
        )
        .select("listed_id", "list_code", "listed_from", "listed_to")
    )


def is_listed_on(day: str) -> pl.Expr:
    """What is listed on the day of this column: what was controlled on the day decides."""
    return (pl.col(day) >= pl.col("listed_from")) & (
        pl.col("listed_to").is_null() | (pl.col(day) <= pl.col("listed_to"))
    )


def limits() -> pl.LazyFrame:
    """`listed_id`, `least_percent`, `limit_from`, `limit_to`: mixtures below it are not controlled.

    Where a substance has no row every share is controlled.
    """
    return _dated("precursor_limits", "limit", least_percent=pl.Float64)


def thresholds() -> pl.LazyFrame:
    """`listed_id`, `threshold_kg`, its first and last day: what a splitting hides under."""
    return _dated("precursor_thresholds", "threshold", threshold_kg=pl.Float64)


def _dated(name: str, what: str, **value: type[pl.DataType]) -> pl.LazyFrame:
    return (
        reference(name)
        .lazy()
        .select(
            *(pl.col(column).cast(dtype) for column, dtype in value.items()),
            listed_id="substance_id",
            **{f"{what}_from": pl.col("in_force_from").str.to_date()},
            **{f"{what}_to": pl.col("in_force_to").str.to_date()},
        )
    )
