"""Labelled transfers made by others, whatever their layout, as one: transfers and accounts.

A layout is known by its columns, in whatever order, case and company: AMLSim's samples of the
literature (`…transactions.csv` with `…nodes.csv`), AMLSim's own output (`…tx.csv` with
`…accounts.csv` and `…alerts.csv`), its later one (`…transactions.csv` with `is_sar`), its log and
PaySim's (`nameOrig`, `nameDest`) and AMLworld (one file, told by `Is Laundering`). Each may be
gzipped, parted by comma, semicolon, tabulator or bar, and have columns more. Labels come from the
files beside, and from the transfers themselves where those say. Nothing of these sets is kept in
the project.
"""

import gzip
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

SAMPLES = Path(__file__).parents[2] / "shared" / "samples" / "aml"
_DAY_ZERO = datetime(2025, 1, 1, tzinfo=UTC)
_TRUE = ("1", "1.0", "true", "yes", "y")
_TIMES = tuple(
    f"{day}{between}%H:%M{seconds}"
    for day in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y")
    for between in (" ", "T")
    for seconds in ("", ":%S")
)
_WITH_ZONE = ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%z")
_DATES = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y")
_MOST_DAYS, _MOST_SECONDS = 10**6, 10**11
"""A number that is no date: days since the first, seconds since 1970, or milliseconds."""
_WITH_COMMA = r"^-?\d{1,3}([.\s\x{a0}']\d{3})+,\d+$|^-?\d+,\d{1,2}$"
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
    "log": {
        "nameorig": "from_id",
        "namedest": "to_id",
        "amount": "amount",
        "step": "time",
    },
}
_SEPARATORS = ",;\t|"
_ROW_LABELS = ("is laundering", "is_sar", "issar", "isfraud", "is_fraud")
_ACCOUNT_LABELS = ("isfraud", "is_fraud", "is_sar", "issar", "suspicious_member")
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
    """Every set in the folder, or the one of a file, in order of name.

    Files of an unknown layout, and what cannot be read in a known one, are passed over and told of
    on standard error.

    Raises:
        FileNotFoundError: transfers of a known layout that nothing labels.
    """
    beside = {f"{kind}." for kind in ("nodes", "accounts", *_ALERTS)}
    for path in [folder] if folder.is_file() else sorted(folder.iterdir()):
        name = path.name.lower()
        # AMLSim's: the other side is a branch and no account; what stands in the other file too
        if ".csv" not in name or "cash_tx" in name or "alert_transactions" in name:
            continue
        names = set(_names(path).values())
        layout = next((it for it, columns in _LAYOUTS.items() if columns.keys() <= names), None)
        if layout is not None:
            yield _labelled(path, layout)
        elif not any(kind in name for kind in beside):
            wanted = "; ".join(" ".join(columns) for columns in _LAYOUTS.values())
            _tell(path, f"no transfers of a known layout. Columns are one of: {wanted}")


def _tell(path: Path, says: str) -> None:
    sys.stderr.write(f"{path.name}: {says}.\n")


def _names(path: Path) -> dict[str, str]:
    """Columns as they are, and as they are compared; a name that stands again is numbered."""
    if not _heading(path).strip():
        return {}
    return {name: name.strip().lower() for name in _scanned(path).collect_schema().names()}


def _heading(path: Path) -> str:
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", errors="replace") as text:
        return text.readline()


def _scanned(path: Path) -> pl.LazyFrame:
    separator = max(_SEPARATORS, key=_heading(path).count)
    return pl.scan_csv(path, infer_schema=False, separator=separator, encoding="utf8-lossy")


def _read(path: Path) -> pl.LazyFrame:
    return _scanned(path).rename(_names(path)).with_columns(pl.all().str.strip_chars())


def _account(name: str) -> pl.Expr:
    """An account's number; whole numbers that a table wrote as 7.0 are 7."""
    return pl.col(name).str.replace(r"^(\d+)\.0$", "$1")


