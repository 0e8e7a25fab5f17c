"""Imports of controlled precursors for which the importer held no licence on the day."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.customs import ITEM, current_declarations
from transforms.feeds.cells import WEIGHT
from transforms.redelivery import latest
from transforms.regions import region_or_unknown
from transforms.weights import grams

LICENCE = ("licence_no", "substance_id")
RELEASE_FOR_HOME_USE = "40"

_CAS_NUMBER = r"\d+-\d+-\d+"

PRECURSOR_VIOLATIONS = Table(
    name="facts.precursor_violations",
    grain="one substance in one item of one import declaration",
    key=(*ITEM, "substance_id"),
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the item."),
        Column("declaration_no", pl.String(), "Registration number of the declaration."),
        Column("item_no", pl.Int64(), "Number of the item in it."),
        Column("substance_id", pl.String(), "Substance, as named in the list of precursors."),
        Column("registered_on", pl.Date(), "Day of registration."),
        Column("consignee_bin", pl.String(), "Business identification number of the consignee."),
        Column("region_code", pl.String(), "Region of its legal address, or unknown."),
        Column("hs6", pl.String(), "Subheading: first six digits of the commodity code."),
        Column("net_kg", WEIGHT, "Net weight of the item.", unit="kg"),
        Column(
            "net_g",
            pl.Int64(),
            "The same in whole grams, half a gram rounded up; the weight of an item with two "
            "substances stands in both rows.",
            unit="gram",
        ),
        Column(
            "reason_code",
            pl.String(),
            "Why there was no licence: withdrawn, expired, not_yet_in_force, other_substance or "
            "never_licensed.",
        ),
    ),
)


def controlled_substances(precursors: pl.LazyFrame, control: pl.LazyFrame) -> pl.LazyFrame:
    """Substances of UN Tables I and II and their named esters, with the day of first control.

    Args:
        precursors: the list of precursors; other substances of it are not controlled.
        control: `substance_id` and `controlled_from`. Where the source gives only a year, its
            1 January; the decisions of March 2024 count from 3 December 2024.

    Returns:
        `substance_id`, `hs6`, `cas` (null where none is known), `is_named` (its subheading
        names the substance, and nothing else is imported under it) and `controlled_from`.
    """
    return (
        precursors.filter(pl.col("kind").is_in(["un_scheduled", "un_scheduled_ester"]))
        .join(control, left_on="id", right_on="substance_id", how="left", validate="1:1")
        .select(
            "hs6",
            "cas",
            substance_id="id",
            is_named=pl.col("hs6_basis").str.starts_with("named subheading"),
            controlled_from=pl.col("controlled_from").str.to_date(),
        )
    )


def precursor_violations(
    import_declarations: pl.LazyFrame,
    precursor_licences: pl.LazyFrame,
    *,
    precursors: pl.LazyFrame,
    control: pl.LazyFrame,
) -> pl.LazyFrame:
    """Controlled substances released for home use without a licence in force on the day.

    A subheading that names the substance is enough. Under a basket subheading the CAS number
    must stand in the description of the goods: many lawful goods share it. Esters whose CAS
    number is not known can not be recognised and are left out, and so is every procedure but
    release for home use (re-export, processing).

    Args:
        import_declarations: accepted rows, the whole feed; `current_declarations` says which
            count, so that an item that was corrected, amended or cancelled stops being a
            violation, and transit never is one.
        precursor_licences: accepted rows, the whole feed.
        precursors: the list of precursors.
        control: since when each is controlled.

    Returns:
        `PRECURSOR_VIOLATIONS`, in order of its key.
    """
    return (
        import_declarations.pipe(current_declarations)
        .filter(pl.col("procedure_code") == RELEASE_FOR_HOME_USE)
        .pipe(_with_substances, controlled_substances(precursors, control))
        .pipe(_with_reason, _licences(precursor_licences))
        .filter(pl.col("reason_code").is_not_null())
        .with_columns(
            region_code=region_or_unknown(pl.col("region_code")), net_g=grams(pl.col("net_kg"))
        )
        .select(PRECURSOR_VIOLATIONS.schema.names())
        .sort(PRECURSOR_VIOLATIONS.key)
        .pipe(PRECURSOR_VIOLATIONS.require)
    )


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


def _with_substances(items: pl.LazyFrame, substances: pl.LazyFrame) -> pl.LazyFrame:
    names_substance = pl.col("goods_text").str.extract_all(_CAS_NUMBER).list.contains(pl.col("cas"))
    is_recognised = pl.col("is_named") | (pl.col("cas").is_not_null() & names_substance)
    return (
        items.with_columns(hs6=pl.col("hs_code").str.slice(0, 6))
        .join(substances, on="hs6", how="inner", validate="m:m")
        .filter(is_recognised, pl.col("registered_on") >= pl.col("controlled_from"))
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
        .select("holder_bin", "valid_from", "valid_to", "withdrawn_on", licensed_id="substance_id")
    )


def _with_reason(items: pl.LazyFrame, licences: pl.LazyFrame) -> pl.LazyFrame:
    day = pl.col("registered_on")
    is_same = pl.col("licensed_id") == pl.col("substance_id")
    is_within = day.is_between("valid_from", "valid_to")
    is_ended = (pl.col("withdrawn_on") <= day).fill_null(value=False)
    is_in_force = is_within & ~is_ended
    event = (*ITEM, "substance_id")
    reasons = (
        items.select(*event, "consignee_bin", "registered_on")
        .join(licences, left_on="consignee_bin", right_on="holder_bin", how="left", validate="m:m")
        .group_by(event)
        .agg(
            is_licensed=(is_same & is_in_force).any(),
            is_withdrawn=(is_same & is_within & is_ended).any(),
            is_expired=(is_same & (pl.col("valid_to") < day)).any(),
            is_not_yet_in_force=(is_same & (pl.col("valid_from") > day)).any(),
            is_licensed_otherwise=is_in_force.any(),
        )
        .select(*event, reason_code=reason_code())
    )
    return items.join(reasons, on=event, how="left", validate="1:1")
