"""What in a file cannot be read, cell by cell, before any rule of a feed is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from infra.wire.inspection import Contents
from transforms.feeds.cells import FORMS
from transforms.feeds.feed import Field, is_unreadable_as

MISSING, UNREADABLE = "missing", "unreadable"

_MASK = "•••"


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell, row or file that cannot be taken, and what to do.

    `rule` is missing, unreadable, the code of a rule of the feed, or of a whole file format or
    layout. `where` is a line, row, XPath or JSON pointer.
    """

    where: str
    field: str | None
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """How many rows cannot be taken, what is wrong with the first of them, and the sound rows.

    `unreconciled` counts rows under totals that the file states and that its rows do not add up
    to: they are true as far as they go, but others may be missing.
    """

    rows: int
    problems: tuple[Problem, ...]
    sound: pl.LazyFrame
    unreconciled: int


def faulty(found: Contents, most: int) -> Faulty:
    """Rows with cells that cannot be read, or without what the file's standard demands.

    Args:
        found: contents of one file.
        most: of how many rows the problems are told.
    """
    given = found.wire.collect_schema()
    fields = [field for field in found.feed.fields if field.wire in given]
    faults = [fault for n, field in enumerate(fields) for fault in _faults(n, field, found.needs)]
    rows = found.wire.with_columns(faults=pl.concat_list(faults).list.drop_nulls()).filter(
        pl.col("faults").list.len() > 0
    )
    first = rows.select("place", *(f.wire for f in fields), "faults").head(most)
    is_reconciled = pl.col("IS_RECONCILED") if "IS_RECONCILED" in given else pl.lit("")
    totals = found.wire.select((is_reconciled == "false").sum())
    count, shown, unreconciled = pl.collect_all(
        [rows.select(pl.len()), first, totals], engine="streaming"
    )
    return Faulty(
        count.item(),
        tuple(
            _problem(row, fields[int(n)], rule)
            for row in shown.iter_rows(named=True)
            for n, rule in (fault.split(" ") for fault in row["faults"])
        ),
        found.rows.join(_lines(rows), on="line", how="anti") if count.item() else found.rows,
        unreconciled.item(),
    )


def _lines(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.select(line=pl.col("row").cast(pl.Int64) + 1)


def _faults(n: int, field: Field, needs: tuple[str, ...]) -> Iterator[pl.Expr]:
    yield pl.when(is_unreadable_as(field)).then(pl.lit(f"{n} {UNREADABLE}"))
    if field.wire in needs:
        is_told = (pl.col(field.wire).str.strip_chars() != "").fill_null(value=False)
        yield pl.when(~is_told).then(pl.lit(f"{n} {MISSING}"))


def _problem(row: dict[str, Any], field: Field, rule: str) -> Problem:
    means = field.column.description.rstrip(".")
    says = {
        MISSING: f"{field.wire} is not there. It is: {means}. Ask the sender for it.",
        UNREADABLE: f"{field.wire} says “{shown(row[field.wire], field)}”, which is not "
        f"{FORMS.get(field.read, 'readable')}. Ask the sender to correct it.",
    }
    return Problem(row["place"], field.wire, rule, says[rule])


def shown(value: str | None, field: Field) -> str:
    """A cell as a message may show it."""
    return _MASK if field.column.is_personal else (value or "")[:40]
