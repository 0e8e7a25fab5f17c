"""What a log tells of a data file is so, and a reader that trusts it leaves no row out."""

import json
from datetime import date

import polars as pl
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from infra.data_files import data_files
from transforms.contracts import Column, Table

DAY = date(2026, 11, 1)
TABLE = Table(
    name="told.rows",
    grain="a row",
    key=("iban",),
    columns=(
        Column("business_date", pl.Date(), "Day."),
        Column("iban", pl.String(), "Account.", nullable=True),
        Column("amount", pl.Int64(), "Amount.", nullable=True),
        Column("paid_on", pl.Date(), "Day.", nullable=True),
        Column("at", pl.Datetime("us", "UTC"), "Moment.", nullable=True),
        Column("held", pl.Decimal(38, 18), "Held.", nullable=True),
        Column("rules", pl.List(pl.String()), "Rules.", nullable=True),
        Column("line", pl.Int64(), "Number of the row."),
    ),
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=80),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.dates(),
    ),
    min_size=1,
    max_size=20,
)


@given(ROWS)
def test_rows_nulls_and_bounds_are_those_of_the_file(tmp_path_factory, rows):
    frame = drawn(rows)

    [file] = data_files(frame.iter_slices(3), TABLE, tmp_path_factory.mktemp("files"))

    told = json.loads(file.statistics)
    assert file.partition == {"business_date": "2026-11-01"}
    assert told["numRecords"] == frame.height
    for name in ("iban", "amount", "paid_on", "at", "held", "line"):
        assert told["nullCount"][name] == frame[name].null_count()
    for name in told["minValues"]:
        least, most = frame[name].min(), frame[name].max()
        assert told["minValues"][name] == (str(least) if name == "paid_on" else least)
        assert told["maxValues"][name] == (str(most) if name == "paid_on" else most)
    assert {*told["minValues"]} <= {"iban", "amount", "paid_on", "line"}
    assert {"line"} <= {*told["minValues"]}
    assert pl.read_parquet(file.path).equals(frame.drop("business_date"))


def drawn(rows: list[tuple[str | None, int | None, date | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(DAY, *row, None, None, None, n) for n, row in enumerate(rows)],
        schema=TABLE.schema,
        orient="row",
    )


def test_numbers_of_rows_are_written_as_steps_and_texts_in_dictionaries(tmp_path):
    [file] = data_files([drawn([("KZ", 1, DAY)] * 50)], TABLE, tmp_path)

    group = pq.read_metadata(file.path).row_group(0)
    encodings = {
        group.column(n).path_in_schema: group.column(n).encodings for n in range(group.num_columns)
    }
    assert "DELTA_BINARY_PACKED" in encodings["line"]
    assert "RLE_DICTIONARY" in encodings["iban"]
    assert {c.compression for c in map(group.column, range(group.num_columns))} == {"ZSTD"}
