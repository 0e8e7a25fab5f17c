"""What changed under figures that are already out: files, decisions about rows, and the code."""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from transforms.contracts import Column, Table

CODE = "code"

INPUT_CHANGES = Table(
    name="input_changes",
    grain="one change of what figures rest on, as a night noticed it",
    key=("number",),
    columns=(
        Column("number", pl.Int64(), "Counts the changes of the installation, from 1."),
        Column("noted_on", pl.Date(), "Business date of the night that noticed it."),
        Column(
            "cause_code",
            pl.String(),
            "delivery: a file came where there was none; corrected_delivery: another file counts "
            "in its place; decided_rows: people corrected or released rows that were set aside; "
            "withdrawn_delivery: a file counts no more; code: the program, its rules, dated "
            "parameters or codelists changed.",
        ),
        Column("feed", pl.String(), "Whose file it is; empty for the code."),
        Column("institution", pl.String(), "Who delivered; empty for the code."),
        Column(
            "business_date", pl.Date(), "The day that the file is for; null for code.", None, True
        ),
        Column("delivery", pl.String(), "SHA-256 of the file; for the code, its version."),
        Column("corrections", pl.Int64(), "Decisions about rows of the file by then.", "decisions"),
    ),
    partitioned_by=("noted_on",),
    is_append_only=True,
)

_FILE = ("institution", "business_date")
_SAID = ("cause_code", "feed", "institution", "business_date", "delivery", "corrections")


def feed_changes(before: pl.LazyFrame, now: pl.LazyFrame, feed: str) -> pl.LazyFrame:
    """How the files of a feed that count differ between two looks at it.

    Args:
        before: rows of `screened_table` as they were; of changed partitions is enough.
        now: as they are.
        feed: name of the feed.

    Returns:
        `INPUT_CHANGES` without its number and night.
    """
    was = before.select(*_FILE, was="delivery", decided="corrections")
    now = now.select(*_FILE, "delivery", "corrections")
    return (
        was.join(now, on=_FILE, how="full", coalesce=True, validate="1:1")
        .with_columns(
            cause_code=pl.when(pl.col("was").is_null())
            .then(pl.lit("delivery"))
            .when(pl.col("delivery").is_null())
            .then(pl.lit("withdrawn_delivery"))
            .when(pl.col("was") != pl.col("delivery"))
            .then(pl.lit("corrected_delivery"))
            .when(pl.col("decided") != pl.col("corrections"))
            .then(pl.lit("decided_rows")),
            feed=pl.lit(feed),
            delivery=pl.coalesce("delivery", "was"),
            corrections=pl.coalesce("corrections", "decided"),
        )
        .filter(pl.col("cause_code").is_not_null())
        .select(_SAID)
    )


def code_change(version: str) -> pl.LazyFrame:
    """`INPUT_CHANGES` without number and night: from here on this code computes."""
    said = {
        "cause_code": CODE,
        "feed": "",
        "institution": "",
        "business_date": None,
        "delivery": version,
        "corrections": 0,
    }
    return pl.LazyFrame([said], schema=_schema(_SAID))


def new_changes(noted: pl.LazyFrame, found: pl.LazyFrame, noted_on: date) -> pl.LazyFrame:
    """The changes found that are not noted yet, numbered on from those that are.

    A change is noted already when it is the last that was said of its file, or of the code: so a
    step that broke off after noting them notes none twice.
    """
    file = ("feed", "institution", "business_date")
    last = noted.sort("number").unique(file, keep="last").select(_SAID)
    count = noted.select(count=pl.col("number").max().fill_null(0))
    return (
        found.select(_SAID)
        .join(last, on=_SAID, how="anti", nulls_equal=True)
        .sort(_SAID, nulls_last=True)
        .with_row_index("row")
        .join(count, how="cross")
        .with_columns(
            number=pl.col("row").cast(pl.Int64) + pl.col("count") + 1,
            noted_on=pl.lit(noted_on),
        )
        .select(INPUT_CHANGES.schema.names())
        .pipe(INPUT_CHANGES.require)
    )


def every_change(parts: Iterable[pl.LazyFrame]) -> pl.LazyFrame:
    """The changes of all feeds and of the code in one frame."""
    return pl.concat(parts)


def changes_after(changes: pl.DataFrame, number: int) -> pl.LazyFrame:
    """Those noted after the one of this number."""
    return changes.lazy().filter(pl.col("number") > number)


def last_change(changes: pl.DataFrame) -> int:
    """The number of the last one; 0 when nothing was ever noted."""
    return int(changes.select(pl.col("number").max().fill_null(0)).item())


def _schema(names: tuple[str, ...]) -> Mapping[str, pl.DataType]:
    return {name: INPUT_CHANGES.schema[name] for name in names}
