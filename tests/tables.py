"""Frames drawn as text, so that a test shows its rows."""

from collections.abc import Mapping

import polars as pl


def table(
    drawing: str, schema: Mapping[str, type[pl.DataType] | pl.DataType] | None = None
) -> pl.LazyFrame:
    """Read a drawing: a header, a rule, rows; cells parted by `|`, `-` is null.

    Columns named in `schema` are read as that type. The others are read as a CSV reader would
    guess them: whole numbers, decimals, else text.
    """
    header, _, *rows = [line.strip() for line in drawing.strip().splitlines()]
    cells = [[cell.strip() for cell in line.split("|")] for line in (header, *rows)]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in cells)
    return pl.read_csv(
        text.encode(), schema_overrides=schema, null_values="-", infer_schema_length=None
    ).lazy()
