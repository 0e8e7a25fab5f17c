"""Labelled transfers made by others, whatever their layout, as one: transfers and accounts.

A layout is known by its columns, in whatever order, case and company: AMLSim's samples of the
literature (`…transactions.csv` with `…nodes.csv`), AMLSim's own output (`…tx.csv` with
`…accounts.csv` and `…alerts.csv`), its later one (`…transactions.csv` with `is_sar`) and AMLworld
(one file, told by `Is Laundering`). Each may be gzipped. Labels come from the files beside, and
from the transfers themselves where those say. Nothing of these sets is kept in the project.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "aml"
_DAY_ZERO = datetime(2025, 1, 1, tzinfo=UTC)
_TRUE = ("1", "1.0", "true", "yes", "y")
_TIMES = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S")
_DATES = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d")
_LAYOUTS: dict[str, dict[str, str]] = {
    "nodes": {
        "sourcenodeid": "from_id",
        "targetnodeid": "to_id",
        "value": "amount",
        "time": "time",
    },
    "tx": {
        "account_id": "from_id",
        "counter_party_account_num": "to_id",
        "txn_amount_orig": "amount",
        "start": "time",
    },
    "sar": {
        "orig_acct": "from_id",
        "bene_acct": "to_id",
        "base_amt": "amount",
        "tran_timestamp": "time",
    },
    "world": {
        "timestamp": "time",
        "from bank": "from_bank",
        "account": "from_id",
        "to bank": "to_bank",
        "amount paid": "amount",
    },
}
_ROW_LABELS = ("is laundering", "is_sar", "isfraud", "is_fraud")
_ACCOUNT_LABELS = ("isfraud", "is_fraud", "is_sar", "suspicious_member")
_ACCOUNT_NAMES = ("nodeid", "account_id", "acct_id")
_BESIDE = {
    "transactions": ("nodes", "accounts", "alerts", "alert_accounts", "sar_accounts"),
    "tx": ("accounts", "alerts", "nodes"),
}
_ALERTS = ("alerts", "alert_accounts", "sar_accounts")


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
    """Every set in the folder, in order of name. Files of an unknown layout are passed over.

    Raises:
        FileNotFoundError: transfers of a known layout that nothing labels.
    """
    for path in sorted(folder.glob("*.csv*")):
        if "cash_tx" in path.name:  # AMLSim's: the other side is a branch and no account
            continue
        names = _names(path)
        for layout, columns in _LAYOUTS.items():
            if columns.keys() <= set(names.values()):
                yield _labelled(path, layout)
                break


def _names(path: Path) -> dict[str, str]:
    """Columns as they are, and as they are compared; a name that stands again is numbered."""
    given = pl.scan_csv(path, infer_schema=False).collect_schema().names()
    return {name: name.strip().lower() for name in given}


def _read(path: Path) -> pl.LazyFrame:
    return (
        pl.scan_csv(path, infer_schema=False)
        .rename(_names(path))
        .with_columns(pl.all().str.strip_chars())
    )


def _labelled(path: Path, layout: str) -> Labelled:
    stem = path.name.removesuffix(".gz").removesuffix(".csv")
    rows = _transfers(path, layout)
    marked = rows.filter("is_marked")
    labels = [pl.concat([marked["from_id"], marked["to_id"]])]
    known = [pl.concat([rows["from_id"], rows["to_id"]])]
    files = _files_beside(path, stem)
    for kind, beside in files.items():
        told = _accounts(beside, is_alerts=kind in _ALERTS)
        labels.append(told.filter("is_member")["account_id"])
        if kind not in _ALERTS:
            known.insert(0, told["account_id"])
    if not files and rows["is_marked"].null_count() == rows.height:
        raise FileNotFoundError(
            f"{path.name} has no …nodes.csv or …accounts.csv beside it: no labels, no measure."
        )
    accounts = pl.DataFrame({"account_id": pl.concat(known).unique(maintain_order=True)})
    is_member = pl.col("account_id").is_in(pl.concat(labels).implode())
    name = stem.removesuffix("transactions").removesuffix("tx").rstrip("_.-")
    return Labelled(
        name or path.parent.name,
        rows.drop("is_marked"),
        accounts.with_columns(is_member=is_member),
    )


def _files_beside(path: Path, stem: str) -> dict[str, Path]:
    found = {}
    for own, kinds in _BESIDE.items():
        if not stem.endswith(own):
            continue
        for kind in kinds:
            for ending in (".csv", ".csv.gz"):
                beside = path.with_name(stem.removesuffix(own) + kind + ending)
                if beside.exists():
                    found[kind] = beside
    return found


def _accounts(path: Path, *, is_alerts: bool) -> pl.DataFrame:
    rows = _read(path)
    names = rows.collect_schema().names()
    account = next(name for name in _ACCOUNT_NAMES if name in names)
    labels = [name for name in _ACCOUNT_LABELS if name in names]
    is_told = pl.any_horizontal(_is_true(name) for name in labels) if labels else pl.lit(is_alerts)
    return rows.select(account_id=account, is_member=is_told).collect()


def _is_true(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase().is_in(_TRUE).fill_null(value=False)


def _transfers(path: Path, layout: str) -> pl.DataFrame:
    """Transfers, `is_marked` where the rows say so themselves; null where they say nothing."""
    rows = _read(path)
    names = rows.collect_schema().names()
    label = next((name for name in _ROW_LABELS if name in names), None)
    renamed = rows.rename(_LAYOUTS[layout])
    if layout == "world":
        behind = names[names.index("to bank") + 1]  # named "Account" once more
        renamed = renamed.with_columns(
            from_id=pl.concat_str("from_bank", pl.lit(":"), "from_id"),
            to_id=pl.concat_str("to_bank", pl.lit(":"), behind),
        )
    return (
        renamed.select(
            "from_id",
            "to_id",
            amount_tiyn=(pl.col("amount").cast(pl.Float64) * 100).round().cast(pl.Int64),
            at=_at(),
            is_marked=pl.lit(None, pl.Boolean) if label is None else _is_true(label),
        )
        .drop_nulls(["from_id", "to_id", "at"])
        .collect()
    )


def _at() -> pl.Expr:
    """Days since the first, which may have a fraction, or a date with or without a time."""
    time = pl.col("time")
    days = time.cast(pl.Float64, strict=False)
    first = pl.lit(_DAY_ZERO).cast(pl.Datetime("us", "UTC"))
    written = [
        *(time.str.to_datetime(f, time_unit="us", time_zone="UTC", strict=False) for f in _TIMES),
        *(
            time.str.to_date(f, strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
            for f in _DATES
        ),
    ]
    is_count = days.is_not_null() & (time.str.len_chars() < 8)
    counted = first + pl.duration(hours=pl.when(is_count).then(days) * 24)
    return pl.coalesce(counted, *written)
