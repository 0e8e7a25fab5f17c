"""Answers of the state register of legal entities about importers, one row a legal entity.

The register is asked about each consignee; that it knows no such entity is an answer too.
"""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day
from transforms.feeds.feed import Feed, Field, maybe


def _day(wire: str, name: str, says: str) -> Field:
    return Field(wire, Column(name, pl.Date(), says, nullable=True), day)


FEED = Feed(
    name="legal_entities",
    grain="one legal entity as the register last told it",
    key=("entity_bin",),
    fields=(
        Field(
            "BIN",
            Column("entity_bin", pl.String(), "Business identification number that was asked."),
            code,
        ),
        Field(
            "STATUS",
            Column(
                "status_code",
                pl.String(),
                "active, liquidated, or not_found where the register knows no such number.",
            ),
            code,
        ),
        _day("REGISTERED_ON", "founded_on", "Day on which it was registered."),
        _day("ENDED_ON", "ended_on", "Day on which it was struck off."),
        maybe("HEAD_IIN", "head_iin", "IIN of its head.", is_personal=True),
        maybe("ADDRESS", "address", "Legal address, to the room."),
        maybe("NAME", "entity_name", "Name."),
    ),
)
