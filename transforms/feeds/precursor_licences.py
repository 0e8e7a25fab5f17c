"""Licences to import precursors, from the register of the Interior Ministry."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, text
from transforms.feeds.feed import Feed, Field

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
    ),
)
