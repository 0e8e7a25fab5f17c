"""How well the facts of precursors are found: precision and recall against what was planted."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.customs import ITEM

_FACT = [*ITEM, "violation_code"]

ACCURACY = Table(
    name="precursors.accuracy",
    grain="one kind of violation in one simulated world; all together under all",
    key=("violation_code",),
    columns=(
        Column("violation_code", pl.String(), "Kind of violation, or all."),
        Column("planted", pl.Int64(), "Facts that are so.", "facts"),
        Column("told", pl.Int64(), "Facts that were computed.", "facts"),
        Column("right", pl.Int64(), "Of them, those that are so.", "facts"),
        Column(
            "precision", pl.Float64(), "right of told; null where none was told.", "share", True
        ),
        Column("recall", pl.Float64(), "right of planted; null where none was.", "share", True),
    ),
    partitioned_by=(),
)


def accuracy(facts: pl.LazyFrame, truth: pl.LazyFrame) -> pl.LazyFrame:
    """Precision and recall of each kind, and of all kinds together: `ACCURACY`.

    Args:
        facts: `PRECURSOR_VIOLATIONS`.
        truth: `declaration_no`, `item_no`, `violation_code` of what is so; each once.
    """
    both = judged(facts, truth)
    every = both.with_columns(violation_code=pl.lit("all"))
    right = pl.col("is_told") & pl.col("is_so")
    return (
        pl.concat([both, every])
        .group_by("violation_code")
        .agg(
            planted=pl.col("is_so").sum().cast(pl.Int64),
            told=pl.col("is_told").sum().cast(pl.Int64),
            right=right.sum().cast(pl.Int64),
        )
        .with_columns(
            precision=pl.when(pl.col("told") > 0).then(pl.col("right") / pl.col("told")),
            recall=pl.when(pl.col("planted") > 0).then(pl.col("right") / pl.col("planted")),
        )
        .sort("violation_code")
        .pipe(ACCURACY.require)
    )


def judged(facts: pl.LazyFrame, truth: pl.LazyFrame) -> pl.LazyFrame:
    """Each fact that is told, or is so: with `is_told` and `is_so`."""
    return (
        facts.select(*_FACT, is_told=pl.lit(value=True))
        .join(
            truth.select(*_FACT, is_so=pl.lit(value=True)),
            on=_FACT,
            how="full",
            coalesce=True,
            validate="1:1",
        )
        .with_columns(pl.col("is_told", "is_so").fill_null(value=False))
        .sort(_FACT)
    )
