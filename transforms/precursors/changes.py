"""History of the facts: what was found, changed and undone, on which night, and why."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.customs import DECLARATION, is_cancellation
from transforms.precursors.violations import PRECURSOR_VIOLATIONS

_KEY = PRECURSOR_VIOLATIONS.key
_TOLD = ("reason_code", "substance_id", "registered_on", "consignee_bin", "region_code", "net_g")

VIOLATION_CHANGES = Table(
    name="precursors.violation_changes",
    grain="one change of one fact of precursors in one night",
    key=("night", *_KEY, "change_no"),
    columns=(
        Column("night", pl.Date(), "Night on which it changed."),
        Column("change_no", pl.Int64(), "Which change of that night, from 1."),
        *(c for c in PRECURSOR_VIOLATIONS.columns if c.name in _KEY),
        Column("change_code", pl.String(), "found, changed or undone."),
        Column(
            "cause_code",
            pl.String(),
            "Why: cancelled, amended or corrected (the declaration), delivered (it is new, or the "
            "facts are the first there are), or "
            "register (licences, entities, cases, rates or lists say otherwise now).",
        ),
        *(
            Column(
                f"{name}_{when}",
                PRECURSOR_VIOLATIONS.schema[name],
                f"{name} {when}.",
                nullable=True,
            )
            for name in _TOLD
            for when in ("before", "after")
        ),
    ),
    partitioned_by=("night",),
)


def violation_changes(
    before: pl.LazyFrame,
    after: pl.LazyFrame,
    import_declarations: pl.LazyFrame,
    earlier: pl.LazyFrame,
    night: object,
) -> pl.LazyFrame:
    """What this night changed, beside what it had changed when it ran before.

    Args:
        before, after: `PRECURSOR_VIOLATIONS` as they were and as they are.
        import_declarations: accepted rows, for the cause.
        earlier: rows of `VIOLATION_CHANGES` of this night that are kept.
        night: the business date.

    Returns:
        `VIOLATION_CHANGES` of the night: the earlier ones and the new.
    """
    sides = [
        frame.select(
            *_KEY, **{f"{name}_{when}": name for name in _TOLD}, **{when: pl.lit(value=True)}
        )
        for frame, when in ((before, "before"), (after, "after"))
    ]
    is_same = pl.all_horizontal(
        pl.col(f"{name}_before").eq_missing(pl.col(f"{name}_after")) for name in _TOLD
    )
    is_both = pl.col("before").is_not_null() & pl.col("after").is_not_null()
    number = earlier.select(last=pl.col("change_no").max().fill_null(0))
    new = (
        sides[0]
        .join(sides[1], on=_KEY, how="full", coalesce=True, validate="1:1")
        .filter(~(is_both & is_same))
        .with_columns(
            night=pl.lit(night, pl.Date),
            change_code=pl.when(is_both)
            .then(pl.lit("changed"))
            .when(pl.col("after").is_not_null())
            .then(pl.lit("found"))
            .otherwise(pl.lit("undone")),
        )
        .join(_causes(import_declarations, night), on=DECLARATION, how="left", validate="m:1")
        .join(number, how="cross")
        .join(before.select(is_first=pl.len() == 0), how="cross")
        .with_columns(change_no=pl.col("last") + 1, cause_code=_cause_code())
        .select(VIOLATION_CHANGES.schema.names())
    )
    return pl.concat([earlier, new]).sort(VIOLATION_CHANGES.key).pipe(VIOLATION_CHANGES.require)


def _causes(rows: pl.LazyFrame, night: object) -> pl.LazyFrame:
    is_amendment = pl.col("action_code").is_in(["amendment", "release"]).fill_null(value=False)
    return rows.group_by(DECLARATION).agg(
        is_cancelled=is_cancellation().any(),
        is_amended=is_amendment.any(),
        is_old=(pl.col("business_date") < pl.lit(night, pl.Date)).any(),
        is_told_now=(pl.col("business_date") >= pl.lit(night, pl.Date)).any(),
    )


def _cause_code() -> pl.Expr:
    is_undone = pl.col("after").is_null()
    return (
        pl.when(pl.col("is_cancelled") & is_undone)
        .then(pl.lit("cancelled"))
        .when(pl.col("is_amended") & pl.col("before").is_not_null())
        .then(pl.lit("amended"))
        .when(pl.col("is_told_now") & pl.col("is_old"))
        .then(pl.lit("corrected"))
        .when(pl.col("change_code") == "found", ~pl.col("is_old") | pl.col("is_first"))
        .then(pl.lit("delivered"))
        .otherwise(pl.lit("register"))
    )
