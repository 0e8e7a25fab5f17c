"""Licences: whether an importer had one on the day, how much it allowed, and for what."""

import polars as pl

from transforms.customs import ITEM
from transforms.redelivery import latest
from transforms.weights import grams

LICENCE = ("licence_no", "substance_id")

_EVENT = (*ITEM, "listed_id")
_DAY = pl.col("registered_on")


def reason_code() -> pl.Expr:
    """The nearest that the importer had to a licence, when it had none; null when it had one.

    In this order: a licence for the substance and day that was withdrawn by then; one that had
    run out; one that began later; a licence in force for another substance; nothing at all.
    """
    return (
        pl.when(pl.col("is_licensed"))
        .then(None)
        .when(pl.col("is_withdrawn"))
        .then(pl.lit("withdrawn"))
        .when(pl.col("is_expired"))
        .then(pl.lit("expired"))
        .when(pl.col("is_not_yet_in_force"))
        .then(pl.lit("not_yet_in_force"))
        .when(pl.col("is_licensed_otherwise"))
        .then(pl.lit("other_substance"))
        .otherwise(pl.lit("never_licensed"))
    )


def with_licence(goods: pl.LazyFrame, precursor_licences: pl.LazyFrame) -> pl.LazyFrame:
    """`goods` with what their consignees held on the day.

    Args:
        goods: rows of `LISTED_GOODS` that need a licence.
        precursor_licences: accepted rows, the whole feed. A licence ends, too, on the day of the
            delivery that tells of its withdrawal.

    Returns:
        The same rows with `reason_code` (null where there was a licence), `has_no_end_use` (there
        was one, and none that was in force states an end use) and `allowed_g`: what the licences
        of the substance in force on any day of the year up to this one allow in it together;
        null where one of them sets no quota.
    """
    licences = _licences(precursor_licences)
    held = goods.select(*_EVENT, "consignee_bin", "registered_on").join(
        licences, left_on="consignee_bin", right_on="holder_bin", how="left", validate="m:m"
    )
    is_same = pl.col("licensed_id") == pl.col("listed_id")
    is_within = _DAY.is_between("valid_from", "valid_to")
    is_ended = (pl.col("withdrawn_on") <= _DAY).fill_null(value=False)
    is_in_force = is_within & ~is_ended
    counts = is_same & _was_in_force_this_year()
    found = held.group_by(_EVENT).agg(
        is_licensed=(is_same & is_in_force).any(),
        is_withdrawn=(is_same & is_within & is_ended).any(),
        is_expired=(is_same & (pl.col("valid_to") < _DAY)).any(),
        is_not_yet_in_force=(is_same & (pl.col("valid_from") > _DAY)).any(),
        is_licensed_otherwise=is_in_force.any(),
        has_no_end_use=_is_all(pl.col("end_use_code") == "none", is_same & is_in_force),
        allowed_g=pl.when(_is_all(pl.col("quota_g").is_not_null(), counts)).then(
            pl.col("quota_g").filter(counts).sum()
        ),
    )
    return goods.join(
        found.select(*_EVENT, "has_no_end_use", "allowed_g", reason_code=reason_code()),
        on=_EVENT,
        how="left",
        validate="1:1",
    )


def over_quota(goods: pl.LazyFrame) -> pl.LazyFrame:
    """Licensed goods with which the year's imports exceed what the licences allow in the year.

    What a consignee imported of a substance in a calendar year is added up, in order of day,
    declaration and item; each item after which it is more is a fact. Imports without a licence
    are facts of their own and draw on no quota; a part of unknown share is not added.

    Args:
        goods: as `with_licence` returns them.

    Returns:
        Those items, with `imported_g` in the year by then.
    """
    year = ["consignee_bin", "listed_id", _DAY.dt.year()]
    return (
        goods.filter(pl.col("reason_code").is_null())
        .sort("consignee_bin", "listed_id", "registered_on", *ITEM)
        .with_columns(imported_g=pl.col("substance_g").fill_null(0).cum_sum().over(year))
        .filter(pl.col("imported_g") > pl.col("allowed_g"), pl.col("substance_g") > 0)
    )


def _licences(rows: pl.LazyFrame) -> pl.LazyFrame:
    """One row a licence and substance, as last delivered, and the day of its withdrawal."""
    withdrawals = (
        rows.filter(pl.col("status_code") == "withdrawn")
        .group_by(LICENCE)
        .agg(withdrawn_on=pl.col("business_date").min())
    )
    return (
        rows.pipe(latest, LICENCE)
        .join(withdrawals, on=LICENCE, how="left", validate="1:1")
        .select(
            "holder_bin",
            "valid_from",
            "valid_to",
            "withdrawn_on",
            "end_use_code",
            quota_g=grams(pl.col("quota_kg")),
            licensed_id="substance_id",
        )
    )


def _was_in_force_this_year() -> pl.Expr:
    """In force on some day of the year of the import, up to its day."""
    ends = pl.min_horizontal("valid_to", pl.col("withdrawn_on").dt.offset_by("-1d"))
    return (
        (pl.col("valid_from") <= _DAY)
        & (ends >= _DAY.dt.truncate("1y"))
        & (ends >= pl.col("valid_from"))
    ).fill_null(value=False)


def _is_all(condition: pl.Expr, of: pl.Expr) -> pl.Expr:
    """There are rows `of` such, and the condition holds for each of them."""
    return of.any() & (condition.fill_null(value=False) | ~of).all()
