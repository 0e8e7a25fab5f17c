"""Changed rules in the shadow of those in force: whom they would have added to and dropped from."""

from datetime import date

import polars as pl
from polars.exceptions import PolarsError

from transforms.contracts import Column, Table
from transforms.droppers.trial import Tried, tried
from transforms.droppers.typologies import TypologyError, in_force_on, typologies

THE_LIST = "list"

SHADOW_CHANGES = Table(
    name="droppers.shadow_changes",
    grain="one account that two sets of rules judge differently on one night, by one part",
    key=("night", "part_code", "account_iban"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column(
            "part_code",
            pl.String(),
            f"{THE_LIST}: the list of the night. Else the typology whose evidence came or went.",
        ),
        Column("account_iban", pl.String(), "Account of a client.", is_personal=True),
        Column("change_code", pl.String(), "added or dropped by the changed rules."),
        Column(
            "score_before",
            pl.Int64(),
            "Points by the rules in force, of the list only; null: it is not on it.",
            nullable=True,
        ),
        Column("score_after", pl.Int64(), "The same by the changed rules.", nullable=True),
    ),
)

SHADOW_COUNTS = Table(
    name="droppers.shadow_counts",
    grain="one part on one night",
    key=("night", "part_code"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the night."),
        Column("part_code", pl.String(), "As in `droppers.shadow_changes`."),
        Column("before", pl.Int64(), "Accounts by the rules in force.", unit="accounts"),
        Column("added", pl.Int64(), "Accounts that come by the changed ones.", unit="accounts"),
        Column("dropped", pl.Int64(), "Accounts that go.", unit="accounts"),
    ),
)


def changed_rules(text: bytes) -> pl.DataFrame:
    """The typologies of a changed file, as they will stand once all of its rows have begun.

    Raises:
        TypologyError: the file cannot be used; says why.
    """
    try:
        rows = pl.read_csv(text, infer_schema=False)
    except PolarsError:  # its words repeat what stands in the file
        raise TypologyError(
            "The file of typologies is no CSV: it is empty, or a quotation mark is not closed."
        ) from None
    read = typologies(rows)
    begun = in_force_on(read, max(read["in_force_from"], default=date.min))
    if begun.is_empty():
        raise TypologyError("The file of typologies has no row that is in force at the end.")
    return begun


def shadow(
    windows: pl.LazyFrame, links: pl.LazyFrame, *, rules: pl.DataFrame, changed: pl.DataFrame
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """What changed rules would have done on one night. Exemptions and the model are left out.

    Args:
        windows: `ACCOUNT_WINDOWS` of one night.
        links: `LINK_WINDOWS` of the same night.
        rules: `TYPOLOGIES` in force on it.
        changed: those that may come in their place.

    Returns:
        `SHADOW_CHANGES` and `SHADOW_COUNTS`, each in order of its key. The list is always
        counted; a typology that nobody shows by either has no row.
    """
    before, after = (
        _parts(tried(windows, links, rules=each)).collect().lazy() for each in (rules, changed)
    )
    key = list(SHADOW_CHANGES.key)
    marked = _told(before, "before").join(
        _told(after, "after"), on=key, how="full", coalesce=True, validate="1:1"
    )
    came, went = pl.col("is_before").is_null(), pl.col("is_after").is_null()
    code = pl.when(came).then(pl.lit("added")).when(went).then(pl.lit("dropped"))
    marked = marked.with_columns(change_code=code)
    return _changes(marked), _counts(marked, windows)


def _parts(made: Tried) -> pl.LazyFrame:
    """Who is on the list, and who shows each typology."""
    names = ["night", "part_code", "account_iban", "score"]
    listed = made.alerts.with_columns(part_code=pl.lit(THE_LIST)).select(names)
    shown = made.evidence.with_columns(
        part_code="typology_code", score=pl.lit(None, pl.Int64)
    ).select(names)
    return pl.concat([listed, shown])


def _told(parts: pl.LazyFrame, when: str) -> pl.LazyFrame:
    return parts.rename({"score": f"score_{when}"}).with_columns(
        pl.lit(value=True).alias(f"is_{when}")
    )


def _changes(marked: pl.LazyFrame) -> pl.LazyFrame:
    return (
        marked.drop_nulls("change_code")
        .select(SHADOW_CHANGES.schema.names())
        .sort(SHADOW_CHANGES.key)
        .pipe(SHADOW_CHANGES.require)
    )


def _counts(marked: pl.LazyFrame, windows: pl.LazyFrame) -> pl.LazyFrame:
    found = marked.group_by("night", "part_code").agg(
        before=pl.col("is_before").count().cast(pl.Int64),
        added=(pl.col("change_code") == "added").sum().cast(pl.Int64),
        dropped=(pl.col("change_code") == "dropped").sum().cast(pl.Int64),
    )
    always = windows.select("night", part_code=pl.lit(THE_LIST)).unique()
    return (
        always.join(found, on=["night", "part_code"], how="full", coalesce=True, validate="1:1")
        # Nobody on the list by either is known, not unknown.
        .with_columns(pl.col("before", "added", "dropped").fill_null(0))
        .select(SHADOW_COUNTS.schema.names())
        .sort(SHADOW_COUNTS.key)
        .pipe(SHADOW_COUNTS.require)
    )
