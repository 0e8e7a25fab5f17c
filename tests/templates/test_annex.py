"""The annex as a file: a CSV for each table, what its columns mean, and a salt."""

import polars as pl

from templates.exports.annex import annex_zip, opened
from transforms.contracts import Column, Table

ARRESTS = Table(
    name="arrests",
    grain="an arrest",
    key=("order_id",),
    columns=(
        Column("order_id", pl.String(), "Number of the order."),
        Column("held_tiyn", pl.Int64(), "Held.", unit="tiyn"),
    ),
)
ROWS = pl.DataFrame({"order_id": ["75/1"], "held_tiyn": [500]})
TABLES = {"arrests": (ARRESTS, ROWS), "empty": (ARRESTS, ROWS.clear())}


def test_a_table_with_rows_is_a_csv_and_its_columns_are_explained():
    assert opened(annex_zip(TABLES, "s")) == {
        "arrests.csv": b"order_id,held_tiyn\n75/1,500\n",
        "columns.csv": b"table,column,unit,meaning\n"
        b'arrests,order_id,"",Number of the order.\n'
        b"arrests,held_tiyn,tiyn,Held.\n",
        "salt.txt": b"s\n",
    }


def test_equal_rows_give_equal_bytes_and_another_salt_another_sum():
    assert annex_zip(TABLES, "s") == annex_zip(dict(reversed(TABLES.items())), "s")
    assert annex_zip(TABLES, "s") != annex_zip(TABLES, "t")
