"""The dated numbers of the method by which figures are compared and judged."""

from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl

from transforms.reference import reference


@cache
def figure_parameter(name: str, on: date) -> Decimal:
    """The number in force on a day.

    Raises:
        KeyError: there is none.
    """
    since, until = (pl.col(c).str.to_date() for c in ("in_force_from", "in_force_to"))
    is_in_force = (since <= on) & (until.fill_null(date.max) >= on)
    found = reference("figure_parameters").filter(pl.col("parameter") == name, is_in_force)
    if found.height != 1:
        raise KeyError(f"{name} has no value on {on}. Add a row with its source.")
    return Decimal(found["value"].item())
