"""The type of a column, told to Great Expectations."""

import polars as pl


class ColumnType:
    """A Polars type that shows itself by its Polars name.

    It equals that name, and the type that pandas gives such a column when no cell is missing:
    `ExpectColumnTypeToBe` reads the name of a type as one of pandas.
    """

    def __init__(self, dtype: pl.DataType) -> None:
        self.dtype = dtype

    def __str__(self) -> str:
        return str(self.dtype)

    def __repr__(self) -> str:
        return str(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ColumnType):
            return self.dtype == other.dtype
        if isinstance(other, str) and other == str(self):
            return True
        try:
            return bool(pl.Series([], dtype=self.dtype).to_pandas().dtype == other)
        except TypeError:  # pandas compares a type only with what names one
            return False

    def __hash__(self) -> int:
        return hash(self.dtype)
