"""Daily reports of the regional prosecutors' offices: what was done, in numbers."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, money, region_code, text, whole
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="field_reports",
    grain="one line of one report",
    key=(
        "report_id",
        "line_no",
    ),
    happens=("reported_on",),
    adds_up=("amount_tiyn", "KZT"),
    fields=(
        Field("REPORT_NO", Column("report_id", pl.String(), "Number of the report."), text),
        Field("LINE_NO", Column("line_no", pl.Int64(), "Number of the line in it."), whole),
        Field("REPORTED_ON", Column("reported_on", pl.Date(), "Day on which it happened."), day),
        Field("KATO", Column("region_code", pl.String(), "Region: KATO, 2 digits."), region_code),
        Field(
            "EVENT",
            Column(
                "event_code",
                pl.String(),
                "advert_removed, advertiser_detained, member_detained, participant_arrested, "
                "laboratory_dismantled or shop_account_examined.",
            ),
            code,
        ),
        Field(
            "OBJECTS",
            Column(
                "objects",
                pl.Int64(),
                "How many adverts, persons, laboratories or accounts.",
                unit="objects",
            ),
            whole,
        ),
        Field(
            "TRANSACTIONS",
            Column(
                "transactions",
                pl.Int64(),
                "Payments to the shop found on an examined account.",
                unit="transactions",
                nullable=True,
            ),
            whole,
        ),
        Field(
            "AMOUNT_KZT",
            Column("amount_tiyn", pl.Int64(), "Their sum.", unit="tiyn", nullable=True),
            money,
        ),
        Field(
            "CASE_NO",
            Column(
                "case_no",
                pl.String(),
                "Register number (ERDR), where one is opened.",
                nullable=True,
            ),
            code,
        ),
    ),
)
