"""What a sender is told about each file: whether it counts, and which of its rows do not."""

import polars as pl

from transforms.deliveries import DUPLICATE, REJECTED, WHOLE, counting_deliveries

COUNTED, REPLACED, WAITING = "counted", "replaced", "waiting"

_FILE = ["business_date", "institution", "delivery"]


def receipts(
    deliveries: pl.LazyFrame,
    screened: pl.LazyFrame,
    accepted: pl.LazyFrame,
    quarantined: pl.LazyFrame,
    *,
    most_lines: int,
) -> pl.LazyFrame:
    """What came of each file that was handed over.

    Args:
        deliveries: receipts of all files of some business dates.
        screened: rows of `screened_table` for the same dates, as are
        accepted: rows accepted, and
        quarantined: rows set aside.
        most_lines: how many of the rows that break a rule are named.

    Returns:
        One row a file, in order of date, institution and digest: `address` where it lies,
        `file_names` under which it came, `state`, `reason` where it cannot be used, `rows` found
        in it, `rows_accepted`, `rows_quarantined` and `rows_corrected` (accepted because one of
        us corrected them or waived a rule) of a file that counts, else null; and `rules`, each
        with `code`, `rows`, the first `lines` and, of files that are no tables, their `places`.
    """
    corrected = (
        accepted.filter(pl.col("corrected_by").is_not_null())
        .group_by(_FILE)
        .agg(rows_corrected=pl.len().cast(pl.Int64))
    )
    counting = counting_deliveries(deliveries).select(*_FILE, is_counting=pl.lit(True))
    return (
        _files(deliveries)
        .join(counting, on=_FILE, how="left", validate="1:1")
        .join(screened.drop("rows_delivered"), on=_FILE, how="left", validate="1:1")
        .join(corrected, on=_FILE, how="left", validate="1:1")
        .join(_rules(quarantined, most_lines), on=_FILE, how="left", validate="1:1")
        .with_columns(
            state=_state(),
            reason=pl.when(~pl.col("is_whole")).then("reason"),
            rows_corrected=pl.when(pl.col("rows_accepted").is_not_null()).then(
                pl.col("rows_corrected").fill_null(0)
            ),
        )
        .drop("is_whole", "is_counting", "state_code", "corrections")
        .sort(_FILE)
    )


def _files(deliveries: pl.LazyFrame) -> pl.LazyFrame:
    """Each content once, whatever names it came under; a duplicate is its content again."""
    is_told = pl.col("state_code") != DUPLICATE
    return (
        deliveries.sort("arrived_at", "file_name")
        .group_by(_FILE, maintain_order=True)
        .agg(
            address=pl.col("address").first(),
            file_names=pl.col("file_name").unique(maintain_order=True),
            is_whole=(pl.col("state_code") == WHOLE).any(),
            state_code=pl.col("state_code").filter(is_told).last(),
            reason=pl.col("reason").filter(is_told).last(),
            rows=pl.col("rows").last(),
        )
    )


def _state() -> pl.Expr:
    is_counting = pl.col("is_counting").fill_null(value=False)
    has_only_rejected_rows = (pl.col("rows_accepted") == 0) & (pl.col("rows_quarantined") > 0)
    return (
        pl.when(is_counting & pl.col("rows_accepted").is_null())
        .then(pl.lit(WAITING))
        .when(is_counting & has_only_rejected_rows)
        .then(pl.lit(REJECTED))
        .when(is_counting)
        .then(pl.lit(COUNTED))
        .when("is_whole")
        .then(pl.lit(REPLACED))
        .otherwise("state_code")
    )


def _rules(quarantined: pl.LazyFrame, most_lines: int) -> pl.LazyFrame:
    """The rules that rows of each file break, with the first of those rows."""
    by = [*_FILE, "code"]
    places = quarantined.select(*_FILE, "line", "place")
    return (
        quarantined.select(*_FILE, "line", code="violated_rules")
        .explode("code")
        .group_by(by)
        .agg(rows=pl.len().cast(pl.Int64), line=pl.col("line").bottom_k(most_lines))
        .explode("line")
        .join(places, on=[*_FILE, "line"], how="left", validate="m:1")
        .sort(*by, "line")
        .group_by(by, maintain_order=True)
        .agg(pl.col("rows").first(), lines="line", places=pl.col("place").drop_nulls())
        .group_by(_FILE, maintain_order=True)
        .agg(rules=pl.struct("code", "rows", "lines", "places"))
    )
