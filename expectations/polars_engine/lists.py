"""What GX shows of the rows that break a rule: a second reading, only where a rule is broken."""

from typing import Any

import polars as pl
from polars import selectors

from expectations.polars_engine.asks import Rows
from expectations.polars_engine.conditions import judged_columns
from expectations.polars_engine.engine import PolarsExecutionEngine

MOST_VALUES = 200
MOST_INDICES = 10_000

_INDEX = "__row_index"

_WRITABLE = selectors.duration().dt.to_string()  # GX cannot write a duration as JSON


def broken_values(
    metrics: dict[str, Any],
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Rows | list[Any]:
    """The judged cells: values, pairs, or dicts. At most `MOST_VALUES`, none if none are asked."""
    wanted = metric_value_kwargs["result_format"]
    limit = _limit(wanted, MOST_VALUES)
    outcome = metrics["outcome"]
    if outcome.broken_rows == 0 or limit == 0 or wanted.get("exclude_unexpected_values"):
        return []
    names = list(dict.fromkeys(judged_columns(metric_domain_kwargs)))

    def cells(found: pl.DataFrame) -> list[Any]:
        if "column" in metric_domain_kwargs:
            return found.to_series().to_list()
        return found.rows() if "column_A" in metric_domain_kwargs else found.to_dicts()

    return Rows(lambda rows: _broken(rows, outcome, limit).select(names), cells)


def broken_rows(
    metrics: dict[str, Any], metric_value_kwargs: dict[str, Any], **_: Any
) -> Rows | list[dict[str, Any]]:
    """Whole rows, as dicts. At most `MOST_VALUES`."""
    limit = _limit(metric_value_kwargs["result_format"], MOST_VALUES)
    outcome = metrics["outcome"]
    if outcome.broken_rows == 0 or limit == 0:
        return []
    return Rows(lambda rows: _broken(rows, outcome, limit), pl.DataFrame.to_dicts)


def broken_rows_by_index(
    execution_engine: PolarsExecutionEngine,
    metrics: dict[str, Any],
    metric_domain_kwargs: dict[str, Any],
    metric_value_kwargs: dict[str, Any],
    **_: Any,
) -> Rows | list[Any]:
    """Row numbers, or the columns that identify a row beside the judged cells.

    At most `MOST_INDICES`: a delivery bad throughout must not fill the memory.
    """
    wanted = metric_value_kwargs["result_format"]
    limit = _limit(wanted, MOST_INDICES)
    outcome = metrics["outcome"]
    if outcome.broken_rows == 0 or limit == 0:
        return []
    identity = list(wanted.get("unexpected_index_column_names") or ())
    if not identity:
        return Rows(
            lambda rows: (
                rows.with_row_index(_INDEX).filter(outcome.breaks).select(_INDEX).head(limit)
            ),
            lambda found: found.to_series().to_list(),
        )
    schema = execution_engine.batch(metric_domain_kwargs).schema
    if unknown := [name for name in identity if name not in schema]:
        raise ValueError(f"Rows cannot be listed by {unknown}: the frame has no such column.")
    judged = [] if wanted.get("exclude_unexpected_values") else judged_columns(metric_domain_kwargs)
    shown = list(dict.fromkeys([*judged, *identity]))

    def keys(found: pl.DataFrame) -> list[Any]:
        if wanted.get("exclude_unexpected_values"):
            return [found.to_dict(as_series=False)]
        return found.to_dicts()

    return Rows(lambda rows: _broken(rows, outcome, limit).select(shown), keys)


def _broken(rows: pl.LazyFrame, outcome: Any, limit: int) -> pl.LazyFrame:
    return rows.filter(outcome.breaks).head(limit).with_columns(_WRITABLE)


def _limit(result_format: dict[str, Any], most: int) -> int:
    if result_format["result_format"] == "COMPLETE":
        return most
    return min(result_format["partial_unexpected_count"], most)
