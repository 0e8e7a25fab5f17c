"""What a metric asks of a frame, and how many asks are answered in one reading of it."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import polars as pl
from polars.exceptions import PolarsError

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Figures:
    """One number or value for each expression, over the whole frame.

    `answer` makes the metric's value of them, or returns the next ask.
    """

    expressions: tuple[pl.Expr, ...]
    answer: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """A frame made from the frame: a list of values, distinct values, keys.

    `answer` makes the metric's value of it, or returns the next ask.
    """

    plan: Callable[[pl.LazyFrame], pl.LazyFrame]
    answer: Callable[[pl.DataFrame], Any]


Ask = Figures | Rows


class UnreadableRows(RuntimeError):
    """The rows failed while they were read. What Polars says may quote cells, and is left out."""

    def __init__(self, error: PolarsError) -> None:
        super().__init__(
            f"The rows could not be read to the end ({type(error).__name__}). Nothing was judged. "
            f"Look at the files that they come from, then run again."
        )


@dataclass(frozen=True, slots=True)
class Failed:
    """An ask that the frame cannot answer: a wrong type, an unknown column, a bad pattern."""

    error: Exception


def answers(frame: pl.LazyFrame, schema: pl.Schema, asks: Mapping[Key, Ask]) -> dict[Key, Any]:
    """The answer to each ask, or `Failed`.

    All asks share one reading. Those whose answer is another ask share the next one.
    """
    answered: dict[Key, Any] = {}
    pending = dict(asks)
    while pending:
        failed = _rehearsed(schema, pending)
        answered |= failed
        outcome = _together(frame, {k: ask for k, ask in pending.items() if k not in failed})
        pending = {k: value for k, value in outcome.items() if isinstance(value, Ask)}
        answered |= {k: value for k, value in outcome.items() if k not in pending}
    return answered


# On no rows, a wrong type fails its own ask only, and costs nothing.
def _rehearsed(schema: pl.Schema, asks: Mapping[Key, Ask]) -> dict[Key, Failed]:
    empty = pl.DataFrame(schema=schema).lazy()
    failed = {}
    for key, ask in asks.items():
        try:
            _plan(empty, {key: ask})[0].collect()
        except PolarsError as error:
            failed[key] = Failed(error)
    return failed


def _together(frame: pl.LazyFrame, asks: Mapping[Key, Ask]) -> dict[Key, Any]:
    if not asks:
        return {}
    try:
        return _read(frame, asks)
    except PolarsError as error:
        if len(asks) == 1:
            return dict.fromkeys(asks, Failed(UnreadableRows(error)))
    return {key: value for one in asks for key, value in _together(frame, {one: asks[one]}).items()}


def _read(frame: pl.LazyFrame, asks: Mapping[Key, Ask]) -> dict[Key, Any]:
    results = pl.collect_all(_plan(frame, asks), engine="streaming")
    figures = results[0].row(0) if any(isinstance(ask, Figures) for ask in asks.values()) else ()
    frames = iter(results[1:] if figures else results)
    outcome = {}
    for key, ask in asks.items():
        if isinstance(ask, Figures):
            mine, figures = figures[: len(ask.expressions)], figures[len(ask.expressions) :]
            outcome[key] = ask.answer(*mine)
        else:
            outcome[key] = ask.answer(next(frames))
    return outcome


def _plan(frame: pl.LazyFrame, asks: Mapping[Key, Ask]) -> list[pl.LazyFrame]:
    expressions = [
        expression
        for ask in asks.values()
        if isinstance(ask, Figures)
        for expression in ask.expressions
    ]
    named = [expression.alias(f"figure_{at}") for at, expression in enumerate(expressions)]
    figures = [frame.select(named)] if named else []
    return [*figures, *(ask.plan(frame) for ask in asks.values() if isinstance(ask, Rows))]
