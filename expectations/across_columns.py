"""Expectations that hold several cells of one row together, where the core has none."""

from typing import ClassVar

import polars as pl
from great_expectations.expectations.expectation import (
    ColumnPairMapExpectation,
    MulticolumnMapExpectation,
)

from expectations.polars_engine import map_condition
from transforms.periods import civil_date


class ExpectInstantToBeNoLaterThanDay(ColumnPairMapExpectation):
    """The instant in column A lies on the day in column B or before it, by the clock of Almaty.

    A row that lacks either passes.
    """

    map_metric: ClassVar[str] = "column_pair_values.instant_no_later_than_day"


class ExpectInstantToBeNoEarlierThanDay(ColumnPairMapExpectation):
    """The instant in column A lies on the day in column B or after it, by the clock of Almaty.

    A row that lacks either passes.
    """

    map_metric: ClassVar[str] = "column_pair_values.instant_no_earlier_than_day"


class ExpectMulticolumnValuesToNotBeNull(MulticolumnMapExpectation):
    """No listed cell is missing: one rule for a feed so large that each rule tells in its time."""

    map_metric: ClassVar[str] = "multicolumn_values.all_present"


@map_condition("column_pair_values.instant_no_later_than_day", domain="column_pair")
def is_no_later_than_day(instant: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Up to the end of the day in Almaty."""
    return (civil_date(instant) <= day).fill_null(value=True)


@map_condition("column_pair_values.instant_no_earlier_than_day", domain="column_pair")
def is_no_earlier_than_day(instant: pl.Expr, day: pl.Expr) -> pl.Expr:
    """From the beginning of the day in Almaty."""
    return (civil_date(instant) >= day).fill_null(value=True)


@map_condition("multicolumn_values.all_present", domain="multicolumn")
def are_present(*cells: pl.Expr) -> pl.Expr:
    """Every cell is there."""
    return pl.all_horizontal(cell.is_not_null() for cell in cells)
