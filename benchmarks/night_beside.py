"""What stands beside a measured night, on the same files: floors, DuckDB, pandas, GX on pandas.

`python -m benchmarks.night_beside SIDE FOLDER FILE…`; what a side writes goes below FOLDER.
"""

import gzip
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.features_sql import in_duckdb
from transforms.droppers.measures import KINDS

_CHUNK = 1 << 20
_CHANNELS = ["mobile", "atm", "pos", "branch", "api"]
_BY_ACCOUNT = ["ACCOUNT", "IIN"]

_OF_FILES = """
    SELECT TXN_ID AS transaction_id, filename AS institution,
        CAST(BOOKED_AT AS TIMESTAMPTZ) AS booked_at, ACCOUNT AS account_iban,
        CARD_TOKEN AS card_token, IIN AS holder_iin, DIRECTION AS direction_code,
        CAST(round(CAST(AMOUNT AS DECIMAL(18, 2)) * 100) AS BIGINT) AS amount_minor,
        CURRENCY AS currency_code, OPERATION AS operation_code,
        COUNTERPARTY_ACCOUNT AS counterparty_iban, COUNTERPARTY_IIN AS counterparty_iin,
        DEVICE AS device_id, KATO AS region_code, DATE '{night}' AS business_date
    FROM read_csv({files}, delim = ';', header = true, all_varchar = true, filename = true)
    WHERE TRY_CAST(BOOKED_AT AS TIMESTAMPTZ) IS NOT NULL
        AND TRY_CAST(AMOUNT AS DECIMAL(18, 2)) > 0
"""


def bytes_read(_folder: Path, files: Sequence[Path]) -> None:
    """The floor of floors: each file unpacked, and nothing done with it."""
    for file in files:
        with gzip.open(file) as stream:
            while stream.read(_CHUNK):
                pass


def bare_scan(folder: Path, files: Sequence[Path]) -> None:
    """Text to Parquet, nothing read of a cell; also how many bytes the rows are at least."""
    rows = pl.scan_csv(files, separator=";", infer_schema=False)
    rows.sink_parquet(folder / "bare.parquet", compression="zstd", compression_level=3)


def duckdb_features(folder: Path, files: Sequence[Path]) -> None:
    """Days, links, pairs and windows of accounts in SQL, from the files to Parquet."""
    night = files[0].name.split("_")[-1].split(".")[0]
    told = _OF_FILES.format(
        files=[str(file) for file in files], night=f"{night[:4]}-{night[4:6]}-{night[6:]}"
    )
    in_duckdb(folder, told)


def pandas_features(folder: Path, files: Sequence[Path]) -> None:
    """Count and sum of each kind by account, of the days' figures only the simplest."""
    import pandas as pd  # noqa: PLC0415

    rows = pd.concat(pd.read_csv(file, sep=";", dtype=str) for file in files)
    rows["minor"] = (pd.to_numeric(rows["AMOUNT"], errors="coerce") * 100).round().fillna(0)
    names = {f"{d} {o}": name for (d, o), (name, _) in KINDS.items()}
    rows["kind"] = (rows["DIRECTION"] + " " + rows["OPERATION"]).map(names)
    days = rows.pivot_table(
        index=_BY_ACCOUNT, columns="kind", values="minor", aggfunc=["count", "sum"], fill_value=0
    )
    days.columns = ["_".join(column) for column in days.columns]
    days.to_parquet(folder / "pandas-days.parquet")
    links = rows.groupby(["ACCOUNT", "COUNTERPARTY_ACCOUNT"])["minor"].agg(["count", "sum"])
    links.to_parquet(folder / "pandas-links.parquet")


def gx_on_pandas(_folder: Path, files: Sequence[Path]) -> None:
    """The bank's rules that GX has itself: filled, shaped, known, above zero, told once."""
    import great_expectations.expectations as gxe  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from great_expectations.execution_engine import PandasExecutionEngine  # noqa: PLC0415
    from great_expectations.validator.validator import Validator  # noqa: PLC0415

    rows = pd.concat(pd.read_csv(file, sep=";", dtype=str).assign(F=file.name) for file in files)
    rows["AMOUNT"] = pd.to_numeric(rows["AMOUNT"], errors="coerce")
    filled = ("TXN_ID", "BOOKED_AT", "ACCOUNT", "IIN", "AMOUNT", "CURRENCY", "KATO")
    rules: list[Any] = [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in filled),
        gxe.ExpectColumnValuesToMatchRegex(column="ACCOUNT", regex="^KZ[0-9]{5}[0-9A-Z]{13}$"),
        gxe.ExpectColumnValuesToMatchRegex(column="IIN", regex="^[0-9]{12}$"),
        gxe.ExpectColumnValuesToBeInSet(column="DIRECTION", value_set=["credit", "debit"]),
        gxe.ExpectColumnValuesToBeInSet(column="CHANNEL", value_set=_CHANNELS),
        gxe.ExpectColumnValuesToBeBetween(column="AMOUNT", min_value=0.01),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["F", "TXN_ID"]),
    ]
    engine = PandasExecutionEngine()
    engine.load_batch_data("rows", rows)
    validator = Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    verdicts = validator.graph_validate(
        [rule.configuration for rule in rules], runtime_configuration={"result_format": "SUMMARY"}
    )
    assert len(verdicts) == len(rules)


SIDES: dict[str, Callable[[Path, Sequence[Path]], None]] = {
    "bytes read": bytes_read,
    "bare Polars scan": bare_scan,
    "DuckDB, features": duckdb_features,
    "pandas, part of the features": pandas_features,
    "GX on pandas": gx_on_pandas,
}

MOST_ROWS = {"pandas, part of the features": 6_000_000, "GX on pandas": 2_000_000}
"""Beyond it a side does not fit into 24 GB, or not into an evening."""


if __name__ == "__main__":
    side, at, *given = sys.argv[1:]
    SIDES[side](Path(at), [Path(name) for name in given])
