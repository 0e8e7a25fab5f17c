"""Codelists and dated legal parameters as frames; each row of the CSV names its source."""

from functools import cache
from importlib.resources import files

import polars as pl


@cache
def reference(name: str) -> pl.DataFrame:
    """One file of this folder, all columns as text: codes keep their leading zeros.

    Raises:
        FileNotFoundError: there is no such codelist.
    """
    return pl.read_csv(files(__name__).joinpath(f"{name}.csv").read_bytes(), infer_schema=False)
