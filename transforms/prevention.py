"""What the field reports and the register of cases say: events and criminal cases."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.redelivery import latest
from transforms.regions import region_or_unknown

LINE = ("report_id", "line_no")

FIELD_EVENTS = Table(
    name="facts.field_events",
    grain="one line of one field report",
    key=LINE,
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the line."),
        Column("report_id", pl.String(), "Number of the report."),
        Column("line_no", pl.Int64(), "Number of the line in it."),
        Column("reported_on", pl.Date(), "Day on which it happened."),
        Column("event_code", pl.String(), "What happened."),
        Column("region_code", pl.String(), "Region: KATO, 2 digits, or unknown."),
        Column(
            "objects", pl.Int64(), "Adverts, persons, laboratories or accounts.", unit="objects"
        ),
        Column(
            "transactions",
            pl.Int64(),
            "Payments to the shop found on an examined account; null for other events.",
            unit="transactions",
            nullable=True,
        ),
        Column(
            "amount_tiyn",
            pl.Int64(),
            "Sum of those payments; null for other events.",
            unit="tiyn",
            nullable=True,
        ),
    ),
)

CRIMINAL_CASES = Table(
    name="facts.criminal_cases",
    grain="one criminal case",
    key=("case_no",),
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the case."),
        Column("case_no", pl.String(), "Register number (ERDR), 15 digits."),
        Column("registered_on", pl.Date(), "Day of registration."),
        Column("article_code", pl.String(), "Article of the Criminal Code, as 297 or 299-1."),
        Column("scheme_code", pl.String(), "Scheme of the case."),
        Column("agency_code", pl.String(), "Who investigates."),
        Column("region_code", pl.String(), "Region of the case: KATO, 2 digits, or unknown."),
    ),
)


def field_events(field_reports: pl.LazyFrame) -> pl.LazyFrame:
    """Each line of each field report; one delivered again is taken from its last delivery."""
    return _as_last_delivered(field_reports, FIELD_EVENTS)


def criminal_cases(criminal_cases: pl.LazyFrame) -> pl.LazyFrame:
    """Each criminal case, as last registered."""
    return _as_last_delivered(criminal_cases, CRIMINAL_CASES)


def _as_last_delivered(rows: pl.LazyFrame, table: Table) -> pl.LazyFrame:
    return (
        rows.pipe(latest, table.key)
        .with_columns(region_code=region_or_unknown(pl.col("region_code")))
        .select(table.schema.names())
        .sort(table.key)
        .pipe(table.require)
    )
