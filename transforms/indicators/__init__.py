"""The catalogue: every figure that a report may show, defined once."""

from transforms.indicators.catalogue import INDICATOR_BY_ID, INDICATORS
from transforms.indicators.figures import composite_values, indicator_values, values_for
from transforms.indicators.history import periods_before, with_history, with_parts
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator, Words
from transforms.indicators.reconciliation import UNRECONCILED, unreconciled

__all__ = [
    "INDICATORS",
    "INDICATOR_BY_ID",
    "INDICATOR_TABLE",
    "UNRECONCILED",
    "Indicator",
    "Words",
    "composite_values",
    "indicator_values",
    "periods_before",
    "unreconciled",
    "values_for",
    "with_history",
    "with_parts",
]
