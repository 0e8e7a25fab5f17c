"""The rules of the reconciliation for accounts, wallets and property.

`measures` are `MEASURES`, each arrest once (part 0); `registered` are those of the register of
measures and of the exchanges, whose orders name no card; `cases` are accepted cases, each once.
"""

import polars as pl

from transforms.arrests.break_rules import beside_its_case, found_by
from transforms.arrests.identity import asset_identity
from transforms.arrests.measure_events import told_events
from transforms.arrests.measure_sources import ASSET_OF_MEASURE
from transforms.droppers.parameters import in_force
from transforms.regions import UNKNOWN_REGION

_KEPT_NO_CASES = "customs"
"""An agency that arrests in cases of others: the register of cases has none of its own."""


def event_without_measure(measure_events: pl.LazyFrame, measures: pl.LazyFrame) -> pl.LazyFrame:
    """An answer or decision is about an arrest, or an asset of it, that no register has."""
    is_card = pl.col("asset_code") == "card"
    token = pl.col("asset_id").str.splitn("/", 2).struct.field("field_1")
    known = measures.with_columns(told_id=pl.when(is_card).then(token).otherwise("asset_id"))
    of_kind = ["measure_id", "asset_code"]
    told = told_events(measure_events)
    named = told.drop_nulls("told_id").join(known, on=[*of_kind, "told_id"], how="anti")
    of_all = told.filter(pl.col("told_id").is_null()).join(known, on=of_kind, how="anti")
    return (
        pl.concat([named, of_all])
        .group_by(*of_kind, "told_id")
        .agg(business_date=pl.col("business_date").min(), since_on=pl.col("happened_on").min())
        .rename({"told_id": "asset_id", "measure_id": "order_id"})
        .pipe(found_by, "event_without_measure")
    )


def measure_not_answered(
    registered: pl.LazyFrame, parameters: pl.DataFrame, holidays: pl.Series
) -> pl.LazyFrame:
    """Who has to carry it out let the term pass; an exchange that has acted has answered."""
    late_on = answer_late_on(parameters, holidays, pl.col("ordered_on"))
    has_acted = (pl.col("asset_code") == "wallet") & pl.col("sent_on").is_not_null()
    is_late = pl.col("answered_on").is_null() | (pl.col("answered_on") >= late_on)
    return (
        registered.filter(is_late, ~has_acted)
        .with_columns(since_on=late_on, ended_on="answered_on")
        .drop_nulls("since_on")
        .with_columns(business_date=pl.max_horizontal("business_date", "since_on"))
        .pipe(_found, "measure_not_answered")
    )


def answer_late_on(parameters: pl.DataFrame, holidays: pl.Series, ordered_on: pl.Expr) -> pl.Expr:
    """The first day after the term in which whoever carries it out has to answer."""
    term = in_force(parameters, "measure_answer_days", ordered_on)
    due = ordered_on.dt.add_business_days(term, holidays=holidays, roll="backward")
    return due.dt.offset_by("1d")


def case_not_registered(registered: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """An arrest rests on a case that the register does not have."""
    return (
        registered.join(cases, on="case_no", how="anti")
        .with_columns(since_on="ordered_on")
        .pipe(_found, "case_not_registered")
    )


def order_of_other_region(registered: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """The arrest and its case name different regions."""
    is_other = (pl.col("region_code") != pl.col("_of_case")) & (
        pl.col("region_code") != UNKNOWN_REGION
    )
    return beside_its_case(registered, cases, "region_code", is_other).pipe(
        _found, "order_of_other_region"
    )


def order_of_other_agency(registered: pl.LazyFrame, cases: pl.LazyFrame) -> pl.LazyFrame:
    """The arrest and its case name different agencies."""
    is_other = (pl.col("agency_code") != pl.col("_of_case")) & (
        pl.col("agency_code") != _KEPT_NO_CASES
    )
    return beside_its_case(registered, cases, "agency_code", is_other).pipe(
        _found, "order_of_other_agency"
    )


def executed_before_order(registered: pl.LazyFrame) -> pl.LazyFrame:
    """An asset was arrested on a day before its order."""
    return (
        registered.filter(pl.col("executed_on") < pl.col("ordered_on"))
        .with_columns(since_on="executed_on")
        .pipe(_found, "executed_before_order")
    )


def asset_in_two_cases(measures: pl.LazyFrame) -> pl.LazyFrame:
    """An account, wallet or property is arrested in a case that was not its first.

    Where card orders alone name both cases, `account_in_two_cases` or `card_in_two_cases` tells.
    """
    asset, is_of_card_order = ["asset_code", "asset_id"], pl.col("executor_code").is_not_null()
    in_order = pl.col("case_no").sort_by("ordered_on", "measure_id")
    orders = measures.filter(is_of_card_order).group_by(asset).agg(_first=in_order.first())
    is_told = is_of_card_order & (pl.col("_first") == pl.col("first_case_no"))
    return (
        measures.filter(
            pl.col("asset_code") != "card", pl.col("case_no") != pl.col("first_case_no")
        )
        .join(orders, on=asset, how="left", validate="m:1")
        .filter(~is_told.fill_null(value=False))
        .with_columns(other_case_no="first_case_no", since_on="ordered_on")
        .pipe(_found, "asset_in_two_cases")
    )


def register_and_answer_differ(
    registered: pl.LazyFrame, asset_arrests: pl.LazyFrame
) -> pl.LazyFrame:
    """The register has an arrest in force that who carries it out refused or did not find."""
    in_force_there = asset_arrests.filter(pl.col("stage_code").is_in(["arrested", "restricted"]))
    return (
        registered.filter(pl.col("result_code").is_in(["refused", "not_found"]))
        .join(in_force_there, on="measure_id", how="semi")
        .with_columns(since_on="answered_on")
        .pipe(_found, "register_and_answer_differ")
    )


def wallet_frozen_without_order(
    registered: pl.LazyFrame, asset_arrests: pl.LazyFrame
) -> pl.LazyFrame:
    """An exchange froze a wallet that no order of the case names."""
    orders = asset_arrests.filter(pl.col("asset_code") == "crypto").select(
        "case_no", asset_id=asset_identity(pl.lit("wallet"), pl.col("asset_id"))
    )
    return (
        registered.filter(pl.col("asset_code") == "wallet", pl.col("sent_on").is_not_null())
        .join(orders, on=["case_no", "asset_id"], how="anti")
        .with_columns(since_on="sent_on")
        .pipe(_found, "wallet_frozen_without_order")
    )


def confiscated_without_arrest(measures: pl.LazyFrame) -> pl.LazyFrame:
    """A court confiscated what was not under arrest on that day."""
    decided = pl.col("confiscated_on")
    is_under = pl.col("executed_on") <= decided
    is_over = pl.any_horizontal(
        (pl.col(c) < decided).fill_null(value=False)
        for c in ("expired_on", "lifted_on", "returned_on")
    )
    return (
        measures.filter(decided.is_not_null())
        .filter(~is_under.fill_null(value=False) | is_over)
        .with_columns(since_on="confiscated_on")
        .sort("since_on", "part")
        .unique(subset=ASSET_OF_MEASURE, keep="first", maintain_order=True)
        .pipe(_found, "confiscated_without_arrest")
    )


def _found(rows: pl.LazyFrame, code: str) -> pl.LazyFrame:
    is_bank = pl.col("executor_code").is_not_null()
    return rows.with_columns(
        order_id="measure_id", bank_bic=pl.when(is_bank).then("executor_code")
    ).pipe(found_by, code)
