"""How a source writes its files, as far as the readers need to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, Self


class Terms(Protocol):
    """What the catalogue declares of a source's files; `infra.catalogue.Source` is one."""

    @property
    def format(self) -> str:
        """csv, jsonl, parquet, xlsx, or the name of a message format."""

    @property
    def separator(self) -> str:
        """Between the cells of a CSV."""

    @property
    def encoding(self) -> str:
        """Of a CSV: utf-8, cp1251 or another that Python knows."""

    @property
    def decimal_comma(self) -> bool:
        """Amounts and quantities are written 1 500,25."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Column of the feed → the name that the source gives it; empty when they are the same."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Terms by themselves, small enough to be sent to another process."""

    format: str
    separator: str = ","
    columns: Mapping[str, str] = field(default_factory=dict)
    decimal_comma: bool = False
    encoding: str = "utf-8"

    @classmethod
    def of(cls, terms: Terms) -> Self:
        return cls(
            terms.format,
            terms.separator,
            dict(terms.columns),
            terms.decimal_comma,
            terms.encoding,
        )
