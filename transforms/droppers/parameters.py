"""Numbers of the law and of the method that are in force on a day."""

import polars as pl

from transforms.reference import reference


def parameters_of_activity() -> pl.DataFrame:
    """The dated numbers that daily figures and windows rest on, each row with its source."""
    return pl.concat([reference("legal_parameters"), reference("activity_parameters")])


def in_force(parameters: pl.DataFrame, name: str, on: pl.Expr) -> pl.Expr:
    """The whole number that is in force on a day; null where none is.

    Raises:
        KeyError: there is no such parameter.
    """
    rows = parameters.filter(pl.col("parameter") == name)
    if rows.is_empty():
        raise KeyError(f"there is no parameter {name}. Add a row with its source.")
    terms = rows.select(
        pl.col("value").cast(pl.Int64),
        pl.col("in_force_from").str.to_date(),
        pl.col("in_force_to").str.to_date(),
    ).sort("in_force_from")
    return pl.coalesce(
        pl.when(
            on >= since,
            pl.lit(value=True) if until is None else on <= until,
        ).then(pl.lit(value, pl.Int64))
        for value, since, until in terms.iter_rows()
    )
