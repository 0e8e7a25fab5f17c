"""Licences to import precursors, from the register of the Interior Ministry."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import WEIGHT, code, day, kilograms, text
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="precursor_licences",
    grain="one substance on one licence",
    key=(
        "licence_no",
        "substance_id",
    ),
    happens=("valid_from",),
    fields=(
        Field("LICENCE_NO", Column("licence_no", pl.String(), "Number of the licence."), text),
        Field(
            "BIN",
            Column("holder_bin", pl.String(), "Business identification number of the holder."),
            code,
        ),
        Field(
            "SUBSTANCE",
            Column("substance_id", pl.String(), "Substance, as named in the list of precursors."),
            code,
        ),
        Field("VALID_FROM", Column("valid_from", pl.Date(), "First day on which it holds."), day),
        Field("VALID_TO", Column("valid_to", pl.Date(), "Last day on which it holds."), day),
        Field("STATUS", Column("status_code", pl.String(), "issued or withdrawn."), code),
        Field(
            "QUOTA_KG",
            Column(
                "quota_kg",
                WEIGHT,
                "What may be imported in a calendar year; null where the licence sets no quota.",
                unit="kg",
                nullable=True,
            ),
            kilograms,
        ),
        maybe(
            "END_USE",
            "end_use_code",
            "What the substance is for: production, laboratory, medicine, trade, or none where "
            "the holder has stated no end use; null where the register does not tell.",
        ),
    ),
)
