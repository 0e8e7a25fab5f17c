"""The catalogue: every figure that a report may show, defined once."""

from transforms.indicators.anomalies import ANOMALIES, anomalies
from transforms.indicators.catalogue import INDICATOR_BY_ID, INDICATORS
from transforms.indicators.figures import (
    Facts,
    Values,
    composite_values,
    indicator_values,
    values_for,
)
from transforms.indicators.history import periods_before, with_history, with_parts
from transforms.indicators.indicator import INDICATOR_TABLE, Indicator, Words
from transforms.indicators.input_changes import (
    INPUT_CHANGES,
    changes_after,
    code_change,
    every_change,
    feed_changes,
    last_change,
    new_changes,
)
from transforms.indicators.largest import LARGEST, largest
from transforms.indicators.reconciliation import UNRECONCILED, unreconciled
from transforms.indicators.restatement import INDICATOR_REVISIONS, restated, revisions_told
from transforms.indicators.touched import nights_of, restatable, told_anew, touched

__all__ = [
    "ANOMALIES",
    "INDICATORS",
    "INDICATOR_BY_ID",
    "INDICATOR_REVISIONS",
    "INDICATOR_TABLE",
    "INPUT_CHANGES",
    "LARGEST",
    "UNRECONCILED",
    "Facts",
    "Indicator",
    "Values",
    "Words",
    "anomalies",
    "changes_after",
    "code_change",
    "composite_values",
    "every_change",
    "feed_changes",
    "indicator_values",
    "largest",
    "last_change",
    "new_changes",
    "nights_of",
    "periods_before",
    "restatable",
    "restated",
    "revisions_told",
    "told_anew",
    "touched",
    "unreconciled",
    "values_for",
    "with_history",
    "with_parts",
]
