"""What counts for and against each account on a night: one row for each typology that it shows."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.persons import PERSON_COLUMNS
from transforms.droppers.signs import SIGNS
from transforms.droppers.typologies import rule_version

EVIDENCE = Table(
    name="droppers.evidence",
    grain="one typology that one account shows on one night",
    key=("night", "account_iban", "typology_code"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("typology_code", pl.String(), "Code in `reference/typologies.csv`."),
        Column("window_days", pl.Int32(), "Window of what was measured.", unit="days"),
        Column("measured", pl.Float64(), "What was measured, in the typology's unit."),
        Column("threshold", pl.Float64(), "Value from which it counts, in the same unit."),
        Column("points", pl.Int64(), "What it adds to the score; below zero in favour."),
        Column("rule_version", pl.String(), "Version of the rules."),
    ),
)


def evidence(windows: pl.LazyFrame, persons: pl.LazyFrame, *, rules: pl.DataFrame) -> pl.LazyFrame:
    """The evidence of every account with something against it; what favours it stands beside that.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night.
        persons: `PERSONS` of the same night.
        rules: `TYPOLOGIES` that count on it, one version each; at least one.

    Returns:
        `EVIDENCE`, in order of its key. An account with evidence in its favour only has no rows.
    """
    terms = rules.lazy().select(pl.col("window_days", "threshold", "points"), typology_code="code")
    against = rules.filter(pl.col("points") > 0)["code"].to_list()
    key = ["night", "account_iban"]
    return (
        windows.join(persons.select(*key, *PERSON_COLUMNS), on=key, how="left", validate="1:1")
        .select(*key, *(_shown(rule) for rule in rules.iter_rows(named=True)))
        .filter(pl.any_horizontal(pl.col(against).is_not_null()))
        .unpivot(index=key, variable_name="typology_code", value_name="measured")
        .drop_nulls("measured")
        .join(terms, on="typology_code", how="inner", validate="m:1")
        .with_columns(rule_version=pl.lit(rule_version(rules)))
        .select(EVIDENCE.schema.names())
        .sort(EVIDENCE.key)
        .pipe(EVIDENCE.require)
    )


def _shown(rule: dict[str, object]) -> pl.Expr:
    """What was measured, where it counts; else null."""
    days = int(str(rule["window_days"]))
    measured = SIGNS[str(rule["measure_code"])](days).cast(pl.Float64)
    counts = _compared(measured, str(rule["comparison_code"]), pl.lit(rule["threshold"]))
    if rule["guard_code"] is not None:
        counts &= SIGNS[str(rule["guard_code"])](days) >= pl.lit(rule["guard_least"])
    return pl.when(counts).then(measured).alias(str(rule["code"]))


def _compared(measured: pl.Expr, comparison: str, threshold: pl.Expr) -> pl.Expr:
    return {
        "at_least": measured >= threshold,
        "above": measured > threshold,
        "at_most": measured <= threshold,
        "below": measured < threshold,
    }[comparison]
