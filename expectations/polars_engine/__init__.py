"""Great Expectations on Polars: an execution engine and a data source for lazy frames.

Importing the package registers both, and the Polars side of the core expectations; do so before
a context is made. It knows nothing of what the frames hold. It leans on internals of GX 1.24:
the version is pinned, and the tests compare every supported expectation with GX's pandas engine.
"""

from expectations.polars_engine import (
    core_rules,
    distributions,
    figures,
    patterns,
    relative_rules,
)
from expectations.polars_engine.asks import UnreadableRows
from expectations.polars_engine.datasource import DataFrameAsset, PolarsDatasource
from expectations.polars_engine.engine import PolarsExecutionEngine
from expectations.polars_engine.map_rules import Outcome, map_condition, rule_outcome
from expectations.polars_engine.refusals import REFUSED

__all__ = [
    "REFUSED",
    "DataFrameAsset",
    "Outcome",
    "PolarsDatasource",
    "PolarsExecutionEngine",
    "UnreadableRows",
    "core_rules",
    "distributions",
    "figures",
    "map_condition",
    "patterns",
    "relative_rules",
    "rule_outcome",
]
