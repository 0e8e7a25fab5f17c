"""The dated numbers that the figures of arrests rest on."""

import polars as pl

from transforms.periods import holidays
from transforms.reference import reference


def parameters_of_arrests() -> pl.DataFrame:
    """Numbers of the law and of the method, each row with its source."""
    return pl.concat([reference("legal_parameters"), reference("arrest_parameters")])


def days_off() -> pl.Series:
    """Days off on Monday to Friday, as far as the list of holidays reaches."""
    return pl.Series("day", holidays(), dtype=pl.Date)
