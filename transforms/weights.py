"""Weights as whole grams."""

import polars as pl

from transforms.feeds.cells import WEIGHT

_MILLIGRAMS_PER_GRAM = 1000


def grams(kilograms: pl.Expr) -> pl.Expr:
    """Whole grams of a non-negative weight in kilograms; half a gram is rounded up."""
    milligrams = kilograms.cast(WEIGHT).to_physical()
    return ((milligrams + _MILLIGRAMS_PER_GRAM // 2) // _MILLIGRAMS_PER_GRAM).cast(pl.Int64)
