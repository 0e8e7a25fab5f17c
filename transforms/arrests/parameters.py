"""The dated numbers that the figures of arrests rest on."""

from typing import NamedTuple

import polars as pl

from transforms.periods import holidays
from transforms.reference import reference


class Numbers(NamedTuple):
    """Dated numbers of the law and of the method, and days off on Monday to Friday."""

    parameters: pl.DataFrame
    holidays: pl.Series


def parameters_of_arrests() -> pl.DataFrame:
    """Numbers of the law and of the method, each row with its source."""
    return pl.concat([reference("legal_parameters"), reference("arrest_parameters")])


def days_off() -> pl.Series:
    """Days off on Monday to Friday, as far as the list of holidays reaches."""
    return pl.Series("day", holidays(), dtype=pl.Date)


def numbers_of_arrests() -> Numbers:
    """Both."""
    return Numbers(parameters_of_arrests(), days_off())