def _labelled(path: Path, layout: str) -> Labelled:
    stem = _stem(path.name)
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
    name = re.sub(r"(?i)(transactions|tx)$", "", stem).rstrip("_.-")
    return Labelled(
        name or path.parent.name,
        rows.drop("is_marked"),
        accounts.with_columns(is_member=is_member),
    )


def _files_beside(path: Path, stem: str) -> dict[str, Path]:
    there = {_stem(beside.name).lower(): beside for beside in path.parent.iterdir()}
    wanted = {
        kind: stem.lower().removesuffix(own) + kind
        for own, kinds in _BESIDE.items()
        if stem.lower().endswith(own)
        for kind in kinds
    }
    return {kind: there[name] for kind, name in wanted.items() if name in there}


def _stem(name: str) -> str:
    return re.sub(r"(?i)\.csv(\.gz)?$", "", name)


def _accounts(path: Path, *, is_alerts: bool) -> pl.DataFrame:
    rows = _read(path)
    names = rows.collect_schema().names()
    account = next((name for name in _ACCOUNT_NAMES if name in names), None)
    if account is None:
        _tell(path, f"no column of accounts. It is one of: {', '.join(_ACCOUNT_NAMES)}")
        return pl.DataFrame(schema={"account_id": pl.String, "is_member": pl.Boolean})
    labels = [name for name in _ACCOUNT_LABELS if name in names]
    is_told = pl.any_horizontal(_is_true(name) for name in labels) if labels else pl.lit(is_alerts)
    return rows.select(account_id=_account(account), is_member=is_told).collect()


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
    told = renamed.select(
        _account("from_id"),
        _account("to_id"),
        amount_tiyn=(_number("amount") * 100).round().cast(pl.Int64),
        at=_at(),
        is_marked=pl.lit(None, pl.Boolean) if label is None else _is_true(label),
    ).collect()
    whole = told.drop_nulls(["from_id", "to_id", "amount_tiyn", "at"])
    if whole.height < told.height:
        left_out = f"{told.height - whole.height} of {told.height} transfers are left out"
        _tell(path, f"{left_out}: a side, an amount or a time is not there or cannot be read")
    return whole


def _number(name: str) -> pl.Expr:
    """With a decimal point or comma, and with thousands apart or not."""
    told = pl.col(name)
    with_point = told.str.replace_all(r"[.\s\x{a0}']", "").str.replace(",", ".", literal=True)
    plain = told.str.replace_all(r"[,\s\x{a0}']", "")
    is_with_comma = told.str.contains(_WITH_COMMA)
    return pl.when(is_with_comma).then(with_point).otherwise(plain).cast(pl.Float64, strict=False)


def _at() -> pl.Expr:
    """Days since the first, which may have a fraction, seconds since 1970, or a date and time."""
    time = pl.col("time").str.replace(r"(:\d\d)[.,]\d+", "$1").str.replace(r"Z$", "+0000")
    number = pl.col("time").cast(pl.Float64, strict=False)
    first = pl.lit(_DAY_ZERO).cast(pl.Datetime("us", "UTC"))
    aware: dict[str, Any] = {"time_unit": "us", "strict": False}
    written = [
        *(time.str.to_datetime(f, **aware).dt.convert_time_zone("UTC") for f in _WITH_ZONE),
        *(time.str.to_datetime(f, time_zone="UTC", **aware) for f in _TIMES),
        *(
            time.str.to_date(f, strict=False).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
            for f in _DATES
        ),
    ]
    days = first + pl.duration(hours=pl.when(number < _MOST_DAYS).then(number) * 24)
    epoch = pl.when(number < _MOST_SECONDS).then(number * 1000).otherwise(number)
    since_1970 = pl.from_epoch(epoch.cast(pl.Int64, strict=False), time_unit="ms")
    return pl.coalesce(days, *written, since_1970.cast(pl.Datetime("us", "UTC")))
