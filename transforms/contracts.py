"""The shape of a table: what a row is, what each column means, in which unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import polars as pl


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, its meaning, and its unit when it measures something."""

    name: str
    dtype: pl.DataType
    description: str
    unit: str | None = None
    nullable: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row stands for, what identifies it, and its columns in order.

    `name` is also its place in the lake: `facts.card_arrests`. Rows of a table that
    `is_append_only` are never changed or taken away; those of one that `is_passing` stay until the
    step after has made of them what is kept, and no version of it is promised to anybody.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partitioned_by: tuple[str, ...] = ("business_date",)
    is_append_only: bool = False
    is_passing: bool = False

    @property
    def schema(self) -> pl.Schema:
        return pl.Schema({c.name: c.dtype for c in self.columns})

    def require(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return `frame` in the table's column order, or say how it differs."""
        found = frame.collect_schema()
        if found != self.schema:
            raise ContractError.of(self, found)
        return frame

    def brought_up(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Rows that were stored under an earlier contract, as this one promises them.

        A column that was added since is null in them, if it may be.

        Raises:
            ContractError: they differ in more than that.
        """
        found = frame.collect_schema()
        added = [c for c in self.columns if c.nullable and c.name not in found]
        whole = frame.with_columns(pl.lit(None, dtype=c.dtype).alias(c.name) for c in added)
        known = [name for name in self.schema if name in whole.collect_schema()]
        return self.require(whole.select(*known, pl.exclude(known)))


class ContractError(ValueError):
    """A frame does not have the shape that its table promises."""

    @classmethod
    def of(cls, table: Table, found: pl.Schema) -> Self:
        wanted = table.schema
        problems = [
            *(f"missing {c}: {t}" for c, t in wanted.items() if c not in found),
            *(f"unexpected {c}: {t}" for c, t in found.items() if c not in wanted),
            *(
                f"{c} is {found[c]}, should be {t}"
                for c, t in wanted.items()
                if c in found and found[c] != t
            ),
        ] or ["same columns in another order"]
        return cls(f"{table.name} breaks its contract:\n" + _bullets(problems))


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"  - {line}" for line in lines)
