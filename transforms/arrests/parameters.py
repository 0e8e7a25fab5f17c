"""The dated numbers that the figures of arrests rest on."""

import polars as pl

from transforms.reference import reference


def parameters_of_arrests() -> pl.DataFrame:
    """Numbers of the law and of the method, each row with its source."""
    return pl.concat([reference("legal_parameters"), reference("arrest_parameters")])
