"""The dated numbers that linking and totals of seizures rest on."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from transforms.reference import reference


@dataclass(frozen=True, slots=True)
class LinkRules:
    """From when on reports are joined; each number is a row of `seizure_parameters.csv`."""

    within_days: int
    least: float
    least_untold: float
    most_apart: float
    apart_days: int
    held_by: int


def link_rules(day: date) -> LinkRules:
    """The rules in force on a day."""
    return LinkRules(
        within_days=number_in_force("link_within_days", day),
        least=number_in_force("link_least_percent", day) / 100,
        least_untold=number_in_force("link_untold_least_percent", day) / 100,
        most_apart=number_in_force("link_item_apart_percent", day) / 100,
        apart_days=number_in_force("link_apart_days", day),
        held_by=number_in_force("link_held_by", day),
    )


def number_in_force(parameter: str, day: date) -> int:
    """One number of the list on a day.

    Raises:
        ValueError: there is none, or more than one, in force on the day.
    """
    until = pl.col("in_force_to").str.to_date()
    return int(
        reference("seizure_parameters")
        .filter(
            pl.col("parameter") == parameter,
            pl.col("in_force_from").str.to_date() <= day,
            until.is_null() | (until >= day),
        )["value"]
        .item()
    )
