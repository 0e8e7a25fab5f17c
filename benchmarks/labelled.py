"""Labelled transfers made by others, whatever their layout, as one: transfers and accounts.

Known layouts: AMLSim's sample of the literature (`…transactions.csv` with `…nodes.csv`), AMLSim's
own output (`…tx.csv` with `…accounts.csv` and `…alerts.csv`) and AMLworld (one file, told by its
column `Is Laundering`). Each may be gzipped. Nothing of these sets is kept in the project.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "aml"
_DAY_ZERO = datetime(2025, 1, 1, tzinfo=UTC)
_AMLWORLD = {
    "Timestamp": "at",
    "From Bank": "from_bank",
    "Account": "from_account",
    "To Bank": "to_bank",
    "Amount Paid": "amount",
    "Is Laundering": "is_laundering",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One set: transfers as `facts.transfers` has them, and accounts with `is_member`."""

    name: str
    transfers: pl.DataFrame
    accounts: pl.DataFrame

    @property
    def members(self) -> int:
        return int(self.accounts["is_member"].sum())


def labelled_sets(folder: Path) -> Iterator[Labelled]:
    """Every set in the folder, in order of name. Files of an unknown layout are passed over."""
    for path in sorted(folder.glob("*.csv*")):
        stem = path.name.removesuffix(".gz").removesuffix(".csv")
        name, _, kind = stem.rpartition("_")
        if kind == "transactions":
            yield _of_nodes(stem.removesuffix("_transactions"), path)
        elif kind == "tx" and not name.endswith("cash"):
            yield _of_amlsim(name, path)
        elif "Is Laundering" in pl.scan_csv(path, infer_schema=False).collect_schema():
            yield _of_amlworld(stem, path)


def _beside(path: Path, old: str, new: str) -> Path | None:
    for ending in (".csv", ".csv.gz"):
        found = path.with_name(path.name.removesuffix(".gz").replace(f"{old}.csv", new + ending))
        if found.exists():
            return found
    return None


def _of_nodes(name: str, path: Path) -> Labelled:
    nodes = _beside(path, "transactions", "nodes")
    if nodes is None:
        raise FileNotFoundError(f"{path.name} has no …nodes.csv beside it: no labels, no measure.")
    rows = pl.scan_csv(path, infer_schema=False).select(
        from_id="sourceNodeId", to_id="targetNodeId", amount="value", day="time"
    )
    accounts = pl.scan_csv(nodes, infer_schema=False).select(
        account_id="nodeid", is_member=pl.col("isFraud").str.to_lowercase().is_in(["1", "true"])
    )
    return Labelled(name, _transfers(rows), accounts.collect())


def _of_amlsim(name: str, path: Path) -> Labelled:
    rows = pl.scan_csv(path, infer_schema=False).select(
        from_id="ACCOUNT_ID",
        to_id="COUNTER_PARTY_ACCOUNT_NUM",
        amount="TXN_AMOUNT_ORIG",
        day="start",
    )
    known, alerts = _beside(path, "tx", "accounts"), _beside(path, "tx", "alerts")
    if known is None:
        raise FileNotFoundError(f"{path.name} has no …accounts.csv beside it: nobody to rank.")
    alerted = (
        pl.read_csv(alerts, infer_schema=False)["ACCOUNT_ID"]
        if alerts
        else pl.Series([], dtype=pl.String)
    )
    is_fraud = pl.col("isFraud").str.to_lowercase().is_in(["1", "true"])
    accounts = pl.scan_csv(known, infer_schema=False).select(
        account_id="ACCOUNT_ID",
        is_member=is_fraud | pl.col("ACCOUNT_ID").is_in(alerted.implode()),
    )
    return Labelled(name, _transfers(rows), accounts.collect())


def _transfers(rows: pl.LazyFrame) -> pl.DataFrame:
    days = pl.col("day").cast(pl.Float64)
    at = pl.lit(_DAY_ZERO).cast(pl.Datetime("us", "UTC")) + pl.duration(hours=days * 24)
    return rows.select("from_id", "to_id", amount_tiyn=_tiyn(), at=at).collect()


def _tiyn() -> pl.Expr:
    return (pl.col("amount").cast(pl.Float64) * 100).round().cast(pl.Int64)


def _of_amlworld(name: str, path: Path) -> Labelled:
    raw = pl.scan_csv(path, infer_schema=False)
    to_account = raw.collect_schema().names()[4]  # named "Account" once more
    rows = (
        raw.rename({**_AMLWORLD, to_account: "to_account"})
        .select(
            "is_laundering",
            "amount",
            from_id=pl.concat_str("from_bank", pl.lit(":"), "from_account"),
            to_id=pl.concat_str("to_bank", pl.lit(":"), "to_account"),
            at=pl.col("at").str.to_datetime("%Y/%m/%d %H:%M", time_unit="us", time_zone="UTC"),
        )
        .collect()
    )
    laundered = rows.filter(pl.col("is_laundering") == "1")
    ends = pl.concat([laundered["from_id"], laundered["to_id"]]).unique()
    accounts = pl.DataFrame(
        {"account_id": pl.concat([rows["from_id"], rows["to_id"]]).unique().sort()}
    ).with_columns(is_member=pl.col("account_id").is_in(ends.implode()))
    return Labelled(name, rows.select("from_id", "to_id", "at", amount_tiyn=_tiyn()), accounts)
