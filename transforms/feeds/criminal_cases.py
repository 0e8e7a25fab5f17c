"""Criminal cases of the Unified Register of Pre-trial Investigations."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, region_code
from transforms.feeds.feed import Feed, Field

FEED = Feed(
    name="criminal_cases",
    grain="one case as registered",
    key=("case_no",),
    happens=("registered_on",),
    fields=(
        Field(
            "CASE_NO", Column("case_no", pl.String(), "Register number (ERDR), 15 digits."), code
        ),
        Field("REGISTERED_ON", Column("registered_on", pl.Date(), "Day of registration."), day),
        Field(
            "ARTICLE",
            Column("article_code", pl.String(), "Article of the Criminal Code, as 297 or 299-1."),
            code,
        ),
        Field(
            "SCHEME",
            Column(
                "scheme_code",
                pl.String(),
                "drug_shop, cash_out, dropper_network, drug_advert, laboratory, smuggling or "
                "laundering.",
            ),
            code,
        ),
        Field("AGENCY", Column("agency_code", pl.String(), "Who investigates."), code),
        Field(
            "KATO",
            Column(
                "region_code",
                pl.String(),
                "Region of the case; null while it is not assigned to one.",
                nullable=True,
            ),
            region_code,
        ),
    ),
)
