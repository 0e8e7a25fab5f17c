"""Tables of a trail as CSV and as a workbook whose first sheet explains the columns.

CSV is the table as it is stored: whole tiyn, instants in UTC. The workbook is for people: tenge,
Almaty time; both say so in the heading.
"""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import polars as pl

from transforms.contracts import Table

_ALMATY = "Asia/Almaty"
_MADE_AT = datetime(2014, 1, 1)  # noqa: DTZ001  equal rows, equal bytes: no clock
_MOST_ROWS = 1_048_575  # of one sheet, below its heading


class TooLong(ValueError):
    """A table has more rows than a sheet."""


def csv(rows: pl.DataFrame) -> bytes:
    """The table as it is stored; lists are joined by a blank, what was measured is left out."""
    return _flat(rows).write_csv().encode()


def xlsx(tables: Mapping[str, tuple[Table, pl.DataFrame]]) -> bytes:
    """A workbook: notes first, then a sheet for each table by its name.

    Raises:
        TooLong: more rows than a sheet holds; the CSV holds all.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415

    for name, (_, rows) in tables.items():
        if rows.height > _MOST_ROWS:
            raise TooLong(
                f"{name} has {rows.height} rows, a sheet at most {_MOST_ROWS}. No workbook was "
                f"written. Use the CSV beside it."
            )
    body = BytesIO()
    book = Workbook(body, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": _MADE_AT})
    notes = pl.concat([_notes(name, table, rows) for name, (table, rows) in tables.items()])
    _sheet(book, "notes", notes)
    for name, (_, rows) in tables.items():
        _sheet(book, name, _for_people(_flat(rows)))
    book.close()
    return body.getvalue()


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    lists = [c for c, t in rows.schema.items() if t == pl.List(pl.String)]
    others = [c for c, t in rows.schema.items() if isinstance(t, pl.List) and c not in lists]
    return rows.drop(others).with_columns(pl.col(c).list.join(" ") for c in lists)


def _for_people(rows: pl.DataFrame) -> pl.DataFrame:
    money = [c for c in rows.columns if c.endswith("_tiyn")]
    instants = [c for c, t in rows.schema.items() if isinstance(t, pl.Datetime)]
    return rows.with_columns(
        *(pl.col(c) / 100 for c in money),
        *(pl.col(c).dt.convert_time_zone(_ALMATY).dt.replace_time_zone(None) for c in instants),
    ).rename(
        {c: f"{c.removesuffix('_tiyn')}_tenge" for c in money}
        | {c: f"{c}_almaty" for c in instants}
    )


def _notes(name: str, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    shown = _for_people(_flat(rows)).columns
    kept = [c for c in table.columns if c.name in _flat(rows).columns]
    units = ("tenge" if c.unit == "tiyn" else c.unit or "" for c in kept)
    return pl.DataFrame(
        {
            "sheet": [name] * len(kept),
            "column": shown,
            "unit": list(units),
            "meaning": [c.description for c in kept],
        }
    )


def _sheet(book: Any, name: str, rows: pl.DataFrame) -> None:
    rows.write_excel(
        book,
        worksheet=name,
        table_style="Table Style Light 1",
        dtype_formats={pl.Float64: "#,##0.00", pl.Datetime: "yyyy-mm-dd hh:mm:ss"},
        freeze_panes=(1, 0),
        autofit=True,
    )
