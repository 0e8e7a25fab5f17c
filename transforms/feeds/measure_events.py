"""What became of arrests: answers of those who carry them out, and decisions on them."""

import polars as pl

from transforms.contracts import Column
from transforms.feeds.cells import code, day, money, text
from transforms.feeds.feed import Feed, Field, maybe

FEED = Feed(
    name="measure_events",
    grain="one answer or decision about one asset of one arrest",
    key=("event_id",),
    happens=("happened_on",),
    adds_up=("amount_minor", "currency_code"),
    fields=(
        Field(
            "EVENT_NO", Column("event_id", pl.String(), "Number of the answer or decision."), text
        ),
        Field(
            "MEASURE_NO",
            Column(
                "measure_id", pl.String(), "Number of the arrest order or measure that it is about."
            ),
            text,
        ),
        Field(
            "ASSET",
            Column(
                "asset_code",
                pl.String(),
                "card, bank_account, wallet, cash, real_estate, vehicle or business_share.",
            ),
            code,
        ),
        maybe(
            "ASSET_ID",
            "asset_id",
            "Card token, IBAN, wallet address, cadastral number, VIN or BIN; empty where the "
            "measure has one asset of the kind, or all are meant.",
            is_personal=True,
        ),
        Field(
            "EVENT",
            Column(
                "event_code",
                pl.String(),
                "sent to who carries it out; executed, partly, refused or not_found there; "
                "extended; lifted; returned to its owner; confiscated by a court.",
            ),
            code,
        ),
        Field(
            "HAPPENED_ON",
            Column("happened_on", pl.Date(), "Day on which it was done, or came into force."),
            day,
        ),
        Field(
            "UNTIL_ON",
            Column(
                "until_on",
                pl.Date(),
                "Last day of the arrest, where a term is set or extended; else empty.",
                nullable=True,
            ),
            day,
        ),
        Field(
            "AMOUNT",
            Column(
                "amount_minor",
                pl.Int64(),
                "What is held, lifted, returned or confiscated; empty where it is all of it.",
                unit="minor_units",
                nullable=True,
            ),
            money,
        ),
        Field(
            "CURRENCY",
            Column("currency_code", pl.String(), "ISO 4217; empty without AMOUNT.", nullable=True),
            code,
        ),
        maybe("DECISION", "decision", "Court and number of its decision; else empty."),
    ),
)
